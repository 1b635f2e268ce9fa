"""What a task sees of its attempt, and what it says while it runs."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.jobs import MAX_LOG_LINE_BYTES, MAX_LOG_LINES, Job, Progress
from chalicelib.settings import Settings

LEVELS: Final = frozenset({"debug", "info", "warning", "error"})
_logger = logging.getLogger("queuecraft.task")


class TaskCancelled(asyncio.CancelledError):
    """Raised in a task whose job was cancelled, timed out or lost. Let it pass: its result is not wanted."""


@dataclass(frozen=True, slots=True)
class Line:
    """A log line of a job. ``seq`` counts from 1 in each attempt."""

    seq: int
    at: datetime
    level: str
    message: str


class Notes:
    """What a task said and nobody has written down yet. Any thread may add and take."""

    __slots__ = ("_lines", "_lock", "_progress_new", "_seq", "progress")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: deque[Line] = deque(maxlen=MAX_LOG_LINES)
        self._seq = 0
        self._progress_new = False
        #: The latest progress, for the record of the attempt's end.
        self.progress: Progress | None = None

    def report(self, progress: Progress) -> None:
        """The latest report wins."""
        with self._lock:
            self.progress = progress
            self._progress_new = True

    def add(self, at: datetime, level: str, message: str) -> None:
        """A line; of more than ``MAX_LOG_LINES`` not yet taken, the first are dropped."""
        with self._lock:
            self._seq += 1
            self._lines.append(Line(self._seq, at, level, message))

    def take(self) -> tuple[Progress | None, list[Line]]:
        """What came since the last call."""
        with self._lock:
            progress = self.progress if self._progress_new else None
            self._progress_new = False
            lines = list(self._lines)
            self._lines.clear()
            return progress, lines


class TaskContext:
    """One attempt of a job, as its task sees it. Every method may be called from any thread.

    ``job_id``, ``name``, ``attempt`` (1, 2, …), ``trace_id`` and ``tags`` are plain values.
    """

    def __init__(self, job: Job, *, clock: Clock, settings: Settings, deadline: float) -> None:
        self.job_id: Final = job.id
        self.name: Final = job.name
        self.task: Final = job.task
        self.queue: Final = job.queue
        self.tags: Final = job.tags
        self.attempt: Final = job.attempt
        self.retry_count: Final = job.retry_count
        self.max_retries: Final = job.max_retries
        self.trace_id: Final = job.trace_id
        self.settings: Final = settings
        self.notes: Final = Notes()
        self._clock = clock
        self._deadline = deadline
        self._cancelled = False

    @property
    def cancelled(self) -> bool:
        """Whether the result is no longer wanted: the job was cancelled, timed out or lost."""
        return self._cancelled

    @property
    def remaining_s(self) -> float:
        """Seconds until the attempt times out; 0 when it has."""
        return max(0.0, self._deadline - self._clock.monotonic())

    def raise_if_cancelled(self) -> None:
        """Raise ``TaskCancelled`` if the result is no longer wanted."""
        if self._cancelled:
            raise TaskCancelled(f"job {self.job_id} is no longer wanted")

    def progress(self, percent: float, message: str = "") -> None:
        """Report progress, 0…100, with a short text. Shown within 0.1 s; reports in between are merged.

        Raises ``TaskCancelled`` if the result is no longer wanted.
        """
        self.raise_if_cancelled()
        self.notes.report(Progress(round(min(max(float(percent), 0.0), 100.0), 2), cut(message, MAX_LOG_LINE_BYTES)))

    def log(self, message: str, level: str = "info") -> None:
        """Add a line (at most 1 KB kept) to the job's log; the last 500 lines are kept.

        Raises ``TaskCancelled`` if the result is no longer wanted, ``ValueError`` for an unknown level.
        """
        self.raise_if_cancelled()
        if level not in LEVELS:
            raise ValueError(f"level must be one of {', '.join(sorted(LEVELS))}, not {level!r}")
        self.notes.add(self._clock.now(), level, cut(str(message), MAX_LOG_LINE_BYTES))

    @cached_property
    def logger(self) -> logging.LoggerAdapter[logging.Logger]:
        """A logger for the worker's own log; its lines carry this job's id and trace id, and no other's."""
        fields = {"jobId": self.job_id, "traceId": self.trace_id, "task": self.task, "attempt": self.attempt}
        return _FieldsAdapter(_logger, fields)

    def cancel(self) -> None:
        """Tell the task that its result is no longer wanted."""
        self._cancelled = True


class _FieldsAdapter(logging.LoggerAdapter[logging.Logger]):
    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        extra = dict(kwargs.get("extra") or {})
        fields = {"event": "task", **extra.pop("fields", {}), **(self.extra or {})}
        kwargs["extra"] = {**extra, "fields": fields}
        return msg, kwargs


def cut(text: str, limit: int) -> str:
    """``text`` shortened to ``limit`` bytes of UTF-8, never within a character."""
    raw = text.encode("utf-8", "replace")  # also rids it of lone surrogates, which MongoDB refuses
    if len(raw) <= limit:
        return raw.decode()
    return raw[: limit - 3].decode("utf-8", "ignore") + "…"
