"""Schedules under fire: each second has one fire of each, and each fire one job or the reason why it has none."""

from __future__ import annotations

import json
import threading
from typing import Any

from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from chalicelib.domain.job_templates import JobTemplate
from chalicelib.domain.schedules import Missed, Overlap, ScheduleSpec, Timing
from chalicelib.errors import QueueCraftError
from tests.chaos.fires import EVERY_S
from tests.chaos.people import CALLER
from tests.container import Container

AWAY = (QueueCraftError, PyMongoError, RedisError)
#: By name: what they run, and what becomes of fires that overlap or are missed.
SPECS: dict[str, tuple[str, dict[str, Any], Missed, Overlap]] = {
    "all": ("noop", {}, Missed.ALL, Overlap.ALLOW),
    "once": ("noop", {}, Missed.ONCE, Overlap.ALLOW),
    "in-order": ("slow", {"s": 0.05}, Missed.ALL, Overlap.SKIP),
    "queued": ("slow", {"s": 1.2}, Missed.ONCE, Overlap.QUEUE_ONE),
    "replaced": ("slow", {"s": 1.2}, Missed.ONCE, Overlap.CANCEL_RUNNING),
}
_TICK = threading.Event()


class Schedules:
    """Made at the beginning, paused at the end; in between the workers make what is due."""

    def __init__(self, container: Container) -> None:
        self._container = container

    def start(self) -> None:
        """Create them."""
        for name, (task, payload, missed, overlap) in SPECS.items():
            job = JobTemplate(name, task, json.dumps(payload), max_retries=3)
            spec = ScheduleSpec(Timing(every_s=EVERY_S), job, missed, overlap=overlap)
            self._insist(lambda name=name, spec=spec: self._container.schedules.put(CALLER, name, spec))

    def stop(self) -> None:
        """Pause them, however often that takes."""
        for name in SPECS:
            self._insist(lambda name=name: self._container.schedules.set_paused(CALLER, name, paused=True))

    @staticmethod
    def _insist(call: Any) -> None:
        while True:
            try:
                call()
            except AWAY:
                _TICK.wait(0.1)
            else:
                return
