"""Limits on a real Valkey under random use: what must hold whatever happens, told from the calls alone."""

from __future__ import annotations

import os
import random
from collections import Counter, defaultdict
from typing import Any

import pytest

from chalicelib.domain.events import created
from chalicelib.domain.jobs import AttemptRecord, Job, JobStatus, Outcome, to_ms
from chalicelib.queue.answers import Claim
from chalicelib.queue.engine import Settlement
from chalicelib.queue.intents import permit
from chalicelib.queue.lanes import CAP, instance_key, lane
from chalicelib.queue.limit_instances import Definition
from chalicelib.queue.shares import Share
from tests.script_harness import NOW, NOW_MS, ScriptHarness

pytestmark = pytest.mark.integration
LONG = os.environ.get("QUEUECRAFT_TESTS") == "all"
TENANTS = ("a" * 24, "c" * 24, "d" * 24)
QUEUES = ("one", "two")
POOLS = ("", "", "big")
INSTANCES = ("solo", "few", "rate", "mix", "key:1", "key:2", "*all", "*all:k", "free")
STEPS = 1_500


def definitions(rnd: random.Random) -> list[Definition]:
    """One definition for each limit, at random."""
    found = []
    for name, keyed in (("solo", False), ("few", False), ("rate", False), ("mix", False), ("key", True), ("all", False),
                        ("all", True)):  # fmt: skip
        scope = "*" if name == "all" else rnd.choice(("*", *TENANTS))
        most = rnd.choice((None, 1, 2, 5))
        interval = rnd.choice((None, None, 50.0, 400.0))
        found.append(Definition(scope, name, keyed, most, interval, rnd.randint(1, 3), rnd.random() < 0.1))
    return found


