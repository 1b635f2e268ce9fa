"""Limits in Redis: their definitions, and what their instances hold and make wait.

A *limit* has a name and a scope: a tenant's id, or ``*`` for all tenants. Each of its *instances* is counted apart. In
``Job.limits`` an instance is ``name``, or ``name:key`` for a limit of each key, and ``*name`` or ``*name:key`` if all
tenants share it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from chalicelib.domain.jobs import Job
from chalicelib.domain.pauses import PausedBy, task_instance
from chalicelib.queue.lanes import CAP, EVERYTHING, instance_key, queue_of
from chalicelib.queue.scripts import Scripts, text

if TYPE_CHECKING:
    from redis import Redis

#: The scope of definitions for all tenants.
ALL_TENANTS: Final = "*"
#: Parked lanes whose jobs one call of ``states`` or ``instances`` counts.
COUNTED_LANES: Final = 1_000
#: Parked lanes that one script checks for jobs.
CHECKED_LANES: Final = 1_000
#: Instances that one script checks for lanes to let in.
KICKED_INSTANCES: Final = 1_000


class Definition(NamedTuple):
    """How many jobs may run at once, and begin per time. One without any of them deletes the limit.

    A tenant's own definition stands before the one for all tenants, under which each tenant is counted apart. Shared
    instances are defined for all tenants only.
    """

    scope: str
    name: str
    #: For instances with a key, each counted apart.
    keyed: bool = False
    #: Jobs that may run at once, ``None`` for any number.
    concurrency: int | None = None
    #: Time between two starts, ``None`` for no rate. ``burst`` jobs may start at once.
    interval_ms: float | None = None
    burst: int = 1
    #: No job begins.
    paused: bool = False

    @property
    def field(self) -> str:
        """Its field in Redis."""
        return f"{self.scope}/{self.name}{':' if self.keyed else ''}"

    @property
    def text(self) -> str:
        """Its value in Redis, '' if it is none."""
        if self.concurrency is None and self.interval_ms is None and not self.paused:
            return ""
        most = "" if self.concurrency is None else str(self.concurrency)
        rate = "|" if self.interval_ms is None else f"{self.interval_ms:g}|{self.burst}"
        return f"{most}|{rate}|{int(self.paused)}"

    @classmethod
    def parse(cls, field: str, value: str) -> Definition:
        """Return the definition in a field and its value."""
        scope, _, name = field.partition("/")
        most, interval, burst, paused = value.split("|")
        return cls(
            scope, name.removesuffix(":"), name.endswith(":"), int(most) if most else None,
            float(interval) if interval else None, int(burst or 1), paused == "1",
        )  # fmt: skip


class LimitState(NamedTuple):
    """The state of an instance, or of all instances of a limit with keys together."""

    instance: str
    #: Jobs that hold it.
    held: int
    #: Ready jobs that wait for it.
    waiting: int
    #: Whether more jobs wait than were counted.
    is_cut: bool = False
    #: When its rate allows the next job, ``None`` if now, or if there are keys.
    next_token_ms: int | None = None


class Why(StrEnum):
    """Why an instance does not let a job begin."""

    FULL = "full"
    RATE = "rate"
    PAUSED = "paused"


class Block(NamedTuple):
    """What a ready job waits for.

    ``instance``: '' for its queue, which is paused, ``CAP`` for its tenant: its cap, or a pause; ``EVERYTHING``;
    or what ``task_instance`` returns for its task.
    """

    instance: str
    why: Why
    held: int = 0
    #: How many may hold the instance, ``None`` if any number.
    of: int | None = None
    until_ms: int | None = None


#: What a job waits for that is paused.
_PAUSED: Final = {PausedBy.QUEUE: "", PausedBy.TENANT: CAP, PausedBy.EVERYTHING: EVERYTHING}


class LimitScripts:
    """Defines limits and reads their state. Scripts raise ``QueueClosed`` while Redis has lost the queue.

    Methods that let jobs begin return the pools of which to invoke a worker.
    """

    def __init__(self, redis: Redis, scripts: Scripts) -> None:
        self._redis = redis
        self._scripts = scripts
        self._keys = scripts.keys

    # --- change ----------------------------------------------------------------------------------------------
    def define(self, definitions: Sequence[Definition]) -> tuple[str, ...]:
        """Set or delete definitions, and let jobs begin that they allow."""
        batch = self._scripts.batch("define")
        for each in definitions:
            batch.add(field=each.field, definition=each.text)
        for answer in batch.run():
            self._scripts.marked(answer)
        wake: set[str] = set()
        for each in definitions:
            scope, _, name = each.field.partition("/")
            prefix = "" if scope == ALL_TENANTS else f"{scope}/{name}"
            after = None
            while after != "":
                after, pools = self.kick_parked(after or "", prefix=prefix, name=name)
                wake |= {*pools}
        return tuple(wake)

    def kick_parked(self, after: str, *, prefix: str = "", name: str = "") -> tuple[str, tuple[str, ...]]:
        """Let parked jobs begin where instances allow it; a lost kick is so repaired.

        Checks up to ``KICKED_INSTANCES`` after ``after`` whose keys begin with ``prefix``, of the limit ``name`` (with
        ``:`` for instances with keys; '' = all). Returns the last one, '' at the end, and the pools.
        """
        answer = self._scripts.call("kick_parked", after=after, start=prefix, of=name, most=KICKED_INSTANCES)
        last, pools = self._scripts.marked(answer)
        return text(last), tuple(map(text, pools))

    def drop_emptied(self, after: bytes) -> tuple[bytes, int]:
        """Drop parked lanes whose jobs were all withdrawn, among the ``CHECKED_LANES`` after ``after``.

        Returns the last one checked, empty at the end, and how many were dropped.
        """
        last, dropped = self._scripts.marked(self._scripts.call("drop_emptied", after=after, most=CHECKED_LANES))
        return bytes(last), int(dropped)

    def reset(self, tenant_id: str, instance: str) -> tuple[str, ...]:
        """Forget when jobs of an instance began. Jobs that hold it go on."""
        answer = self._scripts.call("reset_rate", instance=instance_key(tenant_id, instance))
        (pools,) = self._scripts.marked(answer)
        return tuple(map(text, pools))

    def unattended_rate_ms(self, until_ms: int) -> int | None:
        """Return when a rate allows the next parked job of a pool in which no worker listens, if by ``until_ms``."""
        (due,) = self._scripts.marked(self._scripts.call("unattended_rate", until_ms=until_ms))
        return due if due >= 0 else None

    # --- read ------------------------------------------------------------------------------------------------
    def defined(self) -> list[Definition]:
        """Return all definitions in Redis."""
        found: Any = self._redis.hgetall(self._keys.limits)
        return [Definition.parse(text(field), text(value)) for field, value in found.items()]

    def states(self, tenant_id: str, names: Iterable[str]) -> list[LimitState]:
        """Return the state of each limit: ``name`` for its instance without a key, ``name:`` for all with keys."""
        return self._states(tenant_id, [*names])

    def instances(self, tenant_id: str, name: str, limit: int) -> list[LimitState]:
        """Return the instances of ``name`` with a key that hold jobs or make them wait, by key, at most ``limit``."""
        prefix = f"{instance_key(tenant_id, name)}:"
        (found,) = self._scripts.marked(self._scripts.call("limit_instances", start=prefix, most=limit))
        own = [f"{name}:{text(each)[len(prefix) :]}" for each in found]
        return self._states(tenant_id, own)

    def _states(self, tenant_id: str, instances: Sequence[str]) -> list[LimitState]:
        batch = self._scripts.batch("limit_states")
        for each in instances:
            keyed = each.endswith(":")
            batch.add(instance=instance_key(tenant_id, each.removesuffix(":")), keyed=int(keyed))
        numbers: list[int] = []
        for answer in batch.run(lanes_limit=COUNTED_LANES):
            (found,) = self._scripts.marked(answer)
            numbers += found
        rows = zip(*(numbers[n::4] for n in range(4)), strict=True)
        return [
            LimitState(each, held, waiting, bool(cut), due if due >= 0 else None)
            for each, (held, waiting, cut, due) in zip(instances, rows, strict=True)
        ]

    def holders(self, tenant_id: str, instance: str, limit: int) -> list[str]:
        """Return the ids of jobs that hold an instance, at most ``limit``."""
        key = instance_key(tenant_id, instance).encode()
        found: Any = self._redis.zrangebylex(
            self._keys.holders, b"[" + key + b"\0", b"(" + key + b"\1", start=0, num=limit
        )
        return [text(member[len(key) + 1 :]) for member in found]

    def blocked_by(self, job: Job) -> list[Block]:
        """Return what a ready job waits for, besides its turn. For one that goes on after a wait, no rate counts."""
        batch, instances = self._scripts.batch("blocks"), (CAP, *job.limits)
        for each in instances:
            batch.add(instance=instance_key(job.tenant_id, each))
        paused, found = self._scripts.marked(batch.run_once(queue=queue_of(job.tenant_id, job.queue)))
        blocks = [Block(_PAUSED[PausedBy(paused)], Why.PAUSED)] if paused else []
        blocks += self._task_block(job)
        for each, row in zip(instances, zip(*(found[n::4] for n in range(4)), strict=True), strict=True):
            blocks += _blocks(each, *row)
        return [block for block in blocks if not (job.is_resumed and block.why is Why.RATE)]

    def _task_block(self, job: Job) -> list[Block]:
        name = task_instance(job.task)
        held: Any = self._redis.smismember(
            self._keys.paused, [queue_of(scope, name) for scope in (job.tenant_id, ALL_TENANTS)]
        )
        return [Block(name, Why.PAUSED)] if any(held) else []


def _blocks(instance: str, paused: int, most: int, held: int, due: int) -> list[Block]:
    of = most if most >= 0 else None
    if paused:
        return [Block(instance, Why.PAUSED, held, of)]
    if of is not None and held >= of:
        return [Block(instance, Why.FULL, held, of)]
    return [Block(instance, Why.RATE, held, of, due)] if due >= 0 else []
