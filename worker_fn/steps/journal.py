"""Writes records of steps in groups: while one group is written, the next one is collected."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from itertools import count
from queue import Empty, SimpleQueue
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
    """One thread, started by the first record; most workers need none. ``write`` may be called from any thread."""

    def __init__(self, store: StepStore, log: Log) -> None:
        self._store = store
        self._log = log
        self._lock = threading.Lock()
        self._inbox: SimpleQueue[_Item | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()

    def write(self, record: StepRecord) -> Future[StepRecord]:
        """Write ``record``; the future gets it as it is stored then: another end may have come first."""
        future: Future[StepRecord] = Future()
        with self._lock:
            if self._closing.is_set():
                future.set_exception(JournalClosed("the worker is ending"))
                return future
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="steps", daemon=True)
                self._thread.start()
            self._inbox.put((record, future))
        return future

    def close(self, timeout_s: float = 2.0) -> None:
        """Write what is left, for up to ``timeout_s``."""
        with self._lock:
            self._closing.set()
            self._inbox.put(None)
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _serve(self) -> None:
        group: list[_Item] = []
        going = True
        try:
            while going:
                group, going = self._gather()
                if group:
                    self._write(group)
        finally:  # also if this thread dies: nobody may wait for it
            self._closing.set()
            for _, future in [*group, *self._rest()]:
                if not future.done():
                    future.set_exception(JournalClosed("the worker is ending"))

    def _rest(self) -> Iterator[_Item]:
        try:
            while True:
                item = self._inbox.get_nowait()
                if item is not None:
                    yield item
        except Empty:
            return

    def _gather(self) -> tuple[list[_Item], bool]:
        group: list[_Item] = []
        size = 0
        item = self._inbox.get()
        try:
            while item is not None:
                group.append(item)
                size += item[0].size
                if len(group) >= BATCH or size >= BATCH_BYTES:
                    return group, True
                item = self._inbox.get_nowait()
        except Empty:
            return group, True
        return group, False

    def _write(self, group: list[_Item]) -> None:
        group = [(record, future) for record, future in group if not future.cancelled()]
        for tries in count():
            try:
                stored = self._store.write([record for record, _ in group])
                break
            except Exception as error:
                if not is_unavailable(error) or self._closing.is_set():
                    self._fail(group, error)
                    return
                if tries in {0, 20}:
                    self._log.warning("MongoDB does not answer, trying again", event="retrying_steps", error=str(error))
                self._closing.wait(_RETRY_S[min(tries, len(_RETRY_S) - 1)])
        for (_, future), record in zip(group, stored, strict=True):
            if future.set_running_or_notify_cancel():
                future.set_result(record)

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
