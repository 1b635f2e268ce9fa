"""Metrics from the counts in Redis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.jobs import ACTIVE, JobStatus
from chalicelib.domain.principals import Principal, Scope
from chalicelib.services.stats import from_counts

if TYPE_CHECKING:
    from chalicelib.queue.engine import Engine
    from chalicelib.queue.totals import Totals
    from chalicelib.store.tenants import TenantStore


@dataclass(frozen=True, slots=True)
class Metrics:
    """``pending``, ``running``, ``dlq``, ``active``, ``waiting`` and ``total`` count jobs that exist now; the others
    only grow until a reset. The rates are percentages of the jobs that completed or died since then; 0 if none did.
    """

    total: int
    submitted: int
    pending: int
    running: int
    completed: int
    failed: int
    retries: int
    dlq: int
    #: Jobs counted against the active limit: pending, running and retrying.
    active: int
    #: Durable jobs that wait for a time, an event or another job; among the pending ones too.
    waiting: int
    rate_limit_hits: int

    @property
    def success_rate(self) -> float:
        """The share of ended jobs that completed, in percent."""
        return _percent(self.completed, self.completed + self.failed)

    @property
    def failure_rate(self) -> float:
        """The share of ended jobs that died, in percent."""
        return _percent(self.failed, self.completed + self.failed)


class MetricsService:
    """Reads and resets metrics. Raises ``Unavailable`` while Redis is down or being rebuilt."""

    def __init__(self, engine: Engine, totals: Totals, tenants: TenantStore) -> None:
        self._engine = engine
        self._totals = totals
        self._tenants = tenants

    def of(self, principal: Principal) -> Metrics:
        """Return the metrics of the caller's tenant; of all tenants for an operator."""
        return self.of_scope("all" if principal.may_read(Scope.ALL) else f"t:{principal.tenant_id}")

    def of_scope(self, scope: str = "all") -> Metrics:
        """Return the metrics of ``t:<tenant>`` or ``all``."""
        counts = self._engine.counts(scope)
        now = from_counts(counts)
        return Metrics(
            total=now.total,
            submitted=counts.get("submitted", 0),
            pending=now.pending,
            running=now.running,
            completed=counts.get("done", 0),
            failed=counts.get("failed", 0),
            retries=counts.get("retries", 0),
            dlq=now.failed,
            active=sum(max(0, counts.get(status.value, 0)) for status in ACTIVE),
            waiting=max(0, counts.get(JobStatus.WAITING.value, 0)),
            rate_limit_hits=counts.get("rate_hits", 0),
        )

    def reset(self) -> None:
        """Set all totals of every tenant to 0; counts of jobs that exist stay."""
        self._totals.reset(["all"])
        for tenant_ids in self._tenants.id_batches():
            self._totals.reset([f"t:{tenant_id}" for tenant_id in tenant_ids])


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0
