"""The queue in Redis: a projection of the records in MongoDB, made of ids and counters.

Order of every change: MongoDB first (compare-and-set on ``rev``), then one script here, which moves the id, updates the
counts and publishes events in one atomic step. A script that runs late or twice changes nothing; the sweep
(``services.maintenance``) repairs one that never ran.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from chalicelib.domain.events import Event
from chalicelib.domain.jobs import TERMINAL, Job, JobStatus, to_ms
from chalicelib.domain.pauses import task_instance
from chalicelib.domain.pools import DEFAULT_POOL
from chalicelib.queue.answers import Claim, Enqueued, Missing
from chalicelib.queue.intents import Intent, IntentKind, permit_text, recovery_text
from chalicelib.queue.lanes import lane, queue_of
from chalicelib.queue.limits import RESERVATION_MS
from chalicelib.queue.messages import encode_tail, tails
from chalicelib.queue.quarantine import Quarantine
from chalicelib.queue.readings import Readings
from chalicelib.queue.scripts import Batch, Scripts, chunks, raw, text
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from redis import Redis

_LEASED: Final = 2
#: Open states that do not count against the limit on active jobs.
_INACTIVE: Final = frozenset({JobStatus.SCHEDULED, JobStatus.BLOCKED, JobStatus.WAITING})
#: States that end at a due time.
_TIMED: Final = frozenset({JobStatus.SCHEDULED, JobStatus.RETRYING, JobStatus.WAITING})
#: The total to which the end of a job adds 1, counted once by the script that ends the job.
_ENDS: Final = {JobStatus.COMPLETED: "done", JobStatus.DLQ: "failed", JobStatus.CANCELLED: "", JobStatus.SKIPPED: ""}


class Settlement(NamedTuple):
    """The end of one lease. ``job`` is as written to MongoDB.

    Its status is completed, dlq, cancelled, retrying or waiting (due at ``ready_at``) or pending (back to its lane).
    ``counter``: ``retries`` if a retry was used up; ``done`` and ``failed`` are counted by status.
    """

    job: Job
    token: str
    events: Sequence[Event] = ()
    counter: str = ""
    #: How long the attempt had a slot, 0 if it did not begin.
    used_ms: int = 0


class Engine(Readings):
    """One method per script. All raise ``QueueClosed`` while Redis has lost the queue."""

    def __init__(self, redis: Redis, scripts: Scripts, settings: Settings, quarantine: Quarantine) -> None:
        #: For ids without a readable record.
        self.quarantine = quarantine
        super().__init__(redis, scripts)
        self._settings = settings
        #: Called when held-back jobs became due because others of their owners ended: promote them.
        self.on_room: Callable[[], None] = lambda: None
        #: Called with the pools of which to invoke a worker, because a limit lets other jobs begin.
        self.on_wake: Callable[[Sequence[str]], None] = lambda pools: None

    # --- enqueue ---------------------------------------------------------------------------------------------
    def enqueue(
        self, jobs: Sequence[Job], events: Sequence[Sequence[Event]], *, missing: Missing | None = None
    ) -> Enqueued:
        """Enqueue new or redriven jobs and publish ``events[i]`` with ``jobs[i]``. Each uses up its permit, noted
        before its record was written, or that of ``missing``; a repeated call changes nothing."""
        batch = self._scripts.batch("enqueue")
        for job, job_events in zip(jobs, events, strict=True):
            own, other = permit_text(job), recovery_text(job)
            batch.add(
                job.owner_id, job.tenant_id, id=job.id, lane=_lane(job), state=job.status._value_, at=_at(job),
                permit=other if missing else own, other=own if missing else other, limited=self._limited(job),
                noted_ms=missing.noted_ms[job.id] if missing else "", origin=_came_from(job), events=tails(job_events),
            )  # fmt: skip
        wake: set[str] = set()
        fresh_flags: list[int] = []
        for answer in batch.run():
            pools, fresh = self._scripts.marked(answer)
            wake.update(map(text, pools))
            fresh_flags += fresh
        refused = tuple(job.id for job, fresh in zip(jobs, fresh_flags, strict=True) if not fresh)
        return Enqueued(len(jobs) - len(refused), tuple(wake), refused)

    def missing(self, jobs: Sequence[Job]) -> Missing:
        """Return the jobs that are neither ready nor waiting nor leased, with a permit for each: read their records
        again, then ``enqueue`` those still open and ``clear_intents`` of the others."""
        batch = self._scripts.batch("missing")
        for job in jobs:
            batch.add(
                id=job.id, place=job.score, blocked=int(job.status is JobStatus.BLOCKED),
                note=recovery_text(job),
            )  # fmt: skip
        times: list[int | None] = []
        for answer in batch.run():
            noted_ms, absent = self._scripts.marked(answer)
            times += [noted_ms if gone else None for gone in absent]
        return Missing({job.id: at for job, at in zip(jobs, times, strict=True) if at is not None})

    def unblock(self, jobs: Sequence[Job], events: Sequence[Sequence[Event]]) -> Enqueued:
        """Move jobs that are pending or scheduled in MongoDB, and were blocked, to where they wait now.

        A repeated call changes nothing. Those that were never enqueued use up their permits.
        """
        batch = self._scripts.batch("unblock")
        for job, job_events in zip(jobs, events, strict=True):
            batch.add(
                job.owner_id, job.tenant_id, id=job.id, lane=_lane(job), state=job.status._value_, at=_at(job),
                permit=permit_text(job), other=recovery_text(job), note=Intent(job.id, IntentKind.UNBLOCK).text,
                limited=self._limited(job), events=tails(job_events),
            )  # fmt: skip
        wake: set[str] = set()
        count = 0
        for answer in batch.run():
            pools, moved = self._scripts.marked(answer)
            wake.update(map(text, pools))
            count += sum(moved)
        return Enqueued(count, tuple(wake))

    def promote(self, jobs: Sequence[Job], due_ms: Sequence[int], events: Sequence[Sequence[Event]]) -> Enqueued:
        """Move jobs that are pending in MongoDB into their lanes, from the wait that ended at ``due_ms[i]``."""
        batch = self._scripts.batch("promote")
        for job, due, job_events in zip(jobs, due_ms, events, strict=True):
            batch.add(
                job.owner_id, job.tenant_id, id=job.id, lane=_lane(job), due_ms=due, place=job.score,
                limited=self._limited(job), events=tails(job_events),
            )  # fmt: skip
        wake: set[str] = set()
        count = 0
        for answer in batch.run():
            pools, moved = self._scripts.marked(answer)
            wake.update(map(text, pools))
            count += moved
        return Enqueued(count, tuple(wake))

    def reserve(self, jobs: Sequence[Job], due_ms: Sequence[int] | None = None) -> list[bool]:
        """Reserve an active place for each job; return which jobs got one. A reservation expires.

        Scheduled jobs that were due at ``due_ms[i]`` and get no place are held back: they become due again, in order of
        due time, when jobs of their owner end.
        """
        limit = self._settings.max_active_jobs_per_user
        bound = [job.api_key is None for job in jobs]  # those of services need no place
        if limit == 0 or not any(bound):
            return [True] * len(jobs)
        batch = self._scripts.batch("reserve")
        for n, job in enumerate(jobs):
            if bound[n]:
                batch.add(job.owner_id, job.tenant_id, id=job.id, due_ms=due_ms[n] if due_ms else "")
        places = iter(self._flags(batch.run(limit=limit, reserve_ms=RESERVATION_MS)))
        return [next(places) if needed else True for needed in bound]

    def release_held(self, after: str, owners: int, jobs: int) -> tuple[int, str]:
        """Make held-back jobs due for up to ``owners`` owners after ``after`` that have room, at most ``jobs`` of each.

        Returns how many, and the last owner checked, '' at the end.
        """
        (found_,) = self._scripts.marked(self._scripts.call("held_owners", after=after, most=owners))
        batch = self._scripts.batch("release_held")
        for owner in found_:
            batch.add(text(owner))
        answers = batch.run(limit=self._settings.max_active_jobs_per_user, most=jobs)
        released = sum(self._scripts.marked(answer)[0] for answer in answers)
        return released, text(found_[-1]) if len(found_) == owners else ""

    # --- leases ----------------------------------------------------------------------------------------------
    def claim(self, token: str, want: int, *, pool: str = DEFAULT_POOL, free: int | None = None) -> Claim:
        """Lease up to ``want`` ready jobs of ``pool`` under ``token`` for ``LEASE_MS``. Uses up no attempt.

        The first ``free`` of them begin at once: only these may be jobs with a rate (``None``: all).
        """
        answer = self._scripts.call(
            "claim", pool=pool, token=token, want=want, free=want if free is None else free,
            lease_ms=self._settings.lease_ms,
        )  # fmt: skip
        left, due, timed, is_cut, is_pausing, pools, ids = self._scripts.marked(answer)
        self._follow(0, pools)
        due_ms, token_ms = due if due >= 0 else None, timed if timed >= 0 else None
        return Claim([text(each) for each in ids], left, due_ms, token_ms, bool(is_cut), bool(is_pausing))

    def kick_due(self) -> None:
        """Let jobs begin whose rates allow them by now, as claims do."""
        (pools,) = self._scripts.marked(self._scripts.call("kick_due"))
        self._follow(0, pools)

    def started(self, jobs: Sequence[Job], tokens: Sequence[str], events: Sequence[Sequence[Event]]) -> list[bool]:
        """Publish that leased jobs run; return ``False`` for each with a stale token, which changes nothing."""
        batch = self._scripts.batch("started")
        for job, token, job_events in zip(jobs, tokens, events, strict=True):
            batch.add(job.owner_id, job.tenant_id, id=job.id, token=token, events=tails(job_events))
        return self._flags(batch.run())

    def settle(self, settlements: Sequence[Settlement]) -> list[bool]:
        """End leases and publish; return ``False`` for each with a stale token, which changes nothing."""
        batch = self._scripts.batch("settle")
        for end in settlements:
            job = end.job
            batch.add(
                job.owner_id, job.tenant_id, id=job.id, token=end.token, state=job.status._value_,
                at=0 if job.status in TERMINAL else _at(job),
                counter=_ENDS.get(job.status, end.counter), limited=self._limited(job),
                permit=permit_text(job) if job.redrives else "", used=end.used_ms, events=tails(end.events),
            )  # fmt: skip
        return self._settle(batch)

    def pass_on(self, leases: Sequence[tuple[Job, str]]) -> tuple[str, ...]:
        """Move leased jobs that have not begun to the lanes of ``job.pool``; return the pools to invoke a worker of."""
        return self._move([(job, token, _lane(job)) for job, token in leases])

    def hold_tasks(self, leases: Sequence[tuple[Job, str]]) -> tuple[str, ...]:
        """Move leased jobs whose tasks are paused to lanes that wait for their tasks; returns as ``pass_on``."""
        return self._move([(job, token, _lane(job, task_instance(job.task))) for job, token in leases])

    def _move(self, leases: Sequence[tuple[Job, str, str]]) -> tuple[str, ...]:
        batch = self._scripts.batch("pass_on")
        for job, token, to in leases:
            batch.add(job.owner_id, job.tenant_id, id=job.id, token=token, lane=to, place=_at(job))
        answers = [self._scripts.marked(answer) for answer in batch.run()]
        return tuple({text(pool) for _, pools in answers for pool in pools})

    def drop(self, ids: Sequence[str], token: str) -> list[bool]:
        """End leases on ids without a record; return ``False`` for each with a stale token."""
        batch = self._scripts.batch("settle")
        for job_id in ids:
            gone = {"state": "gone", "at": 0, "counter": "", "limited": 0, "permit": "", "used": 0}
            batch.add(id=raw(job_id), token=token, events=tails(()), **gone)
        return self._settle(batch)

    def _settle(self, batch: Batch) -> list[bool]:
        results: list[bool] = []
        for answer in batch.run():
            fresh, released, pools = self._scripts.marked(answer)
            results += map(bool, fresh)
            self._follow(released, pools)
        return results

    def _follow(self, released: int, pools: Sequence[bytes]) -> None:
        """Promote held-back jobs that became due, and invoke workers for jobs that may begin."""
        if released:
            self.on_room()
        if pools:
            self.on_wake([text(pool) for pool in pools])

    def _flags(self, answers: Iterable[Any]) -> list[bool]:
        """Return the flags of all items of a batch, from the only list of each answer."""
        return [bool(flag) for answer in answers for flag in self._scripts.marked(answer)[0]]

    def take_over(self, token: str, limit: int) -> dict[str, bool]:
        """Lease up to ``limit`` jobs whose lease expired under ``token``: id → whether its start was published."""
        answer = self._scripts.call("takeover", token=token, lease_ms=self._settings.lease_ms, most=limit)
        (flat,) = self._scripts.marked(answer)
        pairs = zip(flat[::2], flat[1::2], strict=True)
        return {text(each): state == b"running" for each, state in pairs}

    def stop(self, job_id: str, worker_id: str) -> bool:
        """Ask the holder of a running job to cancel it; return ``False`` if the job is not leased."""
        note = Intent(job_id, IntentKind.CANCEL).text
        (held,) = self._scripts.marked(self._scripts.call("stop", worker=worker_id, id=job_id, note=note))
        return bool(held)

    # --- remove ----------------------------------------------------------------------------------------------
    def withdraw(self, jobs: Sequence[Job], events: Sequence[Sequence[Event]]) -> list[bool]:
        """Remove jobs that were cancelled in MongoDB from where they wait; return ``False`` for each leased one."""
        batch = self._scripts.batch("withdraw")
        for job, job_events in zip(jobs, events, strict=True):
            batch.add(
                job.owner_id, job.tenant_id, id=job.id, lane=_lane(job), place=job.score, state=job.status._value_,
                total=_ENDS.get(job.status, ""), note=_note_of_end(job).text, permit=permit_text(job),
                other=recovery_text(job), origin=_origin(job), begun=int(job.begun), events=tails(job_events),
            )  # fmt: skip
        results: list[bool] = []
        for answer in batch.run():
            wheres, released = self._scripts.marked(answer)
            results += [where != _LEASED for where in wheres]
            if released:
                self.on_room()
        return results

    def forget(self, jobs: Sequence[Job], events: Sequence[Sequence[Event]]) -> int:
        """Remove deleted jobs from the queue and the counts, once each; return how many were removed now."""
        batch = self._scripts.batch("forget")
        for job, job_events in zip(jobs, events, strict=True):
            batch.add(
                job.owner_id, job.tenant_id, id=job.id, lane=_lane(job), place=job.score, state=job.status._value_,
                total=_ENDS.get(job.status, ""), permit=permit_text(job), other=recovery_text(job),
                origin=_origin(job), begun=int(job.begun), events=tails(job_events),
            )  # fmt: skip
        count = 0
        for answer in batch.run():
            forgotten, released, pools = self._scripts.marked(answer)
            count += forgotten
            self._follow(released, pools)
        return count

    # --- intents: changes about to be written to MongoDB -----------------------------------------------------
    def intend(self, intents: Sequence[Intent]) -> None:
        """Note changes about to be written to MongoDB; the script of each change removes its note."""
        batch = self._scripts.batch("intend")
        for intent in intents:
            batch.add(note=intent.text)
        for answer in batch.run():
            self._scripts.marked(answer)

    def clear_intents(self, intents: Sequence[str | bytes]) -> None:
        """Remove intents that are done."""
        for notes in chunks(intents):
            self._redis.zrem(self._keys.intents, *notes)

    # --- waiting jobs ----------------------------------------------------------------------------------------
    def discard_waiting(self, ids: Sequence[str]) -> None:
        """Remove ids without a record from the waiting sets."""
        for members in chunks([raw(job_id) for job_id in ids]):
            self._redis.zrem(self._keys.retrying, *members)
            self._redis.zrem(self._keys.scheduled, *members)
            self._redis.zrem(self._keys.suspended, *members)

    # --- lanes -----------------------------------------------------------------------------------------------
    def pause(
        self, tenant_id: str, queue: str, *, paused: bool, events: Sequence[Event]
    ) -> tuple[bool, tuple[str, ...]]:
        """Pause or resume a queue; return (whether this changed it, pools of which to invoke a worker)."""
        batch = self._scripts.batch("pause")
        for event in events:
            batch.add(owner_id=event.owner_id, tenant_id=event.tenant_id, event=encode_tail(event))
        changed, pools = self._scripts.marked(batch.run_once(queue=queue_of(tenant_id, queue), pause=int(paused)))
        return bool(changed), tuple(map(text, pools))

    # --- counts ----------------------------------------------------------------------------------------------
    def _limited(self, job: Job) -> int:
        """Return 1 if the job is kept among its owner's active jobs: only while the limit is on, to save memory.

        Jobs of services are not: the quotas of the tenant hold for them instead.
        """
        limit = self._settings.max_active_jobs_per_user
        return int(limit > 0 and job.api_key is None and job.status not in _INACTIVE)


def _origin(job: Job) -> str:
    """Return where the job was counted before: ``dlq`` if it was redriven, else ``new`` (nowhere)."""
    return "dlq" if job.redrives else "new"


def _came_from(job: Job) -> str:
    """Return where an enqueued job may be counted: as ``_origin``, or ``blocked`` if it ever was."""
    if job.redrives:
        return "dlq"
    return "blocked" if job.was_blocked else "new"


def _note_of_end(job: Job) -> Intent:
    """Return the intent of the change that ended a waiting job."""
    return Intent(job.id, IntentKind.CANCEL if job.status is JobStatus.CANCELLED else IntentKind.UNBLOCK)


def _lane(job: Job, *more: str) -> str:
    """Return the lane of a job, under ``more`` instances that sort behind those of limits."""
    return lane(job.tenant_id, job.queue, job.pool, [*job.limits, *more])


def _at(job: Job) -> int:
    """Return the job's due time in ms if it waits for one, else its place in the lane."""
    return to_ms(job.ready_at) if job.status in _TIMED else job.score
