import { ExternalLink } from 'lucide-react';

/** Leads to a trace in the tracing UI of the team (`TRACE_URL`). */
export function TraceLink({ href, label }: { href: string; label: string }) {
  return (
    <a href={href} target="_blank" rel="noreferrer" aria-label={label} title={label} className="inline-flex shrink-0 items-center gap-1 text-accent hover:underline">
      <ExternalLink aria-hidden className="size-3.5" />
    </a>
  );
}
