"""Operations of users on jobs: submit and read, besides the changes of ``job_changes``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.jobs import Job, JobStatus, NewJob
from chalicelib.domain.lifecycle import new_job
from chalicelib.domain.principals import Principal, Scope
from chalicelib.domain.tasks import TaskSpec
from chalicelib.domain.unique import OnConflict, UniqueRule
from chalicelib.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    NotUnique,
)
from chalicelib.services.digest import digest, payload_digest
from chalicelib.services.job_changes import JobChanges
from chalicelib.services.submitter import Submitted

if TYPE_CHECKING:
    from chalicelib.queue.limit_room import LimitRoom
    from chalicelib.queue.limits import CreationLimits
    from chalicelib.services.cancellation import Cancellation
    from chalicelib.services.deletion import Deletion
    from chalicelib.services.dependencies import Dependencies
    from chalicelib.services.idempotency import Claim, Idempotency
    from chalicelib.services.job_retries import JobRetries
    from chalicelib.services.payloads import Payloads
    from chalicelib.services.projection import Projection
    from chalicelib.services.submitter import Submitter
    from chalicelib.services.uniqueness import Contest, Uniqueness
    from chalicelib.store.jobs import JobStore


class JobService(JobChanges):
    """Use cases of HTTP and WebSocket. For a caller, jobs that the caller may not see do not exist."""

    def __init__(  # noqa: PLR0913 - one for each rule that a submission meets
        self,
        *,
        limits: CreationLimits,
        projection: Projection,
        submitter: Submitter,
        cancellation: Cancellation,
        retries: JobRetries,
        deletion: Deletion,
        store: JobStore,
        idempotency: Idempotency,
        uniqueness: Uniqueness,
        dependencies: Dependencies,
        payloads: Payloads,
        limit_room: LimitRoom,
        clock: Clock,
        ids: Ids,
    ) -> None:
        super().__init__(store=store, cancellation=cancellation, retries=retries, deletion=deletion)
        self._limits = limits
        self._projection = projection
        self._submitter = submitter
        self._idempotency = idempotency
        self._uniqueness = uniqueness
        self._dependencies = dependencies
        self._payloads = payloads
        self._limit_room = limit_room
        self._clock = clock
        self._ids = ids

    # --- submit ----------------------------------------------------------------------------------------------
    def submit(self, principal: Principal, news: Sequence[NewJob], trace_id: str) -> list[Submitted]:
        """Check jobs against the catalogue and the caller's limits, then create all or none; return them in order.

        Raises ``Forbidden``, ``InvalidInput`` (task, payload), ``IdempotencyMismatch``, ``RateLimited``,
        ``TooManyActiveJobs``, ``TooManyLimitKeys``, ``NotUnique``, ``QueueClosed``. Jobs that it returns are in MongoDB
        and will run.
        """
        if not principal.may_write(Scope.OWN):
            raise Forbidden("Your role may not create jobs")
        specs = [self._payloads.check(new.task, new.payload) for new in news]
        planned = [(self._ids.object_id(), new, spec) for new, spec in zip(news, specs, strict=True)]
        from chalicelib.services.idempotency import KeyRequest  # noqa: PLC0415 - MongoDB's client loads on first use

        requests = [
            KeyRequest(new.idempotency_key, digest(new), job_id) for job_id, new, _ in planned if new.idempotency_key
        ]
        claims = {c.key: c for c in self._idempotency.claim(principal.user_id, requests)} if requests else {}
        try:
            jobs, order, known = self._plan(principal, planned, claims, trace_id)
            new = list(jobs.values())
            self._dependencies.check(principal, new, order)
            contest = None
            if any(job.unique is not None for job in new):
                contest = self._uniqueness.contest(principal, new, order, partial(self._admit, principal))
            elif new:
                self._admit(principal, new)
        except Exception:
            self._idempotency.release(principal.user_id, claims.values())
            raise
        # From here on keys stay: a record whose insert seems to have failed may exist.
        made = self._contend(principal, contest, claims) if contest else self._create(jobs)
        # the call that created them may have died before it enqueued them
        self._submitter.requeue([job for job in known.values() if job.status.is_open])
        repeated = {claim.job_id for claim in claims.values() if claim.duplicate}
        made |= {job_id: Submitted(job, created=False, duplicate=job_id in repeated) for job_id, job in known.items()}
        return [made[job_id] for job_id in order]

    def _create(self, jobs: dict[str, Job]) -> dict[str, Submitted]:
        """Create admitted jobs; return the results by id."""
        recorded = self._submitter.insert(list(jobs.values())) if jobs else {}
        duplicates = [job_id for job_id in jobs if job_id not in recorded]
        existed = self._known(duplicates) if duplicates else {}
        self._submitter.requeue([job for job in existed.values() if job.status.is_open])
        return {job_id: Submitted(recorded.get(job_id) or existed[job_id], job_id in recorded) for job_id in jobs}

    def _contend(self, principal: Principal, contest: Contest, claims: dict[str, Claim]) -> dict[str, Submitted]:
        """Create the jobs of a contest; the idempotency keys of duplicates then identify the jobs that stand."""
        mine = {claim.job_id: claim for claim in claims.values() if claim.ours}
        try:
            made = contest.settle(keep_places=mine.keys())
        except (NotUnique, Forbidden):
            self._idempotency.release(principal.user_id, claims.values())
            raise
        stand = [(claim, made[job_id].job.id) for job_id, claim in mine.items() if made[job_id].duplicate]
        self._idempotency.point(principal.user_id, stand)
        return made

    def _plan(
        self, principal: Principal, planned: list[tuple[str, NewJob, TaskSpec]], claims: dict[str, Claim], trace_id: str
    ) -> tuple[dict[str, Job], list[str], dict[str, Job]]:
        """Return (jobs to create, ids of all in the order asked, jobs that exist)."""
        now, submission_id = self._clock.now(), self._submitter.new_submission_id()
        jobs: dict[str, Job] = {}
        order: list[str] = []
        for planned_id, new, spec in planned:
            claim = claims.get(new.idempotency_key or "")
            job_id = claim.job_id if claim else planned_id
            order.append(job_id)
            if claim is None or claim.ours:
                jobs[job_id] = new_job(
                    new, spec, job_id=job_id, tenant_id=principal.tenant_id, owner_id=principal.user_id,
                    trace_id=trace_id, now=now, submission_id=submission_id, unique=rule_of(principal, new, spec, now),
                    api_key=principal.key_id,
                )  # fmt: skip
        known = self._known([job_id for job_id in order if job_id not in jobs])
        return jobs, order, known

    def _known(self, job_ids: Sequence[str]) -> dict[str, Job]:
        """Return the jobs of idempotency keys. Raises ``Conflict`` if one was deleted."""
        found, _ = self._store.get_many(job_ids)
        known = {job.id: job for job in found}
        if any(job_id not in known for job_id in job_ids):
            raise Conflict("The job of this idempotency key was deleted")
        return known

    def _admit(self, principal: Principal, jobs: Sequence[Job], counted: Sequence[Job] = ()) -> None:
        """Apply the limits and note the intents. ``counted``: jobs that only count as attempts."""
        ids = [job.id for job in sorted(jobs, key=lambda job: job.status is JobStatus.SCHEDULED)]
        active = sum(job.status is JobStatus.PENDING for job in jobs)
        ids += [job.id for job in counted]
        submission_id = (*jobs, *counted)[0].submission_id
        queues = {job.queue for job in jobs}
        self._limit_room.check(principal.tenant_id, jobs)
        self._projection.when_open(
            lambda: self._limits.admit(
                principal.user_id,
                principal.tenant_id,
                ids,
                active=active,
                queues=queues,
                submission_id=submission_id,
                personal=principal.key is None,
            )
        )

    # --- read ------------------------------------------------------------------------------------------------
    def get(self, principal: Principal, job_id: str) -> Job:
        """Return the whole job. Raises ``NotFound`` if there is none that ``principal`` may see."""
        job = self._store.get(job_id)
        if not principal.may_read(principal.scope_of(job.tenant_id, job.owner_id)):
            raise NotFound("No such job")
        return job


def rule_of(principal: Principal, new: NewJob, spec: TaskSpec, now: datetime) -> UniqueRule | None:
    """Return how a new job is unique, ``None`` if it is not."""
    unique = new.unique if new.unique is not None else spec.unique
    if unique is None:
        return None
    if new.depends_on and unique.on_conflict not in {OnConflict.KEEP, OnConflict.REJECT}:
        raise InvalidInput("A unique job that depends on others needs onConflict: keep or reject", "dependsOn")
    return unique.rule(principal.tenant_id, new.task, "" if unique.key else payload_digest(new.payload), now)
