"""How much to claim, and the way of a claim into the pool."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from redis.exceptions import RedisError

from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.jobs import Job
from chalicelib.errors import Unavailable
from chalicelib.queue.engine import Engine
from worker_fn.admit import Admission, Admitted
from worker_fn.holdings import Holdings
from worker_fn.pool import Pool
from worker_fn.run import Run

if TYPE_CHECKING:
    from chalicelib.telemetry.logger import Log
    from worker_fn.upkeep import Upkeep

#: Most jobs claimed at once.
MAX_CLAIM: Final = 500
#: Jobs claimed and not yet settled, above which no more are claimed: MongoDB is behind.
MAX_HELD: Final = 3_000
#: Short jobs are claimed ahead for so long.
PREFETCH_S: Final = 0.05
#: A job claimed ahead that could not begin within this time goes back: others may be free.
MAX_AHEAD_S: Final = 1.0


class Claiming:
    """Claims in batches that fit the run time of late: one job for each free slot, and some ahead of short ones."""

    def __init__(
        self, *, engine: Engine, admission: Admission, pool: Pool, holdings: Holdings, upkeep: Upkeep, clock: Clock,
        ids: Ids, grant_s: Callable[[Job], float | None], lose: Callable[[Run], None], log: Log,
    ) -> None:  # fmt: skip
        self._engine = engine
        self._admission = admission
        self._pool = pool
        self._holdings = holdings
        self._upkeep = upkeep
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
        room = MAX_HELD - len(self._holdings)
        ahead, backlog = self._ahead(), self._pool.backlog
        free = max(0, self._pool.free)
        if free == 0 and backlog > ahead // 2:
            return 0
        return max(0, min(free + ahead - backlog, MAX_CLAIM, room))

    def claim(self) -> tuple[Admitted, str] | None:
        """Claim what fits, and start it; (what became of it, its token), ``None`` when there was nothing.

        Raises ``QueueClosed`` and the errors of both clients; records that could not be read are read next time.
        """
        if self._unread is None:
            want = self.want()
            if want == 0:
                return None
            token = self._ids.token()
            claim = self._engine.claim(token, want)
            self._upkeep.note_due(claim.next_due_ms)
            self.drained = claim.lanes_left == 0
            if claim.lanes_left:
                self._upkeep.note_left()
            if not claim.ids:
                return None
            for run in self._holdings.hold(claim.ids, token):
                self._lose(run)
            self._unread = (claim.ids, token)
        ids, token = self._unread
        admitted = self._admission.admit(ids, token, self._grant_s)
        self._unread = None
        self._claimed_at = self._clock.monotonic()
        self._holdings.attach([*admitted.runs, *admitted.cancelled])
        self._holdings.let_go((job_id, token) for job_id in admitted.gone)
        self._pool.submit(admitted.runs, low_water=self._ahead() // 2)
        return admitted, token

    def abandon(self) -> None:
        """Let go of what was claimed and could not be read: nobody began it, its leases run out."""
        if self._unread is not None:
            ids, token = self._unread
            self._unread = None
            self._holdings.let_go((job_id, token) for job_id in ids)

    def give_back_late(self) -> None:
        """Put jobs back that wait here for too long, and have another worker rung for them."""
        is_old = self._pool.backlog > 0 and self._clock.monotonic() - self._claimed_at > MAX_AHEAD_S
        late = [*(self._pool.take_back() if is_old else []), *self._pool.take_back_handed(MAX_AHEAD_S)]
        if late:
            self._give_back_runs(late)
            self._upkeep.note_left()

    def give_back_all(self) -> None:
        """Put back what did not begin."""
        self._give_back_runs(self._pool.take_back() + self._pool.take_back_handed())

    def give_back(self, leases: Sequence[tuple[Job, str]]) -> None:
        """Put jobs, each with its token, back to their places."""
        try:
            self._admission.release(leases)
        except (Unavailable, RedisError):
            self._log.warning("could not put jobs back; their leases will run out", event="release_failed")
        self._holdings.let_go((job.id, token) for job, token in leases)

    def _give_back_runs(self, runs: Sequence[Run]) -> None:
        self.give_back([(run.job, run.token) for run in runs])

    def _ahead(self) -> int:
        """How many jobs to have claimed ahead, by the run time of late."""
        run_s = self._pool.run_s
        if run_s is None:
            return 0
        return min(int(self._pool.concurrency * PREFETCH_S / max(run_s, 1e-6)), MAX_CLAIM)
