/** What the dialogs of secrets say, which are shown once. */
import type { Secret } from '@/lib/secrets';

const DONE = 'I have copied it';

export function oneTimePassword(title: string, name: string, value: string): Secret {
  return { title, value, done: DONE, copy: 'Copy the password', testId: 'one-time-password', text: `${name} can log in with this password. Copy it now: it is not shown again.` };
}

export function apiKeySecret(name: string, value: string): Secret {
  return { title: 'New API key', value, done: DONE, copy: 'Copy the key', testId: 'api-key-secret', text: `${name} sends this key in the header “Authorization: Bearer …”. Copy it now: it is not shown again.` };
}

export function webhookSecret(title: string, value: string): Secret {
  return { title, value, done: DONE, copy: 'Copy the secret', testId: 'webhook-secret', text: 'The receiver verifies messages with this secret. Copy it now: it is not shown again.' };
}

export function invitationLink(email: string, value: string, mailed: boolean): Secret {
  const way = mailed ? `A mail with this link is on its way to ${email}.` : `Pass this link on to ${email}: no mail is sent.`;
  return { title: 'Invite by mail', value, done: 'Done', copy: 'Copy the link', testId: 'invitation-link', text: `${way} It works once, within 7 days, and is not shown again.` };
}
