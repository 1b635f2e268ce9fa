import { CornerDownLeft } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';

import { useModal } from '@/components/use-modal';
import { cx } from '@/lib/cx';

import type { Command } from '../commands';
import { useCommands } from '../use-commands';

interface PaletteProps {
  onClose: () => void;
  onHelp: () => void;
}

function Option({ command, active, onPick }: { command: Command; active: boolean; onPick: () => void }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => { if (active) ref.current?.scrollIntoView({ block: 'nearest' }); }, [active]);
  return (
    // The input keeps the focus and hands over the keys (the combobox pattern of ARIA).
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div ref={ref} id={`command-${command.id}`} role="option" aria-selected={active} onClick={onPick} className={cx('flex h-10 cursor-pointer items-center gap-3 rounded-lg px-3', active ? 'bg-hover' : 'text-ink-2')}>
      <span className="min-w-0 flex-1 truncate">{command.label}</span>
      <span className="text-xs text-ink-3">{command.group}</span>
      <CornerDownLeft aria-hidden className={cx('size-3.5 text-ink-3', !active && 'invisible')} />
    </div>
  );
}

export default function Palette({ onClose, onHelp }: PaletteProps) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const commands = useCommands(text, onHelp);
  const active = commands[Math.min(at, commands.length - 1)];
  useModal(dialog, onClose);

  const pick = (command: Command | undefined): void => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) setAt((now) => (now + step + commands.length) % Math.max(1, commands.length));
    else if (event.key === 'Enter') pick(active);
    else return;
    event.preventDefault();
  };
  return (
    <dialog ref={dialog} aria-label="Command palette" className="mx-auto mt-[12dvh] w-[calc(100vw-2rem)] max-w-xl overflow-hidden rounded-2xl border border-line bg-surface p-0 text-ink shadow-pop">
      <input
        role="combobox"
        aria-label="Type a command, words to search for, or a job id"
        aria-expanded
        aria-controls="commands"
        aria-activedescendant={active ? `command-${active.id}` : undefined}
        placeholder="Type a command, words to search for, or a job id"
        value={text}
        onChange={(event) => { setText(event.target.value); setAt(0); }}
        onKeyDown={onKeyDown}
        className="h-13 w-full border-b border-line bg-transparent px-5 text-base outline-none placeholder:text-ink-3"
      />
      <div id="commands" role="listbox" aria-label="Commands" className="max-h-[50dvh] overflow-y-auto p-2">
        {commands.map((command) => <Option key={command.id} command={command} active={command === active} onPick={() => { pick(command); }} />)}
      </div>
    </dialog>
  );
}
