"""Holds Redis against MongoDB: where each open job is, what is counted, who is active. For quiet systems."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from chalicelib.domain.jobs import ACTIVE, Job, JobStatus
from chalicelib.queue.census import Census
from chalicelib.queue.lanes import instance_key, lane
from chalicelib.store.documents import HEAVY, job_of
from tests.container import Container
from tests.modelled_turns import waiting
from tests.ready import numbers, parked, ready, rotation

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
    for name, key in (("scheduled", keys.scheduled), ("retrying", keys.retrying), ("waiting", keys.suspended)):
        for raw in redis.zrange(key, 0, -1):
            found[raw.decode()].append(name)
    for raw in redis.smembers(keys.blocked):
        found[raw.decode()].append("blocked")
    for raw, held in redis.hgetall(keys.tokens).items():
        _, state, _, _, where_from = held.decode().split("|", 4)
        found[raw.decode()].append(("running " if state == "r" else "claimed ") + waiting(where_from))
    return found


def _failures(container: Container) -> list[str]:
    totals = container.sweeper.totals()
    return [f"the routine {name} failed {each.failed} times" for name, each in totals.items() if each.failed]


def _places(container: Container, jobs: list[Job]) -> list[str]:
    redis: Any = container.redis
    keys, found, wrong = container.keys, where(container), []
    for job in jobs:
        places, own = found.pop(job.id, []), lane(job.tenant_id, job.queue, job.pool, job.limits)
        lanes = {own, lane(job.tenant_id, job.queue, job.pool, ("", *job.limits))}  # or of jobs that go on after a wait
        allowed: dict[JobStatus, set[str]] = {
            JobStatus.BLOCKED: {"blocked"},
            JobStatus.PENDING: {f"{state} {each}" for state in ("ready", "claimed") for each in lanes},
            JobStatus.RUNNING: {f"running {each}" for each in lanes},
            JobStatus.SCHEDULED: {"scheduled"},
            JobStatus.RETRYING: {"retrying"},
            JobStatus.WAITING: {"waiting"},
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


def tenants_of(lanes: Iterable[str]) -> list[str]:
    return sorted({own.split("/")[1] for own in lanes})


def _lanes(container: Container) -> list[str]:
    redis: Any = container.redis
    keys = container.keys
    turns, lines = rotation(redis, keys), parked(redis, keys)
    rotating = [own for lanes in turns.values() for own, _ in lanes]
    aside = [own for lanes in lines.values() for own in lanes]
    known = numbers(redis, keys)
    paused = container.engine.paused_lanes()
    wrong = []
    if not set(ready(redis, keys)) <= {*rotating, *aside}:
        wrong.append(f"lanes with ready jobs: {set(ready(redis, keys))}; rotation: {rotating}; parked: {aside}")
    if sorted(own for own, (_, where) in known.items() if where != "p") != sorted(rotating):
        wrong.append(f"lanes in the rotation: {rotating}, should be {known}")
    if sorted(own for own, (_, where) in known.items() if where == "p") != sorted(aside):
        wrong.append(f"parked lanes: {aside}, should be {known}")
    if not all(turns.values()):
        wrong.append(f"groups without lanes: {turns}")
    special = [raw.decode().partition("\0")[2] for raw in redis.zrange(keys.special, 0, -1)]
    if sorted(special) != sorted(own for own in known if not own.startswith("default/") or own.count("/") > 2):
        wrong.append(f"special lanes: {special}, should be of {set(known)}")
    if paused != set(container.queue_store.paused_lanes()):
        wrong.append("paused lanes are not those of the record")
    held = {raw.decode().partition("\0")[::2] for raw in redis.zrange(keys.holders, 0, -1)}
    expected = {
        (instance_key(own.split("/")[1], each), raw.decode())
        for raw, token in redis.hgetall(keys.tokens).items()
        for own in [token.decode().split("|", 4)[4]]
        for each in (own.split("/", 3)[3].split("\x1f") if own.count("/") > 2 else ())
        if each
    }
    if held != expected:
        wrong.append(f"holders of limits: {held}, should be {expected}")
    leased = {token.decode().split("|", 4)[4] for token in redis.hvals(keys.tokens)}
    capped = {tenant for tenant, share in container.shares.of(tenants_of(leased)).items() if share and share.cap}
    if uncounted := [own for own in leased if own.split("/")[1] in capped and own == waiting(own)]:
        wrong.append(f"leases that do not count for the cap of their tenant: {uncounted}")
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
    for scope, expected_ in expected.items():
        counted = container.engine.counts(scope)
        for name in (*(status.value for status in JobStatus), *TOTALS):
            if counted.get(name, 0) != expected_[name]:
                wrong.append(f"counts of {scope}: {name} is {counted.get(name, 0)}, should be {expected_[name]}")
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
        counts = job.status in ACTIVE and job.api_key is None
        expected[job.owner_id] |= {job.id} if counts else set()
    wrong = []
    for owner, ids in expected.items():
        held = {raw.decode() for raw, until in redis.zrange(container.keys.active(owner), 0, -1, withscores=True)
                if until == float("inf")}  # fmt: skip
        if held != ids:
            wrong.append(f"active jobs of {owner}: {held - ids} too many, {ids - held} missing")
    return wrong
