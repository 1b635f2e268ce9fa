"""Independent witnesses: of every write to a record, and of every event that clients are told."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter, defaultdict
from typing import Any

import orjson
from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from chalicelib.container import Container
from chalicelib.domain.accounts import Scope
from chalicelib.domain.connections import Connection
from chalicelib.domain.events import Event
from chalicelib.domain.jobs import TRANSITIONS, JobStatus
from chalicelib.errors import QueueCraftError
from chalicelib.queue.events import EventId
from tests.chaos.people import CALLER
from tests.connections_endpoint import Endpoint
from tests.support import wait_until

S = JobStatus
#: Moves that one write may make: those of the table, a start and an end together, a claim that was lost.
ONE_WRITE = {
    *((old, new) for old, news in TRANSITIONS.items() for new in news),
    *((S.PENDING, new) for new in TRANSITIONS[S.RUNNING]),
    (S.PENDING, S.PENDING),
    (S.PENDING, S.DLQ),
}


class Records:
    """Follows the change stream of the jobs: ``wrong`` are writes that no order of events allows."""

    def __init__(self, container: Container) -> None:
        self._jobs = container.db.jobs
        self._last: dict[Any, tuple[int, JobStatus]] = {}
        self.history: dict[str, list[str]] = defaultdict(list)
        self.completions: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._token: Any = None
        self._stopping = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="records", daemon=True)
        self._thread.start()
        self._ready.wait(10)

    def stop(self) -> None:
        """Read what there is, then stop."""
        self._stopping.set()
        self._thread.join(60)

    def _run(self) -> None:
        idle = 0
        while not self._stopping.is_set() or idle < 3:
            try:
                with self._jobs.watch(max_await_time_ms=200, resume_after=self._token) as stream:
                    self._ready.set()
                    while not self._stopping.is_set() or idle < 3:
                        change = stream.try_next()
                        self._token = stream.resume_token
                        idle = 0 if change else idle + 1
                        if change:
                            self._see(change)
            except PyMongoError:
                self._stopping.wait(0.1)

    def _see(self, change: dict[str, Any]) -> None:
        key, kind = change["documentKey"]["_id"], change["operationType"]
        job_id = str(key)
        if kind == "delete":
            self.history[job_id].append("deleted")
            self._last.pop(key, None)
            return
        fields = change.get("fullDocument") or change["updateDescription"]["updatedFields"]
        if "rev" not in fields:
            return
        old = self._last.get(key)
        rev, status = fields["rev"], JobStatus(fields["status"]) if "status" in fields else (old or (0, S.PENDING))[1]
        self._last[key] = (rev, status)
        self.history[job_id].append(f"{rev} {status}")
        self.completions[job_id] += status is S.COMPLETED
        if kind == "insert":
            if old is not None or rev != 1:
                self.wrong.append(f"{job_id} was inserted at rev {rev} over {old}")
        elif old is None or rev not in {old[0] + 1, old[0] + 2} or (old[1], status) not in ONE_WRITE:
            self.wrong.append(f"{job_id} went from {old} to {(rev, status)}")


class Clients:
    """Sockets behind a real connection manager, and a reader of the log that knows what they should be told."""

    NAMES = ("client-1", "client-2", "client-3")

    def __init__(self, container: Container, witness: Container, endpoint: Endpoint) -> None:
        self.container = container
        self.endpoint = endpoint
        self.known: dict[int, set[int]] = defaultdict(set)
        self._witness = witness
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._read, daemon=True),
            threading.Thread(target=self._stay_connected, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(10)

    def _stay_connected(self) -> None:
        """Connect, anew when the connection is not known any more, as a browser does, which then knows that it missed
        something; have a manager rung whenever none looks after the clients, as ticks and requests do."""
        registry = self.container.connection_registry
        while not self._stopping.wait(0.3):
            with contextlib.suppress(RedisError, QueueCraftError):
                for name in self.NAMES:
                    heard = registry.heard(name)
                    ring = heard.ring if heard else registry.connect(self._connection(name))
                    if heard is None:
                        self.endpoint.posts[name].append(b'{"type":"resync"}')
                    if ring:
                        function = self.container.settings.connection_manager_function
                        self.container.functions.invoke_async(function, {"source": "connect", "shard": 0})
                self.container.connections.ring_unattended()

    def _connection(self, name: str) -> Connection:
        return Connection(
            id=name,
            caller=CALLER,
            scope=Scope.OWN,
            opened_ms=self.container.clock.now_ms(),
            token_id=name,
            session_version=1,
            session_ends_ms=4_000_000_000_000,
        )

    def _read(self) -> None:
        at = EventId(0, 0)
        while not self._stopping.wait(0.02):
            try:
                entries = self._witness.event_log.read(at, 5_000)
            except RedisError:
                continue
            for entry in entries:
                at = entry.id
                if entry.owner_id == CALLER.user_id:
                    self.known[entry.id.epoch].add(entry.id.seq)

    def gaps(self) -> list[str]:
        """Events that a client was not told, between two that it was, without a ``resync`` in between."""
        found = []
        for name in self.NAMES:
            last: tuple[int, int] | None = None
            for post in list(self.endpoint.posts[name]):
                frame = orjson.loads(post)
                for event in frame["events"] if frame["type"] == "batch" else [frame]:
                    if event["type"] == "resync":
                        last = None
                        continue
                    epoch, _, seq = str(event.get("id", "")).partition("-")
                    if not seq:
                        continue
                    here = int(epoch), int(seq)
                    if last is not None and last[0] == here[0]:
                        missed = self.known[here[0]] & set(range(last[1] + 1, here[1]))
                        if missed:
                            found.append(f"{name} was not told {sorted(missed)[:5]} before {event['id']}")
                    elif last is not None:
                        found.append(f"{name} went from {last} to {here} without a resync")
                    last = max(last or here, here)
        return found

    def hear(self, probe: Event, within_s: float) -> list[str]:
        """Publish ``probe`` on a calm system; the clients that are not told it in time."""
        number = str(probe.data["probe"]).encode()
        try:
            self._witness.event_log.publish([probe])
            wait_until(
                lambda: all(number in b"".join(self.endpoint.posts[name][-50:]) for name in self.NAMES), within_s
            )
        except AssertionError:
            return [f"{name} is told nothing any more" for name in self.NAMES
                    if number not in b"".join(self.endpoint.posts[name])]  # fmt: skip
        return []

    def told(self) -> int:
        """How many events the clients got, together."""
        return sum(len(self.endpoint.events(name)) for name in self.NAMES)
