import { useState } from 'react';

import type { JobDetail } from '@/types';

import { payloadVersions } from '../payload-versions';
import { JsonPanel } from './json-panel';
import { LargeValue } from './large-value';

/** The payload of the job and, where a redrive changed it, those of earlier attempts. */
export function PayloadPanel({ job }: { job: JobDetail }) {
  const versions = payloadVersions(job);
  const [picked, setPicked] = useState<number | null>(null);
  const shown = versions.find(({ from }) => from === picked) ?? versions.at(-1);
  const choice = versions.length < 2 ? null : (
    <select aria-label="Payload of which attempts" value={shown?.from} onChange={(event) => { setPicked(Number(event.target.value)); }} className="field w-auto">
      {versions.map(({ from, label }) => <option key={from} value={from}>{label}</option>)}
    </select>
  );
  return <JsonPanel title="Payload" value={shown?.payload} aside={choice} instead={shown?.truncated ? <LargeValue what="payload" bytes={shown.bytes} url={shown.url} redacted={job.redacted.length > 0} /> : null} />;
}
