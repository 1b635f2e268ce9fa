"""All queues in one run, interleaved: `make bench-peers`.

    python -m bench.peers [--runs 3] [--scale 1.0] [--only NAME …]

Each round measures every setting once, in the order of the catalogue, on the same Valkey (without persistence) and, for
ours, MongoDB; the table has medians of the rounds. A setting that fails is reported as failed, with the reason.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from redis import Redis

from bench import _results
from bench.peers.catalogue import BULLMQ, SETTINGS, Setting
from bench.peers.measure import Measured, Rig
from bench.peers.postgres import PostgresServer
from infra.local.databases import MongoServer, ValkeyServer, free_port

STORAGE = "Valkey without persistence (appendonly no, no snapshots), on the same machine, the same for all"


@contextmanager
def servers(home: Path, wanted: Sequence[Setting]) -> Iterator[tuple[Redis, dict[str, str]]]:
    """Start Valkey, MongoDB for ours, PostgreSQL for procrastinate; yield the environment of the settings."""
    valkey = ValkeyServer(home / "valkey", free_port(), durable=False)
    mongo = MongoServer(home / "mongo", free_port())
    postgres = PostgresServer(home / "postgres", free_port())
    home.chmod(0o755)  # PostgreSQL may run as another user
    try:
        valkey.start()
        mongo.start()
        if any(not setting.on_redis for setting in wanted):
            try:
                postgres.start()
            except Exception as error:  # its peer will fail, the others are measured
                print(f"PostgreSQL did not start: {error}", file=sys.stderr)
        env = {
            "BENCH_REDIS_URL": valkey.uri,
            "BENCH_POSTGRES_DSN": postgres.dsn,
            "REDIS_URL": valkey.uri,
            "MONGODB_URI": mongo.uri,
            "SECRET_KEY": "x" * 32,
            "RATE_LIMIT_MAX_REQUESTS": "0",
            "MAX_ACTIVE_JOBS_PER_USER": "0",
            "WORKER_LINGER_S": "60",
            "JOB_CONCURRENCY": "5",
        }
        yield Redis.from_url(valkey.uri), env
    finally:
        postgres.stop()
        valkey.stop()
        mongo.stop()


def run_once(setting: Setting, redis: Redis, env: dict[str, str], home: Path, scale: float) -> Measured:
    """Make one measurement, in a database of its own."""
    mine = {**env, "MONGODB_DATABASE": home.name}
    jobs, single = max(50, int(setting.jobs * scale)), max(25, int(setting.single * scale))
    return Rig(setting, redis, mine, home).measure(jobs, single)


def summary(setting: Setting, runs: list[Measured], scale: float) -> dict[str, Any]:
    """Return the medians of the rounds."""
    bulk = [run.bulk for run in runs if run.bulk is not None]
    memory = [run.bytes_per_job for run in runs if run.bytes_per_job is not None]
    starts = [ms for run in runs for ms in run.start_ms]
    return {
        "name": setting.name,
        "ours": setting.ours,
        "jobs": max(50, int(setting.jobs * scale)),
        "processes": setting.processes,
        "keeps": setting.keeps,
        "submit": _results.spread([run.submit for run in runs], 0),
        "bulk": _results.spread(bulk, 0) if bulk else None,
        "drain": _results.spread([run.drain for run in runs], 0),
        "bytes_per_job": round(statistics.median(memory)) if memory else None,
        "event_log_bytes": max(run.event_log_bytes for run in runs),
        "start_ms": _results.latency(starts) if starts else None,
        "doubled": sum(run.doubled for run in runs),
    }


def versions(settings: Sequence[Setting]) -> dict[str, str]:
    """Return the versions of every peer that was measured."""
    found: dict[str, str] = {}
    for setting in settings:
        if setting.libraries and (setting.bin / "python").exists():
            code = f"import importlib.metadata as m; print(*(m.version(n) for n in {setting.libraries!r}))"
            text = subprocess.run(
                [str(setting.bin / "python"), "-c", code], capture_output=True, text=True, timeout=30, check=True
            ).stdout
            found |= {
                f"{name} of {setting.module}" if name == "redis" else name: value
                for name, value in zip(setting.libraries, text.split(), strict=True)
            }
        elif not setting.module:
            found["bullmq"] = json.loads((BULLMQ / "package.json").read_text())["dependencies"]["bullmq"]
            node = subprocess.run(["node", "--version"], capture_output=True, text=True, timeout=30, check=True).stdout
            found["node"] = node.strip().removeprefix("v")
    return found


def show(rows: Sequence[dict[str, Any]]) -> None:
    """The table."""
    ours = next((row for row in rows if row["ours"] and "failed" not in row), None)
    heads = (f"{'one by one':>11}", f"{'in bulk':>9}", f"{'drain /s (min-max)':>24}", f"{'ours x':>8}")
    print(f"{'':31}{''.join(heads)}{'bytes':>7}{'p50':>8}{'p99 ms':>8}")
    for row in rows:
        if "failed" in row:
            print(f"{row['name']:31}failed: {row['failed'][:200]}")
            continue
        drain, start = row["drain"], row["start_ms"] or {"p50": 0, "p99": 0}
        times = ours["drain"]["median"] / drain["median"] if ours else 0
        bulk = f"{row['bulk']['median']:,.0f}" if row["bulk"] else "-"
        spread = f"{drain['median']:,.0f} ({drain['min']:,.0f}-{drain['max']:,.0f})"
        print(
            f"{row['name']:31}{row['submit']['median']:>11,.0f}{bulk:>9}{spread:>24}{times:>8.2f}"
            f"{row['bytes_per_job'] or 0:>7}{start['p50']:>8.2f}{start['p99']:>8.2f}"
        )


def main() -> None:
    """Measure, print, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the jobs, for a quick look")
    parser.add_argument("--only", nargs="*", default=[], help="settings whose names contain one of these")
    options = parser.parse_args()
    wanted = [s for s in SETTINGS if not options.only or any(part.lower() in s.name.lower() for part in options.only)]
    load = os.getloadavg()[0]
    runs: dict[str, list[Measured]] = {setting.name: [] for setting in wanted}
    failed: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="queuecraft-peers-") as folder:
        home = Path(folder)
        with servers(home, wanted) as (redis, env):
            for number in range(options.runs):
                for place, setting in enumerate(wanted):
                    print(f"round {number + 1} of {options.runs}: {setting.name}", file=sys.stderr, flush=True)
                    try:
                        found = run_once(setting, redis, env, home / f"bench{number}-{place}", options.scale)
                        runs[setting.name].append(found)
                    except Exception as error:  # if a peer fails, the others are measured
                        failed[setting.name] = f"{type(error).__name__}: {error}"
                        print(f"  failed: {failed[setting.name][:1500]}", file=sys.stderr, flush=True)
    rows = [
        {"name": s.name, "ours": s.ours, "failed": failed[s.name][:300]}
        if s.name in failed
        else summary(s, runs[s.name], options.scale)
        for s in wanted
    ]
    show(rows)
    data = {"runs": options.runs, "load_before": round(load, 2), "storage": STORAGE, "queues": rows}
    print(f"Saved {_results.save('peers', data, more_versions=versions(wanted))}")


if __name__ == "__main__":
    main()
