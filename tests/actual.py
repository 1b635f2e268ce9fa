"""The state of Redis in the form of the model (``tests/model.py``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chalicelib.queue.keys import Keys
from chalicelib.queue.shares import Share
from tests.model import SIMPLE, turns_of
from tests.modelled_turns import Turns
from tests.ready import numbers, ready, rotation

#: Sorted sets of the turns.
TURNS = ("groups", "lanes", "absent", "rates", "timed", "holders", "parked")


class Snapshot:
    """What keys hold, read in one round trip; answers as a client of Redis does."""

    def __init__(
        self, redis: Any, *, zsets: Sequence[str], hashes: Sequence[str], sets: Sequence[str], texts: Sequence[str]
    ) -> None:
        pipe = redis.pipeline(transaction=False)
        for key in zsets:
            pipe.zrange(key, 0, -1, withscores=True)
        for key in hashes:
            pipe.hgetall(key)
        for key in sets:
            pipe.smembers(key)
        for key in texts:
            pipe.get(key)
        self._held = dict(zip((*zsets, *hashes, *sets, *texts), pipe.execute(), strict=True))

    def zrange(self, key: str, first: int, last: int, *, withscores: bool = False) -> Any:
        assert (first, last) == (0, -1)
        return self._held[key] if withscores else [member for member, _ in self._held[key]]

    def hgetall(self, key: str) -> Any:
        return self._held[key]

    def smembers(self, key: str) -> Any:
        return self._held[key]

    def get(self, key: str) -> Any:
        return self._held[key]


def actual(container: Any) -> dict[str, Any]:
    """The state of Redis in the form of ``Model.state``; two round trips."""
    k = container.keys
    names = sorted(raw.decode() for raw in container.redis.scan_iter(match=k.prefix + "*", count=1000))
    active = [name for name in names if name.startswith(k.active_prefix)]
    counts = [name for name in names if name.startswith(k.counts_prefix) and not name.endswith((":log", ":shares"))]
    simple = {name: getattr(k, name) for name in SIMPLE}
    found = Snapshot(
        container.redis, zsets=[*active, *simple.values(), *(getattr(k, name) for name in (*TURNS, "ready"))],
        hashes=[*counts, k.tokens, k.numbers, k.costs], sets=[k.paused], texts=[k.seq],
    )  # fmt: skip
    return {
        "ready": ready(found, k),
        "active": {key.removeprefix(k.active_prefix): {*_scores(found, key)} for key in active},
        "held": {raw.decode(): _lease(text.decode()) for raw, text in found.hgetall(k.tokens).items()},
        "counts": {key.removeprefix(k.counts_prefix): row for key in counts if (row := _numbers(found, key))},
        **{name: _scores(found, key) for name, key in simple.items()},
        "turns": actual_turns(found, k),
        "seq": int(found.get(k.seq) or 0),
    }


def _scores(redis: Any, key: str) -> dict[str, float]:
    return {raw.decode(): score for raw, score in redis.zrange(key, 0, -1, withscores=True)}


def _numbers(redis: Any, key: str) -> dict[str, int]:
    return {name.decode(): int(n) for name, n in redis.hgetall(key).items() if int(n) and name != b"since"}


def actual_turns(redis: Any, k: Keys) -> dict[str, Any]:
    """The turns in Redis in the form of ``turns_of``."""
    found = Turns(int, len)
    for key in (k.groups, k.absent, k.rates, k.timed):
        setattr(found, key.rpartition(":")[2], _scores(redis, key))
    found.where = {name: where for name, (_, where) in numbers(redis, k).items()}
    found.paused = {raw.decode() for raw in redis.smembers(k.paused)}
    found.holders = {raw.decode().partition("\0")[::2] for raw in redis.zrange(k.holders, 0, -1)}
    costs = {raw.decode(): text for raw, text in redis.hgetall(k.costs).items()}
    found.averages = {name: float(text) for name, text in costs.items() if "/" in name}
    shares = ((name, Share.parse(text)) for name, text in costs.items() if "/" not in name)
    found.shares = {name: share for name, share in shares if share is not None}
    for group, lanes in rotation(redis, k).items():
        found.lanes[group] = dict(lanes)
    for raw in redis.zrange(k.parked, 0, -1):
        owner, _, rest = raw.partition(b"\0")
        line = found.parked.setdefault(owner.decode(), [])
        line.append((int.from_bytes(rest[:8], "big"), rest[8:].decode()))
    return turns_of(found)


def _lease(text: str) -> tuple[str, str, float, str, int]:
    token, state, score, estimated, name = text.split("|", 4)
    return token, state[:1], float(score), name, int(estimated)
