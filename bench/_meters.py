"""What Valkey and MongoDB count about themselves: readings before and after some work, and their difference."""

from __future__ import annotations

import itertools
import socket
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pymongo import MongoClient
from redis import Redis
from redis.client import Pipeline

Figures = dict[str, float]
#: Sections of ``serverStatus`` that are not read: each costs the server time.
_LEFT_OUT = ("metrics", "locks", "tcmalloc", "repl", "transactions", "connections", "security", "flowControl",
             "mirroredReads", "logicalSessionRecordCache", "oplogTruncation", "indexStats", "defaultRWConcern",
             "electionMetrics", "globalLock", "asserts", "opLatencies", "readConcernCounters", "sharding")  # fmt: skip
#: Readings one after the other, to know what one costs.
_CALIBRATIONS = 7


@dataclass(frozen=True, slots=True)
class Sent:
    """A command of redis-py, and its answer if it was not pipelined."""

    arguments: tuple[Any, ...]
    answer: Any = None

    @property
    def name(self) -> str:
        """Return its first word."""
        return str(self.arguments[0])


class Meters:
    """Reads both servers. Its connections are its own, and what a reading costs is subtracted."""

    def __init__(self, redis_url: str, mongodb_uri: str) -> None:
        self._redis = Redis.from_url(redis_url, single_connection_client=True)
        self._mongo: MongoClient[dict[str, Any]] = MongoClient(mongodb_uri)
        self._id: Any = self._redis.client_id()
        #: Commands that this process sent while ``recording``.
        self.sent: list[Sent] = []
        self._reading: Figures = {}
        self._reading = self._cost()

    def close(self) -> None:
        """Close the connections."""
        self._redis.close()
        self._mongo.close()

    def read(self) -> Figures:
        """Return counters that only grow: of Valkey, of MongoDB, and the commands that this process sent."""
        stats: Any = self._redis.info("commandstats")
        cpu: Any = self._redis.info("cpu")
        clients: Any = self._redis.client_list()
        others = [client for client in clients if int(client["id"]) != self._id]
        scripts = stats.get("cmdstat_evalsha", {"calls": 0, "usec": 0})
        status = self._mongo.admin.command({"serverStatus": 1, **dict.fromkeys(_LEFT_OUT, 0)})
        usage, log = status["extra_info"], status["wiredTiger"]["log"]
        return {
            "commands": float(len(self.sent)),
            "scripts": float(scripts["calls"]),
            "script_us": float(scripts["usec"]),
            "valkey_us": (cpu["used_cpu_user_main_thread"] + cpu["used_cpu_sys_main_thread"]) * 1e6,
            "kb_in": sum(int(client["tot-net-in"]) for client in others) / 1024,
            "kb_out": sum(int(client["tot-net-out"]) for client in others) / 1024,
            "mongodb_ops": float(sum(status["opcounters"][name] for name in ("insert", "query", "update", "delete"))),
            "mongodb_us": float(usage["user_time_us"] + usage["system_time_us"]),
            "mongodb_kb": (status["network"]["bytesIn"] + status["network"]["bytesOut"]) / 1024,
            "journal_kb": log["log bytes written"] / 1024,
            "journal_syncs": float(log["log sync operations"]),
        }

    def between(self, work: Callable[[], None]) -> Figures:
        """Do ``work``; return by how much each counter grew."""
        before = self.read()
        work()
        after = self.read()
        return {name: max(0.0, after[name] - before[name] - self._reading.get(name, 0.0)) for name in after}

    def _cost(self) -> Figures:
        """Return what one reading adds to the counters of the servers."""
        readings = [self.read() for _ in range(_CALIBRATIONS + 2)][2:]
        pairs = list(itertools.pairwise(readings))
        return {name: statistics.median(b[name] - a[name] for a, b in pairs) for name in readings[0]}

    # --- commands --------------------------------------------------------------------------------------------
    @contextmanager
    def recording(self) -> Iterator[None]:
        """Record the commands that redis-py sends in this process, and the answers of those that are not pipelined."""
        at_once: Any = Redis.execute_command
        later: Any = Pipeline.execute_command
        meters = self

        def execute_command(self: Any, *arguments: Any, **options: Any) -> Any:
            answer = at_once(self, *arguments, **options)
            if self is not meters._redis and not isinstance(self, Pipeline):
                meters.sent.append(Sent(arguments, answer))
            return answer

        def queue_command(self: Any, *arguments: Any, **options: Any) -> Any:
            meters.sent.append(Sent(arguments))
            return later(self, *arguments, **options)

        Redis.execute_command, Pipeline.execute_command = execute_command, queue_command  # type: ignore[method-assign]
        try:
            yield
        finally:
            Redis.execute_command, Pipeline.execute_command = at_once, later  # type: ignore[method-assign]

    def kept(self, pattern: str) -> dict[bytes, Any]:
        """Return the keys that match, to be given to ``put_back``."""
        keys = list(self._redis.scan_iter(pattern, count=1000))
        return {key: (self._redis.dump(key), max(0, int(self._redis.pttl(key)))) for key in keys}

    def put_back(self, pattern: str, kept: Mapping[bytes, Any]) -> None:
        """Make the keys that match those that were kept."""
        for key in list(self._redis.scan_iter(pattern, count=1000)):
            self._redis.delete(key)
        for key, (value, ttl_ms) in kept.items():
            if value is not None:
                self._redis.restore(key, ttl_ms, value)

    def replay(self, commands: Sequence[Sent], in_flight: int) -> Figures:
        """Send recorded commands again, so many at a time, as a server under load finds them; return what they add.

        Raises ``RuntimeError`` if a script answers with another epoch or sequence: then it did something else.
        """
        client = self._redis

        def send() -> None:
            for first in range(0, len(commands), in_flight):
                part = commands[first : first + in_flight]
                pipeline: Any = client.pipeline(transaction=False)
                for each in part:
                    pipeline.execute_command(*each.arguments)
                for each, answer in zip(part, pipeline.execute(), strict=True):
                    if each.name == "EVALSHA" and answer[:2] != each.answer[:2]:
                        raise RuntimeError(f"a replayed script answers {answer!r}, not {each.answer!r}")

        return self.between(send)

    # --- what a simple command costs -------------------------------------------------------------------------
    def simple_command(self, url: str, clients: int, rounds: int) -> Mapping[str, float]:
        """Return what one GET costs while ``clients`` send one each at a time: µs of the command, of Valkey's thread.

        With one client, Valkey wakes up for each command; with many, it serves several each time, as under load.
        """
        parts = urlsplit(url)
        sockets = [socket.create_connection((parts.hostname, parts.port), timeout=10) for _ in range(clients)]
        try:
            for each in sockets:
                _ask(each, f"AUTH {parts.password}\r\n".encode(), b"+OK\r\n")
            before = self._simple()
            for _ in range(rounds):
                for each in sockets:
                    each.sendall(b"GET bench\r\n")
                for each in sockets:
                    _ask(each, b"", b"$-1\r\n")
            after = self._simple()
        finally:
            for each in sockets:
                each.close()
        count = after["calls"] - before["calls"]
        return {name: round((after[name] - before[name]) / count, 2) for name in ("command_us", "valkey_us")}

    def _simple(self) -> Figures:
        stats: Any = self._redis.info("commandstats")
        cpu: Any = self._redis.info("cpu")
        found = stats.get("cmdstat_get", {"calls": 0, "usec": 0})
        thread = cpu["used_cpu_user_main_thread"] + cpu["used_cpu_sys_main_thread"]
        return {"calls": float(found["calls"]), "command_us": float(found["usec"]), "valkey_us": thread * 1e6}


def _ask(sock: socket.socket, request: bytes, answer: bytes) -> None:
    sock.sendall(request)
    got = b""
    until = time.monotonic() + 10
    while len(got) < len(answer):
        got += sock.recv(len(answer) - len(got))
        if time.monotonic() > until:
            raise RuntimeError("Valkey does not answer")
    if got != answer:
        raise RuntimeError(f"Valkey answers {got!r}")
