"""The zset of ready jobs, read and written as its scripts do (``members.lua``)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from chalicelib.queue.keys import Keys

_FOREIGN = bytes(13)


def member(place: int, job_id: str | bytes) -> bytes:
    """A job's place and id as one member."""
    raw = job_id.encode() if isinstance(job_id, str) else job_id
    ours = len(raw) == 24 and all(byte in b"0123456789abcdef" for byte in raw)
    return place.to_bytes(6, "big") + (bytes.fromhex(raw.decode()) if ours else _FOREIGN + raw)


def read(member: bytes) -> tuple[int, str]:
    """A member's place and id."""
    job_id = member[6:].hex() if len(member) == 18 else member[19:].decode(errors="surrogateescape")
    return int.from_bytes(member[:6], "big"), job_id


def ready(redis: Any, keys: Keys) -> dict[str, dict[str, int]]:
    """Lane → id → place of all jobs that are ready, in the order in which each lane is served."""
    names = {int(number): lane.decode() for lane, number in redis.hgetall(keys.numbers).items() if lane != b"last"}
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for raw, number in redis.zrange(keys.ready, 0, -1, withscores=True):
        place, job_id = read(raw)
        found[names.get(int(number), f"number {number}")][job_id] = place
    return dict(found)


def put_ready(redis: Any, keys: Keys, lane: str, job_id: str | bytes, place: int) -> None:
    """Put an id into a lane that no script put there."""
    number = redis.hget(keys.numbers, lane)
    if number is None:
        number = redis.hincrby(keys.numbers, "last", 1)
        redis.hset(keys.numbers, lane, number)
    redis.zadd(keys.ready, {member(place, job_id): int(number)})
