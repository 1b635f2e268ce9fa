"""Workers in Redis: slots of the fleet, heartbeats, wake-ups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from chalicelib.domain.pools import DEFAULT_POOL
from chalicelib.queue.scripts import Scripts, raw, text
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from redis import Redis
    from redis.client import PubSub


class Retirement(IntEnum):
    """Whether a worker may leave."""

    #: It should claim.
    JOBS_READY = 0
    LEFT = 1
    #: It should wait for what becomes due.
    DUE_SOON = 2


class Heartbeat(NamedTuple):
    """The answer to a heartbeat."""

    #: Whether the worker still holds slots; if not, it expired and should ``join`` again.
    member: bool
    #: Jobs whose lease the worker no longer holds.
    lost: frozenset[str]
    #: Jobs to cancel.
    cancel: frozenset[str]


class WakeUp(NamedTuple):
    """A message to a worker. ``cancel`` is the id of a job to cancel; ``None`` means that jobs may be ready."""

    cancel: str | None = None


class WakeUps:
    """A worker's subscription to its wake-up channel. For one thread."""

    def __init__(self, connect: Callable[[], Redis], channel: str) -> None:
        self._connect = connect
        self._channel = channel
        self._pubsub: PubSub | None = None
        #: Whether a ping was sent since the last message.
        self._asked = False

    def wait(self, timeout_s: float) -> WakeUp | None:
        """Return the next wake-up within ``timeout_s``. Raises ``RedisError``.

        Messages that are published without a subscription are lost, so each new subscription (the first, and one after
        a lost connection) counts as a wake-up. If the server does not answer a ping within the next wait, the
        connection is dropped.
        """
        try:
            message: Any = self._subscribed().get_message(timeout=timeout_s)
            if message is None:
                self._silent()
                return None
        except BaseException:
            self.close()
            raise
        self._asked = False
        if message["type"] == "subscribe":
            return WakeUp()
        if message["type"] != "message":
            return None
        found = text(message["data"])
        return WakeUp(found[1:] if found.startswith("c") else None)

    def close(self) -> None:
        """Close the connection; the next wait opens another."""
        pubsub, self._pubsub, self._asked = self._pubsub, None, False
        if pubsub is not None:
            pubsub.close()

    def _subscribed(self) -> PubSub:
        if self._pubsub is None:
            self._pubsub = self._connect().pubsub()  # type: ignore[no-untyped-call]
            self._pubsub.subscribe(self._channel)
        return self._pubsub

    def _silent(self) -> None:
        if self._asked:
            self.close()
        elif self._pubsub is not None:
            self._pubsub.ping()
            self._asked = True


def pool_of_slots(value: bytes) -> str:
    """Return the pool in a value of ``slots``."""
    return text(value.partition(b"|")[2]) or DEFAULT_POOL


class Fleet:
    """Slots, heartbeats and wake-ups of all workers."""

    def __init__(self, redis: Redis, blocking: Callable[[], Redis], scripts: Scripts, settings: Settings) -> None:
        self._redis = redis
        self._blocking = blocking
        self._scripts = scripts
        self._settings = settings
        self._keys = scripts.keys

    def join(self, worker_id: str, slots: int, pool: str = DEFAULT_POOL) -> int:
        """Give the worker up to ``slots`` of its pool's fleet; return how many, 0 for none."""
        s = self._settings
        given = self._scripts.call(
            "join", worker=worker_id, pool=pool, wanted=slots, pool_fleet=s.fleet_of(pool), lapse_ms=s.lease_ms
        )
        return int(given)

    def heartbeat(self, worker_id: str, about: Mapping[str, Any], held: Mapping[str, str]) -> Heartbeat:
        """Renew the worker and its leases (job id → token). Raises ``QueueClosed``: then no lease is lost yet."""
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

    def listen(self, worker_id: str, for_s: float, pool: str = DEFAULT_POOL) -> bool:
        """Register to be woken for ``for_s``; return ``False`` if jobs of ``pool`` are ready: claim instead."""
        return bool(self._scripts.call("listen", worker=worker_id, pool=pool, for_ms=int(for_s * 1000)))

    def wake_ups(self, worker_id: str) -> WakeUps:
        """Return the subscription to the worker's wake-ups."""
        return WakeUps(self._blocking, self._keys.wake_prefix + worker_id)

    def retire(
        self, worker_id: str, *, pool: str = DEFAULT_POOL, force: bool = False, soon_s: float = 0.0
    ) -> Retirement:
        """Remove the worker, unless jobs of its pool are ready, or more becomes due within ``soon_s`` than other
        workers of the pool wait for; ``force``: in any case."""
        given = {"about_worker": self._keys.worker(worker_id)}
        soon_ms = int(soon_s * 1000)
        answer = self._scripts.call(
            "retire", given=given, worker=worker_id, pool=pool, force=int(force), soon_ms=soon_ms
        )
        return Retirement(int(answer))

    def needs_worker(self) -> tuple[str, ...]:
        """Return the pools of which to invoke a worker: jobs wait and no worker serves them."""
        (pools,) = self._scripts.marked(self._scripts.call("needs_worker"))
        return tuple(map(text, pools))

    def workers(self) -> list[dict[str, Any]]:
        """Return what live workers report, with ``id``, ``pool``, ``slots`` and ``lapses_at_ms``."""
        k = self._keys
        alive: Any = self._redis.zrange(k.workers, 0, 999, withscores=True)
        slots: Any = self._redis.hgetall(k.slots)
        if not alive:
            return []
        about: Any = self._redis.mget([k.worker(worker.decode()) for worker, _ in alive])
        return [
            {
                **(orjson.loads(report) if report else {}),
                "id": worker.decode(),
                "slots": int(slots.get(worker, b"0").partition(b"|")[0]),
                "pool": pool_of_slots(slots.get(worker, b"")),
                "lapses_at_ms": int(ends),
            }
            for (worker, ends), report in zip(alive, about, strict=True)
        ]
