/** The client of QueueCraft: submit jobs, batches and workflows, and wait for their results. */
export type { Answer, Asked, CallOptions, Method, Route, Schemas, TenantOptions } from './calls.js';
export { Client } from './client.js';
export * from './errors.js';
export type { Batches } from './resources/batches.js';
export type { Dlq } from './resources/dlq.js';
export type { Jobs } from './resources/jobs.js';
export type { BulkAction, OperationFilter, Operations, ReplayChanges } from './resources/operations.js';
export type { Limits, Queues } from './resources/queues.js';
export type { Schedules } from './resources/schedules.js';
export type { Workflows } from './resources/workflows.js';
export type { ClientOptions, ConnectionOptions, Credentials } from './session.js';
export type { WebSocketConstructor, WebSocketLike } from './sockets.js';
export type { StreamOptions } from './stream.js';
export type * from './types.js';
export { INDEX, ITEM, Node, Reference, Workflow, type MapOptions, type NodeOptions } from './workflow.js';
