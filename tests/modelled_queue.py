"""A queue on a real Valkey and its plain Python model, side by side: what must hold of them after each step."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, ClassVar, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from chalicelib.domain.jobs import Job, JobStatus, from_ms
from chalicelib.queue.rebuild import Rebuild
from chalicelib.settings import Settings
from tests.actual import actual
from tests.container import Container
from tests.model import Model
from tests.script_harness import NOW_MS

LEASE_MS: Final = 1_000
WORKERS: Final = ("w1", "w2")


class ModelledQueue(RuleBasedStateMachine):
    """The state of a run; a machine adds the rules."""

    env: ClassVar[dict[str, str]]

    def __init__(self) -> None:
        super().__init__()
        name = f"m{uuid.uuid4().hex[:12]}"
        env = {**self.env, "REDIS_NAMESPACE": name, "REDIS_JOB_EVENTS_CHANNEL": name, "LEASE_MS": str(LEASE_MS)}
        self.container = Container(Settings.from_env(env))
        self.engine = self.container.engine
        self.limits = self.container.limit_scripts
        self.model = Model(LEASE_MS)
        self.records: dict[str, Job] = {}
        self.number = 0
        self.epoch = 1
        #: Calls made, or still to be made: each runs the script and the model, and compares their answers.
        self.calls: list[Callable[[], None]] = []
        #: What each worker believes to hold: job id → (token, the job as it knows it).
        self.holds: dict[str, dict[str, tuple[str, Job]]] = {worker: {} for worker in WORKERS}

    @initialize()
    def begin(self) -> None:
        rebuild = Rebuild(self.container.redis, self.container.scripts, "first")
        assert rebuild.begin()
        rebuild.open(1)
        self.pass_time(0)

    def perform(self, call: Callable[[], None], when: str) -> None:
        """Make a call now or perhaps later; it may be made again in any case."""
        self.calls.append(call)
        if when == "at once":
            call()

    def same(self, answer: Any, modelled: Any) -> None:
        assert answer == modelled, f"the script says {answer}, the model {modelled}"

    def some(self, data: st.DataObject, *statuses: JobStatus) -> Job | None:
        jobs = [job for job in self.records.values() if not statuses or job.status in statuses]
        return data.draw(st.sampled_from(jobs)) if jobs else None

    def name(self, prefix: str) -> str:
        self.number += 1
        return f"{prefix}{self.number}"

    @property
    def at(self) -> Any:
        return from_ms(self.model.now)

    def pass_time(self, ms: int) -> None:
        self.model.now = (self.model.now or NOW_MS) + ms
        self.container.scripts.now_ms = self.model.now

    # --- what always holds -----------------------------------------------------------------------------------
    @invariant()
    def redis_is_as_modelled(self) -> None:
        if self.model.now:
            expected, is_ = self.model.state(), actual(self.container)
            assert is_ == expected, {
                name: (is_[name], expected[name]) for name in expected if is_[name] != expected[name]
            }

    @invariant()
    def a_job_is_in_one_place(self) -> None:
        places = [*self.model.held, *self.model.scheduled, *self.model.retrying]
        places += [job_id for row in self.model.ready.values() for job_id in row]
        assert len(places) == len(set(places))
        assert set(self.model.held) == set(self.model.leases)

    @invariant()
    def counts_are_those_of_the_places(self) -> None:
        """What the census relies on."""
        counts, ready = self.model.counts["all"], sum(len(row) for row in self.model.ready.values())
        assert counts["pending"] + counts["running"] == ready + len(self.model.held)
        assert counts["scheduled"] == len(self.model.scheduled)
        assert counts["retrying"] == len(self.model.retrying)

    def check_mended(self) -> None:
        """No job is lost, none is where it should not be, and the counts are those of the records."""
        counts: dict[str, int] = {}
        for job in self.records.values():
            counts[job.status.value] = counts.get(job.status.value, 0) + 1
            assert self.model.known(job) == job.status.is_open, job
        states = {status.value for status in JobStatus}
        counted = {name: n for name, n in self.model.counts["all"].items() if name in states and n}
        assert counted == counts
        assert self.model.intents == {}
        self.redis_is_as_modelled()
