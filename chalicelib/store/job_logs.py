"""Log lines of jobs (collection ``job_logs``), the newest 500 of each: ``{job_id, n, attempt, at, level, message}``.

The numbers ``n`` of a job increase with time, with gaps; they order the lines of all its attempts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from bson import ObjectId
from pymongo import WriteConcern
from pymongo.database import Database
from pymongo.errors import BulkWriteError
from pymongo.read_concern import ReadConcern

from chalicelib.domain.job_logs import LogLine
from chalicelib.domain.jobs import MAX_LOG_LINES
from chalicelib.store.client import Document, duplicates

#: Time limit of a query, in ms.
_MAX_TIME_MS: Final = 3_000
#: Jobs whose lines are deleted by one operation: at most 10,000 lines.
_JOBS_AT_ONCE: Final = 20


class JobLogStore:
    """Reads and writes log lines. Writes wait for neither majority nor journal, because lines may be lost."""

    def __init__(self, db: Database[Document]) -> None:
        self._lines = db.get_collection("job_logs", write_concern=WriteConcern(w=1), read_concern=ReadConcern("local"))
        self._steps = db.job_steps
        self._events = db.job_events
        self._comments = db.comments

    def append(self, lines: Iterable[LogLine]) -> None:
        """Add lines; lines that exist are left as they are."""
        documents = [
            {
                "job_id": ObjectId(line.job_id),
                "n": line.seq,
                "attempt": line.attempt,
                "at": line.at,
                "level": line.level,
                "message": line.message,
            }
            for line in lines
        ]
        if not documents:
            return
        try:
            self._lines.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            duplicates(error)

    def trim(self, job_id: str) -> None:
        """Delete all but the newest ``MAX_LOG_LINES`` lines of a job."""
        of_job = {"job_id": ObjectId(job_id)}
        newest = self._lines.find(of_job, {"n": 1}).sort("n", -1).skip(MAX_LOG_LINES).limit(1)
        for first_to_go in newest.max_time_ms(_MAX_TIME_MS):
            self._lines.delete_many({**of_job, "n": {"$lte": first_to_go["n"]}})

    def delete(self, job_ids: Sequence[str]) -> None:
        """Delete all lines of deleted jobs, their comments, and what they recorded of their steps, those of a few at a
        time.
        """
        for first in range(0, len(job_ids), _JOBS_AT_ONCE):
            keys = [ObjectId(job_id) for job_id in job_ids[first : first + _JOBS_AT_ONCE]]
            for collection in (self._lines, self._steps, self._events, self._comments):
                collection.delete_many({"job_id": {"$in": keys}})

    def read(self, job_id: str, *, after: int = 0, limit: int = MAX_LOG_LINES) -> list[LogLine]:
        """Return up to ``limit`` lines with ``seq`` above ``after``, oldest first; at most ``MAX_LOG_LINES``."""
        query: Document = {"job_id": ObjectId(job_id), "n": {"$gt": after}}
        found = self._lines.find(query).sort("n", 1).limit(max(1, min(limit, MAX_LOG_LINES)))
        return [_line(document) for document in found.max_time_ms(_MAX_TIME_MS)]


def _line(document: Document) -> LogLine:
    return LogLine(
        str(document["job_id"]),
        document["n"],
        document["attempt"],
        document["at"],
        document["level"],
        document["message"],
    )
