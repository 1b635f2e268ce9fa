import { useCaller } from '@/features/session/use-caller';

/** Whose jobs charts and queues count: those of all that share them, whoever's jobs the list shows. */
export function MeasuredScope() {
  const operator = useCaller().role === 'operator';
  return <span className="text-xs text-ink-3">{operator ? 'all workspaces' : 'whole workspace'}</span>;
}
