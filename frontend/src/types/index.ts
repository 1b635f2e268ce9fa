/** Our names for the API's types. Nothing here is written by hand: see `npm run types`. */
import type { components } from './api.gen';

type Schemas = components['schemas'];

export type JobStatus = Schemas['JobStatus'];
export type Scope = Schemas['Scope'];
export type Role = Schemas['Role'];
export type Outcome = Schemas['Outcome'];
export type Job = Schemas['JobOut'];
export type JobDetail = Schemas['JobDetailOut'];
export type Attempt = Schemas['AttemptOut'];
export type LogLine = Schemas['LogLineOut'];
export type Narrowing = Schemas['Narrowing'];
export type NarrowingDead = Schemas['NarrowingDead'];
export type NewJob = Schemas['CreateJob'];
export type OnConflict = Schemas['OnConflict'];
export type DlqGroup = Schemas['DlqGroupOut'];
export type Queue = Schemas['QueueOut'];
export type Limit = Schemas['LimitOut'];
export type Limits = Schemas['LimitsAnswer'];
export type TenantLimit = Schemas['TenantLimitOut'];
export type LimitDetail = Schemas['LimitDetailOut'];
export type LimitChange = Schemas['ChangeLimit'];
export type Block = Schemas['BlockOut'];
export type Schedule = Schemas['ScheduleOut'];
export type ScheduleDetail = Schemas['ScheduleDetailOut'];
export type PutSchedule = Schemas['PutSchedule'];
export type Run = Schemas['RunOut'];
export type RunIf = Schemas['RunIf'];
export type Tenant = Schemas['TenantOut'];
export type Worker = Schemas['WorkerOut'];
export type Acted = Schemas['ActionAnswer'];
export type Task = Schemas['TaskOut'];
export type JsonSchema = Task['schema'];
export type Bucket = Schemas['BucketOut'];
export type Totals = Schemas['NamedTally'];
export type Tally = Schemas['TallyOut'];
export type User = Schemas['UserAnswer'];
