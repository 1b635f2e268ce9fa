import { Link } from 'react-router';

import { Section } from '@/components/page';
import { blockPath, blockText } from '@/features/limits/limits';
import { useScopedLink } from '@/features/session/use-scope';
import type { JobDetail } from '@/types';

/** What a pending job waits for besides its turn. */
export function BlockedBy({ job }: { job: JobDetail }) {
  const to = useScopedLink();
  if (job.status !== 'pending' || job.blockedBy.length === 0) return null;
  return (
    <Section title="Waiting for">
      <ul className="px-4 pt-1 pb-3 text-[0.8125rem] leading-7">
        {job.blockedBy.map((block) => (
          <li key={`${block.limit ?? ''}:${block.key ?? ''}`} data-testid="blocked-by" className="wrap-anywhere">
            <Link to={to(blockPath(block))} className="text-accent hover:underline">{blockText(block)}</Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
