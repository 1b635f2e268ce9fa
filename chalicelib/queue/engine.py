"""The queue in Redis: a projection of the records in MongoDB, made of ids and counters.

Order of every change: MongoDB first (compare-and-set on ``rev``), then one script here, which moves the id, counts
and tells everyone in a single atomic step. A script that comes late or twice changes nothing; one that never came
is made good by the sweep (``services.recovery``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from chalicelib.domain.events import Event
from chalicelib.domain.jobs import READY_MS_BITS, Job, JobStatus, to_ms
from chalicelib.errors import QueueClosed
from chalicelib.queue.census import SINCE
from chalicelib.queue.intents import Intent, What, found, licence
from chalicelib.queue.keys import lane
from chalicelib.queue.limits import RESERVATION_MS
from chalicelib.queue.messages import event_args, tails
from chalicelib.queue.quarantine import Quarantine
from chalicelib.queue.scripts import Arg, Scripts, raw, text
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from redis import Redis

_LEASED: Final = 2
_SINCE: Final = SINCE.encode()
#: The total that an end adds 1 to: whoever moves a job there counts it, once, as the job itself.
_ENDS: Final = {JobStatus.COMPLETED: "done", JobStatus.DLQ: "failed", JobStatus.CANCELLED: ""}


@dataclass(frozen=True, slots=True)
class Enqueued:
    """``added`` counts the jobs that came in; ``ring``: no worker listens, invoke one.

    ``refused`` are the others: they came in before, or their licence got lost with Redis (``QueueKeeper.requeue``).
    """

    added: int
    ring: bool
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """Jobs that the queue does not know, licensed at ``noted_ms`` to come in."""

    ids: list[str]
    noted_ms: int


@dataclass(frozen=True, slots=True)
class Claim:
    """Jobs leased by one claim. ``next_due_ms``: when the next scheduled or retrying job or lease falls due."""

    ids: list[str]
    lanes_left: int
    next_due_ms: int | None


class Wait(NamedTuple):
    """What waits in a lane. ``since_ms``: since when the first one is ready, ``None`` when none is."""

    ready: int
    paused: bool
    since_ms: int | None


class Settlement(NamedTuple):
    """The end of one lease. ``job`` is as written to MongoDB.

    Its status is completed, dlq, cancelled, retrying (due at ``ready_at``) or pending (back to its lane).
    ``counter``: ``retries`` where a retry was burnt; what ends well or badly counts as ``done`` or ``failed`` anyway.
    """

    job: Job
    token: str
    events: Sequence[Event] = ()
    counter: str = ""


class Engine:
    """One method per script. All raise ``QueueClosed`` while Redis has lost the queue."""

    def __init__(self, redis: Redis, scripts: Scripts, settings: Settings, quarantine: Quarantine) -> None:
        #: Where ids go that have no readable record.
        self.quarantine = quarantine
        self._redis = redis
        self._scripts = scripts
        self._settings = settings
        self._keys = scripts.keys
        #: Called when jobs that were held back fell due, since others of their owners ended: they are to be promoted.
        self.on_room: Callable[[], None] = _nothing

    # --- into the queue --------------------------------------------------------------------------------------
    def enqueue(
        self, jobs: Sequence[Job], events: Sequence[Sequence[Event]], *, missing: Missing | None = None
    ) -> Enqueued:
        """Queue new or redriven jobs and publish ``events[i]`` with ``jobs[i]``, each by its licence: the note made
        before its record was written, or that of ``missing``. Replays change nothing."""
        k = self._keys
        keys = [
            k.lanes, k.turn, k.paused, k.ready_prefix, k.scheduled, k.retrying, k.tokens, k.intents,
            k.active_prefix, k.workers, k.slots, k.waiting, k.bell_prefix, k.ringing, k.leases, k.cancels, k.cancels,
        ]  # fmt: skip
        args: list[Arg] = [self._settings.job_fleet_concurrency, missing.noted_ms if missing else ""]
        for job, told in zip(jobs, events, strict=True):
            first, other = licence(job).text, found(job).text
            args += (job.id, _lane(job), job.owner_id, job.tenant_id, job.status.value, _place(job))
            args += (other, first) if missing else (first, other)
            args += (_origin(job), self._limited(job), *tails(told))
        ring, fresh = self._scripts.marked("enqueue", keys, args)
        refused = tuple(job.id for job, came in zip(jobs, fresh, strict=True) if not came)
        return Enqueued(len(jobs) - len(refused), bool(ring), refused)

    def missing(self, jobs: Sequence[Job]) -> Missing:
        """Which jobs are neither ready nor waiting nor leased. They are licensed by that: read their records again,
        then ``enqueue`` those still open and ``clear_intents`` of the others."""
        k = self._keys
        args: list[Arg] = []
        for job in jobs:
            args += (job.id, _lane(job), found(job).text)
        keys = [k.ready_prefix, k.scheduled, k.retrying, k.tokens, k.intents]
        noted_ms, absent = self._scripts.marked("missing", keys, args)
        return Missing([job.id for job, gone in zip(jobs, absent, strict=True) if gone], noted_ms)

    def promote(self, jobs: Sequence[Job], due_ms: Sequence[int], events: Sequence[Sequence[Event]]) -> Enqueued:
        """Move jobs, pending in MongoDB by now, from their wait that was to end at ``due_ms[i]`` into their lanes."""
        k = self._keys
        keys = [
            k.scheduled, k.retrying, k.lanes, k.turn, k.paused, k.ready_prefix, k.active_prefix, k.workers,
            k.slots, k.waiting, k.bell_prefix, k.ringing, k.held,
        ]  # fmt: skip
        args: list[Arg] = [self._settings.job_fleet_concurrency]
        for job, due, told in zip(jobs, due_ms, events, strict=True):
            args += (job.id, _lane(job), job.owner_id, job.tenant_id, due, job.score, self._limited(job))
            args += tails(told)
        ring, moved = self._scripts.marked("promote", keys, args)
        return Enqueued(moved, bool(ring))

    def reserve(self, jobs: Sequence[Job], due_ms: Sequence[int] | None = None) -> list[bool]:
        """Whether the owner of each job may have it active besides those active now; keeps the place for a while.

        Scheduled jobs that were due at ``due_ms[i]`` and get no place are held back: they fall due again, the first
        due first, when jobs of their owner end.
        """
        limit, k = self._settings.max_active_jobs_per_user, self._keys
        if limit == 0 or not jobs:
            return [True] * len(jobs)
        args: list[Arg] = [limit, RESERVATION_MS]
        for n, job in enumerate(jobs):
            args += (job.id, job.owner_id, due_ms[n] if due_ms else "")
        (places,) = self._scripts.marked("reserve", [k.scheduled, k.active_prefix, k.held], args)
        return [bool(place) for place in places]

    def unhold(self, after: str, owners: int, jobs: int) -> tuple[int, str]:
        """Let jobs that are held back fall due where ``owners`` after ``after`` have room, ``jobs`` of each at most.

        Returns how many, and the last owner looked at; '' at the end.
        """
        k = self._keys
        args: list[Arg] = [self._settings.max_active_jobs_per_user, after, owners, jobs]
        released, last = self._scripts.marked("unhold", [k.scheduled, k.active_prefix, k.held], args)
        return int(released), text(last)

    # --- leases ----------------------------------------------------------------------------------------------
    def claim(self, token: str, want: int) -> Claim:
        """Lease up to ``want`` ready jobs under ``token`` for ``LEASE_MS``. Burns no attempt."""
        k = self._keys
        keys = [k.lanes, k.turn, k.ready_prefix, k.leases, k.tokens, k.scheduled, k.retrying]
        left, due, ids = self._scripts.marked("claim", keys, [token, want, self._settings.lease_ms])
        return Claim([text(each) for each in ids], left, due if due >= 0 else None)

    def started(self, jobs: Sequence[Job], tokens: Sequence[str], events: Sequence[Sequence[Event]]) -> list[bool]:
        """Publish that leased jobs run; ``False`` for each whose token is stale, which changes nothing."""
        args: list[Arg] = []
        for job, token, told in zip(jobs, tokens, events, strict=True):
            args += (job.id, token, job.owner_id, job.tenant_id, *tails(told))
        (results,) = self._scripts.marked("started", [self._keys.tokens], args)
        return [bool(fresh) for fresh in results]

    def settle(self, settlements: Sequence[Settlement]) -> list[bool]:
        """End leases and publish; ``False`` for each whose token is stale, which changes nothing."""
        args: list[Arg] = []
        for end in settlements:
            job = end.job
            args += (job.id, end.token, job.owner_id, job.tenant_id, job.status.value, _place(job))
            args += (_ENDS.get(job.status, end.counter), self._limited(job))
            args += (licence(job).text if job.redrives else "", *tails(end.events))
        return self._settle(args)

    def drop(self, ids: Sequence[str], token: str) -> list[bool]:
        """End leases on ids that have no record."""
        args: list[Arg] = []
        for job_id in ids:
            args += (raw(job_id), token, "", "", "gone", 0, "", 0, "", 0)
        return self._settle(args)

    def _settle(self, args: Sequence[Arg]) -> list[bool]:
        k = self._keys
        keys = [
            k.leases, k.tokens, k.cancels, k.retrying, k.active_prefix, k.lanes, k.turn, k.paused, k.ready_prefix,
            k.intents, k.scheduled, k.held,
        ]  # fmt: skip
        results, released = self._scripts.marked("settle", keys, args)
        if released:
            self.on_room()
        return [bool(fresh) for fresh in results]

    def take_over(self, token: str, limit: int) -> dict[str, bool]:
        """Up to ``limit`` jobs whose lease ran out, leased anew under ``token``: id → whether its start was told."""
        k = self._keys
        args: list[Arg] = [token, self._settings.lease_ms, limit]
        (flat,) = self._scripts.marked("takeover", [k.leases, k.tokens], args)
        pairs = zip(flat[::2], flat[1::2], strict=True)
        return {text(each): state == b"r" for each, state in pairs}

    def stop(self, job_id: str, worker_id: str) -> bool:
        """Ask the holder of a running job to stop it; ``False`` when nobody holds it."""
        k = self._keys
        keys = [k.cancels, k.tokens, k.bell(worker_id), k.intents]
        (held,) = self._scripts.marked("stop", keys, [job_id, Intent(job_id, What.CANCEL).text])
        return bool(held)

    # --- out of the queue ------------------------------------------------------------------------------------
    def withdraw(self, jobs: Sequence[Job], events: Sequence[Sequence[Event]]) -> list[bool]:
        """Take jobs that were cancelled in MongoDB out of their wait; ``False`` for each that a worker holds."""
        k = self._keys
        keys = [k.scheduled, k.retrying, k.tokens, k.lanes, k.ready_prefix, k.active_prefix, k.intents, k.held]
        args: list[Arg] = []
        for job, told in zip(jobs, events, strict=True):
            args += (job.id, _lane(job), job.owner_id, job.tenant_id, job.status.value)
            args += (_ENDS.get(job.status, ""), Intent(job.id, What.CANCEL).text)
            args += (licence(job).text, found(job).text, _origin(job), *tails(told))
        results, released = self._scripts.marked("withdraw", keys, args)
        if released:
            self.on_room()
        return [where != _LEASED for where in results]

    def forget(self, jobs: Sequence[Job], events: Sequence[Sequence[Event]]) -> int:
        """Take deleted jobs out of the counts, and from wherever they still are, once each; how many it did."""
        k = self._keys
        keys = [
            k.scheduled, k.retrying, k.tokens, k.lanes, k.ready_prefix, k.active_prefix, k.intents, k.leases,
            k.cancels, k.forgotten, k.held,
        ]  # fmt: skip
        args: list[Arg] = []
        for job, told in zip(jobs, events, strict=True):
            args += (job.id, _lane(job), job.owner_id, job.tenant_id, job.status.value, _ENDS.get(job.status, ""))
            args += (licence(job).text, found(job).text, _origin(job), *tails(told))
        forgotten, released = self._scripts.marked("forget", keys, args)
        if released:
            self.on_room()
        return int(forgotten)

    # --- intents: what a crash between MongoDB and Redis leaves ----------------------------------------------
    def intend(self, intents: Sequence[Intent]) -> None:
        """Note changes about to be written to MongoDB; their scripts take the notes back."""
        self._scripts.marked("intend", [self._keys.intents], [intent.text for intent in intents])

    def overdue_intents(self, before_ms: int, limit: int) -> list[bytes]:
        """Intents noted before ``before_ms``, oldest first."""
        noted: Any = self._redis.zrangebyscore(self._keys.intents, "-inf", before_ms, start=0, num=limit)
        return list(noted)

    def clear_intents(self, intents: Sequence[str | bytes]) -> None:
        """Take back notes that need nothing any more."""
        if intents:
            self._redis.zrem(self._keys.intents, *intents)

    # --- waiting jobs ----------------------------------------------------------------------------------------
    def due(self, now_ms: int, limit: int) -> dict[str, int]:
        """Scheduled and retrying jobs that are due, at most ``limit`` of each: id → due time in ms."""
        pipe = self._redis.pipeline(transaction=False)
        for key in (self._keys.retrying, self._keys.scheduled):
            pipe.zrangebyscore(key, "-inf", now_ms, start=0, num=limit, withscores=True)
        return {text(each): int(at) for waiting in pipe.execute() for each, at in waiting}

    def discard_waiting(self, ids: Sequence[str]) -> None:
        """Remove ids without a record from the waiting sets."""
        if ids:
            members = [raw(job_id) for job_id in ids]
            self._redis.zrem(self._keys.retrying, *members)
            self._redis.zrem(self._keys.scheduled, *members)

    # --- lanes -----------------------------------------------------------------------------------------------
    def pause(self, tenant_id: str, queue: str, *, paused: bool, events: Sequence[Event]) -> tuple[bool, bool]:
        """Hold a queue back or let it go on: (whether this changed it, whether to invoke a worker)."""
        k = self._keys
        keys = [
            k.paused, k.lanes, k.turn, k.ready_prefix, k.workers, k.slots, k.waiting, k.bell_prefix, k.ringing,
        ]  # fmt: skip
        args = [
            lane(tenant_id, queue),
            int(paused),
            self._settings.job_fleet_concurrency,
            *event_args(events),
        ]
        changed, ring = self._scripts.marked("pause", keys, args)
        return bool(changed), bool(ring)

    def waits(self, tenant_id: str, queues: Sequence[str]) -> list[Wait]:
        """What waits in each queue of a tenant."""
        lanes = [lane(tenant_id, queue) for queue in queues]
        keys = [self._keys.paused, *map(self._keys.ready, lanes)]
        found = self._scripts.plain("waits", keys, [1 << READY_MS_BITS, *lanes])
        return [
            Wait(int(ready), bool(paused), int(since) if since >= 0 else None)
            for ready, paused, since in zip(found[::3], found[1::3], found[2::3], strict=True)
        ]

    def open_by_queue(self, tenant_id: str) -> dict[str, dict[JobStatus, int]]:
        """Open jobs of a tenant per queue and state, without those that are pending."""
        pipe = self._redis.pipeline(transaction=False)
        pipe.hkeys(self._keys.counts(f"q:{tenant_id}"))
        pipe.hgetall(self._keys.counts(f"s:{tenant_id}"))
        names, states = pipe.execute()
        queues: dict[str, dict[JobStatus, int]] = {text(name): {} for name in names}
        for field, number in states.items():
            queue, _, state = text(field).partition("|")
            queues.setdefault(queue, {})[JobStatus(state)] = int(number)
        return queues

    def paused_lanes(self) -> set[str]:
        """All paused lanes."""
        held: Any = self._redis.smembers(self._keys.paused)
        return {text(each) for each in held}

    # --- counts ----------------------------------------------------------------------------------------------
    def layout(self) -> int:
        """The layout of what is in Redis (``rebuild.LAYOUT``), 0 when it does not say."""
        found: Any = self._redis.get(self._keys.layout)
        return int(found or 0)

    def counts(self, scope: str) -> dict[str, int]:
        """Jobs per state and totals of ``o:<owner>``, ``t:<tenant>`` or ``all``; absent means 0.

        Raises ``QueueClosed`` rather than give counts of a queue that is gone.
        """
        return self.counts_of([scope])[0]

    def counts_of(self, scopes: Sequence[str]) -> list[dict[str, int]]:
        """``counts`` of each scope, in one round trip."""
        pipe = self._redis.pipeline(transaction=False)
        pipe.exists(self._keys.epoch)
        for scope in scopes:
            pipe.hgetall(self._keys.counts(scope))
        is_open, *found = pipe.execute()
        if not is_open:
            raise QueueClosed
        return [{name.decode(): int(n) for name, n in fields.items() if name != _SINCE} for fields in found]

    def leases(self, limit: int = 1000) -> list[tuple[str, int, str]]:
        """Running and claimed jobs: (id, end of lease in ms, token), the next to lapse first."""
        ends_of: Any = self._redis.zrange(self._keys.leases, 0, limit - 1, withscores=True)
        if not ends_of:
            return []
        held: Any = self._redis.hmget(self._keys.tokens, [job_id for job_id, _ in ends_of])
        return [
            (text(job_id), int(ends), text(token or b"").partition("|")[0])
            for (job_id, ends), token in zip(ends_of, held, strict=True)
        ]

    def _limited(self, job: Job) -> int:
        """1 where the owner's active jobs are kept: only while that limit is on, to save memory."""
        return int(self._settings.max_active_jobs_per_user > 0 and job.status is not JobStatus.SCHEDULED)


def _nothing() -> None:
    """Nobody waits for room here."""


def _origin(job: Job) -> str:
    """Where an enqueued job is counted so far: in the DLQ that it was redriven from, or nowhere."""
    return "dlq" if job.redrives else "new"


def _lane(job: Job) -> str:
    return lane(job.tenant_id, job.queue)


def _place(job: Job) -> int:
    """Score in the lane, or due time in ms, whichever the job's state needs."""
    if job.status in {JobStatus.SCHEDULED, JobStatus.RETRYING}:
        return to_ms(job.ready_at)
    return job.score
