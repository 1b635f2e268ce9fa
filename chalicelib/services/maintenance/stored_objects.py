"""Deletes objects in S3 to which no record refers: those of deleted jobs, and what crashes and lost races left."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock
from chalicelib.errors import Unavailable

if TYPE_CHECKING:
    from chalicelib.aws.objects import Bucket
    from chalicelib.store.stored_objects import StoredObject, StoredObjects
    from chalicelib.telemetry.logger import Log

#: Run time of one call; the rest is left to the next one.
RUN_S: Final = 15.0
#: Objects looked at together.
PAGE: Final = 100
#: When to try again after S3 did not delete.
AGAIN: Final = timedelta(minutes=5)


class ObjectSweep:
    """Costs one query while nothing is due.

    Why no wanted object is deleted: each object is written by one call, under a key of its own, and only that call
    writes a reference to it. An object is looked at an hour after its call began, when the call is over, or after its
    job was deleted. So a reference that is not there then never will be.
    """

    name: Final = "stored_objects"

    def __init__(self, objects: StoredObjects, bucket: Callable[[], Bucket] | None, clock: Clock, log: Log) -> None:
        """``bucket``: ``None`` where none is configured, and nothing is done."""
        self._objects = objects
        self._bucket = bucket
        self._clock = clock
        self._log = log
        self.pause: Callable[[float], None] = time.sleep

    def run(self) -> int:
        """Delete what is not wanted; return the number of objects."""
        if self._bucket is None:
            return 0
        deleted, ends = 0, self._clock.monotonic() + RUN_S
        while rows := self._objects.due(self._clock.now(), PAGE):
            began = time.monotonic()
            wanted = self._objects.wanted({row.job_id for row in rows})
            self._objects.keep(row for row in rows if row.key in wanted)
            gone = self._delete([row for row in rows if row.key not in wanted])
            deleted += gone
            if len(rows) < PAGE or self._clock.monotonic() >= ends:
                break
            self.pause(time.monotonic() - began)  # requests find S3 and the database free
        return deleted

    def _delete(self, rows: list[StoredObject]) -> int:
        """Delete objects, then their rows, so that none is forgotten; return how many were deleted."""
        gone: list[str] = []
        try:
            for row in rows:
                if self._bucket is not None:
                    self._bucket().delete(row.key)
                gone.append(row.key)
        except Unavailable as error:
            self._log.warning("objects could not be deleted", event="objects_not_deleted", error=str(error))
            self._objects.postpone(rows[len(gone) :], self._clock.now() + AGAIN)
        if gone:
            self._objects.remove(gone)
        return len(gone)
