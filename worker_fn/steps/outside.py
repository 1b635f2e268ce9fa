"""Operations that wait for something outside the task: an event, another job."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING, Any

from chalicelib.domain.jobs import Job, JobError, JobStatus, is_apart
from chalicelib.domain.lifecycle import later
from chalicelib.domain.retry import error_group
from chalicelib.domain.steps import MAX_RESULT_BYTES, StepKey, StepKind, StepRecord, StepStatus, event_wait, job_wait
from chalicelib.services.children import child_id
from worker_fn import results
from worker_fn.steps.commands import Ask, Operation, Park, Write
from worker_fn.steps.drivers import untraced
from worker_fn.steps.operations import Operations

if TYPE_CHECKING:
    from chalicelib.domain.clock import Clock
    from chalicelib.domain.steps import StepEvent
    from chalicelib.domain.traces import TraceContext
    from chalicelib.services.children import Children
    from chalicelib.store.step_events import StepEventStore

#: Opens the span in which a step submits a job.
Traced = Callable[[StepKey], "AbstractContextManager[TraceContext | None]"]


class Outside:
    """Waits of one attempt for events and jobs."""

    def __init__(
        self, operations: Operations, job: Job, events: StepEventStore, children: Callable[[], Children], clock: Clock,
        traced: Traced = untraced,
    ) -> None:  # fmt: skip
        self._operations = operations
        self._job = job
        self._events = events
        self._children = children
        self._clock = clock
        self._traced = traced

    def wait_for_event(self, key: StepKey, timeout_s: float | None) -> Operation:
        """Return the data of the first event that no other wait took; ``None`` once the time is over without one."""
        ops = self._operations
        known = yield from ops.reach(key, StepKind.EVENT)
        if known is None:
            until = None if timeout_s is None else later(self._clock.now(), timeout_s)
            known = yield Write(ops.record(key, StepKind.EVENT, StepStatus.WAITING, until=until))
        while not known.status.has_ended:
            event = yield Ask(lambda: self._events.take(self._job.id, key.name, ops.series, key))
            if event is not None:
                known = yield from self._received(known, event)
            elif known.until is not None and self._clock.now() >= known.until:
                known = yield Write(ops.ended(known, StepStatus.COMPLETED, result="null", size=4))
            else:
                yield Park(known.until, event_wait(key.name))
        return (yield from ops.outcome(known, None))

    def _received(self, record: StepRecord, event: StepEvent) -> Operation:
        """Record that an event came; if another attempt recorded another end, the event is given back."""
        size = len(event.data.encode())
        ended = self._operations.ended(record, StepStatus.COMPLETED, result=event.data, size=size, subject=event.id)
        stored = yield Write(ended)
        if stored.subject != event.id:
            yield Ask(lambda: self._events.give_back(event.id, self._operations.series))
        return stored

    def invoke(self, key: StepKey, task: str, payload: Any, options: dict[str, Any]) -> Operation:
        """Return the result of a job of ``task``. Raises ``StepFailed`` if it did not complete."""
        ops = self._operations
        known = yield from ops.reach(key, StepKind.INVOKE)
        if known is None:
            record = ops.record(key, StepKind.INVOKE, StepStatus.WAITING)
            child = child_id(self._job.id, ops.series, key, record.started_at)
            known = yield Write(record.with_(subject=child))
        text = results.encode({} if payload is None else payload).decode()
        while not known.status.has_ended:
            found = known.subject
            child_job = yield Ask(
                lambda found=found: self._children().ensure(  # type: ignore[misc]
                    self._job, found, key.name, task, text, options, partial(self._traced, key)
                )
            )
            if child_job.status is JobStatus.COMPLETED:
                result = child_job.result or "null"
                if is_apart(result):
                    result = yield Ask(lambda job=child_job: self._children().result_of(job))  # type: ignore[misc]
                size = len(result.encode())
                if size > MAX_RESULT_BYTES:
                    known = yield Write(ops.ended(known, StepStatus.FAILED, error=_too_large(child_job, size)))
                    continue
                ended = ops.ended(known, StepStatus.COMPLETED, result=result, size=size, error=None)
                known = yield Write(ended.with_(attempts=1))
            elif not child_job.status.is_open:
                known = yield Write(ops.ended(known, StepStatus.FAILED, error=_why(child_job)))
            else:
                yield Park(None, job_wait(found))
        return (yield from ops.outcome(known, None))


def _too_large(child: Job, size: int) -> JobError:
    text = f"the result of job {child.id} has {size} bytes as JSON; a step keeps at most {MAX_RESULT_BYTES}"
    return JobError("StepResultError", text, None, error_group("StepResultError", text))


def _why(child: Job) -> JobError:
    """Return why an invoked job did not complete."""
    if child.error is not None and child.status is JobStatus.DLQ:
        return JobError(child.error.type, child.error.message, None, child.error.group)
    text = f"job {child.id} ended as {child.status}"
    return JobError("InvokedJobFailed", text, None, error_group("InvokedJobFailed", text))
