"""The steps in the life of a job, through the calls of the API and of a worker, for `bench/scale.py`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from bench.container import Container
from chalicelib.domain import events
from chalicelib.domain.jobs import Job, NewJob, Outcome
from chalicelib.domain.lifecycle import AttemptResult, ended, new_job, started, started_and_ended
from chalicelib.domain.limits import Limit
from chalicelib.queue.engine import Settlement
from worker_fn.registration.registry import Registry

#: A task of this length has its start written apart from its end.
TASK_S: Final = 0.01
#: Keys of the limit ``account``.
ACCOUNTS: Final = 50
TENANT, OWNER, WORKER = "a" * 24, "b" * 24, "w-" + "c" * 24
TRACE: Final = "00000000-0000-4000-8000-000000000000"
#: Name of the kind → (task, whether start and end are written together, as for a job of less than 2 ms).
KINDS: Final[Mapping[str, tuple[str, bool]]] = {
    "plain": ("plain", False),
    "short": ("plain", True),
    "limits": ("limited", False),
}
T = TypeVar("T")


def registry() -> Registry:
    """Return two tasks; the jobs of one fall under two limits, which never hold them back."""
    tasks = Registry()
    wide = [Limit("account", per="payload.account", concurrency=10_000), Limit("all", concurrency=100_000)]

    @tasks.task("plain")
    def plain(ctx: Any, payload: dict[str, Any]) -> None:
        time.sleep(TASK_S)

    @tasks.task("limited", limits=wide)
    def limited(ctx: Any, payload: dict[str, Any]) -> None:
        time.sleep(TASK_S)

    return tasks


class Life:
    """The steps of jobs of one kind, through the calls of the API and of a worker."""

    def __init__(self, container: Container, kind: str) -> None:
        self._c = container
        task, self._at_once = KINDS[kind]
        self._spec = container.catalogue.get(task)
        self._number = 0

    def run(self, size: int, batches: int, metered: Callable[[str, Callable[[], None]], None]) -> None:
        """Do each step for all batches, through ``metered(name, work)``."""
        waiting = [self.new(size) for _ in range(batches)]
        leased: list[tuple[str, list[Job]]] = []

        def claim() -> None:
            left = size * batches
            while left > 0:
                leased.append(self.claim(size))
                if not leased[-1][1]:
                    raise RuntimeError(f"{left} jobs are not claimed")
                left -= len(leased[-1][1])

        def start() -> None:
            leased[:] = [(token, self.start(token, jobs)) for token, jobs in leased]

        metered("admit", lambda: _each(self.admit, waiting))
        metered("enqueue", lambda: _each(self.enqueue, waiting))
        metered("claim", claim)
        if not self._at_once:
            metered("start", start)
        metered("settle", lambda: _each(lambda lease: self.settle(*lease), leased))

    def new(self, size: int) -> list[Job]:
        """Return new jobs of one call."""
        submission_id, now = self._c.submitter.new_submission_id(), self._c.clock.now()
        jobs = []
        for _ in range(size):
            self._number += 1
            payload = f'{{"account":"{self._number % ACCOUNTS}","text":"{"x" * 64}"}}'
            new = NewJob("bench", task=self._spec.name, payload=payload)
            job = new_job(
                new, self._spec, job_id=self._c.ids.object_id(), tenant_id=TENANT, owner_id=OWNER, trace_id=TRACE,
                now=now, submission_id=submission_id,
            )  # fmt: skip
            jobs.append(job)
        return jobs

    def admit(self, jobs: Sequence[Job]) -> None:
        """Apply the limits on submissions and note the intents."""
        self._c.limit_room.check(TENANT, jobs)
        self._c.limits.admit(
            OWNER, TENANT, [job.id for job in jobs], active=len(jobs), submission_id=jobs[0].submission_id
        )

    def enqueue(self, jobs: Sequence[Job]) -> None:
        """Insert and enqueue."""
        if len(self._c.submitter.insert(jobs)) < len(jobs):
            raise RuntimeError("a job existed")

    def claim(self, want: int) -> tuple[str, list[Job]]:
        """Lease jobs and load their records; return the token and the jobs."""
        token = self._c.ids.token()
        found, _ = self._c.job_store.get_many(self._c.engine.claim(token, want).ids)
        return token, found

    def start(self, token: str, jobs: Sequence[Job]) -> list[Job]:
        """Write and publish starts."""
        now = self._c.clock.now()
        begun = [started(job, token, WORKER, now) for job in jobs]
        _check(self._c.job_store.advance([(job.rev, after) for job, after in zip(jobs, begun, strict=True)]))
        moves = [events.moved(after, job.status) for job, after in zip(jobs, begun, strict=True)]
        _check(self._c.engine.started(begun, [token] * len(begun), moves))
        return begun

    def settle(self, token: str, jobs: Sequence[Job]) -> None:
        """Write ends and publish them; with the starts, if these were not written before."""
        now = self._c.clock.now()
        result = AttemptResult(Outcome.COMPLETED, now, "null")
        ends: list[Job] = []
        published = []
        for job in jobs:
            if self._at_once:
                end = started_and_ended(job, WORKER, now, result, progress=None, base_s=5.0, random=0.0)
                published.append(events.ran(job, end))
            else:
                end = ended(job, result, progress=None, base_s=5.0, random=0.0)
                published.append(events.moved(end, job.status))
            ends.append(end)
        _check(self._c.job_store.advance([(job.rev, end) for job, end in zip(jobs, ends, strict=True)]))
        settlements = [Settlement(end, token, each, "", 10) for end, each in zip(ends, published, strict=True)]
        _check(self._c.engine.settle(settlements))


def _each(step: Callable[[T], None], items: Iterable[T]) -> None:
    for item in items:
        step(item)


def _check(flags: Iterable[object]) -> None:
    if not all(flags):
        raise RuntimeError("a change was refused")
