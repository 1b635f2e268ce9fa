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


def numbers(redis: Any, keys: Keys) -> dict[str, tuple[int, str]]:
    """Lane → its number, and where it is: '' or m in the rotation, p parked."""
    found = {lane.decode(): text.decode() for lane, text in redis.hgetall(keys.numbers).items() if lane != b"last"}
    return {lane: (int(text.rstrip("pm")), text.lstrip("0123456789")) for lane, text in found.items()}


def rotation(redis: Any, keys: Keys) -> dict[str, list[tuple[str, int]]]:
    """Group → its lanes and their tags, in the order of their turns; groups in the order of theirs."""
    found: dict[str, list[tuple[str, int]]] = {group.decode(): [] for group in redis.zrange(keys.groups, 0, -1)}
    for member in redis.zrange(keys.lanes, 0, -1):
        group, _, rest = member.partition(b"\0")
        found.setdefault(group.decode(), []).append((rest[8:].decode(), int.from_bytes(rest[:8], "big")))
    return found


def parked(redis: Any, keys: Keys) -> dict[str, list[str]]:
    """Instance, or paused queue with 0x04 → the lanes that are parked there, in order (of each pool, and group)."""
    found: dict[str, list[str]] = defaultdict(list)
    for member in redis.zrange(keys.parked, 0, -1):
        owner, _, rest = member.partition(b"\0")
        line, is_lane, _ = owner.partition(b"\1")
        if owner.startswith(b"*/") and not is_lane:
            continue
        found[line.partition(b"\2")[0].decode()].append(rest[8:].decode())
    return dict(found)


def ready(redis: Any, keys: Keys) -> dict[str, dict[str, int]]:
    """Lane → id → place of all jobs that are ready, in the order in which each lane is served."""
    names = {number: lane for lane, (number, _) in numbers(redis, keys).items()}
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for raw, number in redis.zrange(keys.ready, 0, -1, withscores=True):
        place, job_id = read(raw)
        found[names.get(int(number), f"number {number}")][job_id] = place
    return dict(found)


def rotate(redis: Any, keys: Keys, *lanes: str) -> None:
    """Put lanes into the rotation that no script put there."""
    for lane in lanes:
        group = "/".join(lane.split("/")[:2])
        redis.zadd(keys.groups, {group: 0})
        redis.zadd(keys.lanes, {f"{group}\0".encode() + bytes(8) + lane.encode(): 0})


def put_ready(redis: Any, keys: Keys, lane: str, job_id: str | bytes, place: int) -> None:
    """Put an id into a lane that no script put there."""
    number = redis.hget(keys.numbers, lane)
    if number is None:
        number = b"%d" % redis.hincrby(keys.numbers, "last", 1)
        redis.hset(keys.numbers, lane, number)
    redis.zadd(keys.ready, {member(place, job_id): int(number.rstrip(b"pm"))})
