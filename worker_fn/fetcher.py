"""Fetch work: claim ids from the queue, load their records, and hand what can be run to the pool."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from redis.exceptions import RedisError

from chalicelib.domain import events
from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.jobs import TERMINAL, Job, JobStatus
from chalicelib.domain.lifecycle import burnt_retry
from chalicelib.errors import Unavailable
from chalicelib.queue.engine import Engine, Settlement
from worker_fn.attempt import Attempt
from worker_fn.leases import LeaseTable
from worker_fn.pool import Pool
from worker_fn.registration.registry import Task

if TYPE_CHECKING:
    from chalicelib.store.jobs import JobStore
    from chalicelib.telemetry.logger import Log
    from worker_fn.maintenance import Maintenance

#: Most jobs claimed at once.
MAX_CLAIM: Final = 500
#: Jobs claimed and not yet settled, above which no more are claimed: MongoDB is behind.
MAX_HELD: Final = 3_000
#: Short jobs are claimed ahead for so long.
PREFETCH_S: Final = 0.05
#: A job claimed ahead that could not begin within this time goes back: others may be free.
MAX_AHEAD_S: Final = 1.0
#: States in which a job may be found whose lease is ours, though nothing of ours is to be done.
_ELSEWHERE: Final = TERMINAL | {JobStatus.PENDING, JobStatus.RETRYING}


class Fetcher:
    """Claims in batches that fit the run time of late: one job for each free slot, and some ahead of short ones."""

    def __init__(
        self, *, engine: Engine, loader: ClaimLoader, pool: Pool, leases: LeaseTable, maintenance: Maintenance,
        clock: Clock, ids: Ids, grant_s: Callable[[Job], float | None], lose: Callable[[Attempt], None], log: Log,
    ) -> None:  # fmt: skip
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
        #: A claim whose records could not be read yet.
        self._unread: tuple[list[str], str] | None = None
        self._claimed_at = 0.0
        #: Whether the last claim left nothing ready.
        self.drained = False

    def want(self) -> int:
        """How many jobs to claim now."""
        room = MAX_HELD - len(self._leases)
        ahead, backlog = self._ahead(), self._pool.backlog
        free = max(0, self._pool.free)
        if free == 0 and backlog > ahead // 2:
            return 0
        return max(0, min(free + ahead - backlog, MAX_CLAIM, room))

    def claim(self) -> tuple[LoadedClaim, str] | None:
        """Claim what fits, and start it; (what became of it, its token), ``None`` when there was nothing.

        Raises ``QueueClosed`` and the errors of both clients; records that could not be read are read next time.
        """
        if self._unread is None:
            want = self.want()
            if want == 0:
                return None
            token = self._ids.token()
            claim = self._engine.claim(token, want)
            self._maintenance.note_due(claim.next_due_ms)
            self.drained = claim.lanes_left == 0
            if claim.lanes_left:
                self._maintenance.note_left()
            if not claim.ids:
                return None
            for attempt in self._leases.hold(claim.ids, token):
                self._lose(attempt)
            self._unread = (claim.ids, token)
        ids, token = self._unread
        loaded = self._loader.load(ids, token, self._grant_s)
        self._unread = None
        self._claimed_at = self._clock.monotonic()
        self._leases.attach([*loaded.attempts, *loaded.cancelled])
        self._leases.let_go((job_id, token) for job_id in loaded.gone)
        self._pool.submit(loaded.attempts, low_water=self._ahead() // 2)
        return loaded, token

    def abandon(self) -> None:
        """Let go of what was claimed and could not be read: nobody began it, its leases run out."""
        if self._unread is not None:
            ids, token = self._unread
            self._unread = None
            self._leases.let_go((job_id, token) for job_id in ids)

    def give_back_late(self) -> None:
        """Put jobs back that wait here for too long, and have another worker woken for them."""
        is_old = self._pool.backlog > 0 and self._clock.monotonic() - self._claimed_at > MAX_AHEAD_S
        late = [*(self._pool.take_back() if is_old else []), *self._pool.take_back_handed(MAX_AHEAD_S)]
        if late:
            self._give_back_attempts(late)
            self._maintenance.note_left()

    def give_back_all(self) -> None:
        """Put back what did not begin."""
        self._give_back_attempts(self._pool.take_back() + self._pool.take_back_handed())

    def give_back(self, leases: Sequence[tuple[Job, str]]) -> None:
        """Put jobs, each with its token, back to their places."""
        try:
            self._loader.release(leases)
        except (Unavailable, RedisError):
            self._log.warning("could not put jobs back; their leases will run out", event="release_failed")
        self._leases.let_go((job.id, token) for job, token in leases)

    def _give_back_attempts(self, attempts: Sequence[Attempt]) -> None:
        self.give_back([(attempt.job, attempt.token) for attempt in attempts])

    def _ahead(self) -> int:
        """How many jobs to have claimed ahead, by the run time of late."""
        run_s = self._pool.run_s
        if run_s is None:
            return 0
        return min(int(self._pool.concurrency * PREFETCH_S / max(run_s, 1e-6)), MAX_CLAIM)


@dataclass(frozen=True, slots=True)
class LoadedClaim:
    """What became of a claim."""

    #: To be run, in the order of the claim.
    attempts: list[Attempt]
    #: Asked to be cancelled before they began.
    cancelled: list[Attempt]
    #: Do not fit into what is left of the invocation; still leased.
    unfit: list[Job]
    #: Nothing is to be done; their leases ended, or will run out.
    gone: list[str]


class ClaimLoader:
    """Loads claimed jobs, each claim with one query."""

    def __init__(self, worker_id: str, *, store: JobStore, engine: Engine, tasks: Mapping[str, Task]) -> None:
        self._worker_id = worker_id
        self._store = store
        self._engine = engine
        self._tasks = tasks

    def load(self, ids: Sequence[str], token: str, grant_s: Callable[[Job], float | None]) -> LoadedClaim:
        """Make runs of claimed jobs; ``grant_s`` says how long each may run, ``None`` when it does not fit.

        Raises PyMongo's errors when the records cannot be read; then nothing was done.
        """
        found, unreadable = self._store.get_many(ids)
        jobs = {job.id: job for job in found}
        loaded = LoadedClaim([], [], [], [])
        missing: list[str] = []
        moved: list[tuple[Job, str]] = []
        for job_id in ids:
            job = jobs.get(job_id)
            if job is None:
                missing.append(job_id)
            elif job.status is not JobStatus.PENDING:
                moved.append((job, token))
            elif job.cancel_requested:
                loaded.cancelled.append(Attempt(job, None, token, self._worker_id, job.timeout_s))
            elif (granted_s := grant_s(job)) is None:
                loaded.unfit.append(job)
            else:
                loaded.attempts.append(Attempt(job, self._tasks.get(job.task), token, self._worker_id, granted_s))
        loaded.gone.extend([*missing, *(job.id for job, _ in moved)])
        self.put_right(moved)
        if missing:
            self._set_aside(missing, set(unreadable), token)
        return loaded

    def put_right(self, leases: Sequence[tuple[Job, str]]) -> None:
        """End leases (job as recorded, token) on jobs that moved on while we held them.

        The step that moved them could not tell Redis, for the lease was in its way: so this tells. Events that
        were published before are dropped by their readers, who compare ``rev``.
        """
        settlements = [_as_recorded(job, token) for job, token in leases if job.status in _ELSEWHERE]
        if settlements:
            self._engine.settle(settlements)

    def release(self, leases: Sequence[tuple[Job, str]]) -> None:
        """Put jobs that were not begun back to their places, under the tokens they were claimed with."""
        if leases:
            self._engine.settle([Settlement(job, token) for job, token in leases])

    def reconcile(self, leases: Mapping[str, str]) -> None:
        """Look up jobs (id → token) whose records another changed, and put their leases right."""
        found, _ = self._store.get_many(leases)
        self.put_right([(job, leases[job.id]) for job in found])
        missing = set(leases) - {job.id for job in found}
        for job_id in missing:
            self._engine.drop([job_id], leases[job_id])

    def _set_aside(self, missing: Sequence[str], unreadable: set[str], token: str) -> None:
        """Quarantine what has no record, or none that can be read, so that it comes up no more."""
        for job_id in missing:
            why = "its record cannot be read" if job_id in unreadable else "it has no record"
            self._engine.quarantine.add(job_id, why)
        self._engine.drop(missing, token)


def _as_recorded(job: Job, token: str) -> Settlement:
    if job.status is JobStatus.PENDING:
        return Settlement(job, token)
    unpublished = job.status is JobStatus.RETRYING and burnt_retry(job)
    return Settlement(job, token, events.moved(job, JobStatus.PENDING), "retries" if unpublished else "")
