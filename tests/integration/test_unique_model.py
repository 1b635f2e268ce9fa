"""Unique jobs on real servers, driven at random beside a plain Python model: answers, holders, payloads are equal."""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from chalicelib.domain.jobs import Job, JobStatus, NewJob
from chalicelib.domain.unique import OnConflict, Unique
from chalicelib.errors import NotUnique
from chalicelib.services.submitter import Submitted
from chalicelib.settings import Settings
from tests.audit import audit
from tests.container import Container
from tests.databases import Databases
from tests.support import ManualClock
from tests.timed import ALICE, Timed

KEYS: Final = ("one", "two")
DELAY_S: Final = 20.0
MAX_WAIT_S: Final = 50.0
S, C = JobStatus, OnConflict
LONG = os.environ.get("QUEUECRAFT_TESTS") == "all"


@dataclass
class Holder:
    """A job that holds a key, as the model knows it. ``until`` is the last due time of one that is pushed back."""

    id: str
    n: int
    #: Whether it holds its key in all open states.
    whole: bool
    waits: bool = True
    until: float = 0.0


@dataclass
class Key:
    """Who holds a key, and who waits behind."""

    holder: Holder | None = None
    successor: Holder | None = None
    #: Jobs of the DLQ, which may take it again.
    dead: list[str] = field(default_factory=list)


