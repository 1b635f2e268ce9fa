/** What limits say, and what a form changes of them. Pure. */
import { count, dateTime } from '@/lib/format';
import type { Block, Limit, LimitChange } from '@/types';

export type LimitAction = 'pause' | 'resume' | 'reset';
export type LimitState = 'paused' | 'full' | 'waiting' | 'open';

export const stateLabel: Record<LimitState, string> = { paused: 'Paused', full: 'Full', waiting: 'Jobs wait', open: 'Open' };
/** The colours of job states that mean the same. */
export const stateColour: Record<LimitState, string> = { paused: 'retrying', full: 'running', waiting: 'pending', open: 'completed' };

/** What the state of a limit follows from. */
export type Standing = Pick<Limit, 'paused' | 'per' | 'concurrency' | 'held' | 'waiting'>;

/** A limit with keys is full for some of them only, so it is `waiting` while jobs wait. */
export function stateOf({ paused, per, concurrency, held, waiting }: Standing): LimitState {
  if (paused) return 'paused';
  if (per === null && concurrency !== null && held >= concurrency) return 'full';
  return waiting > 0 ? 'waiting' : 'open';
}

export const bound = (value: number | string | null): string => (value === null ? '–' : typeof value === 'number' ? count(value) : value);

export const waitingText = ({ waiting, waitingIsExact }: Pick<Limit, 'waiting' | 'waitingIsExact'>): string => `${count(waiting)}${waitingIsExact ? '' : '+'}`;

/** Where a key comes from: “payload.account_id” is a path, the others are words. */
export const keyText = (per: string | null): string => per ?? 'all jobs';

export function outcome(name: string, action: LimitAction): string {
  if (action === 'pause') return `Limit ${name} paused. Jobs that are already running will finish.`;
  return action === 'resume' ? `Limit ${name} resumed` : `Limit ${name} is as the code declares it again`;
}

const fields = ['concurrency', 'rate', 'burst', 'total'] as const;
export type LimitForm = Record<(typeof fields)[number], string>;

export function formOf(limit: Limit): LimitForm {
  const text = (value: number | string | null): string => (value === null ? '' : String(value));
  return { concurrency: text(limit.concurrency), rate: text(limit.rate), burst: text(limit.burst), total: text(limit.total) };
}

/** Only what differs from the limit; an empty field lifts a bound. Text that is no number is sent as it is, and refused. */
export function changesOf(limit: Limit, form: LimitForm): LimitChange {
  const before = formOf(limit);
  const changed = fields.filter((field) => form[field].trim() !== before[field]);
  return Object.fromEntries(changed.map((field) => [field, valueOf(field, form[field].trim())]));
}

function valueOf(field: (typeof fields)[number], text: string): string | number | null {
  if (text === '') return null;
  return field !== 'rate' && /^\d{1,9}$/.test(text) ? Number(text) : text;
}

/** “1 of 1 running”. */
function usedText({ held, of }: Block): string {
  return `${count(held)} of ${of === null ? 'any number' : count(of)} running`;
}

/** What a job waits for that is no limit: a pause of its queue or task, or the concurrency of its workspace. */
function wideText(block: Block): string {
  if (block.task !== null) return `Task ${block.task} is paused`;
  if (block.queue !== null) return `Queue ${block.queue} is paused`;
  if (block.tenant === null) return 'Everything is paused';
  return block.why === 'paused' ? 'Your workspace is paused' : `Your workspace: ${usedText(block)}`;
}

/** Why a job does not start: “account (42): 1 of 1 running”. */
export function blockText(block: Block): string {
  const { limit, key, why, until } = block;
  if (limit === null) return wideText(block);
  const name = key === null ? limit : `${limit} (${key})`;
  if (why === 'paused') return `${name}: paused`;
  if (why === 'rate') return `${name}: next start ${until === null ? 'soon' : `at ${dateTime(until)}`}`;
  return `${name}: ${usedText(block)}`;
}

/** The page on which it is changed. */
export function blockPath({ limit, tenant, why }: Block): string {
  if (tenant !== null) return why === 'paused' ? '/queues' : '/limits';
  return limit === null ? '/queues' : `/limits/${limit}`;
}
