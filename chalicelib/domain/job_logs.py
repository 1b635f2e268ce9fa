"""Log lines that tasks write. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from chalicelib.domain.jobs import iso

#: Lines of an attempt are numbered from ``attempt * ATTEMPT_NUMBERS + 1``.
ATTEMPT_NUMBERS: Final = 1_000_000_000


class LogLine(NamedTuple):
    """One line. ``seq`` orders the lines of a job across all its attempts."""

    job_id: str
    seq: int
    attempt: int
    at: datetime
    level: str
    message: str


def seq_of(attempt: int, number: int) -> int:
    """Return ``LogLine.seq`` of the ``number``-th line (from 1) of an attempt."""
    return attempt * ATTEMPT_NUMBERS + number


def log_line_data(line: LogLine) -> dict[str, Any]:
    """Return a line as clients see it."""
    return {
        "seq": line.seq,
        "attempt": line.attempt,
        "at": iso(line.at),
        "level": line.level,
        "message": line.message,
    }