class World:
    """Jobs and limits as the calls should have them."""

    def __init__(self, harness: ScriptHarness, seed: int) -> None:
        self.harness, self.rnd = harness, random.Random(seed)
        self.engine, self.limits = harness.engine, harness.container.limit_scripts
        self.now = 0
        self.ready: dict[str, Job] = {}
        #: id → (token, job, whether it began)
        self.held: dict[str, tuple[str, Job, bool]] = {}
        self.defined: dict[str, Definition] = {}
        #: Instance → when jobs began, and which, since the last change of its definition; not those handed back.
        self.began: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self.paused: set[tuple[str, str]] = set()
        self.caps: dict[str, int] = {}
        self.came: Counter[str] = Counter()
        self.number = 0

    # --- steps -----------------------------------------------------------------------------------------------
    def put(self) -> None:
        jobs = []
        for _ in range(self.rnd.randint(1, 3)):
            limits = tuple(sorted(self.rnd.sample(INSTANCES, self.rnd.choice((0, 1, 1, 2, 3)))))
            job = self.harness.job(
                ready=self.now, tenant_id=self.rnd.choice(TENANTS), queue=self.rnd.choice(QUEUES), limits=limits,
                pool=self.rnd.choice(POOLS), priority=self.rnd.randint(3, 7),
            )  # fmt: skip
            jobs.append(job)
        self.engine.intend([permit(job) for job in jobs])
        assert self.engine.enqueue(jobs, [[created(job)] for job in jobs]).added == len(jobs)
        self.ready |= {job.id: job for job in jobs}

    def claim(self) -> None:
        pool, want = self.rnd.choice(("default", "big")), self.rnd.randint(1, 6)
        free = self.rnd.choice((want, want, 0, 1))
        self.number += 1
        claim = self.engine.claim(f"t{self.number}", want, pool=pool, free=free)
        self.check_claim(claim, want, free, pool)
        for job_id in claim.ids:
            self.held[job_id] = (f"t{self.number}", self.ready.pop(job_id), False)

    def end(self) -> None:
        """Begin, end, suspend or hand back jobs of one claim."""
        some = self.rnd.sample(sorted(self.held), min(len(self.held), self.rnd.randint(1, 4)))
        ends, suspended = [], []
        for job_id in some:
            token, job, begun = self.held[job_id]
            if not begun and self.rnd.random() < 0.6:
                after = job.with_(status=JobStatus.RUNNING)
                assert self.engine.started([after], [token], [[]]) == [True]
                self.held[job_id] = token, job, True
                continue
            del self.held[job_id]
            if begun and self.rnd.random() < 0.3:
                attempt = AttemptRecord(1, "w", NOW, NOW, Outcome.WAITING)
                after = job.with_(status=JobStatus.WAITING, attempts=(attempt,))
                ends.append(Settlement(after, token, (), "", self.rnd.randint(1, 500)))
                suspended.append(after)
            elif begun:
                ends.append(Settlement(job.with_(status=JobStatus.COMPLETED), token, (), "", self.rnd.randint(1, 500)))
                self.came[job_id] += 1
            else:
                ends.append(Settlement(job, token))
                self.ready[job_id] = job
                if not job.is_resumed:  # it took nothing from rates
                    self.give_back(job)
        assert all(self.engine.settle(ends)), "the leases are ours"
        if suspended:
            self.resume(suspended)

    def resume(self, suspended: list[Job]) -> None:
        """End the waits of jobs."""
        jobs = [job.with_(status=JobStatus.PENDING) for job in suspended]
        assert self.engine.promote(jobs, [to_ms(job.ready_at) for job in jobs], [[]] * len(jobs)).added == len(jobs)
        self.ready |= {job.id: job for job in jobs}

    def withdraw(self) -> None:
        job = self.rnd.choice([*self.ready.values()])
        self.engine.withdraw([job.with_(status=JobStatus.CANCELLED)], [[]])
        del self.ready[job.id]
        self.came[job.id] += 1

    def take_over(self) -> None:
        self.pass_time(20_000)
        self.number += 1
        token = f"t{self.number}"
        for job_id in self.engine.take_over(token, 100):
            self.held[job_id] = (token, *self.held[job_id][1:])

    def pause(self) -> None:
        where, paused = (self.rnd.choice(TENANTS), self.rnd.choice(QUEUES)), self.rnd.random() < 0.4
        self.engine.pause(*where, paused=paused, events=[])
        (self.paused.add if paused else self.paused.discard)(where)

    def define(self) -> None:
        """Raise, lower, pause, resume or delete a limit."""
        definition = self.rnd.choice(definitions(self.rnd))
        if self.rnd.random() < 0.3:
            definition = Definition(*definition[:3])
        self.limits.define([definition])
        self.defined.pop(definition.field, None)
        if definition.text:
            self.defined[definition.field] = definition
        for key in [*self.began]:
            self.limits.reset(*self.instance_of(key))
            del self.began[key]

    def share(self) -> None:
        """Set, raise, lower or lift a cap, and change a weight."""
        tenant, cap = self.rnd.choice(TENANTS), self.rnd.choice((0, 0, 1, 2, 4))
        self.harness.container.shares.put({tenant: Share(self.rnd.choice((0.5, 1, 3)), cap)})
        self.caps[tenant] = cap

    def pass_time(self, ms: int) -> None:
        self.now += ms
        self.harness.at(self.now)

    # --- what holds ------------------------------------------------------------------------------------------
    @staticmethod
    def instance_of(key: str) -> tuple[str, str]:
        scope, _, name = key.partition("/")
        return scope, f"*{name}" if scope == "*" else name

    def definition(self, key: str) -> Definition | None:
        scope, _, rest = key.partition("/")
        if rest == CAP:
            return Definition(scope, CAP, concurrency=self.caps[scope]) if self.caps.get(scope) else None
        name, colon, _ = rest.partition(":")
        return self.defined.get(f"{scope}/{name}{colon}") or self.defined.get(f"*/{name}{colon}")

    def keys(self, job: Job) -> list[str]:
        return [instance_key(job.tenant_id, each) for each in (CAP, *job.limits)]

    def holding(self, key: str) -> int:
        return sum(key in self.keys(job) for _, job, _ in self.held.values())

    def give_back(self, job: Job) -> None:
        for key in self.keys(job):
            self.began[key] = [each for each in self.began[key] if each[1] != job.id]

    def check_claim(self, claim: Claim, want: int, free: int, pool: str) -> None:
        before = Counter(key for _, job, _ in self.held.values() for key in self.keys(job))
        added: Counter[str] = Counter()
        for n, job_id in enumerate(claim.ids):
            job = self.ready[job_id]
            assert (job.pool or "default") == pool
            assert (job.tenant_id, job.queue) not in self.paused
            for key in self.keys(job):
                added[key] += 1
                found = self.definition(key)
                if not job.is_resumed:
                    self.began[key].append((self.now, job_id))
                if found is None:
                    continue
                assert not found.paused
                assert found.concurrency is None or before[key] + added[key] <= found.concurrency
                assert found.interval_ms is None or n < free or job.is_resumed, "a rate is not claimed ahead"
        for key, began in self.began.items():
            self.check_rate(key, began)
        if len(claim.ids) < want and not claim.is_cut:
            left = {job_id: job for job_id, job in self.ready.items() if job_id not in claim.ids}
            self.check_blocked(left, before + added, pool)

    def check_rate(self, key: str, began: list[tuple[int, str]]) -> None:
        """In no window do more jobs begin than its length allows, and the burst."""
        found = self.definition(key)
        if found is None or found.interval_ms is None:
            return
        for first, (start, _) in enumerate(began):
            allowed = (self.now - start) / found.interval_ms + found.burst
            assert len(began) - first <= allowed + 1e-6, (key, began)

    def check_blocked(self, left: dict[str, Job], holding: Counter[str], pool: str) -> None:
        """A claim that gives fewer than it may leaves only jobs that must not begin."""
        queues: dict[tuple[str, str, bool], list[Job]] = defaultdict(list)
        for job in left.values():
            if (job.pool or "default") == pool and (job.tenant_id, job.queue) not in self.paused:
                queues[job.tenant_id, job.queue, job.is_resumed].append(job)  # rates block only those that begin
        for (tenant, *_), jobs in queues.items():
            of_all = jobs[0].with_(limits=tuple(sorted({each for job in jobs for each in job.limits})))
            blocks = {block.instance: block for block in self.limits.blocked_by(of_all)}
            for job in jobs:
                own = lane(tenant, job.queue, job.pool, job.limits)
                assert not blocks.keys().isdisjoint({CAP, *job.limits}), own
            for block in blocks.values():
                assert block.held == holding[instance_key(tenant, block.instance)]

    def finish(self) -> None:
        """Let everything run to its end, with the last limits, then without."""
        for where in [*self.paused]:
            self.engine.pause(*where, paused=False, events=[])
            self.paused.discard(where)
        for n in range(2_000):
            if n == 300:
                self.limits.define([Definition(*each[:3]) for each in self.defined.values()])
                self.defined.clear()
                self.harness.container.shares.put(dict.fromkeys(self.caps, Share()))
                self.caps.clear()
            self.pass_time(500)
            for pool in ("default", "big"):
                self.number += 1
                claim = self.engine.claim(f"t{self.number}", 100, pool=pool)
                self.check_claim(claim, 100, 100, pool)
                for job_id in claim.ids:
                    self.held[job_id] = (f"t{self.number}", self.ready.pop(job_id), False)
            for job_id, (token, job, _) in [*self.held.items()]:
                assert self.engine.settle([Settlement(job.with_(status=JobStatus.COMPLETED), token, (), "", 5)]) == [
                    True
                ]
                self.came[job_id] += 1
                del self.held[job_id]
            if not self.ready:
                break
        assert not self.ready
        self.engine.claim("last", 100)
        self.engine.claim("last", 100, pool="big")
        self.limits.kick_parked("")


