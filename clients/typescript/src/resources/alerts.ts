/** Alert rules: create, change, mute, delete, and what fired. */
import type { CallOptions, Schemas } from '../calls.js';
import type { Session } from '../session.js';
import { idOf, timeOf, type Alert, type AlertReading, type Firing, type Ref, type Time } from '../types.js';

/** `client.alerts`, of admins; viewers read. A rule is named by its id or by what a call returned. */
export class Alerts {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /** Creates a rule, which is evaluated about once a minute. */
  async create(rule: Schemas['CreateAlert'], call?: CallOptions): Promise<Alert> {
    return (await this.#session.call('post', '/alerts', { body: rule }, call)).alert;
  }

  /** Returns the rules of the tenant with their states, newest first. */
  async list(call?: CallOptions): Promise<Alert[]> {
    return (await this.#session.call('get', '/alerts', {}, call)).alerts;
  }

  /** Returns a rule with its state. */
  async get(alert: Ref, call?: CallOptions): Promise<Alert> {
    return (await this.#session.call('get', '/alerts/{id}', { path: { id: idOf(alert) } }, call)).alert;
  }

  /** Changes a rule. What is left out stays; `null` for queue, task or schedule means any. */
  async change(alert: Ref, changes: Schemas['ChangeAlert'], call?: CallOptions): Promise<Alert> {
    return (await this.#session.call('patch', '/alerts/{id}', { path: { id: idOf(alert) }, body: changes, repeatable: true }, call)).alert;
  }

  /** Deletes a rule with its history. */
  async delete(alert: Ref, call?: CallOptions): Promise<void> {
    await this.#session.call('delete', '/alerts/{id}', { path: { id: idOf(alert) } }, call);
  }

  /** Sends no notices when a rule fires, for some seconds or until a time. */
  async mute(alert: Ref, { until, forS }: { until?: Time; forS?: number }, call?: CallOptions): Promise<Alert> {
    const body = { ...(until === undefined ? {} : { until: timeOf(until) }), ...(forS === undefined ? {} : { forS }) };
    return (await this.#session.call('post', '/alerts/{id}/mute', { path: { id: idOf(alert) }, body, repeatable: true }, call)).alert;
  }

  /** Ends the mute of a rule. */
  async unmute(alert: Ref, call?: CallOptions): Promise<Alert> {
    return (await this.#session.call('post', '/alerts/{id}/unmute', { path: { id: idOf(alert) }, repeatable: true }, call)).alert;
  }

  /** Measures now what a rule would measure. */
  async preview(condition: Schemas['PreviewAlert'], call?: CallOptions): Promise<AlertReading> {
    return (await this.#session.call('post', '/alerts/preview', { body: condition, repeatable: true }, call)).preview;
  }

  /** Iterates over firings of the last 90 days, newest first, of all rules or of one; at most `limit`. */
  firings({ rule, limit }: { rule?: Ref; limit?: number } = {}, call?: CallOptions): AsyncGenerator<Firing, void, undefined> {
    const query = rule === undefined ? {} : { rule: idOf(rule) };
    return this.#session.pages(async (paging) => {
      const answer = await this.#session.call('get', '/alerts/firings', { query: { ...query, ...paging } }, call);
      return { items: answer.firings, nextCursor: answer.nextCursor };
    }, limit);
  }
}
