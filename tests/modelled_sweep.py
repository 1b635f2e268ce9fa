"""A modelled queue with the calls that change jobs, and the sweep that repairs what was left undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from chalicelib.domain.events import moved
from chalicelib.domain.jobs import Job, JobStatus, to_ms
from chalicelib.domain.lifecycle import lost_unstarted, promoted
from chalicelib.queue.answers import Missing
from chalicelib.queue.engine import Settlement
from chalicelib.queue.intents import Intent, permit
from chalicelib.queue.rebuild import Place, Rebuild
from tests.model import Model, lane_of
from tests.modelled_queue import LEASE_MS, ModelledQueue
from tests.script_harness import OWNER, TENANT


class ModelledSweep(ModelledQueue):
    """Each call runs a script and the model, and compares their answers."""

    # --- calls ---------------------------------------------------------------------------------------------
    def enqueue(self, job: Job, events: list[Any]) -> None:
        done = self.engine.enqueue([job], [events])
        self.same(bool(done.added), self.model.enqueue(job, len(events)))

    def withdraw(self, after: Job, old: JobStatus) -> None:
        events = moved(after, old)
        self.same(self.engine.withdraw([after], [events])[0], self.model.withdraw(after, len(events)))

    def promote(self, job: Job, when: str) -> None:
        after, due = promoted(job, self.at), to_ms(job.ready_at)
        self.records[job.id] = after

        def call() -> None:
            events = moved(after, job.status)
            done = self.engine.promote([after], [due], [events])
            self.same(bool(done.added), self.model.promote(after, due, len(events)))

        self.perform(call, when)

    def settle(self, after: Job, token: str, old: JobStatus) -> None:
        events, counter = moved(after, old), "retries" if after.status is JobStatus.RETRYING else ""
        used = 40 if old is JobStatus.RUNNING else 0
        done = self.engine.settle([Settlement(after, token, events, counter, used)])[0]
        self.same(done, self.model.settle(after, token, len(events), counter, used))

    # --- the sweep -----------------------------------------------------------------------------------------
    def recover(self, _: st.DataObject | None = None) -> None:
        """Recover expired leases, as ``LeaseRescue``."""
        token = self.name("r")
        taken = self.engine.take_over(token, 100)
        self.same(taken, self.model.take_over(token))
        for job_id, begun in taken.items():
            job = self.records.get(job_id)
            assert job is not None
            after = job
            if job.status is JobStatus.RUNNING:
                retry = job.retry_count < job.max_retries
                status = JobStatus.RETRYING if retry else JobStatus.DLQ
                later = self.at + timedelta(milliseconds=200)
                after = job.with_(status=status, rev=job.rev + 1, retry_count=job.retry_count + 1, ready_at=later)
            elif job.status is JobStatus.PENDING and not begun:
                after = lost_unstarted(job, "unknown", self.at)
            self.records[job_id] = after
            self.settle(after, token, job.status)

    def promote_due(self, _: st.DataObject | None = None) -> None:
        """Promote due jobs, as ``Promotion``."""
        for job_id, due in self.engine.due(self.model.now, 100).items():
            job = self.records.get(job_id)
            assert job is not None
            if job.status in {JobStatus.SCHEDULED, JobStatus.RETRYING} and job.ready_at <= self.at:
                self.promote(job, "at once")
            elif job.status in {JobStatus.PENDING, JobStatus.RUNNING}:
                done = self.engine.promote([job], [due], [[]])
                self.same(bool(done.added), self.model.promote(job, due, 0))
            elif not job.status.is_open:
                self.withdraw(job, JobStatus.PENDING)

    def settle_intents(self, _: st.DataObject | None = None) -> None:
        """Finish interrupted changes and enqueue missing jobs, as ``IntentSettlement`` and ``requeue``."""
        texts = [raw.decode() for raw in self.engine.overdue_intents(self.model.now, 1000)]
        jobs = {self.records[intent.job_id].id: self.records[intent.job_id]
                for text in texts if (intent := Intent.parse(text)) and intent.job_id in self.records}  # fmt: skip
        for job in jobs.values():
            if job.status is JobStatus.CANCELLED:
                self.withdraw(job, JobStatus.PENDING)
        still_open = [job for job in jobs.values() if job.status.is_open]
        for job in still_open:
            if permit(job).text in texts:
                self.enqueue(job, [])
        self.requeue(still_open)
        self.engine.clear_intents(texts)
        for text in texts:
            self.model.intents.pop(text, None)

    def requeue(self, jobs: list[Job]) -> None:
        if not jobs:
            return
        missing = self.engine.missing(jobs)
        self.same(missing.ids, self.model.missing(jobs))
        for job_id in missing.ids:
            self.come_in(self.records[job_id], missing)
            self.calls.append(lambda job=self.records[job_id]: self.come_in(job, missing))  # type: ignore[misc]

    def come_in(self, job: Job, missing: Missing) -> None:
        done = self.engine.enqueue([job], [[]], missing=missing)
        self.same(bool(done.added), self.model.enqueue(job, 0, missing.noted_ms[job.id]))

    def lose_redis(self, _: st.DataObject | None = None) -> None:
        """Empty Redis and rebuild it from the records; earlier calls may still arrive."""
        redis, keys = self.container.redis, self.container.keys
        redis.delete(*redis.scan_iter(match=keys.prefix + "*", count=1000))
        rebuild = Rebuild(redis, self.container.scripts, "again")
        assert rebuild.begin()
        paused, limits, shares = sorted(self.model.turns.paused), self.model.turns.limits, self.model.turns.shares
        rebuild.wipe(paused, limits.values(), shares)
        ended = [job for job in self.records.values() if not job.status.is_open]
        old, self.model = self.model, Model(LEASE_MS)
        self.model.now, self.model.turns.paused, self.model.turns.limits = old.now, set(paused), limits
        self.model.turns.shares = shares
        rebuild.restore([self.place(job) for job in self.records.values() if job.status.is_open], limited=True)
        for job in ended:
            rebuild.add_totals([(OWNER, TENANT, {job.status.value: 1})])
            self.model.count(job, job.status.value, 1)
        self.epoch += 1
        rebuild.open(self.epoch)
        self.calls = []  # their events and totals belong to the former epoch; chaos tests call across epochs
        for holds in self.holds.values():
            holds.clear()

    def place(self, job: Job) -> Place:
        running, waits = job.status is JobStatus.RUNNING, job.status in {JobStatus.SCHEDULED, JobStatus.RETRYING}
        at_ms = self.model.now + LEASE_MS if running else to_ms(job.ready_at)
        if running:
            self.model.grant(job, "lost")
            self.model.leases[job.id] = at_ms
            if job.cancel_requested:
                self.model.cancels[job.id] = at_ms
        elif waits:
            getattr(self.model, job.status.value)[job.id] = at_ms
        else:
            self.model.place(lane_of(job), job.id, job.score)
        if job.status is not JobStatus.SCHEDULED:
            self.model.active[OWNER].add(job.id)
        self.model.count(job, job.status.value, 1)
        return Place(
            job.id, TENANT, lane_of(job), OWNER, job.status.value, job.score, at_ms, "lost", job.cancel_requested
        )

    def mend(self) -> None:
        """All workers are dead; the sweep continues."""
        self.calls = []
        for holds in self.holds.values():
            holds.clear()
        for _ in range(4):
            self.pass_time(3 * LEASE_MS)
            self.settle_intents()
            self.recover()
            self.pass_time(3 * LEASE_MS)
            self.promote_due()
