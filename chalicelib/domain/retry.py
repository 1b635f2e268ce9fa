"""When a failed attempt is tried again, and which errors look alike. Pure; randomness is passed in."""

from __future__ import annotations

import hashlib
import re
from typing import Final

#: Longest wait between attempts.
MAX_BACKOFF_S: Final = 3600.0
JITTER: Final = 0.10

_VOLATILE = re.compile(
    r"0x[0-9a-f]+|[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-f]{24,}\b|\d+|'[^']{0,200}'|\"[^\"]{0,200}\"",
    re.IGNORECASE,
)


class Retry(Exception):  # noqa: N818 - a verb that tasks raise
    """Raised by a task to be tried again, after ``delay_s`` if given; burns a retry.

    ``kind`` names what went wrong, such as ``HTTP 503``: the type of the error on record.
    """

    def __init__(
        self, message: str = "retry requested", delay_s: float | None = None, *, kind: str | None = None
    ) -> None:
        super().__init__(message)
        self.delay_s = delay_s
        self.kind = kind


class DoNotRetry(Exception):  # noqa: N818
    """Raised by a task whose failure is final: the job goes to the DLQ at once. ``kind`` as for ``Retry``."""

    def __init__(self, message: str = "", *, kind: str | None = None) -> None:
        super().__init__(message)
        self.kind = kind


class Snooze(Exception):  # noqa: N818
    """Raised by a task that wants to run later, in ``delay_s``; burns no retry."""

    def __init__(self, delay_s: float) -> None:
        super().__init__(f"snoozed for {delay_s:g} s")
        self.delay_s = delay_s


def backoff_s(retry: int, base_s: float, random: float) -> float:
    """Wait before the ``retry``-th retry (1, 2, …): base · 2^(retry-1), ±10 % by ``random`` in [0, 1)."""
    wait = min(base_s * 2.0 ** min(retry - 1, 20), MAX_BACKOFF_S)
    return wait * (1 - JITTER + 2 * JITTER * random)


def error_group(error_type: str, message: str) -> str:
    """A short key, equal for errors of one type whose messages differ only in numbers, ids and quoted values."""
    shape = _VOLATILE.sub("*", message[:1000])
    return hashlib.sha256(f"{error_type}\n{shape}".encode()).hexdigest()[:16]
