import { TriangleAlert } from 'lucide-react';

import { ApiError } from '@/lib/api-client';

/** What went wrong, in words; a wrong field is shown at the field instead. */
export function explain(error: Error): string {
  if (!(error instanceof ApiError)) return error.message;
  if (error.code === 'timeout') return 'The API did not answer in time. It may have done what you asked; check before you try again.';
  if (error.away) return 'The API can’t be reached. Try again in a moment.';
  if (error.code === 'wrong_credentials') return 'The e-mail address or the password is wrong.';
  if (error.status === 429) return `Too many attempts. ${error.retryAfterS ? `Try again in ${String(error.retryAfterS)} s.` : 'Try again in a moment.'}`;
  return error.message;
}

export function FormError({ error }: { error: Error | null }) {
  if (!error) return null;
  return (
    <p role="alert" data-status="dlq" className="tint flex items-start gap-2 rounded-lg px-3 py-2">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      {explain(error)}
    </p>
  );
}

/** The message for one field, if the API named it. */
export function fieldError(error: Error | null, field: string): string | undefined {
  return error instanceof ApiError && error.field === field ? error.message : undefined;
}
