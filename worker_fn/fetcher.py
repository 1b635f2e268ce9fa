"""Claims ids from the queue, loads their records and passes jobs to the pool."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from redis.exceptions import RedisError

from chalicelib.domain import events
from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.jobs import TERMINAL, Job, JobStatus
from chalicelib.domain.lifecycle import burnt_retry
from chalicelib.errors import Unavailable
from chalicelib.queue.engine import Engine, Settlement
from worker_fn.attempt import Attempt
from worker_fn.leases import LeaseTable
from worker_fn.passing_on import PassingOn
from worker_fn.pool import Pool
from worker_fn.registration.registry import Task

if TYPE_CHECKING:
    from chalicelib.store.jobs import JobStore
    from chalicelib.telemetry.logger import Log
    from worker_fn.maintenance import Maintenance

#: Maximum number of jobs in one claim.
MAX_CLAIM: Final = 500
#: With more claimed jobs that are not settled, no more are claimed: MongoDB is behind.
MAX_HELD: Final = 3_000
#: Short jobs are claimed ahead for this time.
PREFETCH_S: Final = 0.05
#: A job claimed ahead that did not begin within this time is released: other workers may be free.
MAX_AHEAD_S: Final = 1.0
#: States of a leased job in which this worker only has to end the lease.
_ELSEWHERE: Final = TERMINAL | {JobStatus.PENDING, JobStatus.RETRYING, JobStatus.WAITING}


class Fetcher:
    """Claims in batches that fit recent run times: one job per free slot, and some ahead if jobs are short."""

    def __init__(
        self, *, engine: Engine, loader: ClaimLoader, pool: Pool, leases: LeaseTable, maintenance: Maintenance,
        clock: Clock, ids: Ids, grant_s: Callable[[Job], float | None], lose: Callable[[Attempt], None], log: Log,
        pool_name: str,
    ) -> None:  # fmt: skip
        self._pool_name = pool_name
        self._engine = engine
        self._loader = loader
        self._pool = pool
        self._leases = leases
        self._maintenance = maintenance
        self._clock = clock
        self._ids = ids
        self._grant_s = grant_s
        self._lose = lose
        self._log = log
        #: A claim whose records are not loaded yet, and whether anything was paused then.
        self._unread: tuple[list[str], str, bool] | None = None
        self._claimed_at = 0.0
        #: Whether the last claim left nothing ready.
        self.drained = False
        #: When a rate allows the next job that waits for it, by the last claim.
        self.next_token_ms: int | None = None
        #: Whether the last claim met a job with a rate, which must not be claimed ahead of a free slot.
        self._is_cut = False

    def want(self) -> int:
        """Return how many jobs to claim now."""
        room = MAX_HELD - len(self._leases)
        ahead, backlog = self._ahead(), self._pool.backlog
        free = max(0, self._pool.free)
        if free == 0 and (backlog > ahead // 2 or self._is_cut):
            return 0
        return max(0, min(free + ahead - backlog, MAX_CLAIM, room))

    def claim(self) -> tuple[LoadedClaim, str] | None:
        """Claim jobs and start them; return (the loaded claim, its token), ``None`` if nothing was ready.

        Raises ``QueueClosed`` and the errors of both clients; records that could not be read are read by the next call.
        """
        if self._unread is None:
            want = self.want()
            if want == 0:
                return None
            token = self._ids.token()
            claim = self._engine.claim(
                token, want, pool=self._pool_name, free=max(0, self._pool.free - self._pool.backlog)
            )
            self._maintenance.note_due(claim.next_due_ms)
            self.drained = claim.groups_left == 0
            self.next_token_ms, self._is_cut = claim.next_token_ms, claim.is_cut
            if claim.groups_left:
                self._maintenance.note_ready_left()
            if not claim.ids:
                return None
            for attempt in self._leases.hold(claim.ids, token):
                self._lose(attempt)
            self._unread = (claim.ids, token, claim.is_pausing)
        ids, token, is_pausing = self._unread
        loaded = self._loader.load(ids, token, self._grant_s, is_pausing=is_pausing)
        self._unread = None
        self._claimed_at = self._clock.monotonic()
        self._leases.attach([*loaded.attempts, *loaded.cancelled])
        self._leases.remove((job_id, token) for job_id in loaded.gone)
        self._pool.submit(loaded.attempts, low_water=self._ahead() // 2)
        return loaded, token

    def abandon(self) -> None:
        """Drop a claim whose records could not be read: its jobs did not begin, and their leases expire."""
        if self._unread is not None:
            ids, token, _ = self._unread
            self._unread = None
            self._leases.remove((job_id, token) for job_id in ids)

    def release_late(self) -> None:
        """Release jobs that wait too long in this worker, and wake another worker for them."""
        is_old = self._pool.backlog > 0 and self._clock.monotonic() - self._claimed_at > MAX_AHEAD_S
        late = [*(self._pool.remove_waiting() if is_old else []), *self._pool.remove_unstarted(MAX_AHEAD_S)]
        if late:
            self._release_attempts(late)
            self._maintenance.note_ready_left()

    def release_all(self) -> None:
        """Release all jobs that have not begun."""
        self._release_attempts(self._pool.remove_waiting() + self._pool.remove_unstarted())

    def release(self, leases: Sequence[tuple[Job, str]]) -> None:
        """Return jobs, each with its token, to their lanes."""
        try:
            self._loader.release(leases)
        except (Unavailable, RedisError):
            self._log.warning("could not release jobs; their leases will expire", event="release_failed")
        self._leases.remove((job.id, token) for job, token in leases)

    def _release_attempts(self, attempts: Sequence[Attempt]) -> None:
        self.release([(attempt.job, attempt.token) for attempt in attempts])

    def _ahead(self) -> int:
        """Return how many jobs to claim ahead, from recent run times."""
        run_s = self._pool.run_s
        if run_s is None:
            return 0
        return min(int(self._pool.concurrency * PREFETCH_S / max(run_s, 1e-6)), MAX_CLAIM)


class LoadedClaim(NamedTuple):
    """A claim with its records."""

    #: To be run, in the order of the claim.
    attempts: list[Attempt]
    #: Their cancellation was requested before they began.
    cancelled: list[Attempt]
    #: Do not fit into the rest of the invocation; still leased.
    unfit: list[Job]
    #: Not to be run; their leases ended, or will expire.
    gone: list[str]


class ClaimLoader:
    """Loads claimed jobs, each claim with one query."""

    def __init__(
        self, worker_id: str, store: JobStore, engine: Engine, *, tasks: Mapping[str, Task], passing_on: PassingOn
    ) -> None:
        self._worker_id = worker_id
        self._store = store
        self._engine = engine
        self._tasks = tasks
        self._passing_on = passing_on

    def load(
        self, ids: Sequence[str], token: str, grant_s: Callable[[Job], float | None], *, is_pausing: bool = False
    ) -> LoadedClaim:
        """Return attempts of claimed jobs; ``grant_s`` returns how long each may run, ``None`` if it does not fit.

        With ``is_pausing``, jobs whose tasks are paused are left out, and wait for the end of the pause. Raises
        ``PyMongoError`` if the records cannot be read; then nothing was changed.
        """
        found, unreadable = self._store.get_many(ids)
        jobs = {job.id: job for job in found}
        held = self._hold_paused(found, token) if is_pausing else set[str]()
        loaded = LoadedClaim([], [], [], [])
        missing: list[str] = []
        moved: list[tuple[Job, str]] = []
        foreign: list[tuple[Job, str]] = []
        for job_id in ids:
            job = jobs.get(job_id)
            if job_id in held:
                continue
            if job is None:
                missing.append(job_id)
            elif job.status is not JobStatus.PENDING:
                moved.append((job, token))
            elif job.cancel_requested:
                loaded.cancelled.append(Attempt(job, None, token, self._worker_id, job.timeout_s))
            elif job.task not in self._tasks and (pool := self._passing_on.pool_of(job)) is not None:
                foreign.append((job, pool))
            elif (granted_s := grant_s(job)) is None:
                loaded.unfit.append(job)
            else:
                loaded.attempts.append(Attempt(job, self._tasks.get(job.task), token, self._worker_id, granted_s))
        loaded.gone.extend([*missing, *held, *(job.id for job, _ in (*moved, *foreign))])
        self.settle_as_recorded(moved)
        self._passing_on.pass_on(foreign, token)
        if missing:
            self._quarantine(missing, set(unreadable), token)
        return loaded

    def _hold_paused(self, jobs: Sequence[Job], token: str) -> set[str]:
        """Let jobs wait whose tasks are paused; return their ids."""
        pending = [job for job in jobs if job.status is JobStatus.PENDING and not job.cancel_requested]
        paused = self._engine.paused_tasks({(job.tenant_id, job.task) for job in pending})
        held = [job for job in pending if (job.tenant_id, job.task) in paused]
        self._passing_on.hold(held, token)
        return {job.id for job in held}

    def settle_as_recorded(self, leases: Sequence[tuple[Job, str]]) -> None:
        """End leases (job as recorded, token) on jobs that changed while this worker leased them.

        The change could not be brought to Redis because of the lease, so it is done here. Readers drop events that
        were published before, by ``rev``.
        """
        settlements = [_recorded_settlement(job, token) for job, token in leases if job.status in _ELSEWHERE]
        if settlements:
            self._engine.settle(settlements)

    def release(self, leases: Sequence[tuple[Job, str]]) -> None:
        """Return jobs that have not begun to their lanes, with the tokens of their claims."""
        if leases:
            self._engine.settle([Settlement(job, token) for job, token in leases])

    def reconcile(self, leases: Mapping[str, str]) -> None:
        """Read jobs (id → token) that another process changed, and correct their leases."""
        found, _ = self._store.get_many(leases)
        self.settle_as_recorded([(job, leases[job.id]) for job in found])
        missing = set(leases) - {job.id for job in found}
        for job_id in missing:
            self._engine.drop([job_id], leases[job_id])

    def _quarantine(self, missing: Sequence[str], unreadable: set[str], token: str) -> None:
        """Quarantine ids without a readable record, so they are not claimed again."""
        for job_id in missing:
            why = "its record cannot be read" if job_id in unreadable else "it has no record"
            self._engine.quarantine.add(job_id, why)
        self._engine.drop(missing, token)


def _recorded_settlement(job: Job, token: str) -> Settlement:
    if job.status is JobStatus.PENDING:
        return Settlement(job, token)
    used_ms = job.last_run_ms
    unpublished = job.status is JobStatus.RETRYING and burnt_retry(job)
    return Settlement(job, token, events.moved(job, JobStatus.PENDING), "retries" if unpublished else "", used_ms)
