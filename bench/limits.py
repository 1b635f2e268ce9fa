"""What limits cost: a claim with a million jobs behind a limit of one, and a hundred thousand keys with a limit of one.

    python -m bench.limits [--behind 1000000] [--keys 100000]

The engine alone, on a Valkey of its own: jobs are enqueued, claimed and settled, and no task runs. Then as many plain
and keyed jobs are drained by a worker with MongoDB, in turns, as ``bench/drain.py`` does.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from bench import _results, _servers
from bench import drain as whole
from bench.container import Container
from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.queue.engine import Settlement
from chalicelib.queue.intents import permit
from chalicelib.queue.keys import LAYOUT
from chalicelib.queue.limit_instances import Definition
from chalicelib.settings import Settings
from infra.local.databases import ValkeyServer, free_port

BATCH = 500
CLAIMS = 1_000
#: Times that claims of both queues are compared.
ROUNDS = 9
TENANT = "a" * 24
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def job(number: int, **changes: Any) -> Job:
    """The job of this number."""
    known: dict[str, Any] = {
        "id": f"{number:024x}", "tenant_id": TENANT, "owner_id": "c" * 24, "name": "bench", "status": JobStatus.PENDING,
        "rev": 1, "ready_at": BEGAN, "created_at": BEGAN, "updated_at": BEGAN, "trace_id": "t", "task": "noop",
        "payload": "{}",
    }  # fmt: skip
    return Job(**{**known, **changes})


class Bench:
    """An engine on a Valkey of its own."""

    def __init__(self, url: str) -> None:
        env = {
            "MONGODB_URI": "mongodb://127.0.0.1:1/", "REDIS_URL": url, "SECRET_KEY": "x" * 32,
            "MAX_ACTIVE_JOBS_PER_USER": "0", "RATE_LIMIT_MAX_REQUESTS": "0",
        }  # fmt: skip
        self.container = Container(Settings.from_env(env))
        self.engine = self.container.engine
        self.engine.on_wake = lambda pools: None
        self.jobs: dict[str, Job] = {}
        self.number = 0
        self.clear()

    def clear(self) -> None:
        """Empty the queue."""
        redis, keys = self.container.redis, self.container.keys
        redis.flushall()
        self.container.scripts.note_newest(self.number, 0)
        redis.set(keys.epoch, self.number + 1)
        redis.set(keys.layout, LAYOUT)
        self.jobs.clear()

    def fill(self, number: int, make: Callable[[int], dict[str, Any]]) -> None:
        """Enqueue jobs with the fields that ``make`` returns."""
        for start in range(0, number, BATCH):
            jobs = [job(self.number + n, **make(start + n)) for n in range(min(BATCH, number - start))]
            self.number += len(jobs)
            self.engine.intend([permit(each) for each in jobs])
            self.engine.enqueue(jobs, [[] for _ in jobs])
            self.jobs |= {each.id: each for each in jobs}

    def used(self) -> int:
        """Bytes that Valkey has in use."""
        self.container.redis.memory_purge()
        info: Any = self.container.redis.info("memory")
        return int(info["used_memory"])

    def settle(self, ids: Sequence[str], token: str = "t") -> None:
        """Complete claimed jobs."""
        ends = [Settlement(self.jobs[each].with_(status=JobStatus.COMPLETED), token, (), "", 1) for each in ids]
        self.engine.settle(ends)

    def claim_us(self) -> float:
        """Claim what may begin, and put nothing back; return the time in µs."""
        began = time.perf_counter()
        self.engine.claim("none", 10)
        return (time.perf_counter() - began) * 1e6

    def drain(self) -> float:
        """Claim and settle until nothing is left; jobs a second."""
        began, count = time.perf_counter(), 0
        while True:
            claim = self.engine.claim("t", 100)
            if not claim.ids and not claim.groups_left:
                break
            self.settle(claim.ids)
            count += len(claim.ids)
        if count != len(self.jobs):
            raise SystemExit(f"{count} of {len(self.jobs)} jobs came out")
        return count / (time.perf_counter() - began)


def behind_one(bench: Bench, empty: Bench, number: int) -> dict[str, Any]:
    """Claims beside a full limit of one with this many jobs behind it, in one lane, and of an empty queue, in turns."""
    bench.container.limit_scripts.define([Definition("*", "one", concurrency=1)])
    before = bench.used()
    bench.fill(number, lambda _: {"limits": ("one",)})
    per_job = (bench.used() - before) / number
    (held,) = bench.engine.claim("t", 10).ids
    rounds = [beside(bench, empty) for _ in range(ROUNDS)]
    took = []
    for _ in range(CLAIMS):  # one ends, the next begins
        began = time.perf_counter()
        bench.settle([held])
        (held,) = bench.engine.claim("t", 10).ids
        took.append((time.perf_counter() - began) * 1e6)
    return {
        "jobs": number,
        "bytes_per_job": round(per_job, 1),
        **{name: _results.spread((each[name] for each in rounds), 2) for name in rounds[0]},
        "turn_p99_us": round(statistics.quantiles(took, n=100)[98], 1),
    }


def beside(bench: Bench, empty: Bench) -> dict[str, float]:
    """Claim from both queues in turns; return the times in µs, and the ratio of their 99th percentiles."""
    pairs = [(bench.claim_us(), empty.claim_us()) for _ in range(CLAIMS)]
    full, none = (statistics.quantiles(each, n=100) for each in zip(*pairs, strict=True))
    found = {"full_p50_us": full[49], "full_p99_us": full[98], "empty_p50_us": none[49], "empty_p99_us": none[98]}
    return {**found, "p50_ratio": full[49] / none[49], "p99_ratio": full[98] / none[98]}


def keys_of_one(bench: Bench, number: int) -> dict[str, Any]:
    """Draining one job for each of this many keys with a limit of one, and as many plain jobs."""
    rates = {}
    for name, make in (
        ("plain", lambda n: {}),
        ("keyed", lambda n: {"limits": (f"key:{n}",)}),
        ("keyed_and_total", lambda n: {"limits": (f"key:{n}", "total")}),
    ):
        bench.clear()
        definitions = [Definition("*", "key", keyed=True, concurrency=1), Definition("*", "total", concurrency=100)]
        bench.container.limit_scripts.define(definitions)
        before = bench.used()
        bench.fill(number, make)
        rates[f"{name}_bytes_per_job"] = round((bench.used() - before) / number, 1)
        rates[f"{name}_per_s"] = round(bench.drain())
    return {"keys": number, **rates}


def by_worker(servers: _servers.Servers, number: int, rounds: int) -> dict[str, Any]:
    """Draining by a worker, with records and events: plain and keyed jobs in turns; jobs a second, and their ratio."""
    rates: dict[bool, list[float]] = {False: [], True: []}
    for turn in range(rounds):
        for keyed, found in rates.items():
            name = f"drain{turn}{keyed}"
            found.append(whole.one_run(servers, name, "async", 1, number, keyed=keyed).drain)
    ratios = [keyed / plain for plain, keyed in zip(*rates.values(), strict=True)]
    return {
        "jobs": number, "plain_per_s": _results.spread(rates[False], 0), "keyed_per_s": _results.spread(rates[True], 0),
        "ratio": _results.spread(ratios, 2),
    }  # fmt: skip


def run(behind: int, keys: int, rounds: int) -> dict[str, Any]:
    """All of it."""
    with _servers.servers() as servers:
        with ValkeyServer(servers.folder / "other", free_port(), durable=False) as other:
            bench, empty = Bench(servers.valkey.uri), Bench(other.uri)
            found = {"behind_one": behind_one(bench, empty, behind), "keys": keys_of_one(bench, keys)}
            bench.clear()
            for each in (bench, empty):
                each.container.close()
        found["by_worker"] = by_worker(servers, keys, rounds)
    return found


def main() -> None:
    """Measure, print, save."""
    options = _servers.options(__doc__, behind=1_000_000, keys=100_000, rounds=3)
    found = run(options.behind, options.keys, options.rounds)
    one, keys, drained = found["behind_one"], found["keys"], found["by_worker"]
    print(f"{one['jobs']:,} jobs behind a limit of one: {one['bytes_per_job']} bytes a job")
    for name in ("full_p99_us", "empty_p99_us", "p50_ratio", "p99_ratio"):
        print(f"a claim beside them and of an empty queue, {name}: {one[name]}")
    print(f"an end and the next claim: p99 {one['turn_p99_us']} µs")
    for name in ("plain", "keyed", "keyed_and_total"):
        print(f"{keys['keys']:,} jobs, {name:16}: {keys[f'{name}_per_s']:>7,} a second, "
              f"{keys[f'{name}_bytes_per_job']} bytes a job")  # fmt: skip
    for name in ("plain_per_s", "keyed_per_s", "ratio"):
        print(f"by a worker, {name}: {drained[name]}")
    print(f"Saved {_results.save('limits', found)}")


if __name__ == "__main__":
    main()
