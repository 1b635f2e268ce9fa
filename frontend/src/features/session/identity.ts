/** Who is logged in, as all tabs of the browser see it: one log-in, log-out or new password concerns each of them. */
import type { QueryClient } from '@tanstack/react-query';

import { session } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';
import type { User } from '@/types';

import { getMe, meKey } from './api/get-me';
import { keepsPage, sessionEnd } from './ended';
import { forget } from './forget';

type News = 'session' | 'logged-out';

const channel = new BroadcastChannel('queuecraft-session');

/** Notifies the other tabs that the session has changed or ended. */
export function tellTabs(news: News): void {
  channel.postMessage(news);
}

/** Takes over who is logged in; with another user, nothing of the former one stays. */
export function became(queries: QueryClient, me: User | null): void {
  const known = queries.getQueryData<User | null>(meKey);
  if (known?._id !== me?._id) forget(queries);
  queries.setQueryData(meKey, me);
  if (me) sessionEnd.set(null);
}

/** The session ended: the log-in stands over the page where what was written is to be kept, else in place of it. */
export function lost(queries: QueryClient, code: string): void {
  const known = queries.getQueryData<User | null>(meKey);
  // Nobody was logged in: a first visit, or the log-in page.
  if (known === null || (known === undefined && code === 'unauthenticated')) return;
  sessionEnd.set(code);
  if (known && !keepsPage(code)) {
    session.remember(undefined);
    became(queries, null);
  }
}

/** Asks who is logged in now. Whether it is still the same user. */
export async function renew(queries: QueryClient): Promise<boolean> {
  const known = queries.getQueryData<User | null>(meKey);
  const me = await getMe();
  if (!me) return false;
  const other = known && known._id !== me._id;
  became(queries, me);
  if (other) toasts.success(`You are now logged in as ${me.username}`);
  return !other;
}

/** Follows what other tabs do. */
export function followTabs(queries: QueryClient): void {
  channel.onmessage = ({ data }: MessageEvent<News>) => {
    if (data === 'logged-out') lost(queries, 'logged_out');
    else void renew(queries).catch(() => undefined);
  };
}
