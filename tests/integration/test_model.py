"""The scripts on a real Valkey, driven at random beside a Python model: after each step both must be equal.

The machine keeps the records, as MongoDB would, and changes them first. The script of a change may run at
once, late, twice or never: ``again`` repeats any earlier call.
"""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from chalicelib.domain.events import created, deleted, moved
from chalicelib.domain.jobs import TERMINAL, Job, JobStatus, to_ms
from chalicelib.domain.lifecycle import cancelled, redriven
from chalicelib.queue.intents import Intent, IntentKind, permit
from chalicelib.queue.limit_instances import Definition
from chalicelib.queue.shares import Share
from tests.modelled_queue import LEASE_MS, WORKERS
from tests.modelled_sweep import ModelledSweep
from tests.modelled_turns import parts
from tests.script_harness import OWNER, TENANT

QUEUES = ("one", "two")
#: What jobs fall under: several together, one with a key, one that all tenants share.
LIMITS: list[tuple[str, ...]] = [(), (), ("a",), ("a", "b:1"), ("b:1",), ("*s",)]
DEFINITIONS = [
    Definition(scope, name, keyed=name == "b", concurrency=concurrency, interval_ms=interval_ms, burst=2, paused=paused)
    for scope, name in (("*", "a"), (TENANT, "a"), ("*", "b"), ("*", "s"))
    for concurrency, interval_ms, paused in ((None, None, False), (1, None, False), (2, 100, False), (None, 50, False),
                                             (None, None, True))
]  # fmt: skip
SHARES = [Share(), Share(1, 1), Share(1, 2), Share(2, 3), Share(0.5)]
TERMINAL_ENDS = [JobStatus.COMPLETED, JobStatus.DLQ, JobStatus.DLQ, JobStatus.CANCELLED]
WHEN = st.sampled_from(["at once", "at once", "at once", "later"])
PEOPLE = ["submit"] * 4 + ["cancel", "hurry", "redrive", "redrive", "redrive", "delete"]
WORK = ["claim"] * 3 + ["start"] * 4 + ["finish"] * 4 + ["heartbeat", "release", "die"]
WORLD = (
    ["again"] * 6
    + ["late_end", "late_promotion"]
    + ["let_time_pass"] * 3
    + ["recover", "promote_due", "promote_due", "settle_intents", "pause", "define", "define", "share", "share"]
    + ["drop_emptied", "lose_redis"]
)


