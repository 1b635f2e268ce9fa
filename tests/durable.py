"""Tests of durable tasks: functions that count their calls, what is recorded, waits that end."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from bson import ObjectId

from chalicelib.domain.jobs import Job, Outcome
from tests.support import wait_until
from tests.worker_support import Rig

#: How often each function of a step was called.
Calls = Counter[str]


def counted(calls: Calls, name: str, result: Any = None) -> Any:
    """A function of a step that counts its calls."""

    def call(*_: Any) -> Any:
        calls[name] += 1
        return result if result is not None else name

    return call


def statuses(rig: Rig, job: Job) -> list[tuple[str, str]]:
    """The names and states of the steps of a job, in order."""
    return [(each.key.name, each.status.value) for each in rig.container.step_store.load(job.id, "")]


def outcomes(job: Job) -> list[Outcome | None]:
    return [attempt.outcome for attempt in job.attempts]


def make_due(rig: Rig, job: Job) -> None:
    """Let the time of a waiting job come: of the job, of its steps, and in Redis."""
    past = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=1)
    shop = rig.container
    wait_until(lambda: shop.redis.zscore(shop.keys.suspended, job.id), what="the job is settled")
    shop.db.job_steps.update_many({"job_id": ObjectId(job.id), "until": {"$ne": None}}, {"$set": {"until": past}})
    shop.db.jobs.update_one({"_id": ObjectId(job.id)}, {"$set": {"ready_at": past}})
    shop.redis.zadd(shop.keys.suspended, {job.id: int(past.timestamp() * 1000)}, xx=True)


def run_until_ended(rig: Rig, job: Job) -> Job:
    """Run workers, one after the other: what follows a suspension may come after the first has left."""

    def run() -> bool:
        rig.run()
        rig.container.sweeper.sweep()
        return not rig.job(job).status.is_open

    wait_until(run, 60, "the job has ended")
    return rig.job(job)
