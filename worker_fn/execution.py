"""Runs the function of a task, and turns what it returned or raised into an ``AttemptResult``.

No exception of a task leaves ``Execution``.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import datetime
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, TypeVar

from chalicelib.domain.clock import Clock
from chalicelib.domain.jobs import MAX_DOCUMENT_BYTES, Job, JobError, Outcome, is_apart, is_large
from chalicelib.domain.lifecycle import AttemptResult
from chalicelib.domain.retry import (
    MAX_BACKOFF_S,
    DoNotRetry,
    Retry,
    Snooze,
    StepFailed,
    error_group,
    kind_text,
    seconds,
)
from chalicelib.errors import ObjectMissing
from chalicelib.settings import Settings
from chalicelib.telemetry.logger import current_job, current_span
from worker_fn import results
from worker_fn.attempt import Attempt
from worker_fn.context import TaskCancelled, TaskContext, cut
from worker_fn.refusals import explained, without_values
from worker_fn.registration.around import enter
from worker_fn.registration.registry import Task

if TYPE_CHECKING:
    from chalicelib.services.stored_values import StoredValues

T = TypeVar("T")
P = ParamSpec("P")

MAX_TYPE_BYTES: Final = 200
MAX_MESSAGE_BYTES: Final = 1024
MAX_TRACEBACK_BYTES: Final = 8 * 1024
#: Longest wait that a task may ask for with ``Retry`` or ``Snooze``.
MAX_DELAY_S: Final = 24 * MAX_BACKOFF_S
#: The error type of a job whose task a worker does not have.
UNKNOWN_TASK: Final = "UnknownTask"
#: Longest wait before a job of an unknown task is tried again; longer only if a job may wait for many hours.
MAX_UNKNOWN_WAIT_S: Final = 60.0
#: The error types of a job whose payload cannot be read now, or whose result cannot be kept; and of one that is gone.
UNREADABLE: Final = "PayloadUnavailable"
UNKEPT: Final = "ResultUnavailable"
MISSING: Final = "PayloadMissing"
#: How long such a job is tried again, each time after a longer wait, until it goes to the DLQ.
STORAGE_PATIENCE_S: Final = 3600.0
#: Modules whose frames lead to a task, or to the function of a step.
_OURS: Final = (
    "worker_fn.pool", "worker_fn.execution", "worker_fn.registration.around", "worker_fn.steps.", "contextlib",
)  # fmt: skip
#: Removed from tracebacks: the paths of the code on this machine, of the task's project and of ours.
_ROOTS: Final = (f"{Path.cwd()}/", f"{Path(__file__).resolve().parents[1]}/")


def unnoticed(job: Job, payload: str) -> None:
    """Do nothing with a payload that was read."""


class Execution:
    """Calls tasks. Use it in the attempt's own ``contextvars.Context``, so that no variable leaks into the next job."""

    def __init__(
        self,
        clock: Clock,
        settings: Settings,
        stored: Callable[[], StoredValues] | None = None,
        on_load: Callable[[Job, str], None] = unnoticed,
    ) -> None:
        """``stored`` reads payloads and keeps results that are not in records; ``None``: all are. ``on_load`` is called
        with each payload that was read, before its task gets it.
        """
        self._clock = clock
        self._settings = settings
        self._stored = stored
        self._max_bytes = MAX_DOCUMENT_BYTES if stored is None else settings.document_bytes
        self._on_load = on_load

    def load(self, job: Job) -> str | AttemptResult:
        """Return the payload of ``job``, which is not in its record; or how the attempt ends without it. It waits for
        S3: call it where nothing else has to go on.
        """
        try:
            if self._stored is None or job.payload is None:
                raise ObjectMissing("This worker reads no payloads from S3")
            text = self._stored().whole(job.payload)
            self._on_load(job, text)
            return text
        except ObjectMissing as error:
            return _failed(MISSING, str(error), self._clock.now(), final=True)
        except Exception as error:  # of S3: another attempt may read it
            return out_of_reach(job, UNREADABLE, error, self._clock.now())

    def call(
        self, attempt: Attempt, context: TaskContext, loaded: str | AttemptResult | None = None
    ) -> AttemptResult | Awaitable[Any]:
        """Call the task; return its result, or an awaitable to pass to ``wait`` with ``context``.

        ``loaded``: what ``load`` returned, unless it is to be called here.
        """
        current_job.set(attempt.job)
        if context.tracing is not None:
            current_span.set(context.span)
        if attempt.task is None:
            return unknown_task(attempt.job, self._clock.now(), self._settings.unknown_task_s)
        text = attempt.job.payload
        if is_apart(text):
            loaded = self.load(attempt.job) if loaded is None else loaded
            if isinstance(loaded, AttemptResult):
                return loaded
            text = loaded
        try:
            payload = attempt.task.parse(text)
        except BaseException as error:  # a validator is code of the task's author too
            return refused(error, self._clock.now())
        try:
            context.raise_if_cancelled()
            result = _called(attempt.task, context, payload)
        except BaseException as error:  # a task's SystemExit must not end the worker
            return context.ended(raised(error, self._clock.now()), error)
        if isinstance(result, Awaitable):
            return result
        ended = context.ended(returned(result, self._clock.now(), self._max_bytes))
        return self._kept(attempt.job, ended) if is_large(ended.result) else ended

    def _kept(self, job: Job, ended: AttemptResult) -> AttemptResult:
        """Return how an attempt ended, with a reference in place of its large result. It waits for S3."""
        try:
            if self._stored is None or ended.result is None:
                return ended
            return ended._replace(result=self._stored().kept(job, ended.result))
        except Exception as error:  # of S3, or of the database
            return out_of_reach(job, UNKEPT, error, ended.at)

    async def wait(self, result: Awaitable[Any], context: TaskContext, job: Job) -> AttemptResult:
        """Return the result of a task whose call for ``job`` returned ``result``."""
        try:
            value = await result
        except BaseException as error:
            return context.ended(raised(error, self._clock.now()), error)
        ended = context.ended(returned(value, self._clock.now(), self._max_bytes))
        return await asyncio.to_thread(self._kept, job, ended) if is_large(ended.result) else ended


