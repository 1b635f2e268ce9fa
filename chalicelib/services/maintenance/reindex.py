"""Updates the search terms of records after a version that forms them differently. Run by each minute's tick."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock

if TYPE_CHECKING:
    from chalicelib.store.job_terms import TermStore
    from chalicelib.telemetry.logger import Log

PAGE: Final = 500
#: Run time of one call: about 50,000 records on a small machine.
RUN_S: Final = 3.0
#: After this no process of the former version writes records: an invocation lasts at most 15 minutes.
OLD_PROCESSES_GONE: Final = timedelta(minutes=30)
#: Two walks: one at once, and one for records that older processes wrote meanwhile.
WALKS: Final = 2


class Reindex:
    """Walks over all records twice, at a limited rate. Safe in many processes at once."""

    name: Final = "reindex"

    def __init__(self, store: TermStore, clock: Clock, log: Log) -> None:
        self._store = store
        self._clock = clock
        self._log = log
        self._done = False

    def run(self) -> int:
        """Update the next records for ``RUN_S``; return how many had older terms. Never raises."""
        if self._done:
            return 0
        try:
            return self._run()
        except Exception as error:
            self._log.warning("search terms will be updated later", event="reindex_failed", error=repr(error)[:500])
            return 0

    def _run(self) -> int:
        walk = self._store.walk(self._clock.now())
        self._done = walk.walks >= WALKS
        if self._done or (walk.walks and self._clock.now() < walk.began_at + OLD_PROCESSES_GONE):
            return 0
        ends, mended = self._clock.monotonic() + RUN_S, 0
        while self._clock.monotonic() < ends:
            changed, cursor = self._store.mend(walk.cursor, walk.began_at + OLD_PROCESSES_GONE, PAGE)
            mended += changed
            walk = replace(walk, cursor=cursor, walks=walk.walks + (cursor is None))
            if walk.cursor is None:
                break
        self._store.note(walk)
        if mended:
            self._log.info("updated search terms", event="reindexed", count=mended, walk=walk.walks)
        return mended
