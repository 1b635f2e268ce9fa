"""Makes the jobs of runs. Their ids derive from the runs, so a job is made once however often this is repeated."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Ids
from chalicelib.domain.jobs import Follower, Job
from chalicelib.domain.lifecycle import new_job
from chalicelib.domain.schedules import FOLLOWER_KIND, Run, Schedule

if TYPE_CHECKING:
    from chalicelib.services.cancellation import Cancellation
    from chalicelib.services.submitter import Submitter
    from chalicelib.services.tasks import Catalogue
    from chalicelib.store.jobs import JobStore
    from chalicelib.telemetry.spans import SpanExporter

#: How often a job that changes while it is cancelled is tried again.
_RACES: Final = 5


class RunJobs:
    """Submits and cancels jobs of schedules, without the limits of a person."""

    def __init__(
        self, *, submitter: Submitter, cancellation: Cancellation, catalogue: Catalogue, store: JobStore, ids: Ids,
        spans: SpanExporter | None = None, trace_ratio: float = 1.0,
    ) -> None:  # fmt: skip
        self._submitter = submitter
        self._cancellation = cancellation
        self._catalogue = catalogue
        self._store = store
        self._ids = ids
        self._spans = spans
        self._trace_ratio = trace_ratio

    def submit(self, runs: Sequence[tuple[Schedule, Run]]) -> None:
        """Create the jobs of runs, in one step. Raises ``QueueClosed`` and errors of MongoDB."""
        if runs:
            submission_id = self._submitter.new_submission_id()
            jobs = [self._job(schedule, run, submission_id) for schedule, run in runs]
            if self._spans is not None:
                jobs = [self._traced(self._spans, job) for job in jobs]
            self._submitter.submit(jobs)

    def _traced(self, spans: SpanExporter, job: Job) -> Job:
        """Return a job with the context of the span in which its schedule submits it; a fire begins a trace."""
        from chalicelib.domain.traces import root  # noqa: PLC0415 - only with an exporter
        from chalicelib.telemetry.spans import Kind, Span  # noqa: PLC0415 - only with an exporter

        context, now_ns = root(job.trace_id, self._trace_ratio), time.time_ns()
        about = {
            "messaging.system": "queuecraft", "messaging.operation.type": "publish",
            "messaging.operation.name": "publish", "messaging.destination.name": job.queue,
            "messaging.message.id": job.id, "queuecraft.schedule": job.schedule, "queuecraft.task": job.task,
            "queuecraft.tenant": job.tenant_id,
        }  # fmt: skip
        spans.record(Span(f"publish {job.queue}", Kind.PRODUCER, context, now_ns, now_ns, attributes=about))
        return job.with_(traceparent=context.traceparent)

    def cancel(self, job_ids: Collection[str]) -> None:
        """Cancel jobs, for which the next one is about to be submitted."""
        left = list(job_ids)
        for _ in range(_RACES):
            if not left:
                return
            jobs, _unreadable = self._store.get_many(left, light=True)
            results = self._cancellation.cancel(jobs)
            left = [job.id for job in jobs if job.id not in results]

    def queue_of(self, schedule: Schedule) -> str:
        """Return the queue of a schedule's jobs."""
        return schedule.spec.job.queue or self._catalogue.get_or_plain(schedule.spec.job.task).queue

    def _trace_id(self) -> str:
        made = self._ids.trace_id()
        return made if self._spans is None else made.replace("-", "")

    def _job(self, schedule: Schedule, run: Run, submission_id: str) -> Job:
        job = new_job(
            schedule.spec.job.new_job(),
            self._catalogue.get_or_plain(schedule.spec.job.task),
            job_id=run.derived_id,
            tenant_id=schedule.tenant_id,
            owner_id=schedule.owner_id,
            trace_id=self._trace_id(),
            now=run.created_at,
            submission_id=submission_id,
        )
        followers = (Follower(schedule.name, FOLLOWER_KIND),) if schedule.spec.may_wait else ()
        return job.with_(schedule=schedule.name, followers=followers)
