/** Webhooks: create, change, pause, rotate the secret, and what they delivered. */
import type { CallOptions, Schemas } from '../calls.js';
import type { Session } from '../session.js';
import { idOf, type Delivery, type Ref, type Webhook, type WebhookSecret } from '../types.js';

/** `client.webhooks`, of admins. A webhook is named by its id or by what a call returned. */
export class Webhooks {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /** Creates a webhook; returns it with its secret, which is shown once. */
  async create(webhook: Pick<Schemas['CreateWebhook'], 'url' | 'events'> & { description?: string }, call?: CallOptions): Promise<WebhookSecret> {
    const answer = await this.#session.call('post', '/webhooks', { body: webhook }, call);
    return { webhook: answer.webhook, secret: answer.secret };
  }

  /** Returns the webhooks of the tenant, newest first. */
  async list(call?: CallOptions): Promise<Webhook[]> {
    return (await this.#session.call('get', '/webhooks', {}, call)).webhooks;
  }

  /** Returns a webhook. */
  async get(webhook: Ref, call?: CallOptions): Promise<Webhook> {
    return (await this.#session.call('get', '/webhooks/{id}', { path: { id: idOf(webhook) } }, call)).webhook;
  }

  /** Changes a webhook. What is left out stays. */
  async change(webhook: Ref, changes: Schemas['ChangeWebhook'], call?: CallOptions): Promise<Webhook> {
    return (await this.#session.call('patch', '/webhooks/{id}', { path: { id: idOf(webhook) }, body: changes, repeatable: true }, call)).webhook;
  }

  /** Deletes a webhook with its deliveries. */
  async delete(webhook: Ref, call?: CallOptions): Promise<void> {
    await this.#session.call('delete', '/webhooks/{id}', { path: { id: idOf(webhook) } }, call);
  }

  /** Makes a new secret, shown once; the old one signs too for `overlapS`, by default a day. */
  async rotate(webhook: Ref, options: { overlapS?: number } = {}, call?: CallOptions): Promise<WebhookSecret> {
    const answer = await this.#session.call('post', '/webhooks/{id}/rotate', { path: { id: idOf(webhook) }, body: options }, call);
    return { webhook: answer.webhook, secret: answer.secret };
  }

  /** Delivers nothing until the webhook is resumed. */
  async pause(webhook: Ref, call?: CallOptions): Promise<Webhook> {
    return (await this.#session.call('post', '/webhooks/{id}/pause', { path: { id: idOf(webhook) }, repeatable: true }, call)).webhook;
  }

  /** Ends the pause of a webhook. */
  async resume(webhook: Ref, call?: CallOptions): Promise<Webhook> {
    return (await this.#session.call('post', '/webhooks/{id}/resume', { path: { id: idOf(webhook) }, repeatable: true }, call)).webhook;
  }

  /** Sends a message that tests a webhook. */
  async test(webhook: Ref, call?: CallOptions): Promise<Delivery> {
    return (await this.#session.call('post', '/webhooks/{id}/test', { path: { id: idOf(webhook) } }, call)).delivery;
  }

  /** Iterates over the deliveries of a webhook, newest first, at most `limit`. */
  deliveries(webhook: Ref, { limit, ...filter }: { status?: Schemas['DeliveryStatus']; limit?: number } = {}, call?: CallOptions): AsyncGenerator<Delivery, void, undefined> {
    return this.#session.pages(async (paging) => {
      const answer = await this.#session.call('get', '/webhooks/{id}/deliveries', { path: { id: idOf(webhook) }, query: { ...filter, ...paging } }, call);
      return { items: answer.deliveries, nextCursor: answer.nextCursor };
    }, limit);
  }

  /** Delivers a message again. */
  async redeliver(webhook: Ref, delivery: Ref, call?: CallOptions): Promise<Delivery> {
    const path = { id: idOf(webhook), delivery_id: idOf(delivery) };
    return (await this.#session.call('post', '/webhooks/{id}/deliveries/{delivery_id}/redeliver', { path }, call)).delivery;
  }
}
