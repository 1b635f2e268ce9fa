"""Models of worker and task routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from chalicelib.api.call import Output
from chalicelib.api.schemas.unique import UniqueOut, default_body
from chalicelib.domain.jobs import iso

if TYPE_CHECKING:
    from chalicelib.domain.tasks import TaskSpec
    from chalicelib.services.workers import Worker


class LeaseOut(Output):
    """A running job and when its lease expires unless renewed."""

    job_id: str = Field(alias="jobId")
    expires_at: str = Field(alias="expiresAt")


class WorkerOut(Output):
    """A live worker. ``pool``: what it serves. ``leases`` shows the jobs that the caller may read."""

    id: str
    pool: str
    started_at: str | None = Field(alias="startedAt")
    last_seen: str | None = Field(alias="lastSeen")
    concurrency: int
    running: int
    leases: list[LeaseOut]


class WorkersAnswer(Output):
    """Workers whose heartbeat has not expired; none is normal on an idle system."""

    success: Literal[True] = True
    workers: list[WorkerOut]


class TaskLimitOut(Output):
    """A limit of a task; `GET /limits/{name}` says how it stands. ``per``: where the key of a job comes from."""

    name: str
    per: str | None


class TaskOut(Output):
    """A task that workers can run. ``pool``: whose workers; ``schema``: JSON schema of its payload."""

    name: str
    doc: str
    queue: str
    pool: str
    max_retries: int = Field(alias="maxRetries")
    timeout_s: int = Field(alias="timeoutS")
    limits: list[TaskLimitOut]
    payload_schema: dict[str, Any] = Field(alias="schema")
    unique: UniqueOut | None = Field(description="How its jobs are unique, if their submission does not say.")
    redact: list[str] = Field(description="Paths in payloads and results whose values nobody is shown.")


class TasksAnswer(Output):
    """The catalogue of tasks, by name."""

    success: Literal[True] = True
    tasks: list[TaskOut]


def worker_body(worker: Worker) -> dict[str, Any]:
    """Return ``WorkerOut`` as a plain dict."""
    return {
        "id": worker.id,
        "pool": worker.pool,
        "startedAt": worker.started_at,
        "lastSeen": worker.last_seen,
        "concurrency": worker.concurrency,
        "running": worker.running,
        "leases": [{"jobId": lease.job_id, "expiresAt": iso(lease.expires_at)} for lease in worker.leases],
    }


def task_body(task: TaskSpec) -> dict[str, Any]:
    """Return ``TaskOut`` as a plain dict."""
    return {
        "name": task.name,
        "doc": task.doc,
        "queue": task.queue,
        "pool": task.pool,
        "maxRetries": task.max_retries,
        "timeoutS": task.timeout_s,
        "limits": [{"name": limit.name, "per": limit.per} for limit in task.limits],
        "schema": task.schema,
        "unique": default_body(task.unique),
        "redact": list(task.redact),
    }
