/** What the command palette offers, and how typing narrows it. Pure. */
export interface Command {
  id: string;
  label: string;
  group: string;
  run: () => void;
}

/** The commands whose label has all typed words, those that begin with the text first. */
export function narrow(commands: Command[], text: string): Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (command: Command): boolean => words.every((word) => command.label.toLowerCase().includes(word));
  const rank = (command: Command): number => (command.label.toLowerCase().startsWith(words[0] ?? '') ? 0 : 1);
  return commands.filter(has).sort((a, b) => rank(a) - rank(b));
}

const JOB_ID = /^[0-9a-f]{24}$/;

/** Typed text as a command of its own: open the job with this id, or search for the words. */
export function fromText(text: string, go: (to: string) => void): Command[] {
  const trimmed = text.trim();
  if (!trimmed) return [];
  if (JOB_ID.test(trimmed)) return [{ id: 'job', label: `Open job ${trimmed}`, group: 'Search', run: () => { go(`/jobs/${trimmed}`); } }];
  return [{ id: 'search', label: `Search jobs for “${trimmed}”`, group: 'Search', run: () => { go(`/?q=${encodeURIComponent(trimmed)}`); } }];
}
