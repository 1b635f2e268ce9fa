import { ApiError } from '@/lib/api-client';

import { usePreview } from '../api/preview-schedule';
import type { When } from '../schedule-form';
import { inZone } from '../words';

/** What was written in words, and its next five fires on the clock of the zone; or what is wrong with it. */
export function TimingPreview({ when, tz }: { when: When | null; tz: string }) {
  const preview = usePreview(when);
  const wrong = when === null ? 'Say when it fires' : preview.error instanceof ApiError ? preview.error.message : null;
  return (
    <div aria-live="polite" data-testid="preview" className="rounded-lg border border-line bg-sunken px-3 py-2">
      {wrong ? <p className="text-dlq">{wrong}</p> : preview.data ? (
        <>
          <p className="font-medium">{preview.data.words}</p>
          <ol className="num mt-1 text-[0.8125rem] text-ink-2">{preview.data.next.map((at) => <li key={at}>{inZone(at, tz)}</li>)}</ol>
        </>
      ) : <p className="skeleton h-24"><span className="sr-only">Loading</span></p>}
    </div>
  );
}
