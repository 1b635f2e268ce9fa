import { ApiError } from '@/lib/api-client';

import { useAlertPreview } from '../api/preview-alert';
import { conditionOf, readingText, type AlertForm } from '../alerts';

/** When the rule would fire, in words, and what it would measure now. */
export function AlertPreview({ form }: { form: AlertForm }) {
  const condition = conditionOf(form);
  const preview = useAlertPreview(condition);
  const wrong = condition === null ? 'A number is missing' : preview.error instanceof ApiError ? preview.error.message : null;
  return (
    <div aria-live="polite" data-testid="alert-preview" className="rounded-lg border border-line bg-sunken px-3 py-2">
      {wrong ? <p className="text-dlq">{wrong}</p> : preview.data ? (
        <>
          <p className="font-medium">{preview.data.condition}</p>
          <p className="num mt-1 text-[0.8125rem] text-ink-2">Now: {readingText(form.kind, preview.data)}{preview.data.met ? <span className="text-dlq">, over the threshold</span> : null}</p>
        </>
      ) : <p className="skeleton h-10"><span className="sr-only">Loading</span></p>}
    </div>
  );
}