def left_over(harness: ScriptHarness) -> dict[str, Any]:
    """What is still there of an empty queue."""
    keys, redis = harness.keys, harness.redis
    found = {
        key: redis.zrange(key, 0, -1)
        for key in (
            keys.ready,
            keys.groups,
            keys.lanes,
            keys.absent,
            keys.special,
            keys.holders,
            keys.parked,
            keys.timed,
        )
    }
    found["numbers"] = [lane for lane in redis.hkeys(keys.numbers) if lane != b"last"]
    found["costs"] = redis.hkeys(keys.costs)
    found["tokens"] = redis.hkeys(keys.tokens)
    found["rates"] = redis.zrangebyscore(keys.rates, "-inf", harness.container.scripts.now_ms)
    return {name: value for name, value in found.items() if value}


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(12 if LONG else 2))
def test_limits_hold_and_every_job_comes_out_once(harness: ScriptHarness, seed: int) -> None:
    world = World(harness, seed)
    for _ in range(STEPS):
        step = world.rnd.random()
        world.pass_time(world.rnd.choice((0, 1, 20, 100)))
        if step < 0.3:
            world.put()
        elif step < 0.6:
            world.claim()
        elif step < 0.9 and world.held:
            world.end()
        elif step < 0.94 and world.ready:
            world.withdraw()
        elif step < 0.96:
            world.pause()
        elif step < 0.985:
            world.define()
        elif step < 0.988:
            world.take_over()
        elif step < 0.99:
            world.limits.drop_emptied(b"")
        else:
            world.share()
    world.finish()
    assert set(world.came.values()) == {1}
    world.pass_time(NOW_MS)
    world.limits.kick_parked("")
    world.harness.container.shares.put(dict.fromkeys(TENANTS, Share()))
    assert left_over(harness) == {}
