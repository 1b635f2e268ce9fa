"""What a task sees of its attempt, and what it says while it runs."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from math import isnan
from typing import Any, Final, SupportsFloat

from chalicelib.domain.clock import Clock
from chalicelib.domain.jobs import MAX_LOG_LINE_BYTES, MAX_LOG_LINES, Job, Progress
from chalicelib.settings import Settings

LEVELS: Final = frozenset({"debug", "info", "warning", "error"})


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

    __slots__ = ("_lines", "_lock", "_on_new", "_progress_new", "_seq", "progress")

    def __init__(self, on_new: Callable[[], None]) -> None:
        self._on_new = on_new
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
        self._on_new()

    def add(self, at: datetime, level: str, message: str) -> None:
        """A line; of more than ``MAX_LOG_LINES`` not yet taken, the first are dropped."""
        with self._lock:
            self._seq += 1
            self._lines.append(Line(self._seq, at, level, message))
        self._on_new()

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

    ``job`` is as it was before the attempt; ``deadline`` is on the monotonic clock.
    """

    def __init__(
        self, job: Job, *, clock: Clock, settings: Settings, deadline: float, on_said: Callable[[], None]
    ) -> None:
        self._job = job
        self._attempt = job.attempt + 1
        self._clock = clock
        self._deadline = deadline
        self._cancelled = False
        self._on_said = on_said
        self._notes: Notes | None = None
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
    def tags(self) -> tuple[str, ...]:
        """The job's tags."""
        return self._job.tags

    @property
    def attempt(self) -> int:
        """Which attempt this is: 1, 2, … A worker that crashed, and a snooze, count too."""
        return self._attempt

    @property
    def retries_left(self) -> int:
        """How many retries the job has left after this attempt."""
        return max(0, self._job.max_retries - self._job.retry_count)

    @property
    def trace_id(self) -> str:
        """The trace id of the request that submitted the job."""
        return self._job.trace_id

    @property
    def notes(self) -> Notes:
        """What the task said so far."""
        if self._notes is None:
            self._notes = Notes(self._on_said)
        return self._notes

    @property
    def last_progress(self) -> Progress | None:
        """The latest progress reported, if any."""
        return self._notes.progress if self._notes is not None else None

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
            raise TaskCancelled(f"job {self._job.id} is no longer wanted")

    def progress(self, percent: float, message: object = "") -> None:
        """Report progress, 0…100, with a short text. Shown within 0.1 s; reports in between are merged.

        What lies outside is brought to the nearer end; NaN leaves the percentage as it was. Raises ``TaskCancelled``
        if the result is no longer wanted, ``TypeError`` when ``percent`` is no number.
        """
        self.raise_if_cancelled()
        text = "" if message is None else str(message)
        self.notes.report(Progress(self._percent(percent), cut(text, MAX_LOG_LINE_BYTES)))

    def _percent(self, percent: object) -> float:
        if not isinstance(percent, SupportsFloat):  # text has no __float__
            raise TypeError(f"percent must be a number, not {type(percent).__name__}")
        if isinstance(percent, int):  # it may be beyond any float
            percent = min(max(percent, 0), 100)
        number = float(percent)
        if isnan(number):
            return self.last_progress.percent if self.last_progress else 0.0
        return round(min(max(number, 0.0), 100.0), 2)

    def log(self, message: object, level: str = "info") -> None:
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
        job = self._job
        fields = {"jobId": job.id, "traceId": job.trace_id, "task": job.task, "attempt": self._attempt}
        return _FieldsAdapter(logging.getLogger(f"{self.settings.service_name}.task"), fields)

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
