"""Forms the terms of records anew when a later version forms them in another way. A routine of each minute's tick."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock

if TYPE_CHECKING:
    from chalicelib.store.job_terms import TermStore
    from chalicelib.telemetry.logger import Log

PAGE: Final = 500
#: How long one call works: about 50,000 records on a small machine.
RUN_S: Final = 3.0
#: By then no process of the version before writes records any more: an invocation lasts 15 minutes at most.
OLD_PROCESSES_GONE: Final = timedelta(minutes=30)
#: One walk at once, and one for what older processes have written since.
WALKS: Final = 2


class Reindex:
    """Walks over all records twice, at a pace that leaves the database to others. Safe in many processes at once."""

    name: Final = "reindex"

    def __init__(self, store: TermStore, clock: Clock, log: Log) -> None:
        self._store = store
        self._clock = clock
        self._log = log
        self._done = False

    def run(self) -> int:
        """Mend the next records for ``RUN_S``; how many had older terms. Never fails: the next call goes on."""
        if self._done:
            return 0
        try:
            return self._run()
        except Exception as error:
            self._log.warning("terms will be formed anew later", event="reindex_failed", error=repr(error)[:500])
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
            self._log.info("formed terms anew", event="reindexed", count=mended, walk=walk.walks)
        return mended
