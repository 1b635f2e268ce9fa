"""Lists while a million ended jobs are deleted: time per list before and meanwhile. `python -m bench.retention [jobs]`.

Another process deletes, as the minute's tick does, but without the rest of the minute in between. A tenth as many jobs
are younger and stay. At the end the counts in Redis are held against the records.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from bench import _results, _servers
from bench.container import Container
from bench.lists import OWNERS, Question, ask, questions, who
from chalicelib.domain.jobs import AttemptRecord, Job, JobStatus, Outcome
from chalicelib.services.rebuilder import ProjectionRebuilder
from chalicelib.settings import Settings
from chalicelib.store.documents import job_document
from chalicelib.store.indexes import ensure_indexes

S = JobStatus
BATCH = 5_000
BEFORE_S = 30.0
#: Requests come one after the other, this long after the answer before.
BETWEEN_S = 0.005
WHAT = "--delete"


def ended(count: int, first: datetime, last: datetime, number: int) -> Iterator[Job]:
    """Ended jobs, spread evenly over a period; nine tenths of them are one tenant's."""
    for n in range(count):
        at = first + (last - first) * (n / count)
        principal = who(1, n % OWNERS + 1) if n % 10 else who(n // 10 % 100 + 2, 1000 + n // 10 % 100)
        status = (S.DLQ, S.CANCELLED)[n % 2] if n % 50 < 2 else S.COMPLETED
        outcome = {S.DLQ: Outcome.FAILED, S.COMPLETED: Outcome.COMPLETED}.get(status)
        attempts = (AttemptRecord(1, "w", at, at, outcome, 5, 100),) if outcome else ()
        yield Job(
            id=f"{int(at.timestamp()):08x}{number + n:016x}",
            tenant_id=principal.tenant_id,
            owner_id=principal.user_id,
            name=f"Report {n % 1000} of region {n % 37}",
            task=("resize", "mail", "report")[n % 3],
            queue=("default", "images")[n % 2],
            tags=(f"customer-{n % 500}",),
            status=status,
            rev=3,
            ready_at=at,
            created_at=at,
            updated_at=at,
            trace_id="t",
            payload='{"n":1}',
            attempt=len(attempts),
            attempts=attempts,
            started_at=at,
            finished_at=at,
        )


def fill(container: Container, jobs: Iterator[Job]) -> None:
    """Insert the jobs; a tenth of them has a line in its log."""
    batch: list[dict[str, Any]] = []
    for job in jobs:
        batch.append(job_document(job))
        if len(batch) == BATCH:
            _insert(container, batch)
            batch = []
    if batch:
        _insert(container, batch)


def _insert(container: Container, batch: list[dict[str, Any]]) -> None:
    container.db.jobs.insert_many(batch, ordered=False)
    line = {"n": 1, "attempt": 1, "level": "INFO", "message": "x" * 100}
    container.db.job_logs.insert_many(
        [{"job_id": each["_id"], "at": each["created_at"], **line} for each in batch[::10]]
    )


def delete(container: Container) -> None:
    """Delete all that is too old, by one run after the other."""
    while container.sweeper.tidy():
        container.tombstones.run()


def lists(container: Container, asked: list[Question], stop: Any) -> dict[str, list[float]]:
    """Read one list after the other until ``stop()``; the times in ms by question."""
    took: dict[str, list[float]] = {question.name: [] for question in asked}
    while not stop():
        for question in asked:
            took[question.name].append(ask(container.job_search, question))
            time.sleep(BETWEEN_S)
    return took


def wrong_counts(container: Container) -> list[str]:
    """Where Redis and the records differ, of all jobs and of the largest tenant."""
    rebuilt: ProjectionRebuilder = container.rebuilder
    scopes = ["all", f"t:{1:024x}", *(f"o:{n:024x}" for n in range(1, OWNERS + 1))]
    kept = [container.engine.counts(scope) for scope in scopes]
    rebuilt.rebuild()
    exact = [container.engine.counts(scope) for scope in scopes]
    return [
        f"{scope} {name}: {have.get(name, 0)}, should be {want.get(name, 0)}"
        for scope, have, want in zip(scopes, kept, exact, strict=True)
        for name in {**have, **want}
        if have.get(name, 0) != want.get(name, 0)
    ]


def shown(took: dict[str, list[float]]) -> dict[str, Any]:
    """All lists together, and each."""
    each = {name: _results.latency(times, 1) for name, times in took.items()}
    return {"all": _results.latency([ms for times in took.values() for ms in times], 1), "lists": each}


def run(container: Container, count: int, env: dict[str, str]) -> dict[str, Any]:
    """Measure before and while jobs are deleted."""
    now = datetime.now(UTC)
    fill(container, ended(count, now - timedelta(days=200), now - timedelta(days=100), 0))
    fill(container, ended(count // 10, now - timedelta(days=10), now, count))
    for tenant in range(1, 102):
        container.tenant_store.add(f"{tenant:024x}", f"Tenant {tenant}", now)
    container.rebuilder.rebuild()
    asked = [question for question in questions() if "rare" not in question.name]
    ends = time.monotonic() + BEFORE_S
    before = shown(lists(container, asked, lambda: time.monotonic() > ends))
    began = time.monotonic()
    deleting = subprocess.Popen([sys.executable, "-m", "bench.retention", WHAT], env={**os.environ, **env})
    try:
        meanwhile = shown(lists(container, asked, lambda: deleting.poll() is not None))
    finally:
        deleting.terminate()
        deleting.wait(30)
    took_s = time.monotonic() - began
    left = container.db.jobs.count_documents({})
    return {
        "jobs": count,
        "deleted": count + count // 10 - left,
        "seconds": round(took_s, 1),
        "jobs_per_s": round((count + count // 10 - left) / took_s),
        "before_ms": before,
        "meanwhile_ms": meanwhile,
        "logs_left": container.db.job_logs.count_documents({}),
        "wrong_counts": wrong_counts(container),
    }


def main(count: int) -> None:
    """Measure, print, save."""
    with _servers.servers() as servers:
        env = servers.environment()
        container = Container(Settings.from_env(env))
        ensure_indexes(container.db)
        found = run(container, count, env)
        container.close()
    for when in ("before_ms", "meanwhile_ms"):
        print(f"{when:14} {_results.text(found[when]['all'])} ({found[when]['all']['samples']} lists)")
        for name, times in found[when]["lists"].items():
            print(f"  {name:28} {_results.text(times)}")
    print(f"{found['deleted']} deleted in {found['seconds']} s; wrong counts: {found['wrong_counts'] or 'none'}")
    print(f"Saved {_results.save('retention', found)}")


if __name__ == "__main__":
    if WHAT in sys.argv:
        delete(Container(Settings.from_env()))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
