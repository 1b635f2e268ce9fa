import { dateTime, relative } from '@/lib/format';
import { useNow } from '@/lib/use-now';

/** The age of a time, updated each second; the full time on hover. */
export function Age({ at }: { at: string }) {
  const now = useNow();
  return <time dateTime={at} title={dateTime(at)} className="num whitespace-nowrap">{relative(at, now)}</time>;
}