class Machine(RuleBasedStateMachine):
    """One process; its people, workers and sweep take turns."""

    env: ClassVar[dict[str, str]]
    databases: ClassVar[Databases]

    def __init__(self) -> None:
        super().__init__()
        name = f"u{uuid.uuid4().hex[:12]}"
        own = {"MONGODB_DATABASE": self.databases.take(), "REDIS_NAMESPACE": name, "REDIS_JOB_EVENTS_CHANNEL": name}
        env = {**self.env, **own}
        env |= {"RATE_LIMIT_MAX_REQUESTS": "0", "MAX_ACTIVE_JOBS_PER_USER": "0", "LEASE_MS": "600000"}
        container = Container(Settings.from_env(env), clock=ManualClock())
        self.shop = Timed(container)
        container.rebuilder.ensure_open()
        self.keys = {key: Key() for key in KEYS}
        #: What each job must run with.
        self.payloads: dict[str, int] = {}
        self.running: list[Job] = []
        self.n = 0

    # --- what people do --------------------------------------------------------------------------------------
    @rule(key=st.sampled_from(KEYS), on_conflict=st.sampled_from(list(C)), times=st.integers(1, 2))
    def submit(self, key: str, on_conflict: OnConflict, times: int) -> None:
        for _ in range(times):
            self.n += 1
            debounced = on_conflict is C.PUSH_BACK
            unique = Unique(key, on_conflict=on_conflict, max_wait_s=MAX_WAIT_S if debounced else None)
            new = NewJob(
                "a job", payload=json.dumps({"n": self.n}), unique=unique, delay_s=DELAY_S if debounced else None
            )
            try:
                [made] = self.shop.container.jobs.submit(ALICE, [new], "trace")
            except NotUnique:
                assert not self.is_accepted(self.keys[key], on_conflict)
            else:
                assert self.is_accepted(self.keys[key], on_conflict)
                self.expect(self.keys[key], on_conflict, made)

    def is_accepted(self, key: Key, on_conflict: OnConflict) -> bool:
        waiting = key.successor or key.holder
        if waiting is None:
            return True
        return not (on_conflict is C.REJECT or (on_conflict is C.REPLACE and not waiting.waits))

    def expect(self, key: Key, on_conflict: OnConflict, made: Submitted) -> None:
        waiting, now = key.successor or key.holder, self.shop.clock.elapsed_s
        whole = on_conflict is not C.PUSH_BACK
        if waiting is None:
            assert (made.created, made.duplicate) == (True, False)
            key.holder = Holder(made.job.id, self.n, whole, until=now if whole else now + MAX_WAIT_S)
            self.payloads[made.job.id] = self.n
        elif on_conflict is C.RUN_AFTER and not waiting.waits:
            assert (made.created, made.duplicate) == (True, False)
            assert made.job.runs_after == waiting.id
            key.successor = Holder(made.job.id, self.n, whole=True)
            self.payloads[made.job.id] = self.n
        else:
            stands = (key.holder or waiting) if on_conflict is C.KEEP else waiting
            assert (made.created, made.duplicate, made.job.id) == (False, True, stands.id)
            if on_conflict is not C.KEEP and waiting.waits:
                waiting.n = self.payloads[waiting.id] = self.n
        if on_conflict is C.PUSH_BACK and made.job.status is S.SCHEDULED and made.job.runs_after is None:
            limit = made.job.created_at.timestamp() + MAX_WAIT_S
            assert made.job.ready_at.timestamp() <= max(limit, self.shop.clock.now().timestamp())

    @rule(key=st.sampled_from(KEYS), behind=st.booleans())
    def cancel(self, key: str, behind: bool) -> None:
        known = self.keys[key]
        target = known.successor if behind else known.holder
        if target is None or not target.waits:
            return
        self.shop.container.jobs.cancel(ALICE, target.id)
        del self.payloads[target.id]
        if behind:
            known.successor = None
        else:
            self.ends(known)

    @rule(key=st.sampled_from(KEYS))
    def redrive(self, key: str) -> None:
        known = self.keys[key]
        if not known.dead:
            return
        job_id = known.dead[-1]
        try:
            job = self.shop.container.jobs.redrive(ALICE, job_id)
        except NotUnique:
            assert known.holder is not None
            return
        assert known.holder is None
        known.dead.remove(job_id)
        assert job.unique is not None
        n = json.loads(self.shop.job(job).payload or "")["n"]
        known.holder = Holder(job_id, n, whole=len(job.unique.states) > 2)
        self.payloads[job_id] = n

    # --- what workers do -------------------------------------------------------------------------------------
    @rule()
    def start(self) -> None:
        begun = self.shop.start(f"token {self.n} {len(self.running)}")
        for job in begun:
            assert json.loads(job.payload or "")["n"] == self.payloads[job.id], "it runs with the newest payload"
            known = self.key_of(job)
            if known.holder is not None and known.holder.id == job.id:
                known.holder.waits = False
                if not known.holder.whole:
                    self.ends(known)
        self.running += begun

    @rule(well=st.booleans())
    def finish(self, well: bool) -> None:
        if not self.running:
            return
        job = self.running.pop(0)
        after = self.shop.finish(job, failed=not well)
        self.shop.container.dispatcher.dispatch([after])
        known = self.key_of(job)
        if after.status is S.DLQ:
            known.dead.append(job.id)
        if known.holder is not None and known.holder.id == job.id:
            known.holder.waits = after.status is S.RETRYING
            if not after.status.is_open:
                self.ends(known)

    # --- the world -------------------------------------------------------------------------------------------
    @rule(seconds=st.sampled_from([1, 10, 30, 100]))
    def let_time_pass(self, seconds: int) -> None:
        self.shop.travel(seconds)
        self.shop.container.promotion.run()

    @rule()
    def sweep(self) -> None:
        self.shop.container.sweeper.sweep()

    def ends(self, known: Key) -> None:
        """The holder lost its key; the one behind it takes that."""
        known.holder, known.successor = known.successor, None

    def key_of(self, job: Job) -> Key:
        assert job.unique is not None
        return self.keys[job.unique.key]

    # --- what must hold --------------------------------------------------------------------------------------
    @invariant()
    def holders_are_those_of_the_model(self) -> None:
        held = {(doc["unique"]["key"], "runs_after" in doc and doc["unique_key"].endswith("next")): str(doc["_id"])
                for doc in self.shop.container.db.jobs.find({"unique_key": {"$exists": True}})}  # fmt: skip
        known = {(key, False): each.holder.id for key, each in self.keys.items() if each.holder}
        known |= {(key, True): each.successor.id for key, each in self.keys.items() if each.successor}
        assert held == known

    def teardown(self) -> None:
        container = self.shop.container
        try:
            assert audit(container) == []
            self.shop.travel(1_000)
            self.shop.run_all()
            assert audit(container) == []
        finally:
            self.databases.give_back(container.settings.mongodb_database)
            left: Any = list(container.redis.scan_iter(match=container.keys.prefix + "*", count=1000))
            container.redis.delete(*left)
            container.close()


@pytest.mark.integration
@pytest.mark.timeout(2400)
def test_unique_jobs_do_what_the_model_does(env: dict[str, str], databases: Databases) -> None:
    Machine.env, Machine.databases = env, databases
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=100 if LONG else 15,
            stateful_step_count=60 if LONG else 40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
