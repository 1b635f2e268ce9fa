"""Makes the paused lanes in Redis equal to those in MongoDB."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.events import queue_paused
from chalicelib.queue.engine import Engine
from chalicelib.services.waker import Waker
from chalicelib.store.queues import QueueStore


class PauseSettlement:
    """Pauses and resumes lanes whose caller died between MongoDB and Redis."""

    name: Final = "pauses"

    def __init__(self, *, engine: Engine, queues: QueueStore, waker: Waker, clock: Clock) -> None:
        self._engine = engine
        self._queues = queues
        self._waker = waker
        self._clock = clock

    def run(self) -> int:
        """Pause and resume lanes; return how many."""
        wanted, held = set(self._queues.paused_lanes()), self._engine.paused_lanes()
        for name in wanted ^ held:
            tenant, _, queue = name.partition("/")
            events = queue_paused(tenant, queue, self._clock.now(), paused=name in wanted)
            _, pools = self._engine.pause(tenant, queue, paused=name in wanted, events=events)
            self._waker.wake_workers(pools)
        return len(wanted ^ held)
