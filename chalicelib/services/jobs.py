"""Operations of users on jobs: submit, read, cancel, retry, delete; one or many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.events import deleted, moved
from chalicelib.domain.job_limits import limits_after
from chalicelib.domain.jobs import DEFAULT_POOL, Job, JobStatus, NewJob, to_ms
from chalicelib.domain.lifecycle import check_settled, new_job, promoted, redriven
from chalicelib.domain.principals import KeyScope, Permission, Principal, Scope
from chalicelib.domain.tasks import TaskSpec
from chalicelib.domain.unique import OnConflict, UniqueRule
from chalicelib.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    InvalidTransition,
    MissingScope,
    NotFound,
    NotUnique,
    QueueCraftError,
)
from chalicelib.queue.intents import Intent, IntentKind
from chalicelib.services.digest import digest, payload_digest
from chalicelib.services.job_actions import Action, Changed, Failed
from chalicelib.services.submitter import Submitted

if TYPE_CHECKING:
    from chalicelib.queue.engine import Engine
    from chalicelib.queue.limit_room import LimitRoom
    from chalicelib.queue.limits import CreationLimits
    from chalicelib.services.cancellation import Cancellation
    from chalicelib.services.dependencies import Dependencies
    from chalicelib.services.idempotency import Claim, Idempotency
    from chalicelib.services.payloads import Payloads
    from chalicelib.services.projection import Projection
    from chalicelib.services.step_series import StepSeries
    from chalicelib.services.submitter import Submitter
    from chalicelib.services.uniqueness import Contest, Uniqueness
    from chalicelib.services.waker import Waker
    from chalicelib.services.workflow_retries import WorkflowRetries
    from chalicelib.store.batches import BatchStore
    from chalicelib.store.jobs import JobStore
    from chalicelib.store.workflows import WorkflowStore

#: How often a change is tried again if the job was changed meanwhile.
RACES: Final = 5


class JobService:
    """Use cases of HTTP and WebSocket. For a caller, jobs that the caller may not see do not exist."""

    def __init__(  # noqa: PLR0913 - one for each rule that a submission meets
        self,
        *,
        engine: Engine,
        limits: CreationLimits,
        projection: Projection,
        submitter: Submitter,
        cancellation: Cancellation,
        waker: Waker,
        store: JobStore,
        idempotency: Idempotency,
        uniqueness: Uniqueness,
        dependencies: Dependencies,
        batches: BatchStore,
        workflows: WorkflowStore,
        workflow_retries: WorkflowRetries,
        payloads: Payloads,
        limit_room: LimitRoom,
        step_series: StepSeries,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._engine = engine
        self._limits = limits
        self._projection = projection
        self._submitter = submitter
        self._cancellation = cancellation
        self._waker = waker
        self._store = store
        self._idempotency = idempotency
        self._uniqueness = uniqueness
        self._dependencies = dependencies
        self._batches = batches
        self._workflows = workflows
        self._workflow_retries = workflow_retries
        self._payloads = payloads
        self._limit_room = limit_room
        self._step_series = step_series
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
                    trace_id=trace_id, now=now, submission_id=submission_id, unique=_rule(principal, new, spec, now),
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

    # --- change ----------------------------------------------------------------------------------------------
    def cancel(self, principal: Principal, job_id: str) -> Job:
        """Cancel a job that has not ended. For a running one ``cancel_requested`` is set, and its worker cancels it."""
        return _only(self.act(principal, Action.CANCEL, [job_id]))

    def retry(self, principal: Principal, job_id: str, payload: str | None = None, from_step: str | None = None) -> Job:
        """Run a job now: redrive it from the DLQ (a new series of attempts, ``payload`` replaced if given), or end
        its wait if it is scheduled or retrying. If the owner is at the limit of active jobs, a redriven job is held
        back, a waiting one is not changed. A redriven durable job keeps its steps unless its payload is replaced; with
        ``from_step`` those before it.

        Raises ``InvalidTransition``, ``InvalidInput`` (task, payload), ``TooManyActiveJobs``.
        """
        return _only(self._change(principal, [job_id], lambda jobs: self._retry(jobs, payload, from_step)))

    def redrive(self, principal: Principal, job_id: str, payload: str | None = None) -> Job:
        """Run a job of the DLQ again, with ``payload`` if given. Raises ``InvalidTransition``, ``InvalidInput``."""
        return _only(self._change(principal, [job_id], lambda jobs: self._retry(jobs, payload, only_dead=True)))

    def delete(self, principal: Principal, job_id: str) -> Job:
        """Delete an ended job and its logs; return the job as it was."""
        return _only(self.act(principal, Action.DELETE, [job_id]))

    def act(self, principal: Principal, action: Action, job_ids: Sequence[str]) -> Changed:
        """Apply ``action`` to many jobs; each succeeds or fails by itself."""
        steps: dict[Action, Callable[[list[Job]], dict[str, Job | QueueCraftError]]] = {
            Action.CANCEL: self._cancellation.cancel,
            Action.RETRY: self._retry,
            Action.REDRIVE: lambda jobs: self._retry(jobs, only_dead=True),
            Action.DELETE: self._delete,
            Action.DELETE_DEAD: lambda jobs: self._delete(jobs, only_dead=True),
        }
        return self._change(principal, job_ids, steps[action])

    def _change(
        self,
        principal: Principal,
        job_ids: Sequence[str],
        step: Callable[[list[Job]], dict[str, Job | QueueCraftError]],
    ) -> Changed:
        """Apply ``step`` to the jobs that ``principal`` may change, and again to those that changed meanwhile."""
        left = list(dict.fromkeys(job_ids))
        done: dict[str, Job] = {}
        failed: dict[str, QueueCraftError] = {}
        for _ in range(RACES):
            jobs, _unreadable = self._store.get_many(left)
            seen = {job.id: job for job in jobs if principal.may_read(principal.scope_of(job.tenant_id, job.owner_id))}
            failed.update({job_id: NotFound("No such job") for job_id in left if job_id not in seen})
            mine = [
                job for job in seen.values() if principal.may_write(principal.scope_of(job.tenant_id, job.owner_id))
            ]
            failed.update({job_id: Forbidden("Your role may not change this job") for job_id in seen})
            if not principal.may(Permission.CHANGE_DEAD):
                barred = {job.id for job in mine if job.status is JobStatus.DLQ}
                failed.update({job_id: MissingScope(KeyScope.DLQ_WRITE.value) for job_id in barred})
                mine = [job for job in mine if job.id not in barred]
            results = step(mine) if mine else {}
            for job in mine:
                del failed[job.id]
            for job_id, result in results.items():
                if isinstance(result, Job):
                    done[job_id] = result
                else:
                    failed[job_id] = result
            left = [job.id for job in mine if job.id not in results]
            if not left:
                break
        failed.update({job_id: Conflict("The job keeps changing; try again") for job_id in left})
        order = dict.fromkeys(job_ids)
        return Changed(
            [done[job_id] for job_id in order if job_id in done],
            [Failed(job_id, failed[job_id]) for job_id in order if job_id in failed],
        )

    def _intend(self, intents: Sequence[Intent]) -> None:
        """Note the changes that follow. Raises ``QueueClosed`` while the queue is closed."""
        if intents:
            self._projection.when_open(lambda: self._engine.intend(intents))

    def _retry(
        self, jobs: list[Job], payload: str | None = None, from_step: str | None = None, *, only_dead: bool = False
    ) -> dict[str, Job | QueueCraftError]:
        now = self._clock.now()
        results: dict[str, Job | QueueCraftError] = {}
        dead, waiting, nodes = [], [], []
        for job in jobs:
            if job.status is JobStatus.DLQ and job.part is not None:
                nodes.append(job)
            elif job.status is JobStatus.DLQ:
                try:
                    check_settled(job)
                    self._step_series.check(job, from_step)
                    spec = self._payloads.check(job.task, payload if payload is not None else job.payload or "{}")
                    dead.append(job if payload is None else job.with_(limits=limits_after(job, spec, payload)))
                except QueueCraftError as error:
                    results[job.id] = error
            elif job.runs_after is not None:
                results[job.id] = Conflict(f"This job waits for the end of job {job.runs_after}")
            elif job.status in {JobStatus.SCHEDULED, JobStatus.RETRYING} and not only_dead:
                waiting.append((job, promoted(job, now)))
            else:
                verb = "redriven" if only_dead else "retried"
                results[job.id] = InvalidTransition(f"A job that is {job.status} cannot be {verb}")
        results.update(self._retry_nodes(nodes, payload))
        taken = self._uniqueness.taken(dead)
        results.update(taken)
        results.update(
            {job.id: job for job in self._redrive([job for job in dead if job.id not in taken], payload, from_step)}
        )
        places = self._projection.when_open(lambda: self._engine.reserve([old for old, _ in waiting]))
        for (old, _), place in zip(waiting, places, strict=True):
            if not place:
                results[old.id] = self._limits.too_many_active()
        hurried = self._won([change for change, place in zip(waiting, places, strict=True) if place])
        if hurried:
            events = [moved(new, old.status) for old, new in hurried]
            due = [to_ms(old.ready_at) for old, _ in hurried]
            promoted_ = self._projection.follow(lambda: self._engine.promote([new for _, new in hurried], due, events))
            wake = {new.pool or DEFAULT_POOL for _, new in hurried} if promoted_ is None else promoted_.wake
            self._waker.wake_workers(wake)
        results.update({new.id: new for _, new in hurried})
        return results

    def _retry_nodes(self, jobs: list[Job], payload: str | None) -> dict[str, Job | QueueCraftError]:
        """Retry the workflows of ``jobs`` from their nodes; the results are the new jobs of these."""
        if payload is not None and jobs:
            why = InvalidInput("This job is a node of a workflow, whose payload stays", "payload")
            return {job.id: why for job in jobs}
        return self._workflow_retries.retry_jobs(jobs)

    def _redrive(self, jobs: list[Job], payload: str | None, from_step: str | None) -> list[Job]:
        if not jobs:
            return []
        now, submission_id = self._clock.now(), self._submitter.new_submission_id()
        self._intend([Intent(job.id, IntentKind.REDRIVE, submission_id) for job in jobs])
        for job in jobs:
            if payload is not None and payload != job.payload and job.payload is not None:
                self._store.keep_payload(job)
            if payload is not None or job.cancel_requested:
                self._store.prepare_redrive(job.with_(payload=job.payload if payload is None else payload))
        if payload is None:
            self._step_series.keep(jobs, submission_id, from_step)
        places = self._projection.when_open(lambda: self._engine.reserve(jobs))
        back = self._won(
            [
                (job, redriven(job, now, payload, submission_id=submission_id, place=place))
                for job, place in zip(jobs, places, strict=True)
            ]
        )
        if back:
            self._submitter.enqueue([new for _, new in back], [moved(new, old.status) for old, new in back])
        return [new for _, new in back]

    def _delete(self, jobs: list[Job], *, only_dead: bool = False) -> dict[str, Job | QueueCraftError]:
        able = Action.DELETE_DEAD.states if only_dead else Action.DELETE.states
        why = " from the DLQ" if only_dead else "; cancel it first"
        results: dict[str, Job | QueueCraftError] = {
            job.id: InvalidTransition(f"A job that is {job.status} cannot be deleted{why}")
            for job in jobs
            if job.status not in able
        }
        ended: list[Job] = []
        for job in jobs:
            if job.status in able:
                try:
                    check_settled(job)
                    self._dependencies.check_unneeded(job)
                    self._check_batch(job)
                    ended.append(job)
                except Conflict as error:
                    results[job.id] = error
        if ended:
            gone = self._store.delete(ended, self._clock.now())
            forgotten = [job for job in ended if job.id in gone]
            if forgotten:
                self._projection.follow(lambda: self._engine.forget(forgotten, [[deleted(job)] for job in forgotten]))
            results.update({job.id: job for job in forgotten})
        return results

    def _check_batch(self, job: Job) -> None:
        """Raise ``Conflict`` while the batch or workflow of ``job`` has not ended."""
        if job.batch is not None and self._batches.running([job.batch]):
            raise Conflict("This job belongs to a batch that has not ended; cancel that first")
        if job.part is not None and self._workflows.running([job.part.workflow]):
            raise Conflict("This job belongs to a workflow that has not ended; cancel that first")

    def _won(self, changes: list[tuple[Job, Job]]) -> list[tuple[Job, Job]]:
        """Return the changes that were written; the others lost a race."""
        won = self._store.advance([(old.rev, new) for old, new in changes])
        return [(old, new) for (old, _), new in zip(changes, won, strict=True) if new is not None]


def _rule(principal: Principal, new: NewJob, spec: TaskSpec, now: datetime) -> UniqueRule | None:
    """Return how a new job is unique, ``None`` if it is not."""
    unique = new.unique if new.unique is not None else spec.unique
    if unique is None:
        return None
    if new.depends_on and unique.on_conflict not in {OnConflict.KEEP, OnConflict.REJECT}:
        raise InvalidInput("A unique job that depends on others needs onConflict: keep or reject", "dependsOn")
    return unique.rule(principal.tenant_id, new.task, "" if unique.key else payload_digest(new.payload), now)


def _only(changed: Changed) -> Job:
    """Return the only job of ``changed``. Raises the error if it failed."""
    for failure in changed.failed:
        raise failure.error
    return changed.jobs[0]
