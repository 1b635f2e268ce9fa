"""Redis at a million waiting jobs: bytes per job, time of a claim, and the size of every kind of key.

    python -m bench.memory [--sizes 1000 100000 1000000]

Jobs wait in four queues of two tenants, enqueued by the engine with their ``created`` events, as the API does. Claims
are timed as a worker makes them, over one connection, and by the server itself. Then all queues are paused, or the
fleet has no slot left, and the calls of a worker are timed again. Fails if the size of a key is not bounded.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import _results
from bench.container import Container
from chalicelib.domain.events import created
from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.queue.engine import Settlement
from chalicelib.queue.keys import LAYOUT
from chalicelib.settings import Settings
from infra.local.databases import ValkeyServer, free_port

BATCH = 1_000
LANES = [("a" * 24, "default"), ("a" * 24, "images"), ("b" * 24, "default"), ("b" * 24, "mail")]
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
#: Number of timed claims of one job, and of a hundred, at each size.
ONES, HUNDREDS = 300, 100
#: Maximum number of jobs claimed before they are released.
ROUND = 500
#: Maximum bytes of all keys that hold neither waiting jobs nor events.
OTHERS_MAX_BYTES = 200_000
#: A stream is trimmed by whole nodes of up to 100 entries.
EVENTS_SLACK = 1.1
OPEN_KEYS = ("ready", "scheduled", "retrying")


def job(number: int) -> Job:
    """Return the job of this number, always the same."""
    tenant, queue = LANES[number % len(LANES)]
    return Job(
        id=f"{number:024x}",
        tenant_id=tenant,
        owner_id="c" * 24,
        name="bench",
        status=JobStatus.PENDING,
        rev=1,
        ready_at=BEGAN,
        created_at=BEGAN,
        updated_at=BEGAN,
        trace_id="00000000-0000-4000-8000-000000000000",
        task="noop",
        queue=queue,
        payload="{}",
    )


class Bench:
    """An engine on a Valkey of its own."""

    def __init__(self, url: str) -> None:
        env = {
            "MONGODB_URI": "mongodb://127.0.0.1:1/",
            "REDIS_URL": url,
            "SECRET_KEY": "x" * 32,
            "MAX_ACTIVE_JOBS_PER_USER": "0",
            "RATE_LIMIT_MAX_REQUESTS": "0",
        }
        self.container = Container(Settings.from_env(env))
        self.redis = self.container.redis
        self.redis.set(self.container.keys.epoch, 1)
        self.redis.set(self.container.keys.layout, LAYOUT)
        self.filled = 0
        self.fill_to(BATCH)  # loads scripts, so that they do not count as jobs
        self.redis.delete(*self.redis.scan_iter(f"{self.container.keys.prefix}*"))
        self.redis.set(self.container.keys.epoch, 2)
        self.redis.set(self.container.keys.layout, LAYOUT)
        self.filled = 0
        self.empty_bytes = self.used()

    def fill_to(self, size: int) -> float:
        """Enqueue jobs until ``size`` wait; return the jobs a second."""
        began, first = time.perf_counter(), self.filled
        for start in range(first, size, BATCH):
            jobs = [job(number) for number in range(start, min(start + BATCH, size))]
            self.container.limits.admit(jobs[0].owner_id, jobs[0].tenant_id, [each.id for each in jobs], active=0)
            self.container.engine.enqueue(jobs, [[created(each)] for each in jobs])
        self.filled = size
        return (size - first) / (time.perf_counter() - began)

    def used(self) -> int:
        """Return the bytes that Valkey uses."""
        self.redis.memory_purge()
        info: Any = self.redis.info("memory")
        return int(info["used_memory"])

    def size_of(self, key: str | bytes) -> int:
        """Return the bytes of one key, all elements counted."""
        found: Any = self.redis.memory_usage(key, samples=0)
        return int(found or 0)

    def families(self) -> dict[str, dict[str, Any]]:
        """Return the kinds of keys: number, bytes, entries of the largest, and whether they expire."""
        found: dict[str, dict[str, Any]] = defaultdict(lambda: {"keys": 0, "bytes": 0, "expires": True})
        for key in self.redis.scan_iter(f"{self.container.keys.prefix}*", count=1000):
            family = found[key.decode().removeprefix(self.container.keys.prefix).partition(":")[0]]
            family["keys"] += 1
            family["bytes"] += self.size_of(key)
            family["expires"] = family["expires"] and self.redis.ttl(key) != -1
        return dict(sorted(found.items(), key=lambda item: -item[1]["bytes"]))

    # --- claims ----------------------------------------------------------------------------------------------
    def claims(self, want: int, times: int) -> dict[str, float]:
        """Claim ``want`` jobs repeatedly; return median µs per claim here, mean µs in Valkey. Releases the jobs."""
        took: list[float] = []
        server_us, got = 0.0, 0
        while len(took) < times:
            ids: list[str] = []
            self.redis.config_resetstat()
            for _ in range(max(1, min(times, ROUND // want))):
                began = time.perf_counter()
                claimed = self.container.engine.claim("t", want).ids
                took.append((time.perf_counter() - began) * 1e6)
                ids += claimed
            stats: Any = self.redis.info("commandstats")
            server_us += float(stats["cmdstat_evalsha"]["usec"])
            got += len(ids)
            if ids:
                self.container.engine.settle([Settlement(job(int(each, 16)), "t") for each in ids])
        return {
            "p50_us": round(statistics.median(took), 1),
            "server_us": round(server_us / len(took), 1),
            "got": got // len(took),
        }

    def timed(self, what: Callable[[], object], times: int = ONES) -> float:
        """Return the median µs of a call."""
        took = []
        for _ in range(times):
            began = time.perf_counter()
            what()
            took.append((time.perf_counter() - began) * 1e6)
        return round(statistics.median(took), 1)


def at_size(bench: Bench, size: int) -> dict[str, Any]:
    """Fill to ``size`` and measure."""
    rate = bench.fill_to(size)
    families = bench.families()
    events = families["events"]["bytes"]
    others = sum(family["bytes"] for name, family in families.items() if name != "events")
    one, hundred = bench.claims(1, ONES), bench.claims(100, HUNDREDS)
    per_job = round(others / size, 1)
    print(f"{size:>9,} waiting: {per_job:6.1f} bytes a job; claim of 1 {_us(one)}, of 100 {_us(hundred)}", flush=True)
    return {
        "jobs": size,
        "bytes_per_job": per_job,
        # the same by the memory of the whole server, which is imprecise at small sizes
        "used_per_job": round((bench.used() - bench.empty_bytes - events) / size, 1),
        "event_log_bytes": events,
        "enqueue_per_s": round(rate),
        "claim_1": one,
        "claim_100": hundred,
    }


def held_back(bench: Bench) -> dict[str, Any]:
    """Measure a claim while all queues are paused, or all but one; and joining a full fleet."""
    engine, fleet, settings = bench.container.engine, bench.container.fleet, bench.container.settings
    for tenant, queue in LANES:
        engine.pause(tenant, queue, paused=True, events=[])
    nothing = bench.claims(1, ONES)
    tenant, queue = LANES[0]
    # a thousand jobs of a queue that is not paused, behind the million
    others = [job(bench.filled + n).with_(tenant_id=tenant, queue="free") for n in range(BATCH)]
    bench.container.limits.admit(others[0].owner_id, tenant, [each.id for each in others], active=0)
    engine.enqueue(others, [[] for _ in others])
    took, ids = [], []
    for _ in range(ONES):
        began = time.perf_counter()
        ids += engine.claim("t", 1).ids
        took.append((time.perf_counter() - began) * 1e6)
    if not all(int(each, 16) >= bench.filled for each in ids) or len(ids) != ONES:
        raise SystemExit("a paused job was claimed")
    for number in range(settings.job_fleet_concurrency):
        fleet.join(f"w{number}", 1)
    full = bench.timed(lambda: fleet.join("late", settings.job_concurrency))
    if fleet.join("late", 1) != 0:
        raise SystemExit("the fleet has more slots than its limit")
    for tenant, queue in LANES:
        engine.pause(tenant, queue, paused=False, events=[])
    found = {
        "all_paused_us": nothing["p50_us"],
        "beside_paused_us": round(statistics.median(took), 1),
        "fleet_full_us": full,
    }
    print(f"held back by pauses: claim of nothing {found['all_paused_us']:.0f} µs, of 1 from a free queue "
          f"{found['beside_paused_us']:.0f} µs; the fleet is full: refused in {full:.0f} µs", flush=True)  # fmt: skip
    return found


def unbounded(bench: Bench, families: dict[str, dict[str, Any]]) -> list[str]:
    """Return the kinds of keys that grow and should not."""
    keys, wrong = bench.container.keys, []
    persistent = {name.removeprefix(keys.prefix).partition(":")[0] for name in keys.persistent}
    wrong += [f"{name} has no TTL" for name, f in families.items() if not f["expires"] and name not in persistent]
    length = bench.redis.xlen(keys.events)
    if length > bench.container.settings.event_log_size * EVENTS_SLACK:
        wrong.append(f"the event log has {length} entries")
    others = sum(f["bytes"] for name, f in families.items() if name not in {*OPEN_KEYS, "events"})
    if others > OTHERS_MAX_BYTES:
        wrong.append(f"keys without waiting jobs take {others} bytes")
    return wrong


def _us(claim: dict[str, float]) -> str:
    return f"{claim['p50_us']:.0f} µs ({claim['server_us']:.0f} in Valkey)"


def run(sizes: Sequence[int]) -> dict[str, Any]:
    """Measure everything."""
    with tempfile.TemporaryDirectory() as folder:
        valkey = ValkeyServer(Path(folder), free_port(), durable=False)
        valkey.start()
        try:
            bench = Bench(valkey.uri)
            found: dict[str, Any] = {"sizes": [at_size(bench, size) for size in sizes]}
            found["families"] = bench.families()
            found["unbounded"] = unbounded(bench, found["families"])
            found["held_back"] = held_back(bench)
            bench.container.close()
        finally:
            valkey.stop()
    first, last = found["sizes"][0], found["sizes"][-1]
    found["ratio"] = {
        name: round(last[name]["p50_us"] / first[name]["p50_us"], 2) for name in ("claim_1", "claim_100")
    }  # fmt: skip
    return found


def main() -> None:
    """Measure, print, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    options = parser.parse_args()
    found = run(sorted(options.sizes))
    for name, family in found["families"].items():
        print(f"  {name:12} {family['keys']:>6} keys {family['bytes']:>13,} bytes{'  expires' * family['expires']}")
    print(f"claims take {found['ratio']} times as long at the largest size as at the smallest")
    print(f"Saved {_results.save('memory', found)}")
    if found["unbounded"]:
        sys.exit(f"not bounded: {found['unbounded']}")


if __name__ == "__main__":
    main()
