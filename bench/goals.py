"""Goals and measured values: the table of goals in docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from bench import _results
from bench._tables import Data, best, fastest_python, number, our_queue, table


class Goal(NamedTuple):
    """``measured`` must be ``least`` or more, or ``most`` or less, whichever is given."""

    what: str
    measured: float
    least: float | None = None
    most: float | None = None
    unit: str = ""
    digits: int = 0

    @property
    def met(self) -> bool:
        if self.least is not None:
            return self.measured >= self.least
        return self.most is None or self.measured <= self.most

    def row(self) -> list[str]:
        """Return the cells of the table."""
        asked = f"≥ {self.least:,g}" if self.least is not None else f"≤ {self.most:,g}"
        return [
            self.what,
            asked + self.unit,
            number(self.measured, self.digits) + self.unit,
            "yes" if self.met else "no",
        ]


def goals() -> list[Goal]:
    """Return all goals, in the order of the table."""
    return [*_queue(), *_memory(), *_http(), *_starts()]


def _queue() -> Iterator[Goal]:
    peers, drain = _results.load("peers"), _results.load("drain")["settings"]
    ours = our_queue(peers)
    drained, fastest = ours["drain"]["median"], fastest_python(peers)
    yield Goal(
        f"drain, times the fastest Python peer ({fastest['name']})",
        drained / fastest["drain"]["median"],
        least=2,
        digits=2,
    )
    durable = best(peers, "procrastinate")
    if durable is not None:
        yield Goal("drain, times procrastinate", drained / durable["drain"]["median"], least=20, digits=1)
    alone = next(each for each in drain if each["workers"] == 1 and each["kind"] == "async")
    yield Goal("drain, one worker with async tasks", alone["drain_per_s"]["median"], least=9_400, unit="/s")
    two = next(each for each in drain if each["workers"] == 2)
    yield Goal("cores busy while two workers drain, of 2", two["cores_busy"]["median"], least=1.8, digits=2)
    yield Goal("submit in bulk through the service", ours["bulk"]["median"], least=20_000, unit="/s")
    yield from _latency("submit to start in the engine, idle", ours["start_ms"], 2.5, 6)
    chain = _results.load("chain")
    what = f"a chain of {chain['jobs']:,} nodes, times as many plain jobs of which each submits the next"
    yield Goal(what, chain["chain_ratio"], most=3, digits=2)


def _memory() -> Iterator[Goal]:
    memory = _results.load("memory")
    yield Goal("Redis per waiting job", memory["sizes"][-1]["bytes_per_job"], most=120, unit=" bytes")
    yield Goal("claim at 1,000,000 waiting jobs, times that at 1,000", memory["ratio"]["claim_1"], most=1.5, digits=2)
    longest = max(row["p99"] for row in _results.load("lists")["lists_ms"])
    yield Goal("lists of 100 out of 1,000,000 jobs, highest p99", longest, most=50, unit=" ms", digits=1)


def _http() -> Iterator[Goal]:
    delays, servers = _results.load("latency"), _results.load("gateway")["servers"]
    yield from _latency("submit to start through HTTP, idle", delays["idle"]["start_ms"], 10, 30)
    yield from _latency("POST to `job:completed` at a WebSocket client, idle", delays["idle"]["completed_ms"], 15, 40)
    sync = next(server for server in servers if server["name"] == "GET /sync, QueueCraft")["by_clients"]
    create, lists = delays["create"], delays["list"]
    for what, found, least, most in (
        ("`GET /sync`", sync, 2_000, 1.5),
        ("`POST /job/create` while workers run the jobs", create, 448, 4.6),
    ):
        yield Goal(f"{what}, 16 connections", _of(found, 16)["rate"]["median"], least=least, unit="/s")
        yield Goal(f"{what}, one connection, p50", _of(found, 1)["p50_ms"], most=most, unit=" ms", digits=2)
    yield Goal("`GET /job?limit=100`, 16 connections", _of(lists, 16)["rate"]["median"], least=327, unit="/s")


def _starts() -> Iterator[Goal]:
    functions = _results.load("coldstart")["functions"]
    for name, key, most in (("API", "api", 350), ("worker", "worker", 250), ("connection manager", "websocket", 250)):
        yield Goal(f"INIT of a function: {name}", functions[key]["init_ms"]["median"], most=most, unit=" ms")
    stack = _results.load("fanout")["stack"]["one_event_ms"]
    yield Goal("one event to 1,000 sockets of the local stack", stack["p50"], most=250, unit=" ms", digits=1)


def _latency(what: str, found: Data, p50: float, p99: float) -> Iterator[Goal]:
    yield Goal(f"{what}, p50", found["p50"], most=p50, unit=" ms", digits=2)
    yield Goal(f"{what}, p99", found["p99"], most=p99, unit=" ms", digits=2)


def _of(found: list[Any], clients: int) -> Data:
    found_one: Data = next(each for each in found if each["clients"] == clients)
    return found_one


def section() -> str:
    """Return the table."""
    return table(("", "goal", "measured", "met"), [goal.row() for goal in goals()])
