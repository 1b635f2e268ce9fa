"""The number of jobs per state, for the dashboard's cards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.filters import Whose, visibility
from chalicelib.domain.jobs import OPEN, JobStatus
from chalicelib.domain.principals import Principal, Scope

if TYPE_CHECKING:
    from chalicelib.queue.engine import Engine


@dataclass(frozen=True, slots=True)
class Stats:
    """Numbers of jobs. ``pending`` are all open ones that do not run; ``failed`` are those in the DLQ."""

    pending: int
    running: int
    completed: int
    failed: int
    total: int


class StatsService:
    """Counts from Redis, exact under parallel workers. Raises ``Unavailable`` while Redis is down or rebuilt."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def stats(self, principal: Principal, scope: Scope = Scope.OWN) -> Stats:
        """Return the jobs of ``scope`` per state. Raises ``Forbidden`` if the role does not include it."""
        return from_counts(self._engine.counts(counts_scope(principal, scope)))


def counts_scope(principal: Principal, scope: Scope) -> str:
    """Return the name of the counts of ``scope`` in Redis."""
    seen = visibility(principal, Whose(scope))
    if seen.tenant_id is None:
        return "all"
    return f"o:{seen.owner_id}" if seen.owner_id is not None else f"t:{seen.tenant_id}"


def from_counts(counts: dict[str, int]) -> Stats:
    """Return the cards' numbers from the counts per state."""
    per_state = {status: max(0, counts.get(status.value, 0)) for status in JobStatus}
    return Stats(
        pending=sum(per_state[status] for status in OPEN - {JobStatus.RUNNING}),
        running=per_state[JobStatus.RUNNING],
        completed=per_state[JobStatus.COMPLETED],
        failed=per_state[JobStatus.DLQ],
        total=sum(per_state.values()),
    )
