"""Measures one queue once: submit, memory, drain, then how soon an idle worker starts a job."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redis import Redis

from bench._results import ROOT
from bench.peers.catalogue import Setting
from infra.local import children

CALL_S = 120.0
DRAIN_S = 120.0
SETTLE_S = 0.5
GAP_S = 0.02
RECORD = struct.Struct("<qq")


@dataclass(slots=True)
class Measured:
    """One run: rates per second, bytes, and milliseconds. ``None`` is not offered, or not asked for."""

    submit: float = 0.0
    bulk: float | None = None
    drain: float = 0.0
    bytes_per_job: float | None = None
    event_log_bytes: int = 0
    start_ms: list[float] = field(default_factory=list)
    doubled: int = 0


class Rig:
    """One run of one setting, on servers that are empty."""

    def __init__(self, setting: Setting, redis: Redis, env: dict[str, str], home: Path) -> None:
        self.setting = setting
        self.redis = redis
        self.home = home
        self.starts = home / "starts"
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("BENCH_", "VIRTUAL_ENV"))},
            **env,
            **setting.env,
            "BENCH_STARTS": str(self.starts),
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }

    def measure(self, jobs: int, single: int) -> Measured:
        """Measure everything. Raises ``TimeoutError``."""
        found = Measured()
        self.home.mkdir(parents=True)
        self.redis.flushall()
        self.call("setup")
        before = self._memory()
        self._submit(found, jobs, single)
        found.event_log_bytes = int(self.redis.memory_usage("{qc}:events", samples=0) or 0) if self.setting.ours else 0
        if self.setting.on_redis:
            found.bytes_per_job = (self._memory() - before - found.event_log_bytes) / jobs
        with self.workers():
            first_ns, last_ns = self._drained(jobs)
            found.drain = jobs / ((last_ns - first_ns) / 1e9)
            if self.setting.trickle:
                time.sleep(SETTLE_S)
                found.start_ms = self._trickle(jobs, self.setting.trickle)
        records = self.records()
        found.doubled = len(records) - len({number for number, _ in records})
        return found

    def _submit(self, found: Measured, jobs: int, single: int) -> None:
        single = min(single, jobs) if self.setting.bulk else jobs
        found.submit = single / float(self.call("submit", "0", str(single))["seconds"])
        if self.setting.bulk and jobs > single:
            took = float(self.call("bulk", str(single), str(jobs - single))["seconds"])
            found.bulk = (jobs - single) / took

    def _drained(self, jobs: int) -> tuple[int, int]:
        """Return when the first job started and when the last one started or, if known, was settled, in ns."""
        self._wait(lambda: self._seen() >= jobs, DRAIN_S, "all jobs started")
        if self.setting.ours:
            self._wait(lambda: int(self.redis.hget("{qc}:counts:all", "done") or 0) >= jobs, 60, "all jobs settled")
            last = time.monotonic_ns()
        times = [at for _, at in self.records()]
        return min(times), last if self.setting.ours else max(times)

    def _trickle(self, first: int, count: int) -> list[float]:
        sent = self.call("trickle", str(first), str(count), str(GAP_S))["sent_ns"]
        self._wait(lambda: self._seen() >= first + count, 30, "the late jobs started")
        at: dict[int, int] = {}
        for number, started in self.records():
            at.setdefault(number, started)
        return [(at[first + n] - ns) / 1e6 for n, ns in enumerate(sent)]

    def call(self, *args: str) -> Any:
        """Run the producer; return its answer."""
        with (self.home / "client.log").open("ab") as log:
            made = subprocess.run(
                self.setting.client(*args), stdout=subprocess.PIPE, stderr=log, timeout=CALL_S, check=False,
                cwd=ROOT, env=self.env,
            )  # fmt: skip
        if made.returncode:
            raise RuntimeError(f"{args[0]} ended with {made.returncode}: {self._tail('client.log')}")
        return json.loads(made.stdout.splitlines()[-1])

    @contextmanager
    def workers(self) -> Iterator[None]:
        """Run the workers of the setting meanwhile."""
        command = self.setting.work()
        running = [
            children.spawn(command, log=self.home / "worker.log", cwd=ROOT, env=self.env)
            for _ in range(self.setting.processes)
        ]
        try:
            yield
        except TimeoutError as error:
            raise TimeoutError(f"{error}; the worker said: {self._tail('worker.log')}") from error
        finally:
            for process in running:
                end_session(process)

    def records(self) -> list[tuple[int, int]]:
        """Return (job, start in ns) of each start."""
        return list(RECORD.iter_unpack(self.starts.read_bytes()))

    def _seen(self) -> int:
        return self.starts.stat().st_size // RECORD.size if self.starts.exists() else 0

    def _memory(self) -> int:
        self.redis.memory_purge()
        info: Any = self.redis.info("memory")
        return int(info["used_memory"])

    def _tail(self, log: str) -> str:
        path = self.home / log
        return path.read_text(errors="replace")[-600:] if path.exists() else "(nothing)"

    @staticmethod
    def _wait(condition: Callable[[], bool], timeout_s: float, what: str) -> None:
        if not children.wait_until(condition, timeout_s=timeout_s, poll_s=0.005):
            raise TimeoutError(f"{what}: not within {timeout_s:.0f} s")


def end_session(process: subprocess.Popen[bytes]) -> None:
    """End a worker and whatever it started, at once: it is idle, and what it did is counted."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)
