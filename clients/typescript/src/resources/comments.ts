/** Comments on jobs, and on groups of dead letters. */
import type { CallOptions, TenantOptions } from '../calls.js';
import type { Session } from '../session.js';
import { idOf, type Comment, type Ref } from '../types.js';
import { tenantOf } from './queues.js';

/** `client.comments`. Operators may name another `tenant` for a group. */
export class Comments {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /** Comments on a job. */
  async onJob(job: Ref, text: string, call?: CallOptions): Promise<Comment> {
    return (await this.#session.call('post', '/job/{id}/comments', { path: { id: idOf(job) }, body: { text } }, call)).comment;
  }

  /** Comments on a group of dead letters, which `dlq.groups` names. */
  async onGroup(group: string, text: string, options: TenantOptions = {}): Promise<Comment> {
    const asked = { path: { name: group }, ...tenantOf(options), body: { text } };
    return (await this.#session.call('post', '/dlq/groups/{name}/comments', asked, options)).comment;
  }

  /** Iterates over the comments on a job, newest first, at most `limit`. */
  ofJob(job: Ref, { limit }: { limit?: number } = {}, call?: CallOptions): AsyncGenerator<Comment, void, undefined> {
    return this.#session.pages(async (paging) => {
      const answer = await this.#session.call('get', '/job/{id}/comments', { path: { id: idOf(job) }, query: paging }, call);
      return { items: answer.comments, nextCursor: answer.nextCursor };
    }, limit);
  }

  /** Iterates over the comments on a group of dead letters, newest first, at most `limit`. */
  ofGroup(group: string, { limit, ...options }: TenantOptions & { limit?: number } = {}): AsyncGenerator<Comment, void, undefined> {
    return this.#session.pages(async (paging) => {
      const query = { ...tenantOf(options).query, ...paging };
      const answer = await this.#session.call('get', '/dlq/groups/{name}/comments', { path: { name: group }, query }, options);
      return { items: answer.comments, nextCursor: answer.nextCursor };
    }, limit);
  }

  /** Deletes a comment of one's own; admins delete any. */
  async delete(comment: Ref, call?: CallOptions): Promise<void> {
    await this.#session.call('delete', '/comments/{id}', { path: { id: idOf(comment) } }, call);
  }
}
