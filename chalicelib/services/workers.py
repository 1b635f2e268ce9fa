"""Live workers and the leases they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.jobs import from_ms
from chalicelib.domain.principals import Principal

if TYPE_CHECKING:
    from chalicelib.queue.engine import Engine
    from chalicelib.queue.fleet import Fleet
    from chalicelib.store.job_search import JobSearch, Leased

#: Maximum number of leases read, the next to expire first.
MAX_LEASES: Final = 1_000


@dataclass(frozen=True, slots=True)
class HeldJob:
    """A job that a worker runs, and the end of its lease."""

    job_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker, as of its last heartbeat. ``running`` counts all its jobs; ``leases`` only what the caller may see."""

    id: str
    #: The pool that it serves.
    pool: str
    #: ISO 8601, as written by the worker.
    started_at: str | None
    last_seen: str | None
    concurrency: int
    running: int
    leases: list[HeldJob]


@dataclass(frozen=True, slots=True)
class PoolTally:
    """The live workers of a pool, their slots, and how many of these are in use."""

    pool: str
    workers: int
    slots: int
    running: int


class WorkerService:
    """Lists all workers for everyone; their jobs only as far as the caller may read them."""

    def __init__(self, engine: Engine, fleet: Fleet, search: JobSearch) -> None:
        self._engine = engine
        self._fleet = fleet
        self._search = search

    def list(self, principal: Principal) -> list[Worker]:
        """Return live workers, by id."""
        leases = {job_id: ends for job_id, ends, _ in self._engine.leases(MAX_LEASES)}
        held: dict[str, list[HeldJob]] = {}
        for job in self._search.leased(list(leases)):
            if _visible(principal, job):
                lease = HeldJob(job.job_id, from_ms(leases[job.job_id]))
                held.setdefault(job.worker_id, []).append(lease)
        return [_worker(about, held.get(about["id"], [])) for about in self._fleet.workers()]

    def tallies(self, pools: Sequence[str]) -> Sequence[PoolTally]:
        """Return the tally of each pool, and of others that still have workers."""
        found = self._fleet.workers()
        names = [*pools, *sorted({about["pool"] for about in found} - set(pools))]
        return [_tally(pool, [about for about in found if about["pool"] == pool]) for pool in names]


def _tally(pool: str, workers: Sequence[dict[str, Any]]) -> PoolTally:
    running = sum(int(about.get("running", 0)) for about in workers)
    return PoolTally(pool, len(workers), sum(about["slots"] for about in workers), running)


def _visible(principal: Principal, job: Leased) -> bool:
    return principal.may_read(principal.scope_of(job.tenant_id, job.owner_id))


def _worker(about: dict[str, Any], leases: list[HeldJob]) -> Worker:
    return Worker(
        id=about["id"],
        pool=about["pool"],
        started_at=about.get("startedAt"),
        last_seen=about.get("lastSeen"),
        concurrency=int(about["slots"]),
        running=int(about.get("running", len(leases))),
        leases=sorted(leases, key=lambda lease: lease.expires_at),
    )
