import { RotateCw } from 'lucide-react';

import { IconButton } from '@/components/button';
import { JsonView } from '@/components/json-view';
import { dateTime } from '@/lib/format';
import type { Delivery, DeliveryAttempt } from '@/types';

import { useRedeliver } from '../api/webhook-actions';

const looks = { pending: 'text-ink-2', delivered: 'text-completed', failed: 'text-dlq' };

function Attempt({ attempt }: { attempt: DeliveryAttempt }) {
  return (
    <li className="text-xs">
      <span className="font-medium">{attempt.status ?? 'no answer'}</span> <span className="text-ink-3">{dateTime(attempt.at)} · {attempt.durationMs} ms</span>
      {attempt.error || attempt.answer ? <pre className="overflow-x-auto font-mono whitespace-pre-wrap break-all text-ink-2">{attempt.error || attempt.answer}</pre> : null}
    </li>
  );
}

/** A message and its attempts, the newest first. */
export function DeliveryRow({ webhook, delivery, canSend }: { webhook: string; delivery: Delivery; canSend: boolean }) {
  const redeliver = useRedeliver(webhook);
  return (
    <li className="flex items-start gap-3 border-t border-line px-4 py-3">
      <details className="min-w-0 flex-1">
        <summary className="cursor-pointer">
          <span className="font-medium">{delivery.type}</span> <span className={`text-xs ${looks[delivery.status]}`}>{delivery.status}</span>
          <span className="block truncate font-mono text-xs text-ink-3">{delivery.subject} · {dateTime(delivery.con)}{delivery.nextAt ? ` · next attempt ${dateTime(delivery.nextAt)}` : ''}</span>
        </summary>
        <ul className="mt-2 flex flex-col gap-2">{delivery.attempts.toReversed().map((attempt) => <Attempt key={attempt.at} attempt={attempt} />)}</ul>
        <p className="mt-2 font-mono text-xs text-ink-3">{delivery.messageId}</p>
        <JsonView value={delivery.payload} label="Message" />
      </details>
      <IconButton label={`Send ${delivery.type} of ${delivery.subject} again`} disabled={!canSend} onClick={() => { redeliver.mutate(delivery._id); }}><RotateCw /></IconButton>
    </li>
  );
}
