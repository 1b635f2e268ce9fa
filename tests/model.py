"""What the queue's scripts do, in plain Python: the reference that they are held against."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from chalicelib.domain.jobs import OPEN, Job, JobStatus, to_ms
from chalicelib.queue.intents import Intent, IntentKind, permit, recovery_permit
from chalicelib.queue.lanes import lane
from chalicelib.queue.shares import Share
from tests.modelled_turns import Turns, parts, waiting

HOUR_MS = 3_600_000
#: What model and Redis have by the same names.
SIMPLE = ("scheduled", "retrying", "leases", "cancels", "intents", "forgotten")
ENDS = {JobStatus.COMPLETED: "done", JobStatus.DLQ: "failed"}


def lane_of(job: Job) -> str:
    return lane(job.tenant_id, job.queue, job.pool, job.limits)


class Model:
    """The whole state of one queue, and a method per script with the script's answer."""

    def __init__(self, lease_ms: int) -> None:
        self.lease_ms = lease_ms
        self.now = 0
        self.seq = 0
        self.ready: dict[str, dict[str, float]] = defaultdict(dict)
        self.turns = Turns(lambda: self.now, lambda name: len(self.ready[name]))
        self.scheduled: dict[str, float] = {}
        self.retrying: dict[str, float] = {}
        #: id → [token, state, score, lane, estimate]
        self.held: dict[str, list[Any]] = {}
        self.leases: dict[str, float] = {}
        #: id → when it was claimed last.
        self.claimed: dict[str, int] = {}
        self.cancels: dict[str, float] = {}
        self.intents: dict[str, float] = {}
        self.active: dict[str, set[str]] = defaultdict(set)
        self.forgotten: dict[str, float] = {}
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)

    # --- parts of scripts ------------------------------------------------------------------------------------
    def count(self, job: Job, field: str, by: int) -> None:
        for scope in (f"o:{job.owner_id}", f"t:{job.tenant_id}", "all"):
            self.counts[scope][field] += by
        if field in OPEN:
            self.counts[f"q:{job.tenant_id}"][job.queue] += by
            if field != JobStatus.PENDING:
                self.counts[f"s:{job.tenant_id}"][f"{job.queue}|{field}"] += by

    def place(self, name: str, job_id: str, score: float) -> None:
        self.ready[name][job_id] = score
        self.turns.add(name)

    def release(self, job_id: str) -> list[Any]:
        held = self.held.pop(job_id)
        del self.leases[job_id]
        self.cancels.pop(job_id, None)
        self.turns.release(job_id, held[3])
        return held

    def forget_average(self, job: Job) -> None:
        """The average of a queue is deleted with its last open job."""
        if not self.counts[f"q:{job.tenant_id}"][job.queue]:
            self.turns.averages.pop(f"{job.tenant_id}/{job.queue}", None)

    def known(self, job: Job) -> bool:
        return any(job.id in where for where in (self.held, self.ready[lane_of(job)], self.scheduled, self.retrying))

    def limited(self, job: Job) -> bool:
        return job.status is not JobStatus.SCHEDULED

    # --- scripts ---------------------------------------------------------------------------------------------
    def intend(self, intents: Sequence[Intent]) -> None:
        for intent in intents:
            self.intents[intent.text] = self.now

    def enqueue(self, job: Job, events: int, noted: int | None = None) -> bool:
        own, other = permit(job).text, recovery_permit(job).text
        if noted is not None:
            own, other = other, own
        fresh = own in self.intents and noted in {None, self.intents[own]}
        if fresh:
            del self.intents[own]
        self.intents.pop(other, None)
        if not fresh:
            return False
        held = self.release(job.id) if job.redrives and job.id in self.held else None
        if held is not None:
            self.count(job, "running" if held[1] == "r" else "pending", -1)
            self.count(job, "failed", 1)
        elif job.redrives:
            self.count(job, "dlq", -1)
        else:
            self.count(job, "submitted", 1)
        if job.status is JobStatus.SCHEDULED:
            self.scheduled[job.id] = to_ms(job.ready_at)
        elif job.status is JobStatus.RETRYING:
            self.retrying[job.id] = to_ms(job.ready_at)
        elif job.status is JobStatus.RUNNING:
            self.leases[job.id] = self.now
            self.grant(job, "-")
        else:
            self.place(lane_of(job), job.id, job.score)
        if self.limited(job):
            self.active[job.owner_id].add(job.id)
        self.count(job, job.status.value, 1)
        self.turns.kick_noted()
        self.seq += events
        return True

    def grant(self, job: Job, token: str) -> None:
        self.held[job.id] = [token, "r", job.score, self.turns.leased(lane_of(job)), 0]
        self.turns.holders |= {(key, job.id) for key in parts(self.held[job.id][3]).instances}

    def missing(self, jobs: Sequence[Job]) -> list[str]:
        absent = [job.id for job in jobs if not self.known(job)]
        for job in jobs:
            if job.id in absent:
                self.intents[recovery_permit(job).text] = self.now
        return absent

    def claim(self, token: str, want: int, free: int) -> list[str]:
        got: list[str] = []

        def take(name: str, most: int) -> list[str]:
            row = self.ready[name]
            ids = sorted(row, key=lambda each: (row[each], each))[:most]
            for job_id in ids:
                estimated = self.turns.estimate(parts(name).source)
                self.held[job_id] = [token, "p", row.pop(job_id), self.turns.leased(name), estimated]
                self.leases[job_id] = self.now + self.lease_ms
                self.claimed[job_id] = self.now
            got.extend(ids)
            return ids

        self.turns.kick_due()
        while len(got) < want and self.turns.groups:
            share = math.ceil((want - len(got)) / len(self.turns.groups))
            if self.turns.serve(share, free - len(got), take) is None:
                break
        return got

    def set_share(self, tenant: str, share: Share) -> None:
        """Set what a tenant gets. With its first cap, the leases on its jobs are counted."""
        before = self.turns.share(tenant)
        self.turns.set_share(tenant, share)
        for job_id, held in self.held.items():
            if share.cap and not before.cap and held[3] == waiting(held[3]) and parts(held[3]).tenant == tenant:
                held[3] = self.turns.leased(held[3])
                self.turns.holders |= {(key, job_id) for key in parts(held[3]).instances}

    def started(self, job: Job, token: str, events: int) -> bool:
        held = self.held.get(job.id)
        if held is None or held[:2] != [token, "p"]:
            return False
        held[1] = "r"
        self.count(job, "pending", -1)
        self.count(job, "running", 1)
        self.seq += events
        return True

    def settle(self, job: Job, token: str, events: int, counter: str, used: int) -> bool:
        if job.id not in self.held or self.held[job.id][0] != token:
            return False
        held = self.release(job.id)
        self.count(job, "running" if held[1] == "r" else "pending", -1)
        self.count(job, job.status.value, 1)
        if job.redrives and self.intents.pop(permit(job).text, None) is not None:
            self.count(job, "failed", 1)
        total = "" if job.status is JobStatus.CANCELLED else ENDS.get(job.status, counter)
        if total:
            self.count(job, total, 1)
        if job.status is JobStatus.RETRYING:
            self.retrying[job.id] = to_ms(job.ready_at)
        elif job.status is JobStatus.PENDING:
            if held[1] == "p" and not used:
                for key in parts(held[3]).instances:
                    self.turns.give_back(key, self.claimed[job.id])
            self.place(waiting(held[3]), job.id, job.score)
        else:
            self.active[job.owner_id].discard(job.id)
        self.turns.use(held[3], used, held[4], is_open=self.counts[f"q:{job.tenant_id}"][job.queue] > 0)
        self.turns.kick_noted()
        self.seq += events
        return True

    def take_over(self, token: str) -> dict[str, bool]:
        taken = {}
        for job_id in sorted(self.leases, key=lambda each: (self.leases[each], each)):
            if self.leases[job_id] <= self.now:
                taken[job_id] = self.held[job_id][1] == "r"
        for job_id in taken:
            self.held[job_id][0] = token
            self.leases[job_id] = self.now + self.lease_ms
        return taken

    def heartbeat(self, held: dict[str, str]) -> tuple[set[str], set[str]]:
        mine = {job_id for job_id, token in held.items() if job_id in self.held and self.held[job_id][0] == token}
        for job_id in mine:
            self.leases[job_id] = self.now + self.lease_ms
        return set(held) - mine, mine & set(self.cancels)

    def promote(self, job: Job, due: int, events: int) -> bool:
        for name, waits in (("scheduled", self.scheduled), ("retrying", self.retrying)):
            if waits.get(job.id) == due:
                del waits[job.id]
                self.place(lane_of(job), job.id, job.score)
                self.active[job.owner_id].add(job.id)
                self.count(job, name, -1)
                self.count(job, "pending", 1)
                self.seq += events
                return True
        return False

    def withdraw(self, job: Job, events: int) -> bool:
        self.intents.pop(Intent(job.id, IntentKind.CANCEL).text, None)
        if job.id in self.held:
            return False
        was = self._take_out(job)
        self.active[job.owner_id].discard(job.id)
        if was:
            if was != "submitted":
                self.count(job, was, -1)
            else:
                self.count(job, "submitted", 1)
            self.count(job, job.status.value, 1)
            self.seq += events
            self.forget_average(job)
        return True

    def _take_out(self, job: Job) -> str:
        name = lane_of(job)
        if self.ready[name].pop(job.id, None) is not None:
            return "pending"
        for state, waits in (("scheduled", self.scheduled), ("retrying", self.retrying)):
            if waits.pop(job.id, None) is not None:
                return state
        notes = [self.intents.pop(intent.text, None) for intent in (permit(job), recovery_permit(job))]
        if job.begun or all(note is None for note in notes):
            return ""
        return "dlq" if job.redrives else "submitted"

    def stop(self, job_id: str) -> bool:
        self.intents.pop(Intent(job_id, IntentKind.CANCEL).text, None)
        if job_id in self.held:
            self.cancels[job_id] = self.now
        return job_id in self.held

    def forget(self, job: Job, events: int) -> bool:
        self.forgotten = {job_id: at for job_id, at in self.forgotten.items() if at > self.now - HOUR_MS}
        if job.id in self.forgotten:
            return False
        self.forgotten[job.id] = self.now
        if job.id in self.held:
            was = "running" if self.release(job.id)[1] == "r" else "pending"
            for intent in (permit(job), recovery_permit(job)):
                self.intents.pop(intent.text, None)
        else:
            was = self._take_out(job)
        self.active[job.owner_id].discard(job.id)
        if was and job.status in ENDS:
            self.count(job, ENDS[job.status], 1)
        for intent in (permit(job), recovery_permit(job)):
            self.intents.pop(intent.text, None)
        if was == "submitted":
            self.count(job, "submitted", 1)
        else:
            self.count(job, was or job.status.value, -1)
            if was:
                self.forget_average(job)
        self.turns.kick_noted()
        self.seq += events
        return True

    def pause(self, name: str, events: int, *, paused: bool) -> bool:
        changed = paused != (name in self.turns.paused)
        if paused:
            self.turns.paused.add(name)
        else:
            self.turns.paused.discard(name)
            self.turns.resume(name)
        self.seq += events * changed
        return changed

    # --- comparison ------------------------------------------------------------------------------------------
    def state(self) -> dict[str, Any]:
        """Everything, in the form that ``actual`` gives of Redis."""
        return {
            "ready": {name: row for name, row in self.ready.items() if row},
            "held": {job_id: (*held[:2], float(held[2]), *held[3:]) for job_id, held in self.held.items()},
            "turns": turns_of(self.turns),
            "active": {owner: ids for owner, ids in self.active.items() if ids},
            "counts": {
                scope: {name: number for name, number in numbers.items() if number}
                for scope, numbers in self.counts.items()
                if any(numbers.values())
            },
            **{name: getattr(self, name) for name in (*SIMPLE, "seq")},
        }


def turns_of(turns: Turns) -> dict[str, Any]:
    return {
        "groups": turns.groups, "absent": turns.absent, "where": turns.where, "paused": turns.paused,
        "lanes": {group: row for group, row in turns.lanes.items() if row}, "holders": turns.holders,
        "rates": turns.all_rates(), "timed": turns.timed, "costs": turns.averages,
        "shares": {tenant: share for tenant, share in turns.shares.items() if share.text},
        "parked": {name: sorted(line) for name, line in turns.parked.items() if line},
    }  # fmt: skip
