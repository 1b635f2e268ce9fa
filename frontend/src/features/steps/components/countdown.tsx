import { dateTime, wholeDuration } from '@/lib/format';
import { useNow } from '@/lib/use-now';

function Left({ to }: { to: string }) {
  const left = Date.parse(to) - useNow();
  return <>{left > 0 ? `in ${wholeDuration(left)}` : 'now due'}</>;
}

/** A time to come, and how far it is; screen readers get the time alone, or they would read each second. */
export function Countdown({ to }: { to: string }) {
  return (
    <>
      <time dateTime={to} className="num">{dateTime(to)}</time>
      <span aria-hidden data-testid="countdown" className="num whitespace-nowrap text-ink-2">{' '}(<Left to={to} />)</span>
    </>
  );
}
