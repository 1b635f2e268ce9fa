/** Workflows: submit, read, cancel, retry, wait, results. */
import type { CallOptions, Schemas } from '../calls.js';
import { InvalidWorkflow, WorkflowNotCompleted } from '../errors.js';
import { newKey, type Session } from '../session.js';
import { idOf, type JobDetail, type Ref, type WorkflowDetail, type WorkflowList, type WorkflowSummary } from '../types.js';
import { Workflow, type Node } from '../workflow.js';

/** States of a workflow that has not ended. */
const OPEN: string[] = ['starting', 'running'] satisfies WorkflowDetail['status'][];

/** `client.workflows`. A workflow is named by its id or by what a call returned. */
export class Workflows {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Starts a workflow, or the document of one: `{ name, nodes }`. Throws `InvalidWorkflow` before anything is sent if a
   * `Workflow` cannot run, and `BadRequest` for what only the server knows: tasks, and payloads that do not fit them.
   */
  async submit(
    workflow: Workflow | Schemas['CreateWorkflow'],
    { idempotencyKey = newKey() }: { idempotencyKey?: string } = {},
    call?: CallOptions,
  ): Promise<WorkflowDetail> {
    const body = workflow instanceof Workflow ? workflow.toJSON() : workflow;
    return (await this.#session.call('post', '/workflows', { body, key: idempotencyKey }, call)).workflow;
  }

  /** Returns a workflow with the states of its nodes. Throws `NotFound`. */
  async get(workflow: Ref, call?: CallOptions): Promise<WorkflowDetail> {
    return (await this.#session.call('get', '/workflows/{id}', { path: { id: idOf(workflow) } }, call)).workflow;
  }

  /** Iterates over workflows, newest first, at most `limit`. */
  list({ limit, ...filter }: WorkflowList = {}, call?: CallOptions): AsyncGenerator<WorkflowSummary, void, undefined> {
    return this.#session.pages(async (paging) => {
      const answer = await this.#session.call('get', '/workflows', { query: { ...filter, ...paging } }, call);
      return { items: answer.workflows, nextCursor: answer.nextCursor };
    }, limit);
  }

  /** Cancels the open jobs of a workflow, and those that it would make. Throws `Conflict` if it has ended. */
  async cancel(workflow: Ref, call?: CallOptions): Promise<WorkflowDetail> {
    return (await this.#session.call('post', '/workflows/{id}/cancel', { path: { id: idOf(workflow) } }, call)).workflow;
  }

  /**
   * Runs again what did not complete, and all behind it; or `node` and all behind that.
   * Throws `Conflict` while it runs, and if nothing is to be run.
   */
  async retry(workflow: Ref, { node }: { node?: Node | string } = {}, call?: CallOptions): Promise<WorkflowDetail> {
    const body = { node: node && nodeId(node) };
    return (await this.#session.call('post', '/workflows/{id}/retry', { path: { id: idOf(workflow) }, body }, call)).workflow;
  }

  /** Returns the job of a node; its `result` is that of the node, for a map the list of its results. */
  async job<Result = unknown>(workflow: Ref, node: Node | string, call?: CallOptions): Promise<JobDetail<Result>> {
    const { nodes, name } = await this.get(workflow, call);
    const found = nodes.find(({ id }) => id === nodeId(node));
    if (found === undefined) throw new InvalidWorkflow(`The workflow ${name} has no node ${nodeId(node)}`);
    const answer = await this.#session.call('get', '/job/{id}', { path: { id: found.jobId } }, call);
    return answer.job as JobDetail<Result>;
  }

  /** Waits until a workflow has completed. Throws `WorkflowNotCompleted` if it failed or was cancelled, and `WaitTimeout` after `timeoutMs`. */
  async wait(workflow: Ref, call: CallOptions = {}): Promise<WorkflowDetail> {
    const look = (options: CallOptions): Promise<WorkflowDetail> => this.get(workflow, options);
    const done = await this.#session.waits.untilEnded(idOf(workflow), look, ({ status }) => !OPEN.includes(status), call);
    if (done.status !== 'completed') throw new WorkflowNotCompleted(done);
    return done;
  }
}

function nodeId(node: Node | string): string {
  return typeof node === 'string' ? node : node.id;
}
