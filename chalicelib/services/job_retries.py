"""Runs jobs now: redrives those of the DLQ, ends the waits of those that are scheduled or retrying."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from chalicelib.domain.clock import Clock
from chalicelib.domain.events import moved
from chalicelib.domain.job_limits import limits_after
from chalicelib.domain.jobs import Job, JobStatus, is_apart, to_ms
from chalicelib.domain.lifecycle import check_settled, promoted, redriven
from chalicelib.domain.pools import DEFAULT_POOL
from chalicelib.domain.tasks import TaskSpec
from chalicelib.errors import Conflict, InvalidInput, InvalidTransition, QueueCraftError
from chalicelib.queue.intents import Intent, IntentKind

if TYPE_CHECKING:
    from chalicelib.queue.engine import Engine
    from chalicelib.queue.limits import CreationLimits
    from chalicelib.services.projection import Projection
    from chalicelib.services.redactions import Redactions
    from chalicelib.services.step_series import StepSeries
    from chalicelib.services.stored_values import StoredValues
    from chalicelib.services.submitter import Submitter
    from chalicelib.services.uniqueness import Uniqueness
    from chalicelib.services.waker import Waker
    from chalicelib.services.workflow_retries import WorkflowRetries
    from chalicelib.store.jobs import JobStore


class PayloadCheck(Protocol):
    """Says whether a task accepts a payload."""

    def check(self, task: str, payload: str) -> TaskSpec:
        """Return the task if it accepts ``payload`` (JSON text). Raises ``InvalidInput``."""


#: What became of each job, by its id; a job that changed meanwhile is missing.
Results = dict[str, Job | QueueCraftError]


class JobRetries:
    """Retries that people ask for. Those after a failed attempt: ``domain/lifecycle.py``."""

    def __init__(  # noqa: PLR0913 - one for each rule that a retry meets
        self, *, engine: Engine, limits: CreationLimits, projection: Projection, submitter: Submitter, waker: Waker,
        store: JobStore, uniqueness: Uniqueness, workflows: WorkflowRetries, payloads: PayloadCheck,
        redactions: Redactions, step_series: StepSeries, stored: Callable[[], StoredValues], clock: Clock,
    ) -> None:  # fmt: skip
        self._engine = engine
        self._limits = limits
        self._projection = projection
        self._submitter = submitter
        self._waker = waker
        self._store = store
        self._uniqueness = uniqueness
        self._workflows = workflows
        self._payloads = payloads
        self._redactions = redactions
        self._step_series = step_series
        self._stored = stored
        self._clock = clock

    def retry(
        self, jobs: Sequence[Job], payload: str | None = None, from_step: str | None = None, *, only_dead: bool = False
    ) -> Results:
        """Run jobs now; return each as it is then, or why it does not run, but not those that changed meanwhile.

        ``payload`` replaces that of a job in the DLQ, with its values where it is redacted; ``from_step``: the step
        from which on a durable one runs again.
        """
        results: Results = {}
        if payload is not None and jobs:  # of one job
            payload = self._redactions.restored(self._readable(jobs[0]), payload)
        dead: list[Job] = []
        waiting: list[Job] = []
        nodes: list[Job] = []
        for job in jobs:
            if job.status is JobStatus.DLQ:
                (dead if job.part is None else nodes).append(job)
            elif job.runs_after is not None:
                results[job.id] = Conflict(f"This job waits for the end of job {job.runs_after}")
            elif job.status in {JobStatus.SCHEDULED, JobStatus.RETRYING} and not only_dead:
                waiting.append(job)
            else:
                verb = "redriven" if only_dead else "retried"
                results[job.id] = InvalidTransition(f"A job that is {job.status} cannot be {verb}")
        results |= self._retry_nodes(nodes, payload)
        results |= self._redrive(dead, payload, from_step)
        results |= self._end_waits(waiting)
        return results

    def _retry_nodes(self, jobs: list[Job], payload: str | None) -> Results:
        """Retry the workflows of ``jobs`` from their nodes; the results are the new jobs of these."""
        if payload is not None and jobs:
            why = InvalidInput("This job is a node of a workflow, whose payload stays", "payload")
            return {job.id: why for job in jobs}
        return self._workflows.retry_jobs(jobs)

    def _end_waits(self, jobs: list[Job]) -> Results:
        """Make waiting jobs pending, for which their owners have room."""
        now = self._clock.now()
        places = self._projection.when_open(lambda: self._engine.reserve(jobs))
        results: Results = {
            job.id: self._limits.too_many_active() for job, place in zip(jobs, places, strict=True) if not place
        }
        hurried = self._store.replace(
            [(job, promoted(job, now)) for job, place in zip(jobs, places, strict=True) if place]
        )
        if hurried:
            events = [moved(new, old.status) for old, new in hurried]
            due = [to_ms(old.ready_at) for old, _ in hurried]
            done = self._projection.follow(lambda: self._engine.promote([new for _, new in hurried], due, events))
            wake = {new.pool or DEFAULT_POOL for _, new in hurried} if done is None else done.wake
            self._waker.wake_workers(wake)
        return results | {new.id: new for _, new in hurried}

    def _redrive(self, jobs: list[Job], payload: str | None, from_step: str | None) -> Results:
        """Run jobs of the DLQ again, held back where their owners are at the limit of active jobs."""
        results: Results = {}
        able: list[Job] = []
        for job in jobs:
            try:
                check_settled(job)
                self._step_series.check(job, from_step)
                spec = self._payloads.check(job.task, payload if payload is not None else job.payload or "{}")
                able.append(job if payload is None else self._limited(job, spec, payload))
            except QueueCraftError as error:
                results[job.id] = error
        results |= self._uniqueness.taken(able)
        free = [job for job in able if job.id not in results]
        return results | {job.id: job for job in self._restart(free, payload, from_step)}

    def _limited(self, job: Job, spec: TaskSpec, payload: str) -> Job:
        """Return ``job`` with the limits that follow from another payload."""
        known = self._readable(job) if job.limits else job
        return job.with_(limits=limits_after(known, spec, payload))

    def _readable(self, job: Job) -> Job:
        return self._stored().with_payload(job, needed=False) if is_apart(job.payload) else job

    def _restart(self, jobs: list[Job], payload: str | None, from_step: str | None) -> list[Job]:
        """Begin a new series of attempts of each job; return those that had not changed meanwhile."""
        if not jobs:
            return []
        now, submission_id = self._clock.now(), self._submitter.new_submission_id()
        intents = [Intent(job.id, IntentKind.REDRIVE, submission_id) for job in jobs]
        self._projection.when_open(lambda: self._engine.intend(intents))
        for job in jobs:
            if payload is not None and payload != job.payload and job.payload is not None:
                self._store.keep_payload(job)
            if payload is not None or job.cancel_requested:
                self._store.prepare_redrive(job.with_(payload=job.payload if payload is None else payload))
        if payload is None:
            self._step_series.keep(jobs, submission_id, from_step)
        places = self._projection.when_open(lambda: self._engine.reserve(jobs))
        back = self._store.replace(
            [
                (job, redriven(job, now, payload, submission_id=submission_id, place=place))
                for job, place in zip(jobs, places, strict=True)
            ]
        )
        if back:
            self._submitter.enqueue([new for _, new in back], [moved(new, old.status) for old, new in back])
        return [new for _, new in back]
