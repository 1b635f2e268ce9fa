import { Pause, Play } from 'lucide-react';
import { useState } from 'react';

import { Age } from '@/components/age';
import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { SelectField } from '@/components/field';
import { Section } from '@/components/page';
import { useTasks } from '@/features/jobs/api/list-tasks';
import { isAdmin, useCaller } from '@/features/session/use-caller';

import { usePauseTask } from '../api/pause-task';
import { usePauses } from '../api/pauses';

function PauseTaskDialog({ everywhere, onClose }: { everywhere: boolean; onClose: () => void }) {
  const tasks = useTasks().data ?? [];
  const pause = usePauseTask();
  const [picked, setPicked] = useState('');
  const name = picked || tasks[0]?.name || '';
  return (
    <Dialog title="Pause a task" onClose={onClose} footer={<><Button onClick={onClose}>Back</Button><Button kind="danger" busy={pause.isPending} disabled={!name} onClick={() => { pause.mutate({ name, paused: true, everywhere }, { onSuccess: onClose }); }}>Pause</Button></>}>
      <div className="flex flex-col gap-3">
        <SelectField label="Task" value={name} onChange={(event) => { setPicked(event.target.value); }}>
          {tasks.map((task) => <option key={task.name} value={task.name}>{task.name}</option>)}
        </SelectField>
        <p className="text-ink-2">Its jobs{everywhere ? ' in all workspaces' : ''} wait until it is resumed, in whatever queues. Jobs that are running will finish.</p>
      </div>
    </Dialog>
  );
}

/** Asks which task to pause; for operators, in all workspaces. */
export function PauseTask() {
  const { role } = useCaller();
  const [asked, setAsked] = useState(false);
  return (
    <>
      <Button icon={<Pause />} onClick={() => { setAsked(true); }}>Pause a task</Button>
      {asked ? <PauseTaskDialog everywhere={role === 'operator'} onClose={() => { setAsked(false); }} /> : null}
    </>
  );
}

/** The tasks that are paused, and their end for those who may. */
export function PausedTasks({ tenant }: { tenant: string }) {
  const { role } = useCaller();
  const tasks = usePauses(tenant).data?.tasks ?? [];
  const resume = usePauseTask();
  if (tasks.length === 0) return null;
  const may = (everywhere: boolean): boolean => (everywhere ? role === 'operator' : isAdmin(role));
  return (
    <Section title="Paused tasks">
      <ul className="mt-1">
        {tasks.map(({ name, everyTenant, at }) => (
          <li key={`${name} ${String(everyTenant)}`} data-testid="paused-task" className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-4 py-2.5">
            <span className="min-w-0 flex-1 truncate"><span className="font-mono text-[0.8125rem]">{name}</span> <span className="text-[0.8125rem] text-ink-2">{everyTenant ? 'in all workspaces, ' : ''}<Age at={at} /></span></span>
            {may(everyTenant) ? <Button size="sm" icon={<Play />} aria-label={`Resume ${name}`} busy={resume.isPending && resume.variables.name === name} onClick={() => { resume.mutate({ name, paused: false, everywhere: everyTenant }); }}>Resume</Button> : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}
