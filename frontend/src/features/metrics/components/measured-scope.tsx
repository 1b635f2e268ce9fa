import { useCaller } from '@/features/session/use-caller';

/** The scope of charts and queues: all jobs of the workspace, whichever jobs the list shows. */
export function MeasuredScope() {
  const operator = useCaller().role === 'operator';
  return <span className="text-xs text-ink-3">{operator ? 'all workspaces' : 'whole workspace'}</span>;
}
