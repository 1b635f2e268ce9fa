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
        s = self._settings
        given = self._scripts.call(
            "join", worker=worker_id, wanted=slots, fleet=s.job_fleet_concurrency, lapse_ms=s.lease_ms
        )
        return int(given)

    def heartbeat(self, worker_id: str, about: Mapping[str, Any], held: Mapping[str, str]) -> Heartbeat:
        """Renew the worker and its leases (job id → token). Raises ``QueueClosed``: then nothing is lost yet."""
        batch = self._scripts.batch("heartbeat")
        for job_id, token in held.items():
            batch.add(id=raw(job_id), token=token)
        member = True
        lost: set[str] = set()
        cancel: set[str] = set()
        for answer in batch.run(
            given={"about_worker": self._keys.worker(worker_id)}, even_without=True,
            worker=worker_id, lease_ms=self._settings.lease_ms, about=orjson.dumps(dict(about)),
        ):  # fmt: skip
            is_member, lost_, cancel_ = self._scripts.marked(answer)
            member = bool(is_member)
            lost.update(map(text, lost_))
            cancel.update(map(text, cancel_))
        return Heartbeat(member, frozenset(lost), frozenset(cancel))

    def listen(self, worker_id: str, for_s: float) -> bool:
        """Announce free slots for ``for_s``; ``False`` when there is work already, so claim instead."""
        return bool(self._scripts.call("listen", worker=worker_id, for_ms=int(for_s * 1000)))

    def wait(self, worker_id: str, timeout_s: float) -> Ring | None:
        """Block on the worker's bell for at most ``timeout_s`` (30 s); ``None`` when it stayed silent."""
        answer: Any = self._blocking().blpop([self._keys.bell(worker_id)], timeout=min(timeout_s, MAX_WAIT_S))
        if answer is None:
            return None
        rung = text(answer[1])
        return Ring(rung[1:] if rung.startswith("c") else None)

    def retire(self, worker_id: str, *, force: bool = False) -> bool:
        """Let the worker go; ``False`` when work is ready and it should go on (never with ``force``)."""
        given = {"about_worker": self._keys.worker(worker_id), "bell": self._keys.bell(worker_id)}
        return bool(self._scripts.call("retire", given=given, worker=worker_id, force=int(force)))

    def pulse(self) -> bool:
        """Whether something waits that no worker looks after, so that one should be invoked."""
        answer = self._scripts.call("pulse", fleet=self._settings.job_fleet_concurrency)
        (ring,) = self._scripts.marked(answer)
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
