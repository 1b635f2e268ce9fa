import { TriangleAlert } from 'lucide-react';

import { ApiError } from '@/lib/api-client';
import { explain } from '@/lib/explain';

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