def _called(task: Task, context: TaskContext, payload: Any) -> Any:
    """Call the function of a task within what ``@around`` put around it; return its result, or an awaitable of it."""
    if not task.surroundings:
        return task.function(context, payload)
    with enter(task.around, context) as surroundings:
        result = task.function(context, payload)
        return _awaited(result, surroundings.pop_all()) if isinstance(result, Awaitable) else result


async def _awaited(result: Awaitable[Any], surroundings: ExitStack) -> Any:
    with surroundings:
        return await result


class ResultError(DoNotRetry):
    """Raised for a result that cannot be stored. Not retried: another attempt would return the same."""


def _never_fails(
    work_out: Callable[Concatenate[T, datetime, P], AttemptResult],
) -> Callable[Concatenate[T, datetime, P], AttemptResult]:
    """Return an ``AttemptResult`` in any case: methods of results and errors may raise anything."""

    @wraps(work_out)
    def guarded(subject: T, at: datetime, /, *args: P.args, **kwargs: P.kwargs) -> AttemptResult:
        try:
            return work_out(subject, at, *args, **kwargs)
        except BaseException as error:  # a SystemExit of a result's method must not end the worker either
            text = f"how the attempt ended could not be worked out: {type(error).__name__}: {_text(error)}"
            final = isinstance(subject, DoNotRetry) or not isinstance(subject, BaseException)
            return _failed("UnclearEnding", text, at, final=final)

    return guarded


@_never_fails
def returned(result: Any, at: datetime, max_bytes: int = MAX_DOCUMENT_BYTES) -> AttemptResult:
    """Return the result of a task that returned ``result``; a final failure if it is not JSON or over the limit."""
    if result is None:
        return AttemptResult(Outcome.COMPLETED, at, result="null")
    try:
        encoded = results.encode(result)
    except Exception as error:
        return _final(ResultError(f"the result cannot be written as JSON: {_text(error)}"), at)
    if len(encoded) > max_bytes:
        return _final(ResultError(f"the result has {len(encoded)} bytes as JSON; at most {max_bytes} are kept"), at)
    return AttemptResult(Outcome.COMPLETED, at, result=encoded.decode())


@_never_fails
def raised(error: BaseException, at: datetime) -> AttemptResult:
    """Return the result of a task that raised ``error``.

    A ``CancelledError`` that the worker did not cause (of a future within the task) is an ordinary failure.
    """
    if isinstance(error, Snooze):
        return AttemptResult(Outcome.SNOOZED, at, delay_s=_bounded(seconds(error.delay_s)))
    if isinstance(error, TaskCancelled):
        return AttemptResult(Outcome.CANCELLED, at)
    asked_s = error.delay_s if isinstance(error, Retry) else None
    delay_s = None if asked_s is None else _bounded(seconds(asked_s))
    final = isinstance(error, DoNotRetry) or (isinstance(error, StepFailed) and error.final)
    return AttemptResult(Outcome.FAILED, at, error=describe(error), final=final, delay_s=delay_s)


@_never_fails
def refused(error: BaseException, at: datetime) -> AttemptResult:
    """Return the final failure of a job whose payload its task refused."""
    return AttemptResult(Outcome.FAILED, at, error=describe(error), final=True)


