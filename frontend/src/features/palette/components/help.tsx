import { Dialog } from '@/components/dialog';
import { places } from '@/app/navigation';

const shortcuts: [string[], string][] = [
  [['Ctrl', 'K'], 'Command palette (⌘K on a Mac)'],
  [['/'], 'Search jobs'],
  [['n'], 'New job'],
  [['?'], 'Keyboard shortcuts'],
  [['j'], 'Next job'],
  [['k'], 'Previous job'],
  [['Enter'], 'Open the job'],
  [['x'], 'Select the job'],
  [['←', '→', '↑', '↓'], 'From node to node of a workflow'],
  [['+', '-', '0'], 'Zoom its graph, show all of it'],
  ...places.map(({ key, label }): [string[], string] => [['g', key], `Go to ${label.toLowerCase()}`]),
];

export default function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl className="grid gap-x-8 gap-y-2.5">
        {shortcuts.map(([keys, what]) => (
          <div key={what} className="flex items-center justify-between gap-3">
            <dt className="text-ink-2">{what}</dt>
            <dd className="flex shrink-0 gap-1">
              {keys.map((key) => <kbd key={key} className="min-w-6 rounded-md border border-line-strong bg-sunken px-1.5 text-center font-mono text-xs leading-5">{key}</kbd>)}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
