import { Check } from 'lucide-react';

import { cx } from '@/lib/cx';
import type { Task } from '@/types';

interface TaskPickerProps {
  tasks: Task[];
  value: string;
  onChange: (task: Task) => void;
}

export function TaskPicker({ tasks, value, onChange }: TaskPickerProps) {
  return (
    <fieldset>
      <legend className="mb-1 text-[0.8125rem] font-medium">Task</legend>
      <div className="grid max-h-56 gap-2 overflow-y-auto p-0.5 sm:grid-cols-2">
        {tasks.map((task) => (
          <label key={task.name} className={cx('relative flex cursor-pointer items-start gap-2 rounded-lg border px-3 py-2 has-focus-visible:outline-2 has-focus-visible:outline-accent', task.name === value ? 'border-accent bg-accent-soft' : 'border-line hover:bg-hover')}>
            <input type="radio" name="task" value={task.name} checked={task.name === value} onChange={() => { onChange(task); }} className="sr-only" />
            <span className="min-w-0 flex-1">
              <span className="block truncate font-mono text-xs leading-5 font-medium">{task.name}</span>
              <span className="line-clamp-2 text-xs text-ink-2">{task.doc.split('\n\n')[0]?.replaceAll('`', '') || 'No description'}</span>
            </span>
            {task.name === value ? <Check aria-hidden className="size-4 shrink-0 text-accent" /> : null}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
