"""Call the queue's scripts on a real Valkey at a time that the test sets. MongoDB is not used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from chalicelib.domain.events import created, moved
from chalicelib.domain.jobs import Job, JobStatus, Lease, to_ms
from chalicelib.queue.answers import Claim, Enqueued
from chalicelib.queue.engine import Settlement
from chalicelib.queue.events import EventId
from chalicelib.queue.fleet import WakeUp, WakeUps
from chalicelib.queue.intents import Intent, permit
from chalicelib.queue.lanes import lane
from tests.container import Container
from tests.ready import ready, rotation

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
NOW_MS = to_ms(NOW)
TENANT, OWNER = "a" * 24, "b" * 24
_numbers = count(1)


class ScriptHarness:
    """Wraps the calls and the reads of Redis that tests of scripts share."""

    def __init__(self, container: Container) -> None:
        self.container = container
        self.engine = container.engine
        self.fleet = container.fleet
        self.keys = container.keys
        self.redis: Any = container.redis
        self._subscriptions: list[WakeUps] = []
        self.at(0)

    def at(self, ms: int) -> None:
        """Set the time that scripts get to ``ms`` after ``NOW``."""
        self.container.scripts.now_ms = NOW_MS + ms

    def job(self, status: JobStatus = JobStatus.PENDING, *, ready: int = 0, **changes: Any) -> Job:
        """Return a new job that becomes ready ``ready`` ms after ``NOW``."""
        at = NOW + timedelta(milliseconds=ready)
        known: dict[str, Any] = {
            "id": f"{next(_numbers):024x}", "tenant_id": TENANT, "owner_id": OWNER, "name": "a job",
            "status": status, "rev": 1, "ready_at": at, "created_at": NOW, "updated_at": NOW, "trace_id": "trace",
        }  # fmt: skip
        return Job(**{**known, **changes})

    def jobs(self, number: int, **changes: Any) -> list[Job]:
        """Return ``number`` new jobs, each ready one ms after the previous one."""
        return [self.job(ready=n, **changes) for n in range(number)]

    def permit(self, jobs: Iterable[Job]) -> None:
        self.engine.intend([permit(job) for job in jobs])

    def put_new(self, number: int, *limits: str, **changes: Any) -> list[Job]:
        """Enqueue so many new jobs with these limits; return them."""
        jobs = self.jobs(number, limits=limits, **changes)
        self.put(*jobs)
        return jobs

    def put(self, *jobs: Job) -> Enqueued:
        """Note permits for jobs and enqueue them with their first event."""
        self.permit(jobs)
        return self.enqueue(*jobs)

    def enqueue(self, *jobs: Job) -> Enqueued:
        return self.engine.enqueue(jobs, [[created(job)] for job in jobs])

    def claim(self, want: int = 10, token: str = "token") -> Claim:
        return self.engine.claim(token, want)

    def start(self, job: Job, token: str = "token") -> bool:
        after = job.with_(status=JobStatus.RUNNING, rev=job.rev + 1, lease=Lease(token, "worker"))
        return self.engine.started([after], [token], [moved(after, JobStatus.PENDING)])[0]

    def settle(self, job: Job, status: JobStatus, token: str = "token", counter: str = "", **changes: Any) -> bool:
        after = job.with_(status=status, rev=job.rev + 2, **changes)
        return self.engine.settle([Settlement(after, token, moved(after, JobStatus.RUNNING), counter)])[0]

    # --- state in Redis ---------------------------------------------------------------------------------------
    def ready(self, queue: str = "default", tenant: str = TENANT) -> list[str]:
        """Ids in a lane, in order."""
        return list(ready(self.redis, self.keys).get(lane(tenant, queue), ()))

    def lanes(self) -> set[str]:
        """Return the lanes in the rotation."""
        return {name for lanes in rotation(self.redis, self.keys).values() for name, _ in lanes}

    def members(self, key: str) -> dict[str, float]:
        """Return a sorted set as member → score."""
        return {raw.decode(): score for raw, score in self.redis.zrange(key, 0, -1, withscores=True)}

    def token(self, job: Job) -> str | None:
        """Return a lease as ``token|state|score|estimate|lane``, None if there is none."""
        raw = self.redis.hget(self.keys.tokens, job.id)
        return None if raw is None else raw.decode()

    def counts(self, scope: str = "all") -> dict[str, int]:
        """Return the counts that are not 0."""
        return {name: number for name, number in self.engine.counts(scope).items() if number}

    def events(self) -> list[bytes]:
        """Return the messages in the event log, oldest first."""
        return [entry.message for entry in self.container.event_log.read(EventId(0, 0), 10_000)]

    def subscribe(self, worker_id: str) -> WakeUps:
        """What wakes a worker, which hears of all from now on."""
        wake_ups = self.fleet.wake_ups(worker_id)
        assert wake_ups.wait(30) == WakeUp(), "the subscription itself"
        self._subscriptions.append(wake_ups)
        return wake_ups

    def close_subscriptions(self) -> None:
        for each in self._subscriptions:
            each.close()

    def dump(self) -> dict[bytes, Any]:
        """Return all keys of this keyspace with their dumps, to check that nothing changed."""
        keys = sorted(self.redis.scan_iter(match=self.keys.prefix + "*", count=1000))
        return {key: self.redis.dump(key) for key in keys}

    def close(self) -> None:
        """Delete the epoch, as a loss of all data does."""
        self.redis.delete(self.keys.epoch)

    def note(self, intents: Sequence[Intent]) -> None:
        self.engine.intend(intents)
