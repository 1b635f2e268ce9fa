import type { Alert } from '@/types';

import { severityLabel, statusColour, statusLabel } from '../alerts';

/** The state of a rule; a disabled one has none, unless its firing has not ended yet. */
export function AlertState({ alert: { enabled, status } }: { alert: Pick<Alert, 'enabled' | 'status'> }) {
  const off = !enabled && status !== 'firing';
  return <span data-testid="alert-state" data-status={off ? 'cancelled' : statusColour[status]} className="tint rounded-full px-2 text-xs leading-5 font-medium whitespace-nowrap">{off ? 'Disabled' : statusLabel[status]}</span>;
}

export function SeverityTag({ severity }: { severity: Alert['severity'] }) {
  return <span className="rounded-md border border-line px-1.5 text-xs text-ink-2">{severityLabel[severity]}</span>;
}
