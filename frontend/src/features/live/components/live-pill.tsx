import { cx } from '@/lib/cx';
import { useNow } from '@/lib/use-now';
import type { LiveState } from '@/live/connection';
import { useLiveState } from '@/live/use-live';

import { useConnection } from './live-provider';

function secondsTo(at: number, now: number): number {
  return Math.max(0, Math.ceil((at - now) / 1000));
}

export function describeLive(state: LiveState, now: number): { text: string; status: string } {
  switch (state.kind) {
    case 'live': return { text: 'Live', status: 'completed' };
    case 'connecting': return state.again ? { text: 'Reconnecting…', status: 'retrying' } : { text: 'Connecting…', status: 'pending' };
    case 'waiting': return { text: `Reconnecting in ${String(secondsTo(state.retryAt, now))} s`, status: 'retrying' };
    case 'offline': return { text: state.retryAt === null ? 'Offline' : `Offline, next try in ${String(secondsTo(state.retryAt, now))} s`, status: 'dlq' };
  }
}

const spoken: Record<LiveState['kind'], string> = {
  live: 'Live updates', connecting: '', waiting: 'Connection lost, reconnecting', offline: 'Offline',
};

/** Whether changes arrive as they happen. A click tries again at once. */
export function LivePill() {
  const state = useLiveState();
  const connection = useConnection();
  const now = useNow(state.kind === 'waiting' || state.kind === 'offline');
  const { text, status } = describeLive(state, now);
  const idle = state.kind === 'live' || state.kind === 'connecting';
  return (
    <>
      {/* Not disabled while there is nothing to try: that would take the focus away. */}
      <button
        type="button"
        data-testid="live-pill"
        data-live={state.kind}
        data-status={status}
        aria-disabled={idle}
        title={state.kind === 'live' ? 'Changes arrive as they happen' : 'Try again now'}
        onClick={() => { if (!idle) connection.reconnect(); }}
        className="tint num inline-flex h-7 items-center gap-2 rounded-full px-3 text-xs font-medium whitespace-nowrap aria-disabled:cursor-default!"
      >
        <span className={cx('size-2 rounded-full bg-(--s)', state.kind === 'live' && 'ring-3 ring-(--s)/20')} />
        {text}
      </button>
      {/* Without the seconds, which would be read out one by one. */}
      <span aria-live="polite" className="sr-only">{spoken[state.kind]}</span>
    </>
  );
}
