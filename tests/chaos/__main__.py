"""Chaos: jobs, people, workers and sockets while things go wrong; then the books must balance.

    python -m tests.chaos [--jobs 20000] [--seed N] [--workers 4] [--every 1.0] [--keep FOLDER]

Reports what was lost, doubled, stuck, wrongly written or not announced: all must be zero. Else it fails and leaves
the trace of faults, the histories of the failing jobs and the workers' logs in the folder that it names.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chalicelib.container import Container
from chalicelib.domain.events import Event, EventType
from tests.audit import audit
from tests.chaos.faults import Faults
from tests.chaos.people import CALLER, People
from tests.chaos.watch import Clients, Records
from tests.chaos.worker import SkewedClock
from tests.chaos.world import World
from tests.connections_endpoint import Endpoint
from tests.managers import QUICK, Invoker

#: How much later the last sweeps think it is: everything that a dead call left is overdue then.
LATER_S = 200.0


@dataclass
class Report:
    """What was found; empty lists are good."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    stale_writes: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    books: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        return not (self.lost or self.doubled or self.stuck or self.stale_writes or self.gaps or self.books)

    def show(self) -> str:
        kinds = ("lost", "doubled", "stuck", "stale_writes", "gaps", "books")
        lines = [f"{name:14} {len(getattr(self, name))}" for name in kinds]
        lines += [f"{name:14} {value}" for name, value in self.figures.items()]
        for name in kinds:
            lines += [f"  {name}: {text}" for text in getattr(self, name)[:10]]
        return "\n".join(lines)


def run(home: Path, *, jobs: int, seed: int, workers: int, every_s: float, patience_s: float) -> Report:
    """One run; its traces are left in ``home``."""
    world = World(home, workers)
    try:
        with Endpoint() as endpoint:
            return _run(world, endpoint, jobs=jobs, seed=seed, every_s=every_s, patience_s=patience_s)
    finally:
        world.close()


def _run(world: World, endpoint: Endpoint, *, jobs: int, seed: int, every_s: float, patience_s: float) -> Report:
    began = time.monotonic()
    witness = world.container(proxied=False)
    records = Records(world.container(proxied=False))
    sockets = world.container(WEBSOCKET_API_ENDPOINT=endpoint.url)
    invoker = Invoker(sockets, QUICK)
    sockets.__dict__["functions"] = invoker
    clients = Clients(sockets, witness, endpoint)
    faults = Faults(world, seed, every_s)
    people = People(world, seed, jobs, producers=3)
    people.start()
    faults.start()
    for thread in people.threads:
        thread.join()
    submitted_s = time.monotonic() - began
    _wait_for_end(witness, patience_s, some_left=True)
    faults.stop()
    _wait_for_end(witness, patience_s, some_left=False)
    _last_sweeps(world)
    probe = Event(EventType.PROGRESS, CALLER.tenant_id, CALLER.user_id, {"probe": f"probe-{seed}"}, witness.clock.now())
    deaf = clients.hear(probe, 20)
    records.stop()
    clients.stop()
    invoker.end()
    report = _judge(world, people, records, clients)
    report.gaps += deaf
    report.figures |= {
        "jobs": len(people.accepted),
        "seed": seed,
        "submitted in": f"{submitted_s:.1f} s",
        "all ended in": f"{time.monotonic() - began:.1f} s",
        "faults": dict(faults.counts),
        "worker deaths": world.deaths,
        "calls repeated": people.refused,
        "events told": clients.told(),
    }
    if not report.good:
        _leave_traces(world, report, faults, records)
    return report


def _wait_for_end(container: Container, patience_s: float, *, some_left: bool) -> None:
    """Until no job is open, or (``some_left``) few are, or patience ends."""
    deadline = time.monotonic() + patience_s
    few = 20 if some_left else 0
    while time.monotonic() < deadline:
        try:
            if container.db.jobs.count_documents({"open": True}, limit=few + 1) <= few:
                return
        except Exception:
            pass
        time.sleep(0.1)


def _last_sweeps(world: World) -> None:
    """Mend what dead calls left, as the next minutes would."""
    container = world.container(proxied=False, clock=SkewedClock(LATER_S))
    for _ in range(3):
        container.scripts.now_ms = container.clock.now_ms()
        container.recovery.sweep()
    pages = container.db.jobs.count_documents({"open": True}) // 1_000 + 2
    for _ in range(pages):
        container.recovery.check_page()


def _judge(world: World, people: People, records: Records, clients: Clients) -> Report:
    container = world.container(proxied=False)
    found = list(container.db.jobs.find({}, {"name": 1, "status": 1, "attempts.outcome": 1, "open": 1}))
    ids = {str(job["_id"]) for job in found}
    report = Report()
    report.lost = sorted(people.accepted - ids - people.maybe_deleted)
    names: dict[str, str] = {}
    for job in found:
        if job["name"] in names:
            report.doubled.append(f"{job['name']} was made twice: {names[job['name']]}, {job['_id']}")
        names[job["name"]] = str(job["_id"])
        completed = [each["outcome"] for each in job["attempts"]].count("completed")
        if completed != (job["status"] == "completed"):
            report.doubled.append(f"{job['_id']} is {job['status']} with {completed} completed attempts")
    report.doubled += [f"{job_id} was completed {n} times" for job_id, n in records.completions.items() if n > 1]
    report.stuck = [f"{job['_id']} is {job['status']}" for job in found if job.get("open")]
    report.stale_writes = records.wrong
    report.gaps = clients.gaps()
    books = audit(container)
    report.books = [each for each in books if "retries is" not in each]
    # the one total that no state of a job bears out: a retry whose telling died twice over may be left out of it
    report.figures["retries miscounted in"] = len(books) - len(report.books)
    return report


def _leave_traces(world: World, report: Report, faults: Faults, records: Records) -> None:
    (world.home / "faults.txt").write_text("\n".join(faults.trace))
    (world.home / "report.txt").write_text(report.show())
    text = report.show()
    histories = {job_id: steps for job_id, steps in records.history.items() if job_id in text}
    (world.home / "histories.json").write_text(json.dumps(histories, indent=1))


def main() -> None:
    """Run, print, and fail if anything is not zero."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--every", type=float, default=1.0, help="seconds between faults")
    parser.add_argument("--keep", type=Path, default=None, help="folder for data, logs and traces")
    options = parser.parse_args()
    home = options.keep or Path(tempfile.mkdtemp(prefix="queuecraft-chaos-"))
    report = run(
        home, jobs=options.jobs, seed=options.seed, workers=options.workers, every_s=options.every, patience_s=300
    )
    sys.stdout.write(report.show() + "\n")
    if not report.good:
        sys.stdout.write(f"traces are in {home}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
