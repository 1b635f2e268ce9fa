"""Log lines of jobs (collection ``job_logs``), the last 500 of each.

A line is ``{_id: "<job id>|<number>", at, level, message, attempt}``; numbers of a job grow with time, not without
gaps, and are padded, so that the index on ``_id`` serves reading in order, reading on, trimming and deleting.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pymongo import UpdateOne, WriteConcern
from pymongo.database import Database

from chalicelib.domain.jobs import MAX_LOG_LINES, iso
from chalicelib.store.client import Document

#: Lines of one attempt have numbers from ``attempt * ATTEMPT_NUMBERS + 1`` on.
ATTEMPT_NUMBERS: Final = 1_000_000_000
_DIGITS: Final = 15
#: Longest time of a query, in ms.
_MAX_TIME_MS: Final = 3_000


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line. ``seq`` orders the lines of a job, over all its attempts."""

    job_id: str
    seq: int
    attempt: int
    at: datetime
    level: str
    message: str


def seq_of(attempt: int, number: int) -> int:
    """``LogLine.seq`` of the ``number``-th line (from 1) of an attempt."""
    return attempt * ATTEMPT_NUMBERS + number


def log_line_data(line: LogLine) -> dict[str, Any]:
    """A line as clients see it."""
    return {
        "seq": line.seq,
        "attempt": line.attempt,
        "at": iso(line.at),
        "level": line.level,
        "message": line.message,
    }


class JobLogStore:
    """Reads and writes lines. Writes are acknowledged without waiting for the journal: logs are no records."""

    def __init__(self, db: Database[Document]) -> None:
        self._lines = db.get_collection("job_logs", write_concern=WriteConcern(w=1))

    def append(self, lines: Iterable[LogLine]) -> None:
        """Add lines; one that is there already is left as it is."""
        writes = [
            UpdateOne(
                {"_id": _id(line.job_id, line.seq)},
                {
                    "$setOnInsert": {
                        "attempt": line.attempt,
                        "at": line.at,
                        "level": line.level,
                        "message": line.message,
                    }
                },
                upsert=True,
            )
            for line in lines
        ]
        if writes:
            self._lines.bulk_write(writes, ordered=False)

    def trim(self, job_id: str) -> None:
        """Delete all but the last ``MAX_LOG_LINES`` lines of a job."""
        newest = self._lines.find(_of(job_id), {"_id": 1}).sort("_id", -1).skip(MAX_LOG_LINES).limit(1)
        for first_to_go in newest.max_time_ms(_MAX_TIME_MS):
            self._lines.delete_many({"_id": {"$gte": _id(job_id, 0), "$lte": first_to_go["_id"]}})

    def read(self, job_id: str, *, after: int = 0, limit: int = MAX_LOG_LINES) -> list[LogLine]:
        """Up to ``limit`` lines with ``seq`` above ``after``, oldest first; at most ``MAX_LOG_LINES``."""
        query = {"_id": {"$gt": _id(job_id, max(after, 0)), "$lt": f"{job_id}}}"}}
        found = self._lines.find(query).sort("_id", 1).limit(max(1, min(limit, MAX_LOG_LINES)))
        return [_line(document) for document in found.max_time_ms(_MAX_TIME_MS)]

    def delete(self, job_ids: Sequence[str]) -> None:
        """Delete all lines of these jobs."""
        for job_id in job_ids:
            self._lines.delete_many(_of(job_id))


def _id(job_id: str, seq: int) -> str:
    return f"{job_id}|{min(seq, 10**_DIGITS - 1):0{_DIGITS}d}"


def _of(job_id: str) -> dict[str, Any]:
    """All lines of a job: ``}`` is the character after ``|``."""
    return {"_id": {"$gte": f"{job_id}|", "$lt": f"{job_id}}}"}}


def _line(document: Document) -> LogLine:
    job_id, _, seq = document["_id"].partition("|")
    return LogLine(job_id, int(seq), document["attempt"], document["at"], document["level"], document["message"])
