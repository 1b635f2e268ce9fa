"""Lists of 100 jobs out of a million, and their counts: time per query, by filter. `python -m bench.lists [jobs]`.

Lists are timed from the query to the JSON of the answer. Counts come from Redis, whatever the number of jobs.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from bench import _results
from bench.container import Container
from chalicelib.domain.events import job_data
from chalicelib.domain.filters import JobFilter, Order, Visibility
from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.domain.principals import Principal, Role, Scope
from chalicelib.services.stats import counts_scope
from chalicelib.settings import Settings
from chalicelib.store.client import connect, database
from chalicelib.store.documents import job_document
from chalicelib.store.indexes import ensure_indexes
from chalicelib.store.job_search import JobSearch
from infra.local.databases import MongoServer, ValkeyServer, free_port

LIST = 100
RUNS = 100
BATCH = 5_000
#: One big tenant with 20 owners has nine tenths of the jobs; a hundred small tenants have the rest.
OWNERS = 20
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
S = JobStatus


def who(tenant: int, owner: int) -> Principal:
    return Principal(f"{owner:024x}", f"{tenant:024x}", Role.ADMIN)


def jobs(count: int) -> Iterator[Job]:
    """Yield jobs: mostly completed, as in a system that has run for a while; some tasks, queues and tags are rare."""
    for n in range(count):
        principal = who(1, n % OWNERS + 1) if n % 10 else who(n // 10 % 100 + 2, 1000 + n // 10 % 100)
        at = BEGAN + timedelta(seconds=n * 20)
        rare = n % 50_000 == 49_999
        status = S.DLQ if n % 100 == 3 else S.PENDING if n > count - 2000 else S.COMPLETED
        yield Job(
            id=f"{int(at.timestamp()):08x}{n:016x}",
            tenant_id=principal.tenant_id,
            owner_id=principal.user_id,
            name=f"Report {n % 1000} of region {n % 37}",
            task="rare.task" if rare else ("resize", "mail", "report")[n % 3],
            queue="rare" if rare else ("default", "images")[n % 2],
            tags=("unique",) if rare else (f"customer-{n % 500}",),
            status=status,
            rev=3,
            ready_at=at,
            created_at=at,
            updated_at=at,
            trace_id="t",
            payload='{"n":1}',
        )


@dataclass(frozen=True)
class Question:
    name: str
    visibility: Visibility
    wanted: JobFilter


def questions() -> list[Question]:
    big, owner = f"{1:024x}", f"{2:024x}"
    own, tenant, everyone = Visibility(big, owner), Visibility(big, None), Visibility(None, None)
    filters: dict[str, dict[str, Any]] = {
        "no filter": {},
        "status dlq": {"statuses": (S.DLQ,)},
        "two statuses": {"statuses": (S.DLQ, S.PENDING)},
        "common task": {"task": "resize"},
        "rare task": {"task": "rare.task"},
        "rare task, dlq": {"task": "rare.task", "statuses": (S.DLQ,)},
        "tag": {"tag": "customer-7"},
        "rare queue": {"queue": "rare"},
        "common prefix": {"words": ("rep",)},
        "one letter": {"words": ("r",)},
        "rare prefix": {"words": ("uniq",)},
        "two prefixes": {"words": ("repo", "999")},
        "a day": {"created_from": BEGAN + timedelta(days=30), "created_to": BEGAN + timedelta(days=31)},
    }
    asked = [
        Question(f"{scope}: {name}", visibility, JobFilter(**how))
        for scope, visibility in (("own", own), ("tenant", tenant))
        for name, how in filters.items()
    ]
    for_all = ("no filter", "status dlq", "two statuses", "common task", "a day")
    return asked + [Question(f"all: {name}", everyone, JobFilter(**filters[name])) for name in for_all]


def ask(search: JobSearch, question: Question) -> float:
    """Return the time of one list, from query to JSON, in ms."""
    begun = time.perf_counter()
    page = search.page(question.visibility, question.wanted, Order(), None, LIST)
    orjson.dumps([job_data(job) for job in page.jobs])
    return (time.perf_counter() - begun) * 1000


def stats_ms(db_uri: str, home: Path) -> list[float]:
    """Return the times of reading the dashboard's counts from a filled Valkey."""
    with ValkeyServer(home, free_port(), durable=False) as valkey:
        env = {"MONGODB_URI": db_uri, "REDIS_URL": valkey.uri, "SECRET_KEY": "x" * 32}
        container = Container(Settings.from_env(env))
        principal = who(1, 1)
        container.redis.set(container.keys.epoch, 1)
        scope = counts_scope(principal, Scope.TENANT)
        container.redis.hset(container.keys.counts(scope), mapping={state.value: 100_000 for state in S})
        took = []
        for _ in range(RUNS * 5):
            begun = time.perf_counter()
            container.stats.stats(principal, Scope.TENANT)
            took.append((time.perf_counter() - begun) * 1000)
        container.close()
        return took


def fill(db: Any, count: int) -> None:
    """Insert the jobs."""
    batch: list[dict[str, Any]] = []
    for job in jobs(count):
        batch.append(job_document(job))
        if len(batch) == BATCH:
            db.jobs.insert_many(batch, ordered=False)
            batch = []
    if batch:
        db.jobs.insert_many(batch, ordered=False)


def main(count: int) -> None:
    """Measure, print, save."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        server = MongoServer(Path(folder) / "mongo", free_port())
        server.start()
        client = connect(server.uri, 2)
        try:
            db = database(client, "bench")
            ensure_indexes(db)
            begun = time.perf_counter()
            fill(db, count)
            print(f"{count} jobs in {time.perf_counter() - begun:.0f} s")
            search = JobSearch(db)
            print(f"{'list of 100':32} {'p50 ms':>8} {'p99 ms':>8} {'max ms':>8}")
            for question in questions():
                found = _results.latency([ask(search, question) for _ in range(RUNS)], 1)
                rows.append({"name": question.name, **found})
                print(f"{question.name:32} {found['p50']:8.1f} {found['p99']:8.1f} {found['max']:8.1f}")
            stats = _results.latency(stats_ms(server.uri, Path(folder) / "valkey"))
            print(f"{'counts of a tenant':32} {stats['p50']:8.2f} {stats['p99']:8.2f} {stats['max']:8.2f}")
        finally:
            client.close()
            server.stop()
    print(f"Saved {_results.save('lists', {'jobs': count, 'lists_ms': rows, 'stats_ms': stats})}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
