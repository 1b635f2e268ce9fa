"""Runs the Lua scripts: one file per command, loaded once, called by SHA, with the gate in front of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chalicelib.errors import QueueClosed
from chalicelib.queue.keys import Keys

if TYPE_CHECKING:
    from redis import Redis

Arg = str | bytes | int | float

_FOLDER: Final = Path(__file__).with_name("lua")
_INCLUDE: Final = "--!include "
_CLOSED: Final = -1
#: Scripts that neither pass the gate nor tell events.
UNGATED: Final = frozenset(
    {
        "listen", "retire", "close", "restore", "recount", "open", "throttle", "waits",
        "connect", "disconnect", "heard", "subscribe", "shard_claim", "shard_hold", "shard_leave", "shard_pass",
    }
)  # fmt: skip


def text(raw: bytes) -> str:
    """An id as Redis gave it. Bytes that are no UTF-8 survive the way back, so that they can be taken out there."""
    return raw.decode(errors="surrogateescape")


def raw(entry: str) -> str | bytes:
    """The inverse of ``text``, for calls that may carry ids that are none of ours."""
    return entry if entry.isascii() else entry.encode(errors="surrogateescape")


@cache
def source(name: str) -> str:
    """The text of a script as it is sent: its own after what it includes."""
    body = (_FOLDER / f"{name}.lua").read_text()
    parts = [] if name in UNGATED else ["prelude", "ledger"]
    first = body.splitlines()[0]
    if first.startswith(_INCLUDE):
        parts += first.removeprefix(_INCLUDE).split()
    return "\n".join([*((_FOLDER / f"{part}.lua").read_text() for part in parts), body])


class Scripts:
    """Calls scripts on one keyspace and remembers the newest epoch and sequence seen there.

    A server that answers with an older one has lost data (a failover to a stale copy, an emptied store). Then,
    and while the queue is being rebuilt, every gated call raises ``QueueClosed`` and changes nothing.
    """

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        *,
        channel: str,
        event_log_size: int,
        event_log_mb: int = 64,
        now_ms: int | None = None,
    ):
        self.redis = redis
        self.keys = keys
        #: One value, for several threads share it: a torn pair could be ahead of every event there is.
        self._newest = (0, 0)
        #: Tests set it to move time; ``None`` means the server's clock, the same for all clients.
        self.now_ms = now_ms
        self._channel = channel
        self._event_log_size = event_log_size
        self.event_log_mb = event_log_mb
        self._scripts: dict[str, Any] = {}

    def _script(self, name: str) -> Any:
        script = self._scripts.get(name)
        if script is None:
            script = self._scripts[name] = self.redis.register_script(source(name))
        return script

    @property
    def epoch(self) -> int:
        """The newest epoch seen; 0 before any."""
        return self._newest[0]

    @property
    def seq(self) -> int:
        """Sequence of the newest event seen in ``epoch``."""
        return self._newest[1]

    @property
    def newest(self) -> tuple[int, int]:
        """Epoch and sequence of the newest event seen."""
        return self._newest

    @property
    def now(self) -> Arg:
        """The time argument of a script."""
        return "" if self.now_ms is None else self.now_ms

    def plain(self, name: str, keys: Sequence[str], args: Iterable[Arg]) -> Any:
        """Run a script that has no gate."""
        return self._script(name)(keys=list(keys), args=list(args))

    def run(self, name: str, keys: Sequence[str], args: Iterable[Arg]) -> Any:
        """Run a gated script; raises ``QueueClosed``. ``keys`` and ``args`` are those after the prelude's."""
        k = self.keys
        head = [*self._newest, self.now, self._channel, f"{self._event_log_size} {self.event_log_mb}"]
        answer = self._script(name)(
            keys=[k.epoch, k.seq, k.events, k.counts_prefix, *keys],
            args=[*head, *args],
        )
        if isinstance(answer, list) and answer[0] == _CLOSED:
            raise QueueClosed
        return answer

    def marked(self, name: str, keys: Sequence[str], args: Iterable[Arg]) -> list[Any]:
        """Run a gated script whose answer begins with epoch and sequence; gives what follows them."""
        answer = self.run(name, keys, args)
        self.saw(answer[0], answer[1])
        rest: list[Any] = answer[2:]
        return rest

    def saw(self, epoch: int, seq: int) -> None:
        """Remember the newest event id seen."""
        self._newest = max(self._newest, (epoch, seq))
