"""The queue in Redis: a projection of the records in MongoDB, made of ids and counters.

Order of every change: MongoDB first (compare-and-set on ``rev``), then one script here, which moves the id, counts
and tells everyone in a single atomic step. A script that comes late or twice changes nothing; one that never came
is made good by the sweep (``services.recovery``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import orjson

from chalicelib.domain.events import Event
from chalicelib.domain.jobs import Job, JobStatus, to_ms
from chalicelib.errors import QueueClosed
from chalicelib.queue.intents import Intent
from chalicelib.queue.keys import lane
from chalicelib.queue.messages import event_args
from chalicelib.queue.scripts import Arg, Scripts
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from redis import Redis

QUARANTINE_SIZE: Final = 1_000
QUARANTINE_TTL_S: Final = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Enqueued:
    """``added`` counts the jobs that were not there before; ``ring``: no worker listens, invoke one."""

    added: int
    ring: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """Jobs leased by one claim. ``next_due_ms``: when the next scheduled or retrying job or lease falls due."""

    ids: list[str]
    lanes_left: int
    next_due_ms: int | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """The end of one lease. ``job`` is as written to MongoDB.

    Its status is completed, dlq, cancelled, retrying (due at ``ready_at``) or pending (back to its lane).
    ``counter`` names a total to add 1 to: ``done``, ``failed`` or ``retries``.
    """

    job: Job
    token: str
    events: Sequence[Event] = field(default=())
    counter: str = ""


class Engine:
    """One method per script. All raise ``QueueClosed`` while Redis has lost the queue."""

    def __init__(self, redis: Redis, scripts: Scripts, settings: Settings) -> None:
        self._redis = redis
        self._scripts = scripts
        self._settings = settings
        self._keys = scripts.keys

    # --- into the queue --------------------------------------------------------------------------------------
    def enqueue(self, jobs: Sequence[Job], events: Sequence[Sequence[Event]], *, origin: str = "new") -> Enqueued:
        """Queue open jobs (as a rule pending or scheduled ones) and publish ``events[i]`` with ``jobs[i]``.

        ``origin``: ``new``, ``dlq`` (redriven) or ``lost`` (found by the sweep; counted nowhere before).
        """
        k = self._keys
        keys = [
            k.lanes, k.turn, k.paused, k.ready_prefix, k.scheduled, k.retrying, k.tokens, k.intents,
            k.active_prefix, k.workers, k.slots, k.waiting, k.bell_prefix, k.ringing, k.leases,
        ]  # fmt: skip
        args: list[Arg] = [self._settings.job_fleet_concurrency]
        for job, told in zip(jobs, events, strict=True):
            args += (job.id, _lane(job), job.owner_id, job.tenant_id, job.status.value, _place(job), origin)
            args += (self._limited(job), *event_args(told))
        added, ring, epoch, seq = self._scripts.run("enqueue", keys, args)
        self._scripts.saw(epoch, seq)
        return Enqueued(added, bool(ring))

    def promote(self, jobs: Sequence[Job], events: Sequence[Sequence[Event]]) -> Enqueued:
        """Move jobs that fell due, and are pending in MongoDB by now, from their wait into their lanes."""
        k = self._keys
        keys = [
            k.scheduled, k.retrying, k.lanes, k.turn, k.paused, k.ready_prefix, k.active_prefix, k.workers,
            k.slots, k.waiting, k.bell_prefix, k.ringing,
        ]  # fmt: skip
        args: list[Arg] = [self._settings.job_fleet_concurrency]
        for job, told in zip(jobs, events, strict=True):
            args += (job.id, _lane(job), job.owner_id, job.tenant_id, job.score, self._limited(job))
            args += event_args(told)
        ring, moved = self._scripts.marked("promote", keys, args)
        return Enqueued(moved, bool(ring))

    # --- leases ----------------------------------------------------------------------------------------------
    def claim(self, token: str, want: int) -> Claim:
        """Lease up to ``want`` ready jobs under ``token`` for ``LEASE_MS``. Burns no attempt."""
        k = self._keys
        keys = [k.lanes, k.turn, k.ready_prefix, k.leases, k.tokens, k.ringing, k.scheduled, k.retrying]
        left, due, *ids = self._scripts.marked("claim", keys, [token, want, self._settings.lease_ms])
        return Claim([raw.decode(errors="backslashreplace") for raw in ids], left, due if due >= 0 else None)

    def started(self, jobs: Sequence[Job], tokens: Sequence[str], events: Sequence[Sequence[Event]]) -> list[bool]:
        """Publish that leased jobs run; ``False`` for each whose token is stale, which changes nothing."""
        args: list[Arg] = []
        for job, token, told in zip(jobs, tokens, events, strict=True):
            args += (job.id, token, job.owner_id, job.tenant_id, *event_args(told))
        return [bool(fresh) for fresh in self._scripts.marked("started", [self._keys.tokens], args)]

    def settle(self, settlements: Sequence[Settlement]) -> list[bool]:
        """End leases and publish; ``False`` for each whose token is stale, which changes nothing."""
        args: list[Arg] = []
        for end in settlements:
            job = end.job
            args += (job.id, end.token, job.owner_id, job.tenant_id, job.status.value, _place(job))
            args += (end.counter, self._limited(job), *event_args(end.events))
        return self._settle(args)

    def drop(self, ids: Sequence[str], token: str) -> list[bool]:
        """End leases on ids that have no record."""
        args: list[Arg] = []
        for job_id in ids:
            args += (job_id, token, "", "", "gone", 0, "", 0, 0)
        return self._settle(args)

    def _settle(self, args: Sequence[Arg]) -> list[bool]:
        k = self._keys
        keys = [
            k.leases, k.tokens, k.cancels, k.retrying, k.active_prefix, k.lanes, k.turn, k.paused, k.ready_prefix,
        ]  # fmt: skip
        return [bool(fresh) for fresh in self._scripts.marked("settle", keys, args)]

    def take_over(self, token: str, limit: int) -> dict[str, bool]:
        """Up to ``limit`` jobs whose lease ran out, leased anew under ``token``: id → whether its start was told."""
        k = self._keys
        args: list[Arg] = [token, self._settings.lease_ms, limit]
        flat = self._scripts.marked("takeover", [k.leases, k.tokens], args)
        pairs = zip(flat[::2], flat[1::2], strict=True)
        return {raw.decode(errors="backslashreplace"): state == b"r" for raw, state in pairs}

    def stop(self, job_id: str, worker_id: str) -> bool:
        """Ask the holder of a running job to stop it; ``False`` when nobody holds it."""
        k = self._keys
        (held,) = self._scripts.marked("stop", [k.cancels, k.tokens, k.bell(worker_id)], [job_id])
        return bool(held)

    # --- out of the queue ------------------------------------------------------------------------------------
    def withdraw(self, jobs: Sequence[Job], events: Sequence[Sequence[Event]]) -> list[bool]:
        """Take jobs that were cancelled in MongoDB out of their wait; ``False`` for each that a worker holds."""
        k = self._keys
        keys = [k.scheduled, k.retrying, k.tokens, k.lanes, k.ready_prefix, k.active_prefix, k.intents]
        args: list[Arg] = []
        for job, told in zip(jobs, events, strict=True):
            args += (job.id, _lane(job), job.owner_id, job.tenant_id, *event_args(told))
        return [where != 2 for where in self._scripts.marked("withdraw", keys, args)]

    def forget(self, jobs: Sequence[Job], events: Sequence[Sequence[Event]]) -> int:
        """Take deleted jobs out of the counts, by the intents noted before; how many it did."""
        args: list[Arg] = []
        for job, told in zip(jobs, events, strict=True):
            args += (Intent.to_delete(job).text, job.owner_id, job.tenant_id, job.status.value, *event_args(told))
        (forgotten,) = self._scripts.marked("forget", [self._keys.intents], args)
        return int(forgotten)

    # --- intents: what a crash between MongoDB and Redis leaves ----------------------------------------------
    def intend(self, intents: Sequence[Intent], now_ms: int) -> None:
        """Note changes about to be written to MongoDB; their scripts take the notes back."""
        self._redis.zadd(self._keys.intents, dict.fromkeys((intent.text for intent in intents), now_ms))

    def overdue_intents(self, before_ms: int, limit: int) -> list[str]:
        """Intents noted before ``before_ms``, oldest first."""
        found: Any = self._redis.zrangebyscore(self._keys.intents, "-inf", before_ms, start=0, num=limit)
        return [raw.decode(errors="backslashreplace") for raw in found]

    def clear_intents(self, intents: Sequence[str]) -> None:
        """Take back notes that need nothing any more."""
        if intents:
            self._redis.zrem(self._keys.intents, *intents)

    # --- waiting jobs ----------------------------------------------------------------------------------------
    def due(self, now_ms: int, limit: int) -> list[str]:
        """Ids of scheduled and retrying jobs that are due, at most ``limit`` of each."""
        pipe = self._redis.pipeline(transaction=False)
        for key in (self._keys.retrying, self._keys.scheduled):
            pipe.zrangebyscore(key, "-inf", now_ms, start=0, num=limit)
        return [raw.decode(errors="backslashreplace") for found in pipe.execute() for raw in found]

    def discard_waiting(self, ids: Sequence[str]) -> None:
        """Remove ids without a record from the waiting sets."""
        if ids:
            self._redis.zrem(self._keys.retrying, *ids)
            self._redis.zrem(self._keys.scheduled, *ids)

    def quarantine(self, entry: str, why: str, now_ms: int) -> None:
        """Set aside what could not be read; the last 1,000 are kept for a week, and counted in ``all``."""
        k = self._keys
        pipe = self._redis.pipeline()
        pipe.lpush(k.quarantine, orjson.dumps({"entry": entry[:1000], "why": why[:200], "at": now_ms}))
        pipe.ltrim(k.quarantine, 0, QUARANTINE_SIZE - 1)
        pipe.expire(k.quarantine, QUARANTINE_TTL_S)
        pipe.hincrby(k.counts("all"), "quarantined", 1)
        pipe.execute()

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

    def lanes(self, tenant_id: str, queues: Sequence[str]) -> list[tuple[int, bool]]:
        """For each queue of a tenant: (ready jobs, paused)."""
        pipe = self._redis.pipeline(transaction=False)
        for queue in queues:
            pipe.zcard(self._keys.ready(lane(tenant_id, queue)))
            pipe.sismember(self._keys.paused, lane(tenant_id, queue))
        answers = pipe.execute()
        return [(int(answers[n]), bool(answers[n + 1])) for n in range(0, len(answers), 2)]

    def paused_queues(self, tenant_id: str) -> list[str]:
        """Names of a tenant's paused queues, with or without jobs."""
        found: Any = self._redis.smembers(self._keys.paused)
        names = [raw.decode().partition("/") for raw in found]
        return sorted(queue for tenant, _, queue in names if tenant == tenant_id)

    # --- counts ----------------------------------------------------------------------------------------------
    def counts(self, scope: str) -> dict[str, int]:
        """Jobs per state and totals of ``o:<owner>``, ``t:<tenant>`` or ``all``; absent means 0.

        Raises ``QueueClosed`` rather than give counts of a queue that is gone.
        """
        pipe = self._redis.pipeline(transaction=False)
        pipe.exists(self._keys.epoch)
        pipe.hgetall(self._keys.counts(scope))
        is_open, fields = pipe.execute()
        if not is_open:
            raise QueueClosed
        return {name.decode(): int(n) for name, n in fields.items()}

    def leases(self, limit: int = 1000) -> list[tuple[str, int, str]]:
        """Running and claimed jobs: (id, end of lease in ms, token), the next to lapse first."""
        found: Any = self._redis.zrange(self._keys.leases, 0, limit - 1, withscores=True)
        if not found:
            return []
        held: Any = self._redis.hmget(self._keys.tokens, [raw for raw, _ in found])
        return [
            (raw.decode(), int(ends), (token or b"").decode().partition("|")[0])
            for (raw, ends), token in zip(found, held, strict=True)
        ]

    def _limited(self, job: Job) -> int:
        """1 where the owner's active jobs are kept: only while that limit is on, to save memory."""
        return int(self._settings.max_active_jobs_per_user > 0 and job.status is not JobStatus.SCHEDULED)


def _lane(job: Job) -> str:
    return lane(job.tenant_id, job.queue)


def _place(job: Job) -> int:
    """Score in the lane, or due time in ms, whichever the job's state needs."""
    if job.status in {JobStatus.SCHEDULED, JobStatus.RETRYING}:
        return to_ms(job.ready_at)
    return job.score
