"""When a failed attempt is retried, and which errors are alike. Pure; randomness is injected."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from math import isnan
from typing import Final, SupportsFloat

#: The longest wait between attempts.
MAX_BACKOFF_S: Final = 3600.0
JITTER: Final = 0.10

_VOLATILE = re.compile(
    r"0x[0-9a-f]+|[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-f]{24,}\b|\d+|'[^']{0,200}'|\"[^\"]{0,200}\"",
    re.IGNORECASE,
)


class Retry(Exception):  # noqa: N818 - a verb that tasks raise
    """Raised by a task to be retried, after ``delay_s`` if given (seconds or a ``timedelta``); burns a retry.

    ``kind`` names the failure, such as ``HTTP 503`` or 503, and becomes the type of the recorded error. Raises
    ``TypeError`` or ``ValueError`` for an argument of another type.
    """

    # set on the class too, for subclasses that do not call ``__init__``
    delay_s: float | None = None
    kind: str | None = None

    def __init__(
        self,
        message: str = "retry requested",
        delay_s: float | timedelta | None = None,
        *,
        kind: str | int | None = None,
    ) -> None:
        super().__init__(message)
        self.delay_s = None if delay_s is None else seconds(delay_s)
        self.kind = None if kind is None else kind_text(kind)


class DoNotRetry(Exception):  # noqa: N818
    """Raised by a task whose failure is final: the job goes to the DLQ at once. ``kind`` as for ``Retry``."""

    kind: str | None = None

    def __init__(self, message: str = "", *, kind: str | int | None = None) -> None:
        super().__init__(message)
        self.kind = None if kind is None else kind_text(kind)


class StepFailed(Exception):  # noqa: N818
    """Raised in a durable task by a step that failed, now or as recorded.

    ``step`` is its name, ``kind`` the type of its error. ``final``: the step does not run again, so neither does the
    job, if its task lets this pass.
    """

    def __init__(self, step: str, kind: str, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.step = step
        self.kind = kind
        self.final = final


class Snooze(Exception):  # noqa: N818
    """Raised by a task to run later, after ``delay_s`` (seconds or a ``timedelta``); burns no retry.

    Raises ``TypeError`` or ``ValueError`` for any other delay.
    """

    def __init__(self, delay_s: float | timedelta) -> None:
        self.delay_s = seconds(delay_s)
        super().__init__(f"snoozed for {self.delay_s:g} s")


def seconds(delay: object) -> float:
    """Return a delay in seconds, from a number or a ``timedelta``.

    Raises ``TypeError`` or ``ValueError`` for anything else.
    """
    if isinstance(delay, timedelta):
        return delay.total_seconds()
    if isinstance(delay, bool) or not isinstance(delay, SupportsFloat):  # text has no __float__
        raise TypeError(f"delay_s must be a number of seconds or a timedelta, not {type(delay).__name__}")
    number = float(delay)
    if isnan(number):
        raise ValueError("delay_s must be a number of seconds, not NaN")
    return number


def kind_text(kind: object) -> str:
    """Return the ``kind`` of an error as text. Raises ``TypeError`` unless it is text or a whole number."""
    if not isinstance(kind, str | int):
        raise TypeError(f"kind must be text or a whole number, not {type(kind).__name__}")
    return str(kind)


def backoff_s(retry: int, base_s: float, random: float) -> float:
    """Return the seconds before the ``retry``-th retry (1, 2, …): base · 2^(retry-1), ±10 % by ``random`` in [0, 1)."""
    wait = min(base_s * 2.0 ** min(retry - 1, 20), MAX_BACKOFF_S)
    return wait * (1 - JITTER + 2 * JITTER * random)


def error_group(error_type: str, message: str) -> str:
    """Return a short key, equal for errors of one type whose messages differ only in numbers, ids and quoted values."""
    shape = _VOLATILE.sub("*", message[:1000])
    return hashlib.sha256(f"{error_type}\n{shape}".encode()).hexdigest()[:16]
