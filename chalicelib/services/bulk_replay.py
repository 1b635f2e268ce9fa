"""Replays of many jobs by an operation."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from chalicelib.domain.clock import Clock
from chalicelib.domain.jobs import Job, is_apart
from chalicelib.domain.lifecycle import new_job
from chalicelib.domain.operations import Operation
from chalicelib.domain.principals import Principal
from chalicelib.domain.replays import Changes, check_replayable, replay_id, replay_of
from chalicelib.errors import Forbidden, LimitExceeded, NotFound, NotUnique, QueueCraftError, Unavailable
from chalicelib.services.job_actions import Failed
from chalicelib.services.jobs import rule_of
from chalicelib.services.tasks import checked_spec

if TYPE_CHECKING:
    from chalicelib.queue.limits import CreationLimits
    from chalicelib.services.projection import Projection
    from chalicelib.services.redactions import Redactions
    from chalicelib.services.stored_values import StoredValues
    from chalicelib.services.submitter import Submitter
    from chalicelib.services.tasks import Catalogue
    from chalicelib.store.jobs import JobStore

#: Characters of payloads that are held at once; those in S3 have up to 5 MB each.
HELD_CHARS = 8 * 1024 * 1024
#: How long an operation waits for room, where the limit does not say.
WAIT_S = 15.0


@dataclass(frozen=True, slots=True)
class Replayed:
    """The jobs that could not be replayed; ``wait_s``: a limit of the tenant refused the rest for so long."""

    failed: list[Failed]
    wait_s: float = 0.0


def changes_of(operation: Operation) -> Changes:
    """Return what the replays of an operation have otherwise than their origins."""
    found: dict[str, Any] = json.loads(operation.options.get("changes") or "{}")
    return Changes(found.get("merge"), found.get("queue"), found.get("priority"))


class BulkReplay:
    """Submits a job like each of many, with an id that follows from the operation and the origin: repeated, it is the
    same job.

    The tenant's limits hold: while they refuse, the operation waits. Of an owner's limits, that of active jobs holds,
    as for scheduled jobs, which they begin as.
    """

    def __init__(
        self, *, store: JobStore, catalogue: Catalogue, submitter: Submitter, limits: CreationLimits,
        projection: Projection, redactions: Redactions, stored: Callable[[], StoredValues], max_bytes: int,
        clock: Clock,
    ) -> None:  # fmt: skip
        self._store = store
        self._catalogue = catalogue
        self._submitter = submitter
        self._limits = limits
        self._projection = projection
        self._redactions = redactions
        self._stored = stored
        self._max_bytes = max_bytes
        self._clock = clock

    def replay(self, operation: Operation, owner: Principal, ids: Sequence[str], begun_at: datetime) -> Replayed:
        """Replay jobs; those that were replayed by this operation are left as they are."""
        changes, failed = changes_of(operation), list[Failed]()
        submission_id = self._submitter.new_submission_id()
        planned: list[Job] = []
        size = 0
        origins = {job.id: job for job in self._store.get_many(ids)[0]}
        for job_id in ids:
            try:
                new = self._plan(operation, owner, origins.get(job_id), changes, begun_at)
            except Unavailable:  # of S3: the operation tries again
                raise
            except QueueCraftError as error:
                failed.append(Failed(job_id, error))
                continue
            planned.append(new.with_(submission_id=submission_id))
            size += len(new.payload or "")
            if size > HELD_CHARS:
                if wait_s := self._submit_new(planned, failed):
                    return Replayed(failed, wait_s)
                planned, size = [], 0
        return Replayed(failed, self._submit_new(planned, failed))

    def _submit_new(self, planned: Sequence[Job], failed: list[Failed]) -> float:
        """Submit those of the jobs that are not recorded; return how long to wait for the rest."""
        known = {job.id for job in self._store.get_many([job.id for job in planned], light=True)[0]}
        left = [job for job in planned if job.id not in known]
        wait_s = 0.0
        for owner_id, tenant_id in dict.fromkeys((job.owner_id, job.tenant_id) for job in left):
            theirs = [job for job in left if (job.owner_id, job.tenant_id) == (owner_id, tenant_id)]
            wait_s = max(wait_s, self._submit(theirs, failed))
        return wait_s

    def _plan(
        self, operation: Operation, owner: Principal, job: Job | None, changes: Changes, begun_at: datetime
    ) -> Job:
        if job is None or not owner.may_read(owner.scope_of(job.tenant_id, job.owner_id)):
            raise NotFound("No such job")
        if not owner.may_write(owner.scope_of(job.tenant_id, job.owner_id)):
            raise Forbidden("Your role may not replay this job")
        check_replayable(job)
        if is_apart(job.payload):
            job = self._stored().with_payload(job, needed=True)
        spec = checked_spec(self._catalogue, job.task)
        now = self._clock.now()
        restored = partial(self._redactions.restored, job)
        new = changes.applied(replay_of(job, spec, {}), restored, self._max_bytes)._replace(delay_s=0.001)
        like = Principal(job.owner_id, job.tenant_id, owner.role)
        return new_job(
            new, spec, job_id=replay_id(operation.id, job.id, begun_at), tenant_id=job.tenant_id, owner_id=job.owner_id,
            trace_id=operation.trace_id, now=now, unique=rule_of(like, new, spec, now),
        )  # fmt: skip

    def _submit(self, jobs: list[Job], failed: list[Failed]) -> float:
        """Submit jobs of one owner, fewer at a time if limits refuse them together; return how long to wait for the
        rest.
        """
        size = len(jobs)
        while jobs:
            part = jobs[:size]
            try:
                self._projection.when_open(self._admission(part))
            except LimitExceeded as error:
                if size == 1:
                    return float(error.retry_after_s or WAIT_S)
                size = max(1, size // 2)
                continue
            recorded = self._submitter.insert(part)
            lacking = [job for job in part if job.id not in recorded]
            existing = {job.id for job in self._store.get_many([job.id for job in lacking], light=True)[0]}
            failed += [
                Failed(job.replay_of or job.id, NotUnique("Another job holds the unique key"))
                for job in lacking
                if job.id not in existing
            ]
            jobs = jobs[size:]
        return 0.0

    def _admission(self, jobs: Sequence[Job]) -> Callable[[], None]:
        first = jobs[0]
        return lambda: self._limits.admit(
            first.owner_id, first.tenant_id, [job.id for job in jobs], active=0, queues={job.queue for job in jobs},
            submission_id=first.submission_id, personal=False,
        )  # fmt: skip
