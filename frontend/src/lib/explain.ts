import { ApiError } from './api-client';

/** An error in words; an error of a field is shown at the field instead. */
export function explain(error: Error): string {
  if (!(error instanceof ApiError)) return error.message;
  if (error.code === 'timeout') return 'The API did not respond in time. Your request may have been completed, so check before you try again.';
  if (error.away) return 'The API can’t be reached. Try again in a moment.';
  if (error.code === 'wrong_credentials') return 'The e-mail address or the password is wrong.';
  if (error.status === 429) return `Too many requests. ${error.retryAfterS ? `Try again in ${String(error.retryAfterS)} s.` : 'Try again in a moment.'}`;
  return error.message;
}
