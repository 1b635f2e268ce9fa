"""One WebSocket as its manager sees it: its outbox, its frame in flight, its progress."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from typing import Final

from chalicelib.domain.connections import Connection
from chalicelib.domain.principals import Scope
from chalicelib.domain.tenants import EVERY_TENANT
from chalicelib.queue.events import EventId

#: Sequence and frame. The sequence of frames that are no events (answers, ``resync``) is 0.
Item = tuple[int, bytes]

#: Limits of an outbox. A socket that exceeds them lags, and is fed from the log as it drains.
HIGH_BYTES: Final = 512 * 1024
LOW_BYTES: Final = 128 * 1024
#: Keeps a frame below API Gateway's limit of 128 KB.
BATCH_BYTES: Final = 120 * 1024
BATCH_HEAD: Final = b'{"type":"batch","events":['
BATCH_TAIL: Final = b"]}"


class Socket:
    """The outbox of one connection.

    A *live* socket gets events as they happen. A *lagging* one has everything up to ``cursor`` in its outbox or
    delivered, and is fed from the log.
    """

    __slots__ = (
        "connection", "cursor", "failures", "flight", "flight_seq", "flight_since", "full", "left", "live",
        "not_before", "pending", "pending_bytes", "queued", "sent_ms",
    )  # fmt: skip

    def __init__(self, connection: Connection, cursor: EventId) -> None:
        self.connection = connection
        self.cursor = cursor
        self.live = False
        #: The outbox is full: nothing is added until it has drained.
        self.full = False
        #: No longer served here.
        self.left = False
        self.pending: deque[Item] = deque()
        self.pending_bytes = 0
        #: The frame in flight, the first event in it, and when it was first tried (seconds of the loop's clock).
        self.flight: bytes | None = None
        self.flight_seq = 0
        self.flight_since = 0.0
        #: In the sender's queue, or about to be.
        self.queued = False
        self.not_before = 0.0
        self.failures = 0
        #: When it last accepted a frame, in epoch milliseconds.
        self.sent_ms = 0

    @property
    def id(self) -> str:
        return self.connection.id

    def push(self, item: Item) -> None:
        """Append an event or an answer to the outbox."""
        self.pending.append(item)
        self.pending_bytes += len(item[1])
        if self.pending_bytes > HIGH_BYTES:
            self.full = True

    def forget_events(self) -> None:
        """Drop the queued events; answers stay."""
        self.pending = deque(item for item in self.pending if item[0] == 0)
        self.pending_bytes = sum(len(frame) for _, frame in self.pending)
        self.full = self.pending_bytes > HIGH_BYTES

    def take(self) -> list[Item]:
        """Remove and return what fits into one frame."""
        pending = self.pending
        size = len(BATCH_HEAD) + len(BATCH_TAIL) + len(pending[0][1])
        items = [pending.popleft()]
        while pending and (size := size + len(pending[0][1]) + 1) <= BATCH_BYTES:
            items.append(pending.popleft())
        self.pending_bytes -= sum(len(frame) for _, frame in items)
        return items

    @property
    def busy(self) -> bool:
        """Whether anything waits or is on its way."""
        return self.flight is not None or bool(self.pending)

    def unsent(self) -> int:
        """Return the sequence of the first undelivered event, 0 if there is none."""
        if self.flight_seq:
            return self.flight_seq
        return next((seq for seq, _ in self.pending if seq), 0)


def frame(items: list[Item]) -> bytes:
    """Return one message for the client: the only item as it is, or a batch. Nothing is encoded again."""
    if len(items) == 1:
        return items[0][1]
    return BATCH_HEAD + b",".join([text for _, text in items]) + BATCH_TAIL


class Audience:
    """Finds the sockets for an event by index, without scanning all sockets."""

    def __init__(self, sockets: Iterable[Socket] = ()) -> None:
        self._own: defaultdict[str, set[Socket]] = defaultdict(set)
        self._tenant: defaultdict[str, set[Socket]] = defaultdict(set)
        self._all: set[Socket] = set()
        self._everybody: set[Socket] = set()
        #: Per tenant, the sockets whose scope is their own events: they also get events of the whole tenant.
        self._members: defaultdict[str, set[Socket]] = defaultdict(set)
        for socket in sockets:
            self.add(socket)

    def add(self, socket: Socket) -> None:
        """Index a socket by its connection's scope."""
        for index, key in self._places(socket):
            index[key].add(socket)
        self._everybody.add(socket)
        if socket.connection.scope is Scope.ALL:
            self._all.add(socket)

    def discard(self, socket: Socket) -> None:
        """Remove a socket; an unknown one is ignored."""
        for index, key in self._places(socket):
            if (found := index.get(key)) is not None:
                found.discard(socket)
                if not found:
                    del index[key]
        self._all.discard(socket)
        self._everybody.discard(socket)

    def of(self, owner_id: str, tenant_id: str) -> list[Socket]:
        """Return the sockets for an event of this owner; an event without an owner is for the whole tenant, one of
        ``EVERY_TENANT`` for all.
        """
        if tenant_id == EVERY_TENANT:
            return list(self._everybody)
        found = [*self._all, *self._tenant.get(tenant_id, ())]
        found += self._own.get(owner_id, ()) if owner_id else self._members.get(tenant_id, ())
        return found

    def _places(self, socket: Socket) -> list[tuple[defaultdict[str, set[Socket]], str]]:
        principal, scope = socket.connection.principal, socket.connection.scope
        if scope is Scope.OWN:
            return [(self._own, principal.user_id), (self._members, principal.tenant_id)]
        return [(self._tenant, principal.tenant_id)] if scope is Scope.TENANT else []
