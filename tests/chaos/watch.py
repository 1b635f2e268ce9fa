"""An independent witness of every write to a job's record: MongoDB's change stream."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from typing import Any

from pymongo.errors import InvalidOperation, PyMongoError

from chalicelib.domain.jobs import TRANSITIONS, JobStatus
from tests.container import Container

S = JobStatus
#: Moves that one write may make: those of the table, a start and an end together, a claim that was lost, and the newer
#: payload of a unique job that waits.
ONE_WRITE = {
    *((old, new) for old, news in TRANSITIONS.items() for new in news),
    *((S.PENDING, new) for new in TRANSITIONS[S.RUNNING]),
    (S.PENDING, S.PENDING),
    (S.SCHEDULED, S.SCHEDULED),
    (S.PENDING, S.DLQ),
}
#: Fields of a record that are followed.
FOLLOWED = ("rev", "status", "lease", "attempts")


class Records:
    """``wrong`` are writes that no order of events allows; ``written``: job id → (last ``rev``, when)."""

    def __init__(self, container: Container) -> None:
        self._jobs = container.db.jobs
        self._now: dict[Any, dict[str, Any]] = {}
        self.history: dict[str, list[str]] = defaultdict(list)
        self.completions: Counter[str] = Counter()
        self.written: dict[str, tuple[int, float]] = {}
        self.wrong: list[str] = []
        self._token: Any = None
        self._stopping = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="records", daemon=True)
        self._thread.start()
        if not self._ready.wait(20):
            raise RuntimeError("MongoDB gives no change stream")

    def stop(self) -> None:
        """Read what there is, then stop."""
        self._stopping.set()
        self._thread.join(120)
        if self._thread.is_alive():
            raise RuntimeError("the change stream does not come to its end")

    def _run(self) -> None:
        idle = 0
        while not self._stopping.is_set() or idle < 3:
            try:
                with self._jobs.watch(max_await_time_ms=200, resume_after=self._token) as stream:
                    self._token = self._token or stream.resume_token
                    self._ready.set()
                    while not self._stopping.is_set() or idle < 3:
                        change = stream.try_next()
                        self._token = stream.resume_token
                        idle = 0 if change else idle + 1
                        if change:
                            self._see(change)
            except InvalidOperation:  # the run was given up, and its clients are closed
                return
            except PyMongoError:
                self._stopping.wait(0.1)

    def _see(self, change: dict[str, Any]) -> None:
        key, kind = change["documentKey"]["_id"], change["operationType"]
        job_id, at = str(key), change["wallTime"].timestamp()
        old = self._now.get(key)
        if kind == "delete":
            self.history[job_id].append("deleted")
            if old is not None:
                self.written[job_id] = (old["rev"] + 1, at)
                if JobStatus(old["status"]).is_open:
                    self.wrong.append(f"{job_id} was deleted while {old['status']}")
            self._now.pop(key, None)
            return
        if kind == "insert":
            new = {name: change["fullDocument"].get(name) for name in FOLLOWED}
        else:
            update = change["updateDescription"]
            if "rev" not in update["updatedFields"]:
                return
            new = applied(old or {}, update)
        self._now[key] = new
        self.written[job_id] = (new["rev"], at)
        holder = (new["lease"] or {}).get("worker", "-")
        self.history[job_id].append(f"{at:.3f} rev {new['rev']} {new['status']} held by {holder}")
        self.completions[job_id] += new["status"] == S.COMPLETED
        if kind == "insert":
            if old is not None or new["rev"] != 1:
                self.wrong.append(f"{job_id} was inserted at rev {new['rev']} over {old}")
        elif old is None:
            self.wrong.append(f"{job_id} was changed before it was there")
        else:
            self.wrong += [f"{job_id} {why}" for why in faults_of(old, new)]


def faults_of(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What is wrong with one write over a record."""
    wrong = []
    before, after = (old["rev"], JobStatus(old["status"])), (new["rev"], JobStatus(new["status"]))
    if after[0] not in {before[0] + 1, before[0] + 2} or (before[1], after[1]) not in ONE_WRITE:
        wrong.append(f"went from {before} to {after}")
    last = (new["attempts"] or [{}])[-1]
    if after[1] is S.RUNNING and last.get("worker") != (new["lease"] or {}).get("worker"):
        wrong.append(f"is leased to {new['lease']}, and run by {last.get('worker')}")
    if before[1] is S.RUNNING and last.get("worker") != (old["lease"] or {}).get("worker"):
        wrong.append(f"was ended by {last.get('worker')}, and leased to {old['lease']}")
    if before[1] is S.RUNNING and not last.get("outcome"):
        wrong.append("was ended without an outcome of its attempt")
    return wrong


def applied(old: dict[str, Any], update: dict[str, Any]) -> dict[str, Any]:
    """The followed fields after an update, given as the change stream tells it: by paths."""
    new = {name: old.get(name) for name in FOLLOWED}
    attempts = [dict(each) for each in new["attempts"] or []]
    for cut in update.get("truncatedArrays") or []:
        if cut["field"] == "attempts":
            del attempts[cut["newSize"] :]
    for path, value in update["updatedFields"].items():
        name, *rest = path.split(".")
        if name not in FOLLOWED:
            continue
        if not rest:
            new[name] = value
            attempts = [dict(each) for each in value] if name == "attempts" else attempts
        elif name == "attempts":
            number = int(rest[0])
            attempts += [{} for _ in range(number + 1 - len(attempts))]
            if len(rest) == 1:
                attempts[number] = dict(value)
            else:
                attempts[number][rest[1]] = value
        else:
            new[name] = {**(new[name] or {}), rest[0]: value}
    new["attempts"] = attempts
    return new
