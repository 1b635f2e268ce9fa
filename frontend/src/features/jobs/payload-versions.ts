/** Which payload each attempt ran with. Pure. */
import type { JobDetail } from '@/types';

export interface PayloadVersion {
  /** The first attempt that ran with it. */
  from: number;
  label: string;
  payload: unknown;
  /** Set if the payload is not here, because it is too large or cannot be read now. */
  truncated?: boolean | undefined;
  bytes?: number | null | undefined;
  url?: string | null | undefined;
}

type Payload = Pick<JobDetail, 'payload' | 'payloadTruncated' | 'payloadBytes' | 'payloadUrl'>;

const shownAs = ({ payload, payloadTruncated, payloadBytes, payloadUrl }: Payload) => (
  payloadTruncated ? { payload, truncated: true, bytes: payloadBytes, url: payloadUrl } : { payload }
);

const range = (from: number, to: number): string => (from === to ? `Attempt ${String(from)}` : `Attempts ${String(from)}–${String(to)}`);

/** Oldest first. Versions that the API no longer keeps are missing; the first then starts at the first attempt known. */
export function payloadVersions({ earlierPayloads, ...job }: Payload & Pick<JobDetail, 'earlierPayloads'>): PayloadVersion[] {
  let from = 1;
  const versions = earlierPayloads.map((past) => {
    const version = { from, label: range(from, past.untilAttempt), ...shownAs(past) };
    from = past.untilAttempt + 1;
    return version;
  });
  return [...versions, { from, label: `From attempt ${String(from)}`, ...shownAs(job) }];
}

/** Whether attempt `number` is the first with another payload than the one before. */
export function beginsVersion({ earlierPayloads }: Pick<JobDetail, 'earlierPayloads'>, number: number): boolean {
  return earlierPayloads.some(({ untilAttempt }) => untilAttempt + 1 === number);
}
