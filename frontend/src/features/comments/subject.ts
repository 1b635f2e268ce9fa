/** What comments are about: a job, or a group of dead letters of a workspace (`tenant`; the caller's own without). */
export type Subject = { job: string } | { group: string; tenant?: string };

export const MAX_CHARS = 2_000;

/** Identifies the subject among cached data and unsent texts. */
export const subjectKey = (subject: Subject): string => ('job' in subject ? `job:${subject.job}` : `group:${subject.tenant ?? ''}:${subject.group}`);
