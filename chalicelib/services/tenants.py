"""Finding tenants, for operators."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.services.stats import Stats, from_counts

if TYPE_CHECKING:
    from chalicelib.queue.engine import Engine
    from chalicelib.store.tenants import TenantStore

#: Tenants that one answer compares, the newest.
MAX_COMPARED: Final = 2_000


@dataclass(frozen=True, slots=True)
class BusyTenant:
    """A tenant and how many jobs it has."""

    id: str
    name: str
    stats: Stats


@dataclass(frozen=True, slots=True)
class BusyTenants:
    """The busiest of those that match; ``total`` match, or more of them if it is not ``exact``."""

    tenants: list[BusyTenant]
    total: int
    exact: bool


class TenantService:
    """Lists all tenants; only operators may."""

    def __init__(self, store: TenantStore, engine: Engine) -> None:
        self._store = store
        self._engine = engine

    def busiest(self, part: str, limit: int) -> BusyTenants:
        """Tenants with ``part`` in their name, or as their id: those with most open jobs first, ``limit`` at most.

        One query, and one round trip to Redis for ``MAX_COMPARED`` tenants at most. Raises ``Unavailable`` while Redis
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