def unknown_task(job: Job, at: datetime, patience_s: float) -> AttemptResult:
    """Return the result of a job whose task this worker does not have; another may, now or after a deployment.

    The job is snoozed with growing waits and uses up no retry. After ``patience_s`` it fails, to be redriven.
    """
    waited_s = (at - _failing_since(job, UNKNOWN_TASK, at)).total_seconds()
    message = f"this worker has no task named {job.task!r}"
    left_s = patience_s - waited_s
    if left_s <= 0:
        return _failed(UNKNOWN_TASK, message, at, final=True)
    longest_s = max(MAX_UNKNOWN_WAIT_S, patience_s / 20)  # so that the history holds all of these attempts
    error = JobError(UNKNOWN_TASK, message, None, error_group(UNKNOWN_TASK, message))
    return AttemptResult(Outcome.SNOOZED, at, error=error, delay_s=min(max(1.0, waited_s), longest_s, left_s))


def out_of_reach(job: Job, kind: str, cause: Exception, at: datetime) -> AttemptResult:
    """Return the result of a job whose payload or result is out of reach, for no fault of its task.

    The job is snoozed with growing waits and uses up no retry. After ``STORAGE_PATIENCE_S`` it fails, to be redriven.
    """
    waited_s = (at - _failing_since(job, kind, at)).total_seconds()
    left_s = STORAGE_PATIENCE_S - waited_s
    if left_s <= 0:
        return _failed(kind, _text(cause), at, final=True)
    text = cut(_text(cause), MAX_MESSAGE_BYTES)
    error = JobError(kind, text, None, error_group(kind, text))
    longest_s = STORAGE_PATIENCE_S / 20  # so that the history holds all of these attempts
    return AttemptResult(Outcome.SNOOZED, at, error=error, delay_s=min(max(1.0, waited_s), longest_s, left_s))


def _failing_since(job: Job, kind: str, at: datetime) -> datetime:
    """Return when the first of the last attempts began that were all snoozed for an error of this type."""
    since = at
    for attempt in reversed(job.attempts):
        if attempt.outcome is not Outcome.SNOOZED or attempt.error is None or attempt.error.type != kind:
            break
        since = attempt.started_at
    return since


def timed_out(timeout_s: float, at: datetime) -> AttemptResult:
    """Return the result of an attempt that exceeded its time limit."""
    message = f"timed out after {timeout_s:g} s"
    return AttemptResult(
        Outcome.TIMED_OUT, at, error=JobError("Timeout", message, None, error_group("Timeout", message))
    )


def interrupted(at: datetime, message: str = "the worker was stopped") -> AttemptResult:
    """Return the result of an attempt that its worker cannot finish; the job runs again and uses up no retry."""
    error = JobError("WorkerStopped", message, None, error_group("WorkerStopped", message))
    return AttemptResult(Outcome.INTERRUPTED, at, error=error)


def describe(error: BaseException) -> JobError:
    """Return ``error`` for the record: sizes limited, the traceback without the worker's frames."""
    name = cut(_kind(error), MAX_TYPE_BYTES)
    text = cut(_text(error), MAX_MESSAGE_BYTES)
    return JobError(name, text, _traceback(error), error_group(name, text))


def _kind(error: BaseException) -> str:
    """Return the type of ``error``; for a bare ``Retry`` or ``DoNotRetry`` that of its cause."""
    if isinstance(error, Retry | DoNotRetry | StepFailed) and error.kind:
        return kind_text(error.kind)
    is_bare = type(error) in {Retry, DoNotRetry}
    return type(error.__cause__ if is_bare and error.__cause__ else error).__name__


def _bounded(delay_s: float) -> float:
    return min(max(0.0, delay_s), MAX_DELAY_S)


def _final(error: Exception, at: datetime) -> AttemptResult:
    return _failed(type(error).__name__, _text(error), at, final=True)


def _failed(name: str, text: str, at: datetime, *, final: bool) -> AttemptResult:
    name, text = cut(name, MAX_TYPE_BYTES), cut(text, MAX_MESSAGE_BYTES)
    return AttemptResult(Outcome.FAILED, at, error=JobError(name, text, None, error_group(name, text)), final=final)


def _text(error: BaseException) -> str:
    try:
        return explained(error) or str(error)
    except BaseException:
        return f"<{type(error).__name__} without a text>"


def _traceback(error: BaseException) -> str | None:
    frames = _task_frames(error.__traceback__)
    if frames is None:
        return None
    text = "".join(traceback.format_exception(type(error), error, frames))
    for root in _ROOTS:
        text = text.replace(root, "")
    text = without_values(text, error)
    raw = text.encode("utf-8", "replace")
    if len(raw) <= MAX_TRACEBACK_BYTES:
        return raw.decode()
    return "…" + raw[-(MAX_TRACEBACK_BYTES - 3) :].decode("utf-8", "ignore")  # the end has the error


def _task_frames(frames: TracebackType | None) -> TracebackType | None:
    """Return ``frames`` without those of the worker around the task."""
    while frames is not None and str(frames.tb_frame.f_globals.get("__name__")).startswith(_OURS):
        frames = frames.tb_next
    return frames
