"""Steps in Redis that follow a change in MongoDB."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

from chalicelib.errors import QueueClosed
from chalicelib.telemetry.logger import Log

if TYPE_CHECKING:
    from chalicelib.services.rebuilder import ProjectionRebuilder
    from chalicelib.services.waker import Waker

T = TypeVar("T")

#: How long a call waits for the queue's rebuild.
REBUILD_WAIT_S: Final = 3.0


class Projection:
    """Runs steps that need the queue to be open."""

    def __init__(self, rebuilder: ProjectionRebuilder, waker: Waker, log: Log) -> None:
        self._rebuilder = rebuilder
        self._waker = waker
        self._log = log

    def when_open(self, step: Callable[[], T]) -> T:
        """Run ``step``. If the queue is closed, wake a worker to rebuild it, wait, and try once more.

        Raises ``QueueClosed`` when the rebuild takes longer than ``REBUILD_WAIT_S``.
        """
        try:
            return step()
        except QueueClosed:
            self._waker.wake_worker("sweep")
            self._rebuilder.wait_open(REBUILD_WAIT_S)
            return step()

    def follow(self, step: Callable[[], T]) -> T | None:
        """Run ``step``, which applies a change in MongoDB to Redis; return ``None`` if it failed.

        The change is valid in any case: the sweep repairs Redis.
        """
        try:
            return self.when_open(step)
        except Exception as error:
            self._log.warning("recorded, not in the queue yet", event="projection_late", error=repr(error)[:500])
            return None
