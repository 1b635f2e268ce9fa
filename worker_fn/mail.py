"""Messages of other threads to the drain loop."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from queue import Empty, SimpleQueue


class Mail(Enum):
    """What the drain loop is asked for."""

    WAKE = auto()  # jobs may be ready, a slot is free, or an attempt ended
    REJOIN = auto()  # slots of the fleet were lost, or may be free
    STOP = auto()  # the process is about to end


class Mailbox:
    """Messages in order. Any thread may post, one reads."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Mail] = SimpleQueue()

    def post(self, mail: Mail) -> None:
        """Add a message, and end the wait of the reader."""
        self._queue.put(mail)

    def read(self, wait_s: float) -> Iterator[Mail]:
        """Yield the messages that there are; wait up to ``wait_s`` for the first one."""
        try:
            yield self._queue.get(timeout=wait_s) if wait_s > 0 else self._queue.get_nowait()
            while True:
                yield self._queue.get_nowait()
        except Empty:
            return
