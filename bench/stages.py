"""Time of each stage from the submission of a job to its start on an idle system: `python -m bench.stages`.

Jobs are submitted one by one, through the service that the API calls; a worker in a process of its own lingers. Both
note when each call of a store or of the queue begins and ends, on the machine's clock.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any

from bench import _results
from bench.peers.queuecraft import QueueCraft, make_container, registry
from chalicelib.queue.engine import Engine
from chalicelib.queue.limits import CreationLimits
from chalicelib.store.jobs import JobStore
from infra.local.databases import MongoServer, ValkeyServer, free_port
from worker_fn.pool import Pool
from worker_fn.worker import Worker

JOBS = 500
#: Not counted: they open connections and warm up the code.
WARM_UP = 50
GAP_S = 0.02
WAIT_S = 30.0

#: Timed calls: name, class, method.
PRODUCER = (
    ("admit", CreationLimits, "admit"),
    ("insert", JobStore, "insert"),
    ("enqueue", Engine, "enqueue"),
)
WORKER = (
    ("woken", Worker, "woken"),
    ("claim", Engine, "claim"),
    ("read", JobStore, "get_many"),
    ("begin", Pool, "_begin"),
    ("write", JobStore, "advance"),
    ("settle", Engine, "settle"),
)
#: Name, first and last edge of each stage: (call, 0 = begin, 1 = end). ``submit`` is the producer's whole call.
STAGES = (
    ("limits and intent (Valkey)", ("admit", 0), ("admit", 1)),
    ("record, majority and journal (MongoDB)", ("insert", 0), ("insert", 1)),
    ("enqueue, event, wake-up (Valkey)", ("enqueue", 0), ("enqueue", 1)),
    ("wake-up to claim", ("woken", 0), ("claim", 0)),
    ("claim (Valkey)", ("claim", 0), ("claim", 1)),
    ("record load (MongoDB)", ("read", 0), ("read", 1)),
    ("until the task is called", ("read", 1), ("begin", 1)),
    ("**submit to start**", ("submit", 0), ("begin", 1)),
    ("then: record of the end, majority and journal (MongoDB)", ("write", 0), ("write", 1)),
    ("then: event and end of the lease (Valkey)", ("settle", 0), ("settle", 1)),
)

Call = tuple[str, int, int]


def watch(calls: list[Call], watched: Iterable[tuple[str, type, str]]) -> None:
    """Record the begin and the end of each of these calls from now on, in ns."""

    def noting(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def noted(*args: Any, **kwargs: Any) -> Any:
            began = time.monotonic_ns()
            answer = method(*args, **kwargs)
            calls.append((name, began, time.monotonic_ns()))
            return answer

        return noted

    for name, owner, method in watched:
        setattr(owner, method, noting(name, getattr(owner, method)))


def work() -> None:
    """Run a worker until it is stopped; then write its calls to standard output."""
    calls: list[Call] = []
    watch(calls, WORKER)
    container = make_container()
    worker = Worker(container, registry.tasks, remaining_s=lambda: 900.0, log=container.log)
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    worker.run()
    sys.stdout.write(json.dumps(calls))


def submit(producer: QueueCraft, calls: list[Call]) -> list[int]:
    """Submit one by one; return when each began, in ns."""
    sent = []
    for number in range(JOBS + WARM_UP):
        time.sleep(GAP_S)
        sent.append(time.monotonic_ns())
        producer.one(number)
        calls.append(("submit", sent[-1], time.monotonic_ns()))
    time.sleep(1.0)
    return sent


def by_job(sent: list[int], calls: Iterable[Call]) -> list[dict[str, tuple[int, int]]]:
    """Return the first call of each name for each job; its calls are those before the next submission."""
    found: list[dict[str, tuple[int, int]]] = [{} for _ in sent]
    at = 0
    for name, began, ended in sorted(calls, key=lambda call: call[1]):
        while at + 1 < len(sent) and sent[at + 1] <= began:
            at += 1
        if began >= sent[at]:
            found[at].setdefault(name, (began, ended))
    return found


def stages(jobs: list[dict[str, tuple[int, int]]]) -> list[dict[str, Any]]:
    """Return p50 and p99 of each stage in ms, over the jobs with all calls recorded."""
    names = {call for _, *edges in STAGES for call, _ in edges}
    whole = [job for job in jobs if names <= job.keys()]
    if len(whole) < len(jobs) * 0.9:
        raise RuntimeError(f"only {len(whole)} of {len(jobs)} jobs were seen from end to end")
    rows = []
    for name, (first, at), (last, until) in STAGES:
        took = [(job[last][until] - job[first][at]) / 1e6 for job in whole]
        rows.append({"name": name, **_results.latency(took)})
        print(f"{name:52} p50 {rows[-1]['p50']:6.2f} ms  p99 {rows[-1]['p99']:6.2f} ms", flush=True)
    return rows


def main() -> None:
    """Measure, print, save."""
    with tempfile.TemporaryDirectory() as folder:
        mongo = MongoServer(Path(folder) / "mongo", free_port())
        valkey = ValkeyServer(Path(folder) / "valkey", free_port(), durable=False)
        mongo.start()
        valkey.start()
        os.environ |= {
            "MONGODB_URI": mongo.uri, "REDIS_URL": valkey.uri, "SECRET_KEY": "x" * 32, "RATE_LIMIT_MAX_REQUESTS": "0",
            "MAX_ACTIVE_JOBS_PER_USER": "0", "WORKER_LINGER_S": "60", "BENCH_STARTS": f"{folder}/starts",
        }  # fmt: skip
        with (Path(folder) / "log").open("w") as log:
            sys.stderr = log
            calls: list[Call] = []
            watch(calls, PRODUCER)
            producer = QueueCraft()
            producer.open()
            producer.setup()
            command = [sys.executable, "-m", "bench.stages", "worker"]
            worker = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, cwd=_results.ROOT)
            try:
                time.sleep(2.0)
                sent = submit(producer, calls)
                worker.terminate()
                output, _ = worker.communicate(timeout=WAIT_S)
            finally:
                worker.kill()
                worker.wait(timeout=WAIT_S)
                producer.close()
                valkey.stop()
                mongo.stop()
                sys.stderr = sys.__stderr__
        jobs = by_job(sent, [*calls, *map(tuple, json.loads(output))])
        rows = stages(jobs[WARM_UP:])
    print(f"Saved {_results.save('stages', {'jobs': JOBS, 'stages': rows})}")


if __name__ == "__main__":
    work() if sys.argv[1:] == ["worker"] else main()
