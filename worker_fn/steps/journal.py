"""Writes records of steps in groups: while one group is written, the next one is collected."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future
from itertools import count
from typing import TYPE_CHECKING, Final

from chalicelib.domain.steps import StepRecord
from chalicelib.store.client import is_unavailable

if TYPE_CHECKING:
    from chalicelib.store.steps import StepStore
    from chalicelib.telemetry.logger import Log

#: Records, and bytes of results, of one write.
BATCH: Final = 500
BATCH_BYTES: Final = 4 * 1024 * 1024
#: Waits between tries while MongoDB is unreachable.
_RETRY_S: Final = (0.02, 0.05, 0.1, 0.2, 0.5)


_Item = tuple[StepRecord, "Future[StepRecord]"]


class JournalClosed(Exception):  # noqa: N818
    """Raised for a record that could not be written before the worker ended; the job's loss will be recorded."""


class StepJournal:
    """Its methods may be called from any thread. It has one thread, started when it is first needed."""

    def __init__(self, store: StepStore, log: Log) -> None:
        self._store = store
        self._log = log
        self._changed = threading.Condition()
        self._waiting: deque[_Item] = deque()
        #: Whether a group is being written: one at a time.
        self._is_writing = False
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()

    def write(self, record: StepRecord) -> Future[StepRecord]:
        """Write ``record``; the future gets it as it is stored then: another end may have come first."""
        future: Future[StepRecord] = Future()
        with self._changed:
            if self._closing.is_set():
                future.set_exception(JournalClosed("the worker is ending"))
            else:
                self._waiting.append((record, future))
                self._wake()
        return future

    def write_here(self, record: StepRecord) -> Future[StepRecord]:
        """Write in this thread if none is writing, which saves two changes of threads; otherwise as ``write``.

        If MongoDB is unavailable, the journal's thread tries again.
        """
        with self._changed:
            if self._is_writing or self._waiting or self._closing.is_set():
                return self.write(record)
            self._is_writing = True
        future: Future[StepRecord] = Future()
        group = [(record, future)]
        try:
            if not self._try(group):
                with self._changed:
                    self._waiting.extendleft(group)
        finally:
            self._written()
        return future

    def close(self, timeout_s: float = 2.0) -> None:
        """Write what is left, for up to ``timeout_s``."""
        with self._changed:
            self._closing.set()
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _wake(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="steps", daemon=True)
            self._thread.start()
        if not self._is_writing:
            self._changed.notify_all()

    def _written(self) -> None:
        with self._changed:
            self._is_writing = False
            if self._waiting:
                self._wake()

    # --- the thread ------------------------------------------------------------------------------------------
    def _serve(self) -> None:
        group: list[_Item] = []
        try:
            while group := self._gather():
                self._write(group)
                self._written()
        finally:  # also if this thread dies: nobody may wait for it
            with self._changed:
                self._closing.set()
                left = [*group, *self._waiting]
                self._waiting.clear()
            for _, future in left:
                if not future.done():
                    future.set_exception(JournalClosed("the worker is ending"))

    def _gather(self) -> list[_Item]:
        """Return the next group; an empty one when the journal is closed and nothing is left."""
        group: list[_Item] = []
        size = 0
        with self._changed:
            while self._is_writing or not (self._waiting or self._closing.is_set()):
                self._changed.wait()
            while self._waiting and len(group) < BATCH and size < BATCH_BYTES:
                group.append(self._waiting.popleft())
                size += group[-1][0].size
            self._is_writing = bool(group)
        return group

    def _write(self, group: list[_Item]) -> None:
        group = [(record, future) for record, future in group if not future.cancelled()]
        for tries in count():
            if self._try(group, is_last=self._closing.is_set()):
                return
            if tries in {0, 20}:
                self._log.warning("MongoDB does not answer, trying again", event="retrying_steps")
            self._closing.wait(_RETRY_S[min(tries, len(_RETRY_S) - 1)])

    def _try(self, group: list[_Item], *, is_last: bool = False) -> bool:
        """Write a group; return ``False`` if MongoDB is unavailable, and another try is to follow."""
        try:
            stored = self._store.write([record for record, _ in group])
        except Exception as error:
            if is_unavailable(error) and not is_last:
                return False
            self._fail(group, error)
            return True
        for (_, future), record in zip(group, stored, strict=True):
            if future.set_running_or_notify_cancel():
                future.set_result(record)
        return True

    def _fail(self, group: list[_Item], error: Exception) -> None:
        """Fail the record that cannot be written, and write the others."""
        if len(group) > 1 and not self._closing.is_set():
            middle = len(group) // 2
            self._write(group[:middle])
            self._write(group[middle:])
            return
        for _, future in group:
            if future.set_running_or_notify_cancel():
                future.set_exception(error)
