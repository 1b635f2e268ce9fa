"""Jobs for tests: records put into MongoDB as they are, and jobs taken through the queue without a worker."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from chalicelib.domain.events import moved
from chalicelib.domain.jobs import AttemptRecord, Job, JobError, JobStatus, Lease, NewJob, Outcome
from chalicelib.domain.principals import Principal
from chalicelib.domain.retry import error_group
from chalicelib.domain.tasks import TaskSpec
from chalicelib.queue.engine import Settlement
from tests.container import Container

TASKS = [
    TaskSpec("simulated", {"type": "object"}, doc="Sleeps."),
    TaskSpec(
        "resize",
        {
            "type": "object",
            "properties": {"width": {"type": "integer", "minimum": 1}},
            "required": ["width"],
            "additionalProperties": False,
        },
        max_retries=1,
        timeout_s=60,
        queue="images",
        doc="Resizes a picture.",
    ),
]
_ids = count(1)


class InvocationLog:
    """Replaces Lambda: records invocations."""

    def __init__(self) -> None:
        self.made: list[tuple[str, dict[str, Any]]] = []

    def invoke_async(self, name: str, payload: dict[str, Any]) -> None:
        self.made.append((name, payload))


def prepare(container: Container) -> InvocationLog:
    """Give the container a catalogue, and a Lambda that only takes notes."""
    invocations = InvocationLog()
    container.__dict__["functions"] = invocations
    container.catalogue.register(TASKS)
    return invocations


def a_job(principal: Principal, *, at: datetime | None = None, **changes: Any) -> Job:
    """A job as if created at ``at``; its id follows the time, as real ids do."""
    created = at or datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(_ids))
    known: dict[str, Any] = {
        "id": f"{int(created.timestamp()):08x}{next(_ids):016x}",
        "tenant_id": principal.tenant_id,
        "owner_id": principal.user_id,
        "name": "A job",
        "status": JobStatus.PENDING,
        "rev": 1,
        "ready_at": created,
        "created_at": created,
        "updated_at": created,
        "trace_id": "trace",
        "payload": '{"secret":1}',
    }
    if changes.get("status") is JobStatus.DLQ:
        known["error"] = an_error()
        known["finished_at"] = created
    return Job(**{**known, **changes})


def an_error(message: str = "boom 17", kind: str = "ValueError") -> JobError:
    """An error as the worker records it."""
    return JobError(kind, message, "Traceback …", error_group(kind, message))


def put(container: Container, jobs: Iterable[Job]) -> list[Job]:
    """Write records, and nothing else."""
    written = list(jobs)
    container.job_store.insert(written)
    return written


def submit(container: Container, principal: Principal, **fields: Any) -> Job:
    """Submit one job through the service."""
    new = NewJob(**{"name": "A job", **fields})
    return container.jobs.submit(principal, [new], "trace")[0].job


def start(container: Container, token: str = "token") -> list[Job]:
    """Claim what is ready and begin it, as a worker would."""
    claim = container.engine.claim(token, 100)
    jobs, _ = container.job_store.get_many(claim.ids)
    now = container.clock.now()
    running = [
        job.with_(
            status=JobStatus.RUNNING,
            rev=job.rev + 1,
            attempt=job.attempt + 1,
            started_at=now,
            updated_at=now,
            lease=Lease(token, "worker-1"),
            attempts=(*job.attempts, AttemptRecord(job.attempt + 1, "worker-1", now)),
        )
        for job in jobs
    ]
    assert all(container.job_store.advance([(job.rev - 1, job) for job in running]))
    events = [moved(job, JobStatus.PENDING) for job in running]
    container.engine.started(running, [token] * len(running), events)
    return running


def finish(container: Container, job: Job, error: JobError | None = None, *, result: str = '{"n":1}') -> Job:
    """End a running job: well, or in the DLQ with ``error``."""
    now = container.clock.now()
    assert job.lease is not None
    status = JobStatus.DLQ if error else JobStatus.COMPLETED
    last = job.attempts[-1]
    ended = AttemptRecord(
        last.number, last.worker_id, last.started_at, now, Outcome.FAILED if error else Outcome.COMPLETED, 5, 20, error
    )
    after = job.with_(
        status=status,
        rev=job.rev + 1,
        lease=None,
        finished_at=now,
        updated_at=now,
        error=error,
        result=None if error else result,
        attempts=(*job.attempts[:-1], ended),
    )
    assert container.job_store.advance([(job.rev, after)]) == [after]
    counter = "failed" if error else "done"
    events = moved(after, JobStatus.RUNNING)
    assert container.engine.settle([Settlement(after, job.lease.token, events, counter)]) == [True]
    return after
