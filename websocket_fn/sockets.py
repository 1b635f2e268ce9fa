"""One WebSocket as its manager sees it: what waits for it, what is on its way, how far it has come."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from typing import Final

from chalicelib.domain.connections import Connection
from chalicelib.domain.principals import Scope
from chalicelib.queue.events import EventId

#: Sequence and frame. The sequence of what is no event (answers, ``resync``) is 0.
Item = tuple[int, bytes]

#: What may wait for one connection. Above, it lags behind and is fed from the log as it drains.
HIGH_BYTES: Final = 512 * 1024
LOW_BYTES: Final = 128 * 1024
#: A frame stays below API Gateway's 128 KB.
BATCH_BYTES: Final = 120 * 1024
BATCH_HEAD: Final = b'{"type":"batch","events":['
BATCH_TAIL: Final = b"]}"


class Socket:
    """The outbox of one connection.

    A *live* socket gets events as they happen. One that *lags* has everything up to ``cursor`` in its outbox or
    behind it, and is brought up from the log.
    """

    __slots__ = (
        "connection", "cursor", "failures", "flight", "flight_seq", "flight_since", "full", "left", "live",
        "not_before", "pending", "pending_bytes", "queued", "sent_ms",
    )  # fmt: skip

    def __init__(self, connection: Connection, cursor: EventId) -> None:
        self.connection = connection
        self.cursor = cursor
        self.live = False
        #: So much waits that it gets no more until it has drained.
        self.full = False
        #: Not served here any more.
        self.left = False
        self.pending: deque[Item] = deque()
        self.pending_bytes = 0
        #: The frame on its way, the first event in it, and since when it is tried (seconds of the loop's clock).
        self.flight: bytes | None = None
        self.flight_seq = 0
        self.flight_since = 0.0
        #: In the sender's queue, or about to be.
        self.queued = False
        self.not_before = 0.0
        self.failures = 0
        #: When it last took a frame, epoch milliseconds.
        self.sent_ms = 0

    @property
    def id(self) -> str:
        return self.connection.id

    def push(self, item: Item) -> None:
        """Put an event or an answer behind what waits."""
        self.pending.append(item)
        self.pending_bytes += len(item[1])
        if self.pending_bytes > HIGH_BYTES:
            self.full = True

    def forget_events(self) -> None:
        """Drop the events that wait; answers stay."""
        self.pending = deque(item for item in self.pending if item[0] == 0)
        self.pending_bytes = sum(len(frame) for _, frame in self.pending)
        self.full = self.pending_bytes > HIGH_BYTES

    def take(self) -> list[Item]:
        """Take what fits into one frame."""
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
        """Sequence of the first event that is not delivered yet, 0 if there is none."""
        if self.flight_seq:
            return self.flight_seq
        return next((seq for seq, _ in self.pending if seq), 0)


def frame(items: list[Item]) -> bytes:
    """One message for the client: the only item as it is, or a batch. Nothing is encoded again."""
    if len(items) == 1:
        return items[0][1]
    return BATCH_HEAD + b",".join([text for _, text in items]) + BATCH_TAIL


class Audience:
    """Who gets which event, by index: never a walk over all sockets."""

    def __init__(self, sockets: Iterable[Socket] = ()) -> None:
        self._own: defaultdict[str, set[Socket]] = defaultdict(set)
        self._tenant: defaultdict[str, set[Socket]] = defaultdict(set)
        self._all: set[Socket] = set()
        #: Of each tenant those who listen to their own events only: news of the whole tenant is theirs, too.
        self._members: defaultdict[str, set[Socket]] = defaultdict(set)
        for socket in sockets:
            self.add(socket)

    def add(self, socket: Socket) -> None:
        """Index a socket by its connection's scope."""
        for index, key in self._places(socket):
            index[key].add(socket)
        if socket.connection.scope is Scope.ALL:
            self._all.add(socket)

    def discard(self, socket: Socket) -> None:
        """Take a socket out; nothing happens if it is not in."""
        for index, key in self._places(socket):
            if (found := index.get(key)) is not None:
                found.discard(socket)
                if not found:
                    del index[key]
        self._all.discard(socket)

    def of(self, owner_id: str, tenant_id: str) -> list[Socket]:
        """Who gets an event of this owner; one without an owner concerns the whole tenant."""
        found = [*self._all, *self._tenant.get(tenant_id, ())]
        found += self._own.get(owner_id, ()) if owner_id else self._members.get(tenant_id, ())
        return found

    def _places(self, socket: Socket) -> list[tuple[defaultdict[str, set[Socket]], str]]:
        principal, scope = socket.connection.caller, socket.connection.scope
        if scope is Scope.OWN:
            return [(self._own, principal.user_id), (self._members, principal.tenant_id)]
        return [(self._tenant, principal.tenant_id)] if scope is Scope.TENANT else []
