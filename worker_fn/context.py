"""The attempt as its task sees it, and what the task reports while it runs."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, MutableMapping
from datetime import datetime
from functools import cached_property
from math import isnan
from typing import TYPE_CHECKING, Any, Final, NamedTuple, SupportsFloat

from chalicelib.domain.clock import Clock
from chalicelib.domain.jobs import MAX_LOG_LINE_BYTES, MAX_LOG_LINES, Job, Progress
from chalicelib.domain.lifecycle import AttemptResult
from chalicelib.settings import Settings
from chalicelib.telemetry.logger import current_span, span_fields
from worker_fn.steps.api import DurableContext

if TYPE_CHECKING:
    from chalicelib.domain.traces import TraceContext
    from worker_fn.steps.durable import Durable
    from worker_fn.tracing import WorkerTracing

LEVELS: Final = frozenset({"debug", "info", "warning", "error"})


_opening = threading.Lock()


class TaskCancelled(asyncio.CancelledError):
    """Raised in a task whose job was cancelled, timed out or lost. Do not catch it: the result is dropped."""


class Line(NamedTuple):
    """A log line of a job. ``seq`` counts from 1 in each attempt."""

    seq: int
    at: datetime
    level: str
    message: str


class Notes:
    """Log lines and progress of a task that are not written yet. For any thread."""

    __slots__ = ("_lines", "_lock", "_on_new", "_progress_new", "_seq", "progress")

    def __init__(self, on_new: Callable[[], None]) -> None:
        self._on_new = on_new
        self._lock = threading.Lock()
        self._lines: deque[Line] = deque(maxlen=MAX_LOG_LINES)
        self._seq = 0
        self._progress_new = False
        #: The latest progress, written with the end of the attempt.
        self.progress: Progress | None = None

    def report(self, progress: Progress) -> None:
        """Set the progress; only the latest is written."""
        with self._lock:
            self.progress = progress
            self._progress_new = True
        self._on_new()

    def add(self, at: datetime, level: str, message: str) -> None:
        """Add a line; if more than ``MAX_LOG_LINES`` are waiting, the oldest are dropped."""
        with self._lock:
            self._seq += 1
            self._lines.append(Line(self._seq, at, level, message))
        self._on_new()

    def take(self) -> tuple[Progress | None, list[Line]]:
        """Return what was added since the last call."""
        with self._lock:
            progress = self.progress if self._progress_new else None
            self._progress_new = False
            lines = list(self._lines)
            self._lines.clear()
            return progress, lines


class TaskContext(DurableContext):
    """One attempt of a job, as its task sees it. Every method may be called from any thread.

    ``job`` is as it was before the attempt; ``deadline`` is on the monotonic clock. ``open_steps`` is called when the
    task takes its first step. ``may_replay``: earlier attempts may have taken steps.
    """

    def __init__(
        self, job: Job, *, clock: Clock, settings: Settings, deadline: float, on_report: Callable[[], None],
        open_steps: Callable[[TaskContext], Durable] | None = None, may_replay: bool = False,
        tracing: WorkerTracing | None = None,
    ) -> None:  # fmt: skip
        self._job = job
        self._attempt = job.attempt + 1
        self._clock = clock
        self._deadline = deadline
        self._cancelled = False
        self._on_report = on_report
        self._notes: Notes | None = None
        self._open_steps = open_steps
        #: The durable side of the attempt, ``None`` until it takes a step.
        self.durable: Durable | None = None
        #: Lines of a task that may be replaying, until that is known.
        self._held: list[tuple[datetime, str, str]] | None = [] if may_replay else None
        #: What records spans, ``None`` where none are exported.
        self.tracing: Final = tracing
        #: The worker's settings.
        self.settings: Final = settings

    @property
    def job_id(self) -> str:
        """The id of the job."""
        return self._job.id

    @property
    def name(self) -> str:
        """The name that its submitter gave the job."""
        return self._job.name

    @property
    def task(self) -> str:
        """The name of the task."""
        return self._job.task

    @property
    def tags(self) -> tuple[str, ...]:
        """The job's tags."""
        return self._job.tags

    @property
    def attempt(self) -> int:
        """The number of this attempt: 1, 2, … Lost attempts and snoozes count too."""
        return self._attempt

    @property
    def retries_left(self) -> int:
        """The number of retries left after this attempt."""
        return max(0, self._job.max_retries - self._job.retry_count)

    @property
    def trace_id(self) -> str:
        """The trace id of the request that submitted the job."""
        return self._job.trace_id

    @cached_property
    def span(self) -> TraceContext | None:
        """The span of this attempt; ``None`` where none are exported."""
        return None if self.tracing is None else self.tracing.context(self._job, self._attempt)

    @property
    def traceparent(self) -> str | None:
        """The W3C trace context to send as the header ``traceparent`` with calls to other services.

        It is that of the running step, or of this attempt. Where no spans are exported, it is the submission's;
        ``None`` if that had none.
        """
        here = current_span.get() or self.span
        return self._job.traceparent if here is None else here.traceparent

    @property
    def notes(self) -> Notes:
        """Log lines and progress that are not written yet."""
        if self._notes is None:
            self._notes = Notes(self._on_report)
        return self._notes

    @property
    def reported(self) -> Notes | None:
        """As ``notes``, ``None`` if the task has reported nothing."""
        return self._notes

    @property
    def last_progress(self) -> Progress | None:
        """The latest progress reported, if any; by the attempt before if this one goes on with it."""
        reported = self._notes.progress if self._notes is not None else None
        return self._job.progress if reported is None and self._job.is_resumed else reported

    @property
    def replaying(self) -> bool:
        if self.durable is None or not self.durable.operations.memo.is_loaded:
            return self._held is not None
        return self.durable.is_replaying

    @property
    def _steps(self) -> Durable:
        if self.durable is None:
            if self._open_steps is None:
                raise RuntimeError("steps need a worker")
            with _opening:
                if self.durable is None:
                    self.durable = self._open_steps(self)
        return self.durable

    @property
    def has_progressed(self) -> bool:
        """Whether a step completed in this attempt."""
        return self.durable is not None and self.durable.operations.has_progressed

    def note_replay(self, found: bool) -> None:
        """Note whether earlier attempts took steps: then the lines of this one so far are theirs too."""
        held, self._held = self._held, None
        for at, level, message in held or () if not found else ():
            self.notes.add(at, level, message)

    def ended(self, result: AttemptResult, error: BaseException | None = None) -> AttemptResult:
        """Return how the attempt ended, by what its task returned or raised."""
        if self._held is not None:
            self.note_replay(False)
        return result if self.durable is None else self.durable.ended(result, error)

    @property
    def cancelled(self) -> bool:
        """Whether the result will be dropped: the job was cancelled, timed out or lost."""
        return self._cancelled

    @property
    def remaining_s(self) -> float:
        """Seconds until the attempt times out; 0 when it has."""
        return max(0.0, self._deadline - self._clock.monotonic())

    def raise_if_cancelled(self) -> None:
        """Raise ``TaskCancelled`` if the result will be dropped."""
        if self._cancelled:
            raise TaskCancelled(f"job {self._job.id} is no longer wanted")

    def progress(self, percent: float, message: object = "") -> None:
        """Report progress, 0…100, with a short text. Shown within 0.1 s; reports in between are merged.

        Values outside are clamped; NaN leaves the percentage unchanged. Raises ``TaskCancelled`` if the result will be
        dropped, ``TypeError`` if ``percent`` is not a number.
        """
        self.raise_if_cancelled()
        if self.replaying:
            return
        text = "" if message is None else str(message)
        self.notes.report(Progress(self._percent(percent), cut(text, MAX_LOG_LINE_BYTES)))

    def _percent(self, percent: object) -> float:
        if not isinstance(percent, SupportsFloat):  # text has no __float__
            raise TypeError(f"percent must be a number, not {type(percent).__name__}")
        if isinstance(percent, int):  # it may be too large for a float
            percent = min(max(percent, 0), 100)
        number = float(percent)
        if isnan(number):
            return self.last_progress.percent if self.last_progress else 0.0
        return round(min(max(number, 0.0), 100.0), 2)

    def log(self, message: object, level: str = "info") -> None:
        """Add a line (at most 1 KB kept) to the job's log; the last 500 lines are kept.

        Raises ``TaskCancelled`` if the result will be dropped, ``ValueError`` for an unknown level.
        """
        self.raise_if_cancelled()
        if level not in LEVELS:
            raise ValueError(f"level must be one of {', '.join(sorted(LEVELS))}, not {level!r}")
        text = cut(str(message), MAX_LOG_LINE_BYTES)
        if self._held is not None:
            self._held.append((self._clock.now(), level, text))
        elif not self.replaying:
            self.notes.add(self._clock.now(), level, text)

    @cached_property
    def logger(self) -> logging.LoggerAdapter[logging.Logger]:
        """A logger for the worker's own log; its lines have the id and the trace id of this job."""
        job = self._job
        fields = {"jobId": job.id, "traceId": job.trace_id, "task": job.task, "attempt": self._attempt}
        return _FieldsAdapter(logging.getLogger(f"{self.settings.service_name}.task"), fields)

    def cancel(self) -> None:
        """Cancel the attempt: reporting and ``raise_if_cancelled`` raise ``TaskCancelled`` from now on."""
        self._cancelled = True


class _FieldsAdapter(logging.LoggerAdapter[logging.Logger]):
    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        extra = dict(kwargs.get("extra") or {})
        fields = {"event": "task", **extra.pop("fields", {}), **(self.extra or {}), **span_fields()}
        kwargs["extra"] = {**extra, "fields": fields}
        return msg, kwargs


def cut(text: str, limit: int) -> str:
    """Return ``text`` cut to ``limit`` bytes of UTF-8, never within a character."""
    raw = text.encode("utf-8", "replace")  # also replaces lone surrogates, which MongoDB refuses
    if len(raw) <= limit:
        return raw.decode()
    return raw[: limit - 3].decode("utf-8", "ignore") + "…"
