"""Holds Redis against MongoDB: where each open job is, what is counted, who is active. For quiet systems."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from chalicelib.domain.jobs import ACTIVE, Job, JobStatus
from chalicelib.queue.census import Census
from chalicelib.queue.keys import lane
from chalicelib.store.documents import HEAVY, job_of
from tests.container import Container
from tests.ready import ready

#: Counts that are compared; refusals have no record.
TOTALS = ("submitted", "done", "failed", "retries")


def audit(container: Container) -> list[str]:
    """What does not fit together; empty when all does."""
    jobs = [job_of(document) for document in container.db.jobs.find({}, {**HEAVY, "attempts": 0})]
    return [*_places(container, jobs), *_counts(container, jobs), *_active(container, jobs), *_failures(container)]


def where(container: Container) -> dict[str, list[str]]:
    """Job id → the places in Redis where it is."""
    redis: Any = container.redis
    keys = container.keys
    found: dict[str, list[str]] = defaultdict(list)
    for own, places in ready(redis, keys).items():
        for job_id in places:
            found[job_id].append("ready " + own)
    for name, key in (("scheduled", keys.scheduled), ("retrying", keys.retrying)):
        for raw in redis.zrange(key, 0, -1):
            found[raw.decode()].append(name)
    for raw, held in redis.hgetall(keys.tokens).items():
        _, state, _, where_from = held.decode().split("|", 3)
        found[raw.decode()].append(("claimed " if state == "p" else "running ") + where_from)
    return found


def _failures(container: Container) -> list[str]:
    totals = container.sweeper.totals()
    return [f"the routine {name} failed {each.failed} times" for name, each in totals.items() if each.failed]


def _places(container: Container, jobs: list[Job]) -> list[str]:
    redis: Any = container.redis
    keys, found, wrong = container.keys, where(container), []
    for job in jobs:
        places, own = found.pop(job.id, []), lane(job.tenant_id, job.queue)
        allowed: dict[JobStatus, set[str]] = {
            JobStatus.PENDING: {f"ready {own}", f"claimed {own}"},
            JobStatus.RUNNING: {f"running {own}"},
            JobStatus.SCHEDULED: {"scheduled"},
            JobStatus.RETRYING: {"retrying"},
        }
        if job.status.is_open:
            if len(places) != 1 or places[0] not in allowed[job.status]:
                wrong.append(f"{job.id} is {job.status} and at {places}")
        elif places:
            wrong.append(f"{job.id} is {job.status} and still at {places}")
    wrong += [f"{job_id} has no record and is at {places}" for job_id, places in found.items()]
    leases = {raw.decode() for raw in redis.zrange(keys.leases, 0, -1)}
    tokens = {raw.decode() for raw in redis.hkeys(keys.tokens)}
    if leases != tokens:
        wrong.append(f"leases without token, or tokens without lease: {leases ^ tokens}")
    stops = {raw.decode() for raw in redis.zrange(keys.cancels, 0, -1)}
    if stops - tokens:
        wrong.append(f"requests to stop of jobs that nobody holds: {stops - tokens}")
    return [*wrong, *_lanes(container)]


def _lanes(container: Container) -> list[str]:
    redis: Any = container.redis
    keys = container.keys
    served = {raw.decode() for raw in redis.zrange(keys.lanes, 0, -1)}
    full = set(ready(redis, keys))
    paused = container.engine.paused_lanes()
    wrong = []
    if served != full - paused:
        wrong.append(f"lanes served: {served}; with ready jobs: {full}; paused: {paused}")
    if paused != set(container.queue_store.paused_lanes()):
        wrong.append("paused lanes are not those of the record")
    numbered = {raw.decode() for raw in redis.hkeys(keys.numbers)} - {"last"}
    tenants = {name.partition("/")[0] for name in numbered}
    open_ = {lane(tenant, queue) for tenant in tenants for queue in container.engine.open_by_queue(tenant)}
    if numbered - open_:
        wrong.append(f"lanes that have a number and no open job: {numbered - open_}")
    return wrong + Census(container.redis, container.scripts).differences()


def _counts(container: Container, jobs: list[Job]) -> list[str]:
    expected: dict[str, Counter[str]] = defaultdict(Counter)
    for job in jobs:
        done, dead = job.status is JobStatus.COMPLETED, job.status is JobStatus.DLQ
        for scope in (f"o:{job.owner_id}", f"t:{job.tenant_id}", "all"):
            expected[scope].update(
                {job.status.value: 1, "submitted": 1, "done": done, "failed": job.redrives + dead,
                 "retries": job.past_retries + job.retry_count}
            )  # fmt: skip
    for found in container.db.deleted_counts.find():
        for scope in (f"o:{found['owner_id']}", f"t:{found['tenant_id']}", "all"):
            expected[scope].update({name: found.get(name, 0) for name in TOTALS})
    wrong = []
    for scope, numbers in expected.items():
        counted = container.engine.counts(scope)
        for name in (*(status.value for status in JobStatus), *TOTALS):
            if counted.get(name, 0) != numbers[name]:
                wrong.append(f"counts of {scope}: {name} is {counted.get(name, 0)}, should be {numbers[name]}")
    return [*wrong, *_queues(container, jobs)]


def _queues(container: Container, jobs: list[Job]) -> list[str]:
    expected: dict[str, dict[str, Counter[JobStatus]]] = defaultdict(dict)
    for job in jobs:
        queues = expected[job.tenant_id]
        if job.status.is_open:
            counter = queues.setdefault(job.queue, Counter())
            counter.update([job.status] if job.status is not JobStatus.PENDING else [])
    counted = {tenant: container.engine.open_by_queue(tenant) for tenant in expected}
    return [
        f"queues of {tenant}: {counted[tenant]}, should be {queues}"
        for tenant, queues in expected.items()
        if counted[tenant] != queues
    ]


def _active(container: Container, jobs: list[Job]) -> list[str]:
    if not container.settings.max_active_jobs_per_user:
        return []
    redis: Any = container.redis
    expected: dict[str, set[str]] = defaultdict(set)
    for job in jobs:
        expected[job.owner_id] |= {job.id} if job.status in ACTIVE else set()
    wrong = []
    for owner, ids in expected.items():
        held = {raw.decode() for raw, until in redis.zrange(container.keys.active(owner), 0, -1, withscores=True)
                if until == float("inf")}  # fmt: skip
        if held != ids:
            wrong.append(f"active jobs of {owner}: {held - ids} too many, {ids - held} missing")
    return wrong
