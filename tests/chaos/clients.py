"""WebSocket clients behind a real connection manager, and the events that they must have received."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from redis.exceptions import RedisError

from chalicelib.domain.connections import Connection
from chalicelib.domain.events import Event
from chalicelib.domain.principals import Scope
from chalicelib.errors import QueueCraftError
from chalicelib.queue.events import EventId
from tests.chaos.people import CALLER
from tests.connections_endpoint import Endpoint
from tests.container import Container
from tests.support import wait_until

#: Status of a connection whose client has left.
GONE: Final = 410
_TICK: Final = threading.Event()


class Inbox(list[bytes]):
    """Frames that a connection got, and when."""

    def __init__(self) -> None:
        super().__init__()
        self.at: list[float] = []

    def append(self, frame: bytes) -> None:
        self.at.append(time.time())
        super().append(frame)


@dataclass
class Client:
    """A browser: when its connection is gone it opens another, and goes on after the last event that it has."""

    name: str
    life: int = 1
    #: Connections that are over: (id, how many of its frames the client got).
    past: list[tuple[str, int]] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Of its connection."""
        return f"{self.name}.{self.life}"


class Clients:
    """Three clients of one user, and a reader of the log that knows which events they must receive."""

    def __init__(self, container: Container, witness: Container, endpoint: Endpoint) -> None:
        self.container = container
        self.endpoint = endpoint
        #: Epoch → sequences of the events in the log.
        self.known: dict[int, set[int]] = defaultdict(set)
        self.clients = [Client(f"client-{n}") for n in (1, 2, 3)]
        self._posts: defaultdict[str, Inbox] = defaultdict(Inbox)
        endpoint.posts = self._posts  # type: ignore[assignment]
        self._witness = witness
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._read, name="log reader", daemon=True),
            threading.Thread(target=self._stay_connected, name="clients", daemon=True),
        ]

    def start(self) -> None:
        """Connect."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop the threads; connections stay open."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(20)

    # --- connections -----------------------------------------------------------------------------------------
    def drop(self, number: int) -> None:
        """Disconnect a client: posts to its connection are refused as gone from now on."""
        self._end_life(self.clients[number % len(self.clients)])

    def _end_life(self, client: Client) -> None:
        with self._lock:
            self.endpoint.status[client.id] = GONE
            _TICK.wait(0.05)  # a frame that is being taken is taken
            client.past.append((client.id, len(self._posts[client.id])))
            client.life += 1

    def _stay_connected(self) -> None:
        """Connect, anew when the connection is not known any more; have a manager invoked whenever none serves
        the clients, as ticks and requests do."""
        while not self._stopping.wait(0.3):
            with contextlib.suppress(RedisError, QueueCraftError):
                for client in self.clients:
                    if self._say_something(client):
                        function = self.container.settings.connection_manager_function
                        self.container.functions.invoke_async(function, {"source": "connect", "shard": 0})
                self.container.waker.wake_managers()

    def _say_something(self, client: Client) -> bool:
        """As a browser does now and then; whether a manager should be invoked."""
        registry = self.container.connection_registry
        connection = Connection(
            id=client.id,
            principal=CALLER,
            scope=Scope.OWN,
            opened_ms=self.container.clock.now_ms(),
            token_id=client.name,
            session_version=1,
            session_ends_ms=4_000_000_000_000,
        )
        touched = registry.touch(client.id)
        if touched is not None:
            return touched.wake_needed
        if self._posts[client.id]:  # Redis has forgotten it
            self._end_life(client)
            return False
        return registry.connect(connection, self._last(client))

    def _last(self, client: Client) -> EventId | None:
        """The last event that a client has; before its first frame, it wants what comes from now on."""
        last = None
        for _, event in self._received(client):
            last = EventId.parse(str(event.get("id", ""))) or last
        return last

    def _received(self, client: Client) -> Iterator[tuple[float, dict[str, Any]]]:
        """Return all events that a client received, over all its connections, and when."""
        for connection_id, number in [*client.past, (client.id, len(self._posts[client.id]))]:
            inbox = self._posts[connection_id]
            for at, frame in zip(inbox.at[:number], inbox[:number], strict=True):
                message = orjson.loads(frame)
                for event in message["events"] if message["type"] == "batch" else [message]:
                    yield at, event

    # --- what is in the log ----------------------------------------------------------------------------------
    def _read(self) -> None:
        at = EventId(0, 0)
        while not self._stopping.wait(0.02):
            try:
                entries = self._witness.event_log.read(at, 5_000)
            except RedisError:
                continue
            for entry in entries:
                at = max(at, entry.id)
                if entry.owner_id == CALLER.user_id:
                    self.known[entry.id.epoch].add(entry.id.seq)

    # --- the verdict -----------------------------------------------------------------------------------------
    def gaps(self) -> list[str]:
        """Return the events that a client missed between two that it received, without a ``resync`` in between."""
        found = []
        for client in self.clients:
            last: tuple[int, int] | None = None
            for _, event in self._received(client):
                here = EventId.parse(str(event.get("id", "")))
                if event["type"] == "resync":
                    last = None
                    continue
                if here is None:
                    continue
                if last is not None and last[0] == here.epoch:
                    missed = self.known[here.epoch] & set(range(last[1] + 1, here.seq))
                    if missed:
                        found.append(f"{client.name} did not get {sorted(missed)[:5]} before {here}")
                elif last is not None:
                    found.append(f"{client.name} went from {last} to {here} without a resync")
                last = max(last or (0, 0), (here.epoch, here.seq))
        return found

    def undelivered(self, written: dict[str, tuple[int, float]]) -> list[str]:
        """Changes that a client knows nothing of: job id → (its last ``rev``, when that was written). A ``resync``
        tells all that was written before it."""
        found = []
        for client in self.clients:
            known: dict[str, int] = {}
            reloaded = 0.0
            for at, event in self._received(client):
                if event["type"] == "resync":
                    reloaded = at
                    continue
                data = event.get("data") or {}
                job = data.get("job") or data
                job_id = job.get("_id") or job.get("jobId")
                if job_id and "rev" in job:
                    known[job_id] = max(known.get(job_id, 0), job["rev"])
            found += [
                f"{client.name} knows {job_id} at rev {known.get(job_id, 0)} of {rev}"
                for job_id, (rev, at) in written.items()
                if known.get(job_id, 0) < rev and at > reloaded
            ]
        return found

    def hear(self, probe: Event, within_s: float) -> list[str]:
        """Publish ``probe`` on an idle system; return the clients that do not receive it in time."""
        number = str(probe.data["probe"]).encode()

        def deaf() -> list[Client]:
            return [each for each in self.clients if not any(number in post for post in self._posts[each.id][-50:])]

        self._witness.event_log.publish([probe])
        with contextlib.suppress(AssertionError):
            wait_until(lambda: not deaf(), within_s)
        return [f"{client.name} gets no events any more" for client in deaf()]

    def received(self) -> int:
        """How many events the clients got, together."""
        return sum(1 for client in self.clients for _, event in self._received(client) if "id" in event)

    def resyncs(self) -> int:
        """Return how often clients got ``resync``, together."""
        return sum(event["type"] == "resync" for client in self.clients for _, event in self._received(client))
