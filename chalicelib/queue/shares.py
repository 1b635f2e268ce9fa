"""The shares of tenants in Redis, where turns read them: weights, and caps on the jobs that run at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from chalicelib.queue.scripts import Scripts, chunks, text

if TYPE_CHECKING:
    from redis import Redis

#: Tenants whose leases one pass over all leases counts.
_COUNTED_TENANTS: Final = 1_000
#: How often leases are counted before the sweep is left to set a cap that another process keeps lifting.
_TRIES: Final = 3
_STORED: Final = re.compile(rb"(\d+(?:\.\d+)?)(?:\|([1-9]\d*))?")


class Share(NamedTuple):
    """What a tenant gets of the workers."""

    #: Its part of the slot time while several tenants wait, relative to theirs.
    weight: float = 1.0
    #: Jobs that may run at once, 0 = any number.
    cap: int = 0

    @property
    def text(self) -> str:
        """Its value in Redis, '' if it is none."""
        weight = "" if self.weight == 1 else str(self.weight)
        return f"{weight or 1}|{self.cap}" if self.cap else weight

    @classmethod
    def parse(cls, value: bytes | None) -> Share | None:
        """Return the share in a value, ``None`` for one that cannot be read or whose cap is not set yet."""
        if value is None:
            return cls()
        found = _STORED.fullmatch(value)
        return cls(float(found[1]), int(found[2] or 0)) if found else None


class Shares:
    """Reads and sets shares. Methods that set raise ``QueueClosed`` while Redis has lost the queue."""

    def __init__(self, redis: Redis, scripts: Scripts) -> None:
        self._redis = redis
        self._scripts = scripts
        self._key = scripts.keys.costs

    def of(self, tenants: Sequence[str]) -> dict[str, Share | None]:
        """Return the share of each tenant, ``None`` for one that cannot be read."""
        shares: dict[str, Share | None] = {}
        for some in chunks(tenants):
            found: Any = self._redis.hmget(self._key, some)
            shares |= {tenant: Share.parse(value) for tenant, value in zip(some, found, strict=True)}
        return shares

    def put(self, shares: Mapping[str, Share]) -> tuple[str, ...]:
        """Set shares, which hold from the next turn on, and let jobs begin that they allow.

        Before the first cap of a tenant, the leases on its jobs are counted: O(leases), in steps. Returns the pools of
        which to invoke a worker.
        """
        wake: set[str] = set()
        counted: set[str] = set()
        for _ in range(_TRIES):
            uncounted, pools = self._weigh(shares, counted)
            wake |= pools
            if not uncounted:
                break
            self._count_leases(sorted(uncounted))
            shares = {tenant: share for tenant, share in shares.items() if tenant in uncounted}
            counted = uncounted
        return tuple(wake)

    def _weigh(self, shares: Mapping[str, Share], counted: Iterable[str]) -> tuple[set[str], set[str]]:
        """Set shares; return (tenants whose leases are to be counted first, pools)."""
        batch, known = self._scripts.batch("weigh"), {*counted}
        for tenant, (weight, cap) in shares.items():
            batch.add(
                tenant=tenant,
                weight="" if weight == 1 else weight,
                cap=cap or "",
                counted=int(tenant in known),
            )
        uncounted: set[str] = set()
        wake: set[str] = set()
        for answer in batch.run():
            tenants, pools = self._scripts.marked(answer)
            uncounted |= {text(each) for each in tenants}
            wake |= {text(each) for each in pools}
        return uncounted, wake

    def _count_leases(self, tenants: Sequence[str]) -> None:
        for start in range(0, len(tenants), _COUNTED_TENANTS):
            page = ""
            while page != "0":
                batch = self._scripts.batch("count_leases")
                for tenant in tenants[start : start + _COUNTED_TENANTS]:
                    batch.add(tenant=tenant)
                (next_page,) = self._scripts.marked(batch.run_once(page=page or "0"))
                page = text(next_page)
