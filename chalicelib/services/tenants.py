"""Searches for tenants, for operators."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.services.stats import Stats, from_counts

if TYPE_CHECKING:
    from chalicelib.queue.engine import Engine
    from chalicelib.store.tenants import TenantStore

#: Maximum number of tenants that one answer compares: the newest.
MAX_COMPARED: Final = 2_000


@dataclass(frozen=True, slots=True)
class BusyTenant:
    """A tenant and its number of jobs."""

    id: str
    name: str
    stats: Stats


@dataclass(frozen=True, slots=True)
class BusyTenants:
    """The busiest matching tenants; ``total`` match, or more if it is not ``exact``."""

    tenants: list[BusyTenant]
    total: int
    exact: bool


class TenantService:
    """Lists all tenants; only operators may."""

    def __init__(self, store: TenantStore, engine: Engine) -> None:
        self._store = store
        self._engine = engine

    def busiest(self, part: str, limit: int) -> BusyTenants:
        """Return tenants with ``part`` in their name, or as their id: most open jobs first, at most ``limit``.

        One query, and one round trip to Redis for at most ``MAX_COMPARED`` tenants. Raises ``Unavailable`` while Redis
        is down or rebuilt.
        """
        found = self._store.named(unicodedata.normalize("NFC", part).strip(), MAX_COMPARED + 1)
        names = dict(list(found.items())[:MAX_COMPARED])
        counts = self._engine.counts_of([f"t:{tenant_id}" for tenant_id in names])
        tenants = [
            BusyTenant(tenant_id, name, from_counts(of))
            for (tenant_id, name), of in zip(names.items(), counts, strict=True)
        ]
        tenants.sort(key=lambda each: (-each.stats.pending - each.stats.running, each.name))
        return BusyTenants(tenants[:limit], len(names), len(found) == len(names))
