"""Workers as the queue knows them: slots of the fleet, heartbeats, bells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from chalicelib.queue.scripts import Scripts, raw, text
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from redis import Redis

#: Longest wait at a bell; the blocking client's socket gives up later than that.
MAX_WAIT_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What a worker learns at a heartbeat."""

    #: Whether it still holds slots; if not, it lapsed and should ``join`` again.
    member: bool
    #: Jobs whose lease it no longer holds.
    lost: frozenset[str]
    #: Jobs whose cancellation was asked for.
    cancel: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ring:
    """Why a bell rang: ``cancel`` names a job to stop; ``None`` means that there is work."""

    cancel: str | None = None


class Fleet:
    """Slots, heartbeats and bells of all workers."""

    def __init__(self, redis: Redis, blocking: Callable[[], Redis], scripts: Scripts, settings: Settings) -> None:
        self._redis = redis
        self._blocking = blocking
        self._scripts = scripts
        self._settings = settings
        self._keys = scripts.keys

    def join(self, worker_id: str, slots: int) -> int:
        """Slots given to the worker out of ``JOB_FLEET_CONCURRENCY``: at most ``slots``, 0 when none is free."""
        s, k = self._settings, self._keys
        given = self._scripts.run(
            "join", [k.workers, k.slots, k.ringing], [worker_id, slots, s.job_fleet_concurrency, s.lease_ms]
        )
        return int(given)

    def heartbeat(self, worker_id: str, about: Mapping[str, Any], held: Mapping[str, str]) -> Heartbeat:
        """Renew the worker and its leases (job id → token). Raises ``QueueClosed``: then nothing is lost yet."""
        k = self._keys
        args: list[str | bytes | int] = [worker_id, self._settings.lease_ms, orjson.dumps(dict(about))]
        for job_id, token in held.items():
            args += (raw(job_id), token)
        member, lost, cancel = self._scripts.marked(
            "heartbeat", [k.leases, k.tokens, k.cancels, k.workers, k.worker(worker_id), k.slots], args
        )
        return Heartbeat(bool(member), frozenset(map(text, lost)), frozenset(map(text, cancel)))

    def listen(self, worker_id: str, for_s: float) -> bool:
        """Announce free slots for ``for_s``; ``False`` when there is work already, so claim instead."""
        k = self._keys
        args = [self._scripts.now, worker_id, int(for_s * 1000)]
        return bool(self._scripts.plain("listen", [k.lanes, k.waiting], args))

    def wait(self, worker_id: str, timeout_s: float) -> Ring | None:
        """Block on the worker's bell for at most ``timeout_s`` (30 s); ``None`` when it stayed silent."""
        answer: Any = self._blocking().blpop([self._keys.bell(worker_id)], timeout=min(timeout_s, MAX_WAIT_S))
        if answer is None:
            return None
        rung = text(answer[1])
        return Ring(rung[1:] if rung.startswith("c") else None)

    def retire(self, worker_id: str, *, force: bool = False) -> bool:
        """Let the worker go; ``False`` when work is ready and it should go on (never with ``force``)."""
        k = self._keys
        keys = [k.lanes, k.waiting, k.workers, k.slots, k.worker(worker_id), k.bell(worker_id), k.ringing]
        return bool(self._scripts.plain("retire", keys, [worker_id, int(force)]))

    def pulse(self) -> bool:
        """Whether something waits that no worker looks after, so that one should be invoked."""
        k = self._keys
        keys = [k.lanes, k.leases, k.scheduled, k.retrying, k.workers, k.slots, k.ringing]
        (ring,) = self._scripts.marked("pulse", keys, [self._settings.job_fleet_concurrency])
        return bool(ring)

    def workers(self) -> list[dict[str, Any]]:
        """What live workers say of themselves, with ``id``, ``slots`` and ``lapses_at_ms``."""
        k = self._keys
        alive: Any = self._redis.zrange(k.workers, 0, 999, withscores=True)
        slots: Any = self._redis.hgetall(k.slots)
        if not alive:
            return []
        about: Any = self._redis.mget([k.worker(worker.decode()) for worker, _ in alive])
        return [
            {
                **(orjson.loads(text) if text else {}),
                "id": worker.decode(),
                "slots": int(slots.get(worker, 0)),
                "lapses_at_ms": int(ends),
            }
            for (worker, ends), text in zip(alive, about, strict=True)
        ]
