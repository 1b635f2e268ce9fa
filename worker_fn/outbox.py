"""Dispatches outboxes on a thread of its own, beside the group commit."""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING

from chalicelib.domain.jobs import Job

if TYPE_CHECKING:
    from chalicelib.services.outbox import Dispatcher


class OutboxThread:
    """Its thread starts with the first job that has an outbox or is unique; most workers need none."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher
        self._published: SimpleQueue[list[Job] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def put(self, jobs: list[Job]) -> None:
        """Dispatch the outboxes of ``jobs``, whose ends are published. Call from one thread."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="outbox", daemon=True)
            self._thread.start()
        self._published.put(jobs)

    def close(self, timeout_s: float = 2.0) -> None:
        """Wait for the current step; the rest is left to the sweep."""
        if self._thread is not None:
            self._published.put(None)
            self._thread.join(timeout_s)

    def _serve(self) -> None:
        while (jobs := self._published.get()) is not None:
            self._dispatcher.dispatch(jobs)
