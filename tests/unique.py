"""Submissions of unique jobs, and what became of them."""

from __future__ import annotations

from typing import Any

import orjson
from bson import ObjectId

from chalicelib.domain.jobs import Job, JobStatus, NewJob
from chalicelib.domain.principals import Principal, Role
from chalicelib.domain.unique import OnConflict, Unique
from chalicelib.queue.events import EventId
from chalicelib.services.submitter import Submitted
from tests.container import Container
from tests.timed import ALICE, Timed

BOB = Principal("b" * 24, ALICE.tenant_id, Role.MEMBER)
ADMIN = Principal("c" * 24, ALICE.tenant_id, Role.ADMIN)
S, C = JobStatus, OnConflict


def new(on_conflict: OnConflict = C.KEEP, payload: str = "{}", key: str = "k", **fields: Any) -> NewJob:
    rule = {name: fields.pop(name) for name in ("states", "period_s", "max_wait_s") if name in fields}
    return NewJob("a job", payload=payload, unique=Unique(key, on_conflict=on_conflict, **rule), **fields)


def submit(container: Container, *news: NewJob, by: Principal = ALICE) -> list[Submitted]:
    return container.jobs.submit(by, news, "trace")


def one(timed: Timed, *args: Any, by: Principal = ALICE, **fields: Any) -> Submitted:
    [made] = submit(timed.container, new(*args, **fields), by=by)
    return made


def record(timed: Timed, job: Job) -> dict[str, Any]:
    return dict(timed.container.db.jobs.find_one({"_id": ObjectId(job.id)}) or {})


def events(timed: Timed) -> list[dict[str, Any]]:
    found = [orjson.loads(entry.message) for entry in timed.container.event_log.read(EventId(0, 0), 10_000)]
    return [event["data"] for event in found if event["type"] == "job:deduplicated"]


def finish(timed: Timed, running: Job, *, failed: bool = False) -> Job:
    """End a running job as a worker does."""
    after = timed.finish(running, failed=failed)
    timed.container.dispatcher.dispatch([after])
    return after
