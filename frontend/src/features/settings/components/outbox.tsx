import { Mail as MailIcon } from 'lucide-react';

import { Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { ApiError } from '@/lib/api-client';
import { dateTime } from '@/lib/format';
import type { Mail } from '@/types';

import { useMails } from '../api/list-mails';

function MailRow({ mail }: { mail: Mail }) {
  return (
    <li className="border-t border-line px-4 py-3">
      <details>
        <summary className="cursor-pointer">
          <span className="font-medium">{mail.subject || mail.kind}</span>
          <span className="block text-xs text-ink-3">{[`to ${mail.to}`, mail.kind, mail.state, dateTime(mail.con)].join(' · ')}</span>
          {mail.error ? <span className="block text-xs text-dlq">{mail.error}</span> : null}
        </summary>
        <pre className="mt-2 overflow-x-auto rounded-lg border border-line bg-sunken p-3 text-xs whitespace-pre-wrap break-words">{mail.text}</pre>
      </details>
    </li>
  );
}

export function Outbox() {
  const mails = useMails();
  if (mails.error instanceof ApiError && mails.error.status === 404) {
    return <Section title="Outbox"><EmptyState icon={MailIcon} title="Mails are sent">Only a local stack keeps mails here.</EmptyState></Section>;
  }
  return (
    <Section title="Outbox" aside={<StaleBadge query={mails} />}>
      <div className="mt-2">
        <QueryView query={mails} skeleton={<SkeletonRows rows={3} />}>
          {(list) => list.length > 0
            ? <ul>{list.map((mail) => <MailRow key={mail._id} mail={mail} />)}</ul>
            : <EmptyState icon={MailIcon} title="No mails">A local stack sends no mails. They are listed here.</EmptyState>}
        </QueryView>
      </div>
    </Section>
  );
}
