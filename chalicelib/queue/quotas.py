"""The limits of tenants that differ from the settings, where ``admit`` reads them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from chalicelib.queue.scripts import chunks

if TYPE_CHECKING:
    from redis import Redis

    from chalicelib.queue.keys import Keys

_STORED: Final = re.compile(rb"(\d+)\|(\d+)")


class Quota(NamedTuple):
    """Limits of a tenant; 0 = no limit."""

    submissions_per_minute: int
    open_jobs: int


class Quotas:
    """One hash, by tenant. A tenant without an entry has the limits of the settings."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._key = keys.quotas

    def all(self) -> dict[str, Quota | None]:
        """Return the entries; ``None`` for one that cannot be read."""
        found: Any = self._redis.hgetall(self._key)
        return {tenant.decode(errors="replace"): _quota(text) for tenant, text in found.items()}

    def of(self, tenants: Sequence[str]) -> dict[str, Quota]:
        """Return the entries of these tenants that have one."""
        found: Any = self._redis.hmget(self._key, tenants) if tenants else []
        read = {tenant: _quota(text) for tenant, text in zip(tenants, found, strict=True) if text}
        return {tenant: quota for tenant, quota in read.items() if quota is not None}

    def put(self, quotas: Mapping[str, Quota]) -> None:
        """Set entries; they hold from the next submission on."""
        for part in chunks(list(quotas.items()), 2):
            self._redis.hset(self._key, mapping={tenant: f"{of[0]}|{of[1]}" for tenant, of in part})

    def remove(self, tenant_ids: Collection[str]) -> None:
        """Remove entries."""
        for part in chunks(list(tenant_ids)):
            self._redis.hdel(self._key, *part)


def _quota(text: bytes) -> Quota | None:
    found = _STORED.fullmatch(text)
    return Quota(int(found[1]), int(found[2])) if found else None
