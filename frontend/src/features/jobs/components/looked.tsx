import { plural } from '@/lib/format';

import type { JobPage } from '../live-page';

/** How far a look into payloads went. */
export function Looked({ page: { examined, nextCursor } }: { page: JobPage }) {
  if (typeof examined !== 'number') return null;
  return <p role="status" className="border-t border-line bg-sunken px-4 py-2 text-[0.8125rem] text-ink-2">Looked into {plural(examined, 'payload')} for this page; {nextCursor === null ? 'there are no others.' : 'there are others on the next one.'}</p>;
}
