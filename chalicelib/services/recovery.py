"""Recovery: mends what crashes leave between MongoDB and Redis.

- Leases that ran out: the job is taken over and the lost attempt recorded (``recover_lost``).
- Jobs whose wait is over: pending, in both stores (``promote_due``).
- Changes written to MongoDB whose script never ran: their intents tell (``settle_intents``), deletions' tombstones
  (``settle_deletions``), the record of paused queues (``settle_pauses``).
- Jobs that are open in MongoDB and nowhere in Redis, or places and counts that do not fit: ``CensusService``.
- A Redis that lost the queue: ``QueueKeeper``.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Final

from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.events import Event, EventType, created, deleted, moved
from chalicelib.domain.jobs import Job, JobStatus, iso
from chalicelib.domain.lifecycle import burnt_retry, lost, lost_unstarted, promoted
from chalicelib.queue.engine import Engine, Settlement
from chalicelib.queue.intents import Intent, What, licence
from chalicelib.services.census import CensusService
from chalicelib.services.keeper import QueueKeeper
from chalicelib.services.waker import Waker
from chalicelib.settings import Settings
from chalicelib.store.jobs import JobStore
from chalicelib.store.queues import QueueStore
from chalicelib.telemetry.logger import JobEvent, Log

BATCH: Final = 200
#: Owners with jobs held back that one script looks at.
HELD_OWNERS: Final = 100
#: Batches of one kind that one call handles; what is left is the next call's.
MAX_BATCHES: Final = 50
#: An intent this old belongs to a call that died: API Gateway ends a call after 29 s, ours take far less.
INTENT_OVERDUE_MS: Final = 30_000
#: How long a deletion is remembered in MongoDB: beyond any call, and beyond what a restarted Redis may have lost.
TOMBSTONE_S: Final = 120


class Recovery:
    """Finds and mends. Every step is safe to repeat and to run in several processes at once."""

    def __init__(
        self,
        *,
        keeper: QueueKeeper,
        engine: Engine,
        waker: Waker,
        store: JobStore,
        queues: QueueStore,
        census: CensusService,
        settings: Settings,
        clock: Clock,
        ids: Ids,
        log: Log,
    ) -> None:
        self._keeper = keeper
        self._engine = engine
        self._waker = waker
        self._store = store
        self._queues = queues
        self._census = census
        self._settings = settings
        self._clock = clock
        self._ids = ids
        self._log = log
        self._promoting = threading.Lock()

    def sweep(self) -> int:
        """Mend everything; how many jobs were. Each minute and at the start of a worker. Raises ``QueueClosed``."""
        self._keeper.ensure_open()
        self.release_held()
        mended = self.catch_up() + self.settle_intents() + self.settle_deletions() + self.settle_pauses()
        mended += self._census.check_page() + self._census.check()
        self._keeper.raise_mark()
        return mended

    def catch_up(self) -> int:
        """Recover lost jobs and promote due ones; how many. Cheap: for when ``Claim.next_due_ms`` has come.

        Also rings connection managers that are missed.
        """
        self._waker.wake_managers()
        return self.recover_lost() + self.promote_due()

    # --- leases that ran out ---------------------------------------------------------------------------------
    def recover_lost(self) -> int:
        """Take over leases that ran out: record the lost attempt, then retry, cancel or give up the job."""
        token, count = self._ids.token(), 0
        for _ in range(MAX_BATCHES):
            taken = self._engine.take_over(token, BATCH)
            if not taken:
                break
            jobs, unreadable = self._store.get_many(taken)
            self._drop([*unreadable, *(set(taken) - {job.id for job in jobs} - set(unreadable))], token)
            settled = self._settle_taken(jobs, token, taken)
            if any(job.status is JobStatus.PENDING for job in settled):
                self._waker.check()
            count += len(settled)
        return count

    def _drop(self, ids: Sequence[str], token: str) -> None:
        for job_id in ids:
            self._engine.quarantine.add(job_id, "a lease without a readable job")
        if ids:
            self._engine.drop(ids, token)

    def _settle_taken(self, jobs: Sequence[Job], token: str, begun: dict[str, bool]) -> list[Job]:
        """Write the loss of each job that has not ended meanwhile, then tell Redis what became of all of them."""
        hurt = [job for job in jobs if _is_lost(job, begun[job.id])]
        changed = [(job, self._lose(job)) for job in hurt]
        won = self._store.advance([(old.rev, new) for old, new in changed])
        ends = [
            Settlement(new, token, _events(old, new, told=begun[old.id]), _counter(new.retry_count > old.retry_count))
            for (old, new), mine in zip(changed, won, strict=True)
            if mine
        ]
        # others moved on after their lease ran out and before that was told
        ends += [
            Settlement(job, token, moved(job, JobStatus.RUNNING), _counter(_burnt_untold(job, begun[job.id])))
            for job in jobs
            if job not in hurt
        ]
        if ends:
            self._engine.settle(ends)
        for end in ends:
            if end.job.status is JobStatus.DLQ:
                self._log.job(JobEvent.DLQ, end.job, error="WorkerLost")
        return [end.job for end in ends]

    def _lose(self, job: Job) -> Job:
        now = self._clock.now()
        if job.status is JobStatus.PENDING:
            return lost_unstarted(job, "unknown", now)
        return lost(job, now, base_s=self._settings.retry_backoff_base_s, random=self._ids.random())

    # --- waits that are over ---------------------------------------------------------------------------------
    def promote_due(self) -> int:
        """Make due jobs pending in MongoDB, then in Redis; rings a worker if none listens."""
        count = 0
        for _ in range(MAX_BATCHES):
            due = self._engine.due(self._clock.now_ms(), BATCH)
            jobs, unreadable = self._store.get_many(due, light=True)
            gone = [*unreadable, *(set(due) - {job.id for job in jobs})]
            self._engine.discard_waiting(gone)
            held = self._hold(jobs, due)
            moved_on = self._promote([job for job in jobs if job.id not in held], due)
            count += moved_on
            if moved_on + len(gone) + len(held) == 0:
                break
        return count

    def make_room(self) -> None:
        """Promote jobs that were held back, now that others ended; unless that is going on in this process.

        Never fails: they are due, so whoever looks next promotes them.
        """
        if not self._promoting.acquire(blocking=False):
            return
        try:
            self.promote_due()
        except Exception as error:
            self._log.warning("could not promote", event="promote_failed", error=repr(error)[:500])
        finally:
            self._promoting.release()

    def release_held(self) -> int:
        """Let jobs that are held back fall due where their owners have room, whatever made it; how many."""
        count, owner = 0, ""
        for _ in range(MAX_BATCHES):
            released, owner = self._engine.unhold(owner, HELD_OWNERS, BATCH)
            count += released
            if not owner:
                break
        return count

    def _hold(self, jobs: Sequence[Job], due: Mapping[str, int]) -> set[str]:
        """The scheduled ones of ``jobs`` whose owners have all active jobs allowed. They stay scheduled."""
        now = self._clock.now()
        waiting = [job for job in jobs if job.status is JobStatus.SCHEDULED and job.ready_at <= now]
        places = self._engine.reserve(waiting, [due[job.id] for job in waiting])
        return {job.id for job, place in zip(waiting, places, strict=True) if not place}

    def _promote(self, jobs: Sequence[Job], due: Mapping[str, int]) -> int:
        """Move ``jobs`` out of the waits that ended at ``due``; how many."""
        now = self._clock.now()
        waiting = [job for job in jobs if job.status in {JobStatus.SCHEDULED, JobStatus.RETRYING}]
        ahead = [(job, promoted(job, now)) for job in waiting if job.ready_at <= now]
        won = self._store.advance([(old.rev, new) for old, new in ahead])
        ready = [(new, moved(new, old.status)) for (old, new), mine in zip(ahead, won, strict=True) if mine]
        # moved on already: somebody's script for it did not run
        beyond = {JobStatus.PENDING, JobStatus.RUNNING}
        ready += [(job, moved(job, JobStatus.RETRYING)) for job in jobs if job.status in beyond]
        count = self._remove_ended([job for job in jobs if not job.status.is_open])
        if ready:
            waits = [due[job.id] for job, _ in ready]
            done = self._engine.promote([job for job, _ in ready], waits, [events for _, events in ready])
            count += done.added
            if done.ring:
                self._waker.wake_worker()
        return count

    def _remove_ended(self, jobs: Sequence[Job]) -> int:
        return sum(self._engine.withdraw(jobs, [moved(job, JobStatus.PENDING) for job in jobs])) if jobs else 0

    # --- changes that stopped half-way -----------------------------------------------------------------------
    def settle_intents(self) -> int:
        """Finish changes whose caller died between MongoDB and Redis."""
        before = self._clock.now_ms() - INTENT_OVERDUE_MS
        texts = self._engine.overdue_intents(before, BATCH * 5)
        intents = [intent for intent in (Intent.parse(text.decode(errors="replace")) for text in texts) if intent]
        jobs, _ = self._store.get_many({intent.job_id for intent in intents}, light=True)
        asked = {intent.job_id for intent in intents if intent.what is What.CANCEL}
        done = self._remove_ended([job for job in jobs if job.status is JobStatus.CANCELLED])
        still_open = [job for job in jobs if job.status.is_open]
        done += self._bring_in(still_open, {intent.text for intent in intents})
        done += self._keeper.requeue(still_open)
        for job in jobs:
            if job.id in asked and job.cancel_requested and job.lease is not None:
                done += self._engine.stop(job.id, job.lease.worker_id)
        self._engine.clear_intents(texts)
        return done

    def _bring_in(self, jobs: Sequence[Job], noted: Collection[str]) -> int:
        """Queue jobs whose own licence is still among the notes; how many.

        A redriven job may seem to be queued, by the lease of the attempt before it: whoever is late to tell of that
        attempt's end would take the job out, unless its licence was used up before.
        """
        licensed = [job for job in jobs if licence(job).text in noted]
        if not licensed:
            return 0
        came = self._engine.enqueue(licensed, [_told_late(job) for job in licensed])
        if came.ring:
            self._waker.wake_worker()
        return came.added

    def settle_deletions(self) -> int:
        """Take deleted jobs out of the counts whose caller died before it did."""
        old = self._clock.now() - timedelta(seconds=TOMBSTONE_S)
        jobs = self._store.tombstones(old, BATCH * 5)
        if not jobs:
            return 0
        done = self._engine.forget(jobs, [[deleted(job)] for job in jobs])
        self._store.bury([job.id for job in jobs])
        return done

    def settle_pauses(self) -> int:
        """Make the paused lanes in Redis those of the record."""
        wanted, held = set(self._queues.paused_lanes()), self._engine.paused_lanes()
        for name in wanted ^ held:
            tenant, _, queue = name.partition("/")
            data = {"name": queue, "paused": name in wanted, "at": iso(self._clock.now())}
            told = Event(EventType.QUEUE_UPDATED, tenant, "", data, self._clock.now())
            _, ring = self._engine.pause(tenant, queue, paused=name in wanted, events=[told])
            if ring:
                self._waker.wake_worker()
        return len(wanted ^ held)


def _is_lost(job: Job, begun: bool) -> bool:
    """Whether the holder of a lease that ran out was still to start or to end ``job``; else others moved it on."""
    return job.status is JobStatus.RUNNING or (job.status is JobStatus.PENDING and not begun)


def _counter(burnt: bool) -> str:
    return "retries" if burnt else ""


def _burnt_untold(job: Job, begun: bool) -> bool:
    """Whether the attempt under a lease, whose end was written and not told, used up a retry."""
    return (begun or job.status is JobStatus.RETRYING) and burnt_retry(job)


def _told_late(job: Job) -> list[Event]:
    """What the call that died was to tell of the job that it made or redrove."""
    return moved(job, JobStatus.DLQ) if job.redrives else [created(job)]


def _events(old: Job, new: Job, *, told: bool) -> list[Event]:
    """What clients are told when a job is recovered; nothing when it is pending as before."""
    if new.status is old.status:
        return []
    if old.status is JobStatus.RUNNING and not told:
        return [*moved(old, JobStatus.PENDING), *moved(new, JobStatus.RUNNING)]
    return moved(new, old.status)
