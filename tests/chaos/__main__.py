"""Chaos: jobs, people, workers and sockets while things go wrong; then the books must balance.

    python -m tests.chaos [--jobs 20000] [--seeds N,N,…] [--workers 4] [--every 1.0] [--over 90] [--keep FOLDER]

Exit status: 0 when the books balance, 1 when the engine went wrong, 3 when the harness failed and the run says nothing.
Reports what was lost, doubled, stuck, wrongly written or not announced: all must be zero. Else it fails and leaves
the trace of faults, the histories of the failing jobs and the workers' logs in the folder that it names.
What is done and counted: docs/chaos.md.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from chalicelib.domain.events import Event, EventType
from chalicelib.errors import Unavailable
from infra.local.databases import DatabaseError
from tests.chaos import bodies
from tests.chaos.clients import Clients
from tests.chaos.durable import Durable
from tests.chaos.faults import Faults
from tests.chaos.flows import Flows
from tests.chaos.hooks import Hooks
from tests.chaos.limited import Limited, completed_attempts, outdated, over_limits
from tests.chaos.people import CALLER, People
from tests.chaos.report import WORDS, HarnessError, Report, Verdict, judge, leave_traces
from tests.chaos.schedules import Schedules
from tests.chaos.watch import Records
from tests.chaos.worker import SkewedClock
from tests.chaos.world import World
from tests.connections_endpoint import Endpoint
from tests.container import Container
from tests.managers import QUICK, Invoker
from tests.receiver import Receiver
from tests.support import wait_until

#: A database does not answer, or refuses for now.
AWAY: Final = (PyMongoError, RedisError, Unavailable)
#: How much later the last sweeps think it is: everything that a dead call left is overdue then.
LATER_S: Final = 200.0
#: How long faults go on after the last submission, while jobs are open.
FAULTS_ON_S: Final = 60.0
#: Longest wait for what is there at once on a machine that does nothing else.
BUSY_S: Final = 120.0


@dataclass(frozen=True)
class Plan:
    """How much of what."""

    jobs: int
    seed: int
    workers: int = 4
    #: Seconds between faults of each series; 0: none.
    every_s: float = 1.0
    #: Seconds over which the jobs are submitted, at least.
    over_s: float = 90.0
    #: Faults end when the jobs are not all submitted by then.
    submitted_within_s: float = 1200.0
    #: Longest wait for the jobs to end.
    patience_s: float = 300.0
    #: Whether each kind of fault must have come.
    every_kind: bool = True
    #: How long faults go on for that; a busy machine makes fewer of them in its time.
    kinds_within_s: float = 180.0


@dataclass(frozen=True)
class Scene:
    """All that takes part, for tests of the verdict."""

    world: World
    container: Container
    endpoint: Endpoint
    people: People


@dataclass(frozen=True)
class Cast:
    """All that takes part."""

    world: World
    #: Sees both servers without proxies.
    witness: Container
    sockets: Container
    endpoint: Endpoint
    records: Records
    clients: Clients
    people: People
    limited: Limited
    faults: Faults
    hooks: Hooks


Tamper = Callable[[Scene], None]


def run(home: Path, plan: Plan, tamper: Tamper | None = None) -> Report:
    """One run; its traces are left in ``home``. ``tamper`` does wrong at the end, to see whether it is found."""
    world = World(home, plan.workers)
    try:
        with Endpoint() as endpoint:
            return _run(world, endpoint, plan, tamper)
    finally:
        world.close()


def _run(world: World, endpoint: Endpoint, plan: Plan, tamper: Tamper | None) -> Report:
    witness = world.container(proxied=False)
    records = Records(world.container(proxied=False))
    sockets = world.container(WEBSOCKET_API_ENDPOINT=endpoint.url)
    world.invoker = sockets.__dict__["functions"] = Invoker(sockets, QUICK)
    clients = Clients(sockets, witness, endpoint)
    people = People(world, plan.seed, plan.jobs, plan.over_s)
    faults = Faults(world, people, clients, plan.seed, plan.every_s)
    producer = world.producers[1]
    limited = Limited(witness, CALLER.tenant_id, lambda news: people.submit(producer, news), plan.jobs, plan.over_s)
    with ExitStack() as ends:
        hooks = Hooks(witness, ends.enter_context(Receiver()), plan.seed)
        ends.callback(limited.stop)
        ends.callback(faults.stop)
        ends.callback(clients.stop)
        return _perform(
            plan, Cast(world, witness, sockets, endpoint, records, clients, people, limited, faults, hooks), tamper
        )


def _perform(plan: Plan, cast: Cast, tamper: Tamper | None) -> Report:
    world, witness, sockets, endpoint = cast.world, cast.witness, cast.sockets, cast.endpoint
    records, clients, people, limited, faults = cast.records, cast.clients, cast.people, cast.limited, cast.faults
    clients.start()
    wait_until(lambda: all(sockets.connection_registry.touch(each.id) for each in clients.clients), BUSY_S)
    wait_until(lambda: bool(witness.catalogue.all()), BUSY_S)  # the workers have started
    cast.hooks.start()
    began = time.monotonic()
    producer = world.producers[0]
    schedules, flows, durable = Schedules(producer), Flows(producer), Durable(producer)
    submitting: Any
    for submitting in (people, limited, schedules, flows, durable):
        submitting.start()
    if plan.every_s:
        faults.start()
    if not people.join(plan.submitted_within_s):  # a slow machine: let it finish in peace
        faults.stop()
    if not (people.join(BUSY_S) and limited.join(BUSY_S) and flows.join(BUSY_S) and durable.join(BUSY_S)):
        raise HarnessError("the jobs could not be submitted")
    schedules.stop()
    submitted_s = time.monotonic() - began
    _wait_for_end(witness, min(plan.patience_s, FAULTS_ON_S), few=20)
    if plan.every_s and plan.every_kind:
        _wait(lambda: not faults.never(), plan.kinds_within_s)
    faults.stop()
    world.await_servers(BUSY_S)
    _wait_for_end(witness, plan.patience_s, few=0)
    ended_s = time.monotonic() - began
    _last_sweeps(world)
    _wait_for_end(witness, plan.patience_s, few=0)  # runs that a crash left make their jobs now
    hook_faults = cast.hooks.wrong(witness, people.deleted | people.maybe_deleted, BUSY_S)
    if tamper is not None:
        tamper(Scene(world, witness, endpoint, people))
    probe = Event(EventType.PROGRESS, CALLER.tenant_id, CALLER.user_id, {"probe": "the last"}, witness.clock.now())
    deaf = clients.hear(probe, BUSY_S)
    records.stop()
    clients.stop()
    managers, failures = world.join_managers()
    report = judge(witness, people, records, clients)
    limited.stop()
    seen, completed = bodies.read(world.bodies), completed_attempts(witness)
    report.lost += [*flows.lost(witness), *durable.wrong(witness, world.effects), *hook_faults]
    report.over_limits += limited.over + over_limits(seen, completed, faults.losses)
    report.lost += outdated(seen, completed, limited.newest)
    report.gaps += deaf + [f"a connection manager failed: {failure}" for failure in failures]
    report.broken += faults.broken
    if plan.every_s and plan.every_kind:
        report.broken += [f"{kind} never came" for kind in faults.never()]
    report.figures |= {
        "seed": plan.seed,
        "jobs": len(people.accepted),
        "submitted in s": round(submitted_s, 1),
        "all ended in s": round(ended_s, 1),
        "faults": dict(sorted(faults.counts.items())),
        "faults in all": faults.counts.total(),
        "workers replaced": world.deaths,
        "connection managers": managers,
        "calls repeated": people.refused,
        "under limits": len(seen),
        "batches and workflows": len(flows.batches) + len(flows.workflows),
        "durable jobs": len(durable.accepted),
        "webhook messages": cast.hooks.taken,
        "fires": witness.db.schedule_runs.count_documents({}),
        "changed by people": dict(sorted(people.calls.items())),
        "events received": clients.received(),
        "resyncs": clients.resyncs(),
    }
    if not report.good:
        leave_traces(world.home, report, faults, records)
    return report


def _wait_for_end(container: Container, patience_s: float, *, few: int) -> None:
    """Until at most ``few`` jobs are open, or patience ends."""

    def is_over() -> bool:
        with suppress(PyMongoError):
            return bool(container.db.jobs.count_documents({"open": True}, limit=few + 1) <= few)
        return False

    _wait(is_over, patience_s)


def _wait(condition: Callable[[], bool], patience_s: float) -> None:
    """Until it holds, or patience ends."""
    deadline = time.monotonic() + patience_s
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)


def _last_sweeps(world: World) -> None:
    """Mend what dead calls left, as the next minutes would."""
    container = world.container(proxied=False, clock=SkewedClock(LATER_S))
    for _ in range(3):
        container.scripts.now_ms = container.clock.now_ms()
        _insist(container.sweeper.sweep)
    pages = container.db.jobs.count_documents({"open": True}) // 1_000 + 2
    for _ in range(pages):
        _insist(container.reconciliation.run)


def _insist(step: Callable[[], int]) -> None:
    """Repeat a step of recovery while a database is away, as the next minute would; one that stays so is no verdict."""
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            step()
            return
        except AWAY as error:
            if time.monotonic() > deadline:
                raise HarnessError(f"the servers are not well: {error!r}") from error
            time.sleep(0.2)


def main() -> int:
    """Run once per seed and print; stops at the first run in which anything is not zero."""
    options = _options()
    kept: list[dict[str, Any]] = []
    for seed in options.seeds or [int(time.time()) % 100_000]:
        home = options.keep / str(seed) if options.keep else Path(tempfile.mkdtemp(prefix="queuecraft-chaos-"))
        if home.exists() and any(home.iterdir()):
            sys.stderr.write(f"{home} has the data of another run\n")
            return 2
        plan = Plan(options.jobs, seed, options.workers, options.every, options.over)
        began = time.monotonic()
        try:
            report = run(home, plan)
        except (HarnessError, DatabaseError, AssertionError, *AWAY) as error:
            sys.stdout.write(f"{WORDS[Verdict.NONE]}\n{error!r}\ndata and logs are in {home}; seed {seed}\n")
            return Verdict.NONE
        sys.stdout.write(f"{report.show()}\nin all {time.monotonic() - began:.0f} s\n")
        kept.append({**report.data(), "in all s": round(time.monotonic() - began, 1)})
        if not report.good:
            sys.stdout.write(f"traces are in {home}; the same series of faults again: --seeds {seed}\n")
            return report.verdict
        if options.keep is None:
            shutil.rmtree(home, ignore_errors=True)
    if options.save:
        from bench import _results

        sys.stdout.write(f"{_results.save('chaos', {'runs': kept})} has the figures\n")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=20_000)
    parser.add_argument("--seeds", type=lambda text: [int(each) for each in text.split(",")], default=None)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--every", type=float, default=1.0, help="seconds between faults of each series")
    parser.add_argument("--over", type=float, default=90.0, help="seconds over which jobs are submitted, at least")
    parser.add_argument("--keep", type=Path, default=None, help="folder for data, logs and traces")
    parser.add_argument("--save", action="store_true", help="publish the figures in bench/results")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
