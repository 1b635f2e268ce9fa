"""The one tree of errors.

QueueCraftError
├── ApiError                the API refused the call; ``status``, ``code``, ``message``, ``trace_id``
│   ├── BadRequest          400: a value does not fit; ``field`` names it
│   ├── Unauthorized        401: no credentials, or bad ones
│   ├── Forbidden           403: known, but not allowed
│   ├── NotFound            404: does not exist, or not for this caller
│   ├── Conflict            409: the state does not allow it; ``job_id`` of a job in the way
│   ├── TooLarge            413
│   ├── RateLimited         429: asked too often or too much; ``retry_after`` in seconds, if known
│   └── ServerError         5xx
├── ConnectionFailed        no answer; ``sent`` tells whether the call may have been carried out
├── UnexpectedAnswer        the answer is not one of QueueCraft
├── NotCompleted            what was waited for ended otherwise
│   ├── JobNotCompleted     ``job`` has the error and the attempts
│   │   ├── JobFailed       in the dead letter queue
│   │   ├── JobCancelled
│   │   └── JobSkipped      the jobs that it depends on ended otherwise than it asks
│   ├── BatchNotCompleted   ``batch``: jobs of it failed, or it was cancelled
│   ├── WorkflowNotCompleted  ``workflow``: jobs of it failed, or it was cancelled
│   └── OperationNotCompleted  ``operation``: it failed, or was cancelled
├── WaitTimeout             it has not ended in time; also a ``TimeoutError``
└── InvalidWorkflow         a graph that cannot run; raised before it is sent; also a ``ValueError``
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from queuecraft_client.models import Batch, JobDetail, Operation, WorkflowDetail


class QueueCraftError(Exception):
    """Base of all errors that this package raises on purpose."""


class ApiError(QueueCraftError):
    """Raised when the API refuses a call. Match on ``code``, which is stable, rather than on ``message``."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(body.get("code") or "")
        self.message = str(body.get("message") or body.get("error") or f"HTTP {status}")
        self.trace_id: str | None = body.get("traceId")
        #: The whole answer.
        self.body = body
        super().__init__(self.message)


class BadRequest(ApiError):
    """Raised when a value does not fit. ``errors`` has all of them: ``[{"field", "message"}]``."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        super().__init__(status, body)
        #: Dotted path of the value, such as ``jobs.3.payload.url``; ``None`` if no single one is wrong.
        self.field: str | None = body.get("field")
        self.errors: list[dict[str, str]] = list(body.get("errors") or ())

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


class Unauthorized(ApiError):
    """Raised when credentials are missing or wrong. ``code`` says why a token is no longer valid."""


class Forbidden(ApiError):
    """Raised when the caller's role does not allow the call."""


class NotFound(ApiError):
    """Raised when something does not exist, or is not visible to the caller."""


class Conflict(ApiError):
    """Raised when the present state does not allow the call."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        super().__init__(status, body)
        #: The job that holds the unique key, if the caller may see it.
        self.job_id: str | None = body.get("jobId")


class TooLarge(ApiError):
    """Raised when a body or a payload is over its size limit."""


class RateLimited(ApiError):
    """Raised when a limit refuses the call, after the retries that its wait allowed."""

    def __init__(self, status: int, body: Mapping[str, Any], retry_after: float | None = None) -> None:
        super().__init__(status, body)
        #: Seconds after which to try again; ``None`` if that is not known.
        self.retry_after = retry_after


class ServerError(ApiError):
    """Raised when the server, or a proxy before it, failed."""


class ConnectionFailed(QueueCraftError):
    """Raised when no answer came: no connection, a lost one, or none in time."""

    def __init__(self, message: str, *, sent: bool) -> None:
        super().__init__(message)
        #: Whether the call may have reached the server, and been carried out.
        self.sent = sent


class UnexpectedAnswer(QueueCraftError):
    """Raised when an answer is not one of QueueCraft: a wrong address, or a proxy that answers by itself."""


class NotCompleted(QueueCraftError):
    """Raised when something that was waited for ended otherwise than completed."""


class JobNotCompleted(NotCompleted):
    """Raised when a job that was waited for ended otherwise than completed."""

    def __init__(self, job: JobDetail) -> None:
        self.job = job
        why = f": {job.error.type}: {job.error.message}" if job.error else ""
        super().__init__(f"The job {job.name!r} ({job.id}) ended as {job.status}{why}")


class JobFailed(JobNotCompleted):
    """Raised when a job used up its retries, or failed for good. ``job.error`` has type, message and traceback."""


class JobCancelled(JobNotCompleted):
    """Raised when a job was cancelled."""


class JobSkipped(JobNotCompleted):
    """Raised when the jobs that a job depends on ended otherwise than it asks."""


class BatchNotCompleted(NotCompleted):
    """Raised when jobs of a batch did not complete, or it was cancelled."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        super().__init__(
            f"The batch {batch.name!r} ({batch.id}) ended as {batch.status}: {batch.done} of {batch.total} jobs "
            f"completed, {batch.failed} failed, {batch.cancelled} were cancelled"
        )


class WorkflowNotCompleted(NotCompleted):
    """Raised when a workflow failed or was cancelled."""

    def __init__(self, workflow: WorkflowDetail) -> None:
        self.workflow = workflow
        bad = ", ".join(f"{node.id} ({node.status})" for node in workflow.nodes if node.status not in _FINE)
        super().__init__(
            f"The workflow {workflow.name!r} ({workflow.id}) ended as {workflow.status}" + (f": {bad}" if bad else "")
        )


_FINE = frozenset({None, "completed", "skipped"})


class OperationNotCompleted(NotCompleted):
    """Raised when an operation failed or was cancelled. What it has done stays."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        why = f": {operation.error.message}" if operation.error else ""
        super().__init__(f"The operation {operation.name!r} ({operation.id}) ended as {operation.status}{why}")


class WaitTimeout(QueueCraftError, TimeoutError):
    """Raised when what was waited for has not ended in time. It goes on; wait again, or cancel it."""

    def __init__(self, last: Any, timeout: float) -> None:
        #: The job, batch, workflow or operation as it was last seen.
        self.last = last
        super().__init__(f"{last.id} has not ended within {timeout:g} s: it is {last.status}")


class InvalidWorkflow(QueueCraftError, ValueError):
    """Raised when a workflow cannot run: a cycle, an unknown node, a reference to nothing."""


_BY_STATUS: dict[int, type[ApiError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    413: TooLarge,
}


def error_of(status: int, body: Mapping[str, Any], retry_after: float | None) -> ApiError:
    """Return the error that an answer means. ``retry_after``: seconds, from the header."""
    if status == 429:
        return RateLimited(status, body, retry_after)
    if status >= 500:
        return ServerError(status, body)
    return _BY_STATUS.get(status, ApiError)(status, body)