class Machine(ModelledSweep):
    """Rules are actions of users, workers and the sweep."""

    # One rule, not thirty: which rules a run may use at all is drawn too, and these need one another.
    @rule(data=st.data(), when=WHEN, worker=st.sampled_from(WORKERS), what=st.sampled_from([*PEOPLE, *WORK, *WORLD]))
    def anything(self, data: st.DataObject, when: str, worker: str, what: str) -> None:
        act = getattr(self, what)
        if what in {"start", "finish"}:
            act(worker, data, when)
        elif what in WORK:
            act(worker, data)
        elif what in PEOPLE:
            act(data, when)
        else:
            act(data)

    def teardown(self) -> None:
        try:
            self.mend()
            self.check_mended()
        finally:
            redis = self.container.redis
            redis.delete(*redis.scan_iter(match=self.container.keys.prefix + "*", count=1000))
            self.container.close()

    # --- people ----------------------------------------------------------------------------------------------
    def submit(self, data: st.DataObject, when: str) -> None:
        if len(self.records) >= 6:
            return
        queue, priority = data.draw(st.sampled_from(QUEUES)), data.draw(st.sampled_from([0, 5, 9]))
        delay = data.draw(st.sampled_from([0, 0, 0, 0, 500]))
        ready = self.at + timedelta(milliseconds=delay)
        job = Job(
            f"{self.number:024x}", TENANT, OWNER, "j", JobStatus.SCHEDULED if delay else JobStatus.PENDING, 1, ready,
            self.at, self.at, "t", queue=queue, priority=priority, submission_id=self.name("e"), max_retries=1,
            limits=data.draw(st.sampled_from(LIMITS)),
        )  # fmt: skip
        self.engine.intend([permit(job)])
        self.model.intend([permit(job)])
        self.records[job.id] = job
        self.perform(lambda: self.enqueue(job, [created(job)]), when)

    def cancel(self, data: st.DataObject, when: str) -> None:
        job = self.some(data, JobStatus.SCHEDULED, JobStatus.PENDING, JobStatus.RETRYING, JobStatus.RUNNING)
        if job is None:
            return
        note = [Intent(job.id, IntentKind.CANCEL)]
        self.engine.intend(note)
        self.model.intend(note)
        if job.status is JobStatus.RUNNING:
            self.records[job.id] = job.with_(cancel_requested=True)
            self.perform(lambda: self.same(self.engine.stop(job.id, "w1"), self.model.stop(job.id)), when)
            return
        after = cancelled(job, self.at)
        self.records[job.id] = after
        self.perform(lambda: self.withdraw(after, job.status), when)

    def hurry(self, data: st.DataObject, when: str) -> None:
        job = self.some(data, JobStatus.SCHEDULED, JobStatus.RETRYING)
        if job is not None:
            self.promote(job, when)

    def redrive(self, data: st.DataObject, when: str) -> None:
        job = self.some(data, JobStatus.DLQ)
        if job is None:
            return
        after = redriven(job, self.at, submission_id=self.name("e"))
        self.engine.intend([permit(after)])
        self.model.intend([permit(after)])
        self.records[job.id] = after
        self.perform(lambda: self.enqueue(after, moved(after, JobStatus.DLQ)), when)

    def delete(self, data: st.DataObject, when: str) -> None:
        job = self.some(data, *TERMINAL)
        if job is None:
            return
        del self.records[job.id]

        def call() -> None:
            self.same(bool(self.engine.forget([job], [[deleted(job)]])), self.model.forget(job, 1))

        call()
        self.calls.append(call)

    def pause(self, data: st.DataObject) -> None:
        queue, paused = data.draw(st.sampled_from(QUEUES)), data.draw(st.sampled_from([False, False, True]))
        changed, _ = self.engine.pause(TENANT, queue, paused=paused, events=[])
        self.same(changed, self.model.pause(f"{TENANT}/{queue}", 0, paused=paused))

    def define(self, data: st.DataObject) -> None:
        """A limit changes, and parked jobs that it lets begin return."""
        definition = data.draw(st.sampled_from(DEFINITIONS))
        self.limits.define([definition])
        self.model.turns.limits.pop(definition.field, None)
        if definition.text:
            self.model.turns.limits[definition.field] = definition
        name = definition.field.partition("/")[2]
        self.model.turns.kick_parked(None if definition.scope == "*" else definition.scope, name)

    def share(self, data: st.DataObject) -> None:
        """The weight or the cap of the tenant changes."""
        share = data.draw(st.sampled_from(SHARES))
        self.container.shares.put({TENANT: share})
        self.model.set_share(TENANT, share)

    def drop_emptied(self, _: st.DataObject) -> None:
        self.limits.drop_emptied(b"")
        self.model.turns.drop_emptied()

    # --- workers ---------------------------------------------------------------------------------------------
    def claim(self, worker: str, data: st.DataObject) -> None:
        want, free = data.draw(st.integers(1, 4)), data.draw(st.integers(0, 4))
        token = self.name(worker)
        claim = self.engine.claim(token, want, free=free)
        self.same(claim.ids, self.model.claim(token, want, free))
        if len(claim.ids) < want and not claim.is_cut:
            self.check_blocked()
        ids = claim.ids
        for job_id in ids:
            self.holds[worker][job_id] = (token, self.records[job_id])

    def check_blocked(self) -> None:
        """Every lane with ready jobs has an instance that is full, paused or out of tokens, or its queue is paused."""
        turns = self.model.turns
        for name, row in self.model.ready.items():
            at = parts(turns.leased(name))
            assert not row or at.source in turns.paused or any(turns.room(key)[0] < 1 for key in at.instances), name

    def start(self, worker: str, data: st.DataObject, when: str) -> None:
        waiting = [job_id for job_id, (_, job) in self.holds[worker].items() if job.status is JobStatus.PENDING]
        if not waiting:
            return
        job_id = data.draw(st.sampled_from(waiting))
        token, job = self.holds[worker][job_id]
        record = self.records.get(job_id)
        if record is None or record.rev != job.rev or record.status is not JobStatus.PENDING:
            self.settle_as_recorded(worker, job_id)
            return
        after = job.with_(status=JobStatus.RUNNING, rev=job.rev + 1)
        self.records[job_id] = after
        self.holds[worker][job_id] = (token, after)

        def call() -> None:
            events = moved(after, JobStatus.PENDING)
            self.same(self.engine.started([after], [token], [events])[0], self.model.started(after, token, len(events)))

        self.perform(call, when)

    def finish(self, worker: str, data: st.DataObject, when: str) -> None:
        running = [job_id for job_id, (_, job) in self.holds[worker].items() if job.status is JobStatus.RUNNING]
        if not running:
            return
        job_id = data.draw(st.sampled_from(running))
        status = data.draw(st.sampled_from([*TERMINAL_ENDS, JobStatus.RETRYING]))
        token, job = self.holds[worker].pop(job_id)
        record = self.records.get(job_id)
        if record is None or record.rev != job.rev:
            return  # fenced by the record: nothing may be published
        after = job.with_(status=status, rev=job.rev + 1, ready_at=self.at + timedelta(milliseconds=300))
        self.records[job_id] = after
        self.perform(lambda: self.settle(after, token, JobStatus.RUNNING), when)

    def release(self, worker: str, data: st.DataObject) -> None:
        """Release a claimed job."""
        waiting = [job_id for job_id, (_, job) in self.holds[worker].items() if job.status is JobStatus.PENDING]
        if waiting:
            self.settle_as_recorded(worker, data.draw(st.sampled_from(waiting)))

    def settle_as_recorded(self, worker: str, job_id: str) -> None:
        """End a lease by the record, unless a worker runs the job."""
        token, _ = self.holds[worker].pop(job_id)
        record = self.records.get(job_id)
        if record is not None and record.status not in {JobStatus.RUNNING, JobStatus.SCHEDULED}:
            self.settle(record, token, JobStatus.PENDING)

    def heartbeat(self, worker: str, _: st.DataObject | None = None) -> None:
        held = {job_id: token for job_id, (token, _) in self.holds[worker].items()}
        answer = self.container.fleet.heartbeat(worker, {}, held)
        self.same((set(answer.lost), set(answer.cancel)), self.model.heartbeat(held))
        for job_id in answer.lost:
            del self.holds[worker][job_id]

    def die(self, worker: str, _: st.DataObject | None = None) -> None:
        self.holds[worker].clear()

    # --- time, faults ----------------------------------------------------------------------------------------
    def let_time_pass(self, data: st.DataObject) -> None:
        self.pass_time(data.draw(st.sampled_from([1, 100, LEASE_MS, 3 * LEASE_MS])))

    def again(self, data: st.DataObject) -> None:
        """Repeat an earlier call, or make a late one."""
        if self.calls:
            data.draw(st.sampled_from(self.calls))()

    def late_end(self, data: st.DataObject) -> None:
        """End a job under an old token, or one that never was its lease's."""
        job = self.some(data)
        if job is not None and job.status not in {JobStatus.RUNNING, JobStatus.SCHEDULED}:
            token = f"{data.draw(st.sampled_from(WORKERS))}{data.draw(st.integers(0, self.number))}"
            held = self.model.held.get(job.id)
            if held is None or held[0] != token:
                self.settle(job, token, JobStatus.RUNNING)

    def late_promotion(self, data: st.DataObject) -> None:
        """Promote a job from a former wait while it waits again."""
        job = self.some(data, JobStatus.SCHEDULED, JobStatus.RETRYING)
        if job is not None:
            due = to_ms(job.ready_at) - 1
            done = self.engine.promote([job], [due], [[]])
            self.same(bool(done.added), self.model.promote(job, due, 0))


LONG = os.environ.get("QUEUECRAFT_TESTS") == "all"


@pytest.mark.integration
@pytest.mark.timeout(2400)
def test_scripts_equal_the_model(env: dict[str, str]) -> None:
    Machine.env = env
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=250 if LONG else 40,
            stateful_step_count=120 if LONG else 80,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
