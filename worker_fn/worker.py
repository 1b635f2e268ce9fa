"""The drain loop: one worker, from its invocation until there is no work or its time is over.

One thread fetches jobs for the pool. Pool, group commit, heartbeat and maintenance send it messages, its *mail*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from chalicelib.domain.jobs import JobStatus, Outcome, iso
from chalicelib.domain.lifecycle import AttemptResult
from chalicelib.domain.pools import DEFAULT_POOL
from chalicelib.errors import QueueOutdated, Unavailable
from chalicelib.telemetry.logger import Log
from worker_fn.attempt import Attempt
from worker_fn.budget import Budget
from worker_fn.commit import GroupCommit
from worker_fn.completion import AttemptLog, Completion
from worker_fn.deliveries import DeliveryThread
from worker_fn.execution import interrupted
from worker_fn.fetcher import ClaimLoader, Fetcher
from worker_fn.heartbeat import Heartbeat
from worker_fn.idle import Idle
from worker_fn.lease_keeper import LeaseKeeper
from worker_fn.leases import LeaseTable
from worker_fn.mail import Mail, Mailbox
from worker_fn.maintenance import Maintenance
from worker_fn.masking import Masking
from worker_fn.membership import Membership
from worker_fn.outbox import OutboxThread
from worker_fn.passing_on import PassingOn
from worker_fn.pool import Pool
from worker_fn.process_state import ProcessState
from worker_fn.registration.registry import Task
from worker_fn.reports import Reports
from worker_fn.rollups import RollupCounter
from worker_fn.steps.on_demand import StepsOnDemand

if TYPE_CHECKING:
    from worker_fn.container import WorkerContainer
    from worker_fn.lease_keeper import Begun

#: How often an idle worker claims in case it missed a wake-up.
CHECK_S: Final = 1.0
#: Time for a task to react after its attempt was given up, before the process is recycled.
STUCK_GRACE_S: Final = 5.0
#: Time for running attempts to end when the worker is stopped.
STOP_GRACE_S: Final = 1.0
#: How long a worker waits for the databases when it starts.
JOIN_S: Final = 20.0
#: An idle worker ends after this time without Redis; the next tick starts another.
UNREACHABLE_S: Final = 60.0


class Departure(NamedTuple):
    """Why a worker ended, and whether its process may serve another event."""

    reason: str
    #: Attempts that were given up and still occupy threads; with any, the process must end.
    stuck: int = 0


class Worker:
    """One worker. ``run`` returns when it has left the fleet; ``stop`` may be called from a signal handler."""

    def __init__(
        self, container: WorkerContainer, tasks: Mapping[str, Task], *, remaining_s: Callable[[], float], log: Log,
        pool: str = DEFAULT_POOL,
    ) -> None:  # fmt: skip
        c, settings = container, container.settings
        self._pool_name = pool
        self.id: Final = f"w-{c.ids.object_id()}"
        self._settings = settings
        self._clock = c.clock
        self._log = log
        self._engine = c.engine
        self._rebuilder = c.rebuilder
        self._waker = c.waker
        self._budget = Budget(remaining_s)
        beat_s = settings.heartbeat_ms / 1000
        self._began_at = c.clock.now()
        self._mail = Mailbox()
        self._leases = LeaseTable()
        self._process_state = ProcessState(log)
        self._rollups = RollupCounter(c.rollups, log)
        masking = Masking(tasks, c.subscriptions)
        log.hide(masking.text)
        self._reports = Reports(
            logs=c.job_logs, jobs=c.job_store, event_log=c.event_log, masking=masking, clock=c.clock, log=log
        )
        self._maintenance = Maintenance(c.sweeper, c.waker, self._rollups, c.vitals, beat_s, c.clock, log, pool)
        self._engine.on_room = lambda: self._maintenance.note_due(0)
        self._lease_keeper = LeaseKeeper(self.id, settings, interval_s=beat_s, log=log)
        self._heartbeat = Heartbeat(c.fleet, self.id, self, self._lease_keeper, interval_s=beat_s, log=log)
        tracing = c.worker_tracing(self.id)
        self._outbox = OutboxThread(c.dispatcher)
        self._deliveries = DeliveryThread(
            c.webhook_sending, c.webhook_events, settings, c.clock, log, on_idle=self._wake_loop, tracing=tracing
        )
        self._steps = StepsOnDemand(c, masking, log)
        loader = ClaimLoader(self.id, c.job_store, c.engine, tasks=tasks, passing_on=PassingOn(c, pool, log))
        completion = Completion(
            leases=self._leases, reports=self._reports, attempt_log=AttemptLog(self.id, self._rollups, log, tracing),
            maintenance=self._maintenance, loader=loader, outbox=self._outbox, wake_loop=self._wake_loop,
            give_up=lambda attempt: self._pool.give_up(attempt, None), is_leaving=lambda: self._leaving is not None,
            log=log,
        )  # fmt: skip
        self._commit = GroupCommit(
            store=c.job_store, engine=c.engine, settings=settings, clock=c.clock, ids=c.ids, observer=completion,
            log=log,
        )  # fmt: skip
        self._pool = Pool(
            settings.job_concurrency, on_begin=self._began, on_finish=self._commit.finished,
            on_report=self._reports.note, on_slot=self._wake_loop, clock=c.clock, settings=settings, log=log,
            steps=self._steps, tracing=tracing, stored=lambda: c.stored_values, on_load=masking.read,
        )  # fmt: skip
        self._fetcher = Fetcher(
            engine=c.engine, loader=loader, pool=self._pool, leases=self._leases, maintenance=self._maintenance,
            clock=c.clock, ids=c.ids, grant_s=self._budget.grant_s, lose=self._lose, log=log, pool_name=pool,
        )  # fmt: skip
        self._unreachable_since: float | None = None
        self._stuck_since: float | None = None
        self._stop_at: float | None = None
        #: Why the worker stopped claiming.
        self._leaving: str | None = None
        self._handed_over = False
        self._membership = Membership(c.fleet, self.id, pool)
        self._idle = Idle(self._membership, settings.worker_linger_s, c.clock)

    # --- its life --------------------------------------------------------------------------------------------
    def run(self) -> Departure:
        """Run jobs until there are none, or the time is over."""
        slots = self._join_fleet()
        if slots is None:
            return Departure("the databases do not answer")
        if slots == 0:
            return Departure("the fleet is full")
        self._pool.concurrency = slots
        for part in (self._commit, self._reports, self._heartbeat, self._maintenance, self._deliveries):
            part.start()
        try:
            while self._step():
                pass
        finally:
            self._close()
        return Departure(self._leaving or "no work", self._pool.stuck)

    def _join_fleet(self) -> int | None:
        """Join the fleet once the queue is open; return the slots, ``None`` without an answer for ``JOIN_S``."""
        until = self._clock.monotonic() + min(JOIN_S, self._budget.total_s / 4)
        while True:
            try:
                self._rebuilder.ensure_open()
                return self._membership.join(self._settings.job_concurrency)
            except (Unavailable, RedisError, PyMongoError) as error:
                if self._clock.monotonic() >= until or isinstance(error, QueueOutdated):
                    self._log.error("no answer from the databases", event="join_failed", error=repr(error)[:500])
                    return None
                self._read_mail(0.1)

    def stop(self) -> None:
        """Stop as soon as possible, in order, because the process is about to end."""
        self._mail.post(Mail.STOP)

    def _step(self) -> bool:
        """Do one turn of the loop; return ``False`` if the worker may end."""
        self._pool.expire()
        self._watch()
        if self._leaving is not None:
            return self._wind_up()
        try:
            got = self._claim()
            if not got and self._is_over():
                return False
            wait_s = 0.0 if got else self._pause_s()
            self._unreachable_since = None
        except (Unavailable, RedisError, PyMongoError) as error:
            wait_s = self._unreachable_wait_s(error)
        self._read_mail(wait_s)
        return True

    def _close(self) -> None:
        self._commit.close(max(1.0, min(self._budget.remaining_s() - 0.5, self._settings.lease_ms / 1000)))
        for part in (self._heartbeat, self._steps, self._outbox, self._reports, self._maintenance):
            part.close()
        patience_s = self._deliveries.timeout_s if self._stop_at is None else STOP_GRACE_S
        self._deliveries.close(max(0.0, min(self._budget.remaining_s() - 1, patience_s)))
        self._pool.close()
        if self._is_idle():
            self._process_state.restore()
        try:
            self._membership.retire(force=True)
        except RedisError:
            self._log.warning("could not leave the fleet; the slots will expire", event="retire_failed")
        if self._leaving is not None and not self._handed_over:
            self._hand_over()

    # --- claiming --------------------------------------------------------------------------------------------
    def _claim(self) -> bool:
        """Claim jobs and start them; return whether there were any."""
        now = self._clock.monotonic()
        if self._membership.is_empty(now):
            return False
        if self._is_idle():
            self._process_state.restore()
        claimed = self._fetcher.claim()
        self._membership.note_empty(until=now + self._until_token_s() if self._fetcher.drained else 0.0)
        if claimed is None:
            return False
        loaded, token = claimed
        self._idle.end()
        for attempt in loaded.cancelled:
            self._end_unbegun(attempt)
        if loaded.unfit:
            self._fetcher.release([(job, token) for job in loaded.unfit])
            self._leave("a job needs more time than is left")
        return True

    def _is_idle(self) -> bool:
        """Return whether no task runs."""
        return len(self._leases) == 0 and self._pool.stuck == 0

    def _pause_s(self) -> float:
        """Return the seconds to wait for mail when there is nothing to claim."""
        waits = [self._until_token_s()]
        if self._fetcher.want() > 0:
            if not self._membership.listen(self._budget.remaining_s()):
                return 0.0  # jobs became ready meanwhile
        else:
            waits = [CHECK_S]
            self._membership.stop_listening()
            self._maintenance.note_due(self._fetcher.next_token_ms)  # another worker may have a slot then
        waits += [max(0.0, attempt.deadline - self._clock.monotonic()) for attempt in self._pool.active()]
        waits.append(self._idle.until_over_s())
        return max(0.001, min(waits))

    def _until_token_s(self) -> float:
        """Return the seconds until a rate allows the next job, at most ``CHECK_S``."""
        token_ms = self._fetcher.next_token_ms
        return CHECK_S if token_ms is None else min(CHECK_S, max(0.0, (token_ms - self._clock.now_ms()) / 1000))

    def _is_over(self) -> bool:
        """Return whether there is nothing to do and nothing to wait for."""
        if self._is_idle() and self._maintenance.has_swept and self._deliveries.is_idle:
            return self._idle.leave()
        self._idle.end()
        return False

    def _unreachable_wait_s(self, error: Exception) -> float:
        """Return how long to wait when a server does not answer. Heartbeat and maintenance log the error."""
        now = self._clock.monotonic()
        if isinstance(error, Unavailable):
            if self._rebuilder.is_outdated():
                self._stop_at = now
                self._leave("the queue is a newer version's", successor=False)
            self._maintenance.sweep_soon()
        if self._unreachable_since is None:
            self._unreachable_since = now
        self._membership.ended()
        if len(self._leases) == 0 and now - self._unreachable_since > UNREACHABLE_S:
            self._leave("the databases do not answer", successor=False)
        return min(0.5, 0.02 + (now - self._unreachable_since) / 4)

    # --- leaving ---------------------------------------------------------------------------------------------
    def _watch(self) -> None:
        """Check for reasons to end, and release jobs that wait too long in this worker."""
        now = self._clock.monotonic()
        if self._pool.stuck == 0:
            self._stuck_since = None
        elif self._stuck_since is None:
            self._stuck_since = now
        elif now - self._stuck_since > STUCK_GRACE_S:
            self._leave("a task that was given up does not end")
            self._pool.interrupt_blocked()
        if self._budget.is_nearly_spent():
            self._leave("the invocation's time is nearly over")
        self._fetcher.release_late()

    def _leave(self, reason: str, *, successor: bool = True) -> None:
        """Stop claiming; running attempts may end. A successor is started unless there is no work for one."""
        if self._leaving is not None:
            return
        self._leaving = reason
        self._log.info("the worker stops claiming", event="leaving", worker=self.id, reason=reason)
        self._handed_over = not successor
        self._fetcher.release_all()
        running = len(self._pool.active())
        if running and successor:  # the successor may have the other slots now
            try:
                self._membership.stop_listening()
                self._pool.concurrency = max(self._membership.join(running), 1)
                self._hand_over()
            except (Unavailable, RedisError) as error:
                self._log.warning("could not share slots with a successor", event="handover_failed", error=str(error))

    def _wind_up(self) -> bool:
        """Do one turn of ending; return ``False`` when everything is written."""
        self._fetcher.abandon()
        if len(self._leases) == 0:
            return False
        now = self._clock.monotonic()
        late = self._stop_at is not None and now >= self._stop_at
        if late or self._budget.is_in_reserve(1 / 2):
            for attempt in self._pool.active():
                self._pool.give_up(attempt, interrupted(self._clock.now()))
            if self._budget.is_in_reserve(1 / 4) or (late and now - (self._stop_at or now) > STOP_GRACE_S):
                return False
        self._read_mail(0.02)
        return True

    def _hand_over(self) -> None:
        self._handed_over = True
        self._waker.wake_worker("handover", self._pool_name)

    # --- mail ------------------------------------------------------------------------------------------------
    def _read_mail(self, wait_s: float) -> None:
        for mail in self._mail.read(wait_s):
            self._handle(mail)

    def _handle(self, mail: Mail) -> None:
        if mail is Mail.STOP:
            self._stop_at = self._clock.monotonic() + STOP_GRACE_S
            self._leave("the process is being stopped")
        elif mail is Mail.REJOIN and self._leaving is None:
            self._rejoin()

    def _rejoin(self) -> None:
        try:
            slots = self._membership.join(self._settings.job_concurrency)
        except (Unavailable, RedisError):
            return
        if slots == 0:
            self._leave("its slots went to others", successor=False)
        else:
            self._pool.concurrency = slots

    # --- from the threads of the other parts -----------------------------------------------------------------
    def _began(self, attempt: Attempt) -> None:
        self._lease_keeper.began(attempt.job.id, attempt.token, attempt.deadline)
        self._commit.began(attempt)

    def _wake_loop(self) -> None:
        """Make the drain loop check for work again."""
        self._mail.post(Mail.WAKE)

    def woken(self) -> None:
        self._membership.ended()
        self._wake_loop()

    def closed(self) -> None:
        self._maintenance.sweep_soon()

    def lapsed(self) -> None:
        self._mail.post(Mail.REJOIN)

    def about(self) -> Mapping[str, Any]:
        return {
            "pool": self._pool_name, "startedAt": iso(self._began_at), "lastSeen": iso(self._clock.now()),
            "concurrency": self._pool.concurrency, "running": len(self._pool.active()),
        }  # fmt: skip

    def leases(self) -> dict[str, str]:
        if self._pool.concurrency < self._settings.job_concurrency:
            self._mail.post(Mail.REJOIN)  # other workers may have released slots
        return self._leases.tokens()

    def begun(self) -> list[Begun]:
        return self._leases.begun()

    def cancel(self, job_id: str) -> None:
        attempt = self._leases.attempt(job_id)
        if attempt is None:
            return
        if self._pool.drop(attempt):
            self._end_unbegun(attempt)
        else:
            self._pool.give_up(attempt, AttemptResult(Outcome.CANCELLED, self._clock.now()))

    def _end_unbegun(self, attempt: Attempt) -> None:
        if attempt.end(AttemptResult(Outcome.CANCELLED, self._clock.now())):
            self._commit.finished(attempt)

    def lost(self, job_id: str, token: str) -> None:
        attempt = self._leases.attempt(job_id, token)
        if attempt is not None:
            if attempt.result is not None and attempt.job.status is not JobStatus.RUNNING:
                return  # it was settled during the heartbeat
            self._lose(attempt)
        self._leases.remove([(job_id, token)])

    def _lose(self, attempt: Attempt) -> None:
        self._pool.drop(attempt)
        if self._pool.give_up(attempt, None):
            self._log.warning("lost a lease", event="lease_lost", jobId=attempt.job.id, traceId=attempt.job.trace_id)
