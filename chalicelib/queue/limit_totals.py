"""How many jobs hold each limit and wait for it, over all tenants: for metrics."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from chalicelib.queue.keys import Keys
from chalicelib.queue.scripts import text

if TYPE_CHECKING:
    from redis import Redis

#: Maximum number of members of ``holders`` and ``parked`` that are read.
MAX_READ: Final = 10_000


class LimitTotals(NamedTuple):
    """Places that jobs hold, and parked lanes, by name. ``name:`` is the name of instances with keys."""

    held: Counter[str]
    lanes: Counter[str]

    def of(self, name: str) -> tuple[int, int]:
        """Return (jobs that hold the limit, lanes parked at it). A job under a key and a total is counted once."""
        held = self.held[f"{name}:"] or self.held[name]
        return held, self.lanes[name] + self.lanes[f"{name}:"]


def read_totals(redis: Redis, keys: Keys) -> LimitTotals:
    """Return the totals of the first ``MAX_READ`` of each, in one round trip."""
    pipe = redis.pipeline(transaction=False)
    pipe.zrange(keys.holders, 0, MAX_READ - 1)
    pipe.zrange(keys.parked, 0, MAX_READ - 1)
    holders, parked = pipe.execute()
    return LimitTotals(_by_name(holders), _by_name(member for member in parked if _is_lane(member)))


def _by_name(members: Any) -> Counter[str]:
    return Counter(name for member in members if (name := _name_in(member)))


def _name_in(member: bytes) -> str:
    """Return the name of the limit in ``scope/name[:key]``, which NUL ends; '' for a paused queue."""
    owner = member.partition(b"\0")[0]
    if owner.endswith(b"\1"):
        return ""
    key = re.split(b"[\1\2]", owner, maxsplit=1)[0]  # they begin the names of groups and pools
    instance = text(key.partition(b"/")[2])
    name, colon, _ = instance.partition(":")
    return name + colon


def _is_lane(member: bytes) -> bool:
    """Return whether it is a lane, not a group whose lanes wait for a shared instance."""
    owner = member.partition(b"\0")[0]
    return not owner.startswith(b"*/") or b"\1" in owner
