"""Calls the Lua scripts: loaded once, called by SHA, checked against their signatures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from chalicelib.errors import QueueClosed
from chalicelib.queue import signatures
from chalicelib.queue.keys import LAYOUT, Keys
from chalicelib.queue.signatures import OWNER_KEYS, SignatureError

if TYPE_CHECKING:
    from redis import Redis

Arg = str | bytes | int | float

_CLOSED: Final = -1
#: ElastiCache Serverless accepts this many arguments in one request, including the command's name.
MAX_ARGUMENTS: Final = 3_999
#: More arguments than a request has besides those that ``chunks`` splits.
_HEAD: Final = 39
T = TypeVar("T")


def text(raw: bytes) -> str:
    """Decode an id from Redis. ``raw`` restores bytes that are not UTF-8, so that they can be removed from Redis."""
    return raw.decode(errors="surrogateescape")


def raw(entry: str) -> str | bytes:
    """Encode an id for Redis, also one that is not valid: the inverse of ``text``."""
    return entry if entry.isascii() else entry.encode(errors="surrogateescape")


def chunks(values: Sequence[T], each: int = 1) -> Iterator[Sequence[T]]:
    """Yield parts of ``values`` that fit into one request, with ``each`` arguments per value."""
    size = (MAX_ARGUMENTS - _HEAD) // each
    for start in range(0, len(values), size):
        yield values[start : start + size]


class _Command(NamedTuple):
    """A script with its signature resolved for one keyspace."""

    name: str
    run: Callable[..., Any]
    gated: bool
    keys: list[str]
    given: tuple[str, ...]
    many: bool
    #: Prefix of each key of an owner, and whether the id of the user or of the tenant follows it.
    owner: list[tuple[str, bool]]
    args: tuple[str, ...]
    #: Number of ``args`` that the caller passes.
    passed: int
    pick_args: Callable[[Mapping[str, Any]], tuple[Arg, ...]]
    list_arg: str
    fields: tuple[str, ...]
    pick_fields: Callable[[Mapping[str, Any]], tuple[Arg, ...]]
    has_events: bool


def _picker(names: Sequence[str]) -> Callable[[Mapping[str, Any]], tuple[Arg, ...]]:
    """Return a function that picks the values of ``names`` in order. It raises ``KeyError``."""
    if len(names) == 1:
        (only,) = names
        return lambda values: (values[only],)
    return itemgetter(*names) if names else lambda values: ()


class Batch:
    """Items for one script, split into as many calls as their number of arguments needs."""

    def __init__(self, scripts: Scripts, command: _Command, room: int) -> None:
        self._scripts = scripts
        self._command = command
        #: Maximum number of arguments for items and owners in one call.
        self._room = MAX_ARGUMENTS - 4 - len(command.keys) - len(command.given) - len(command.args) - room
        self._left = 0
        self._numbers: dict[tuple[str, str], int] = {}
        #: Keys of the owners, owners, items.
        self._calls: list[tuple[list[str], list[Arg], list[Arg]]] = []

    def add(self, owner_id: str = "", tenant_id: str = "", /, *, events: Sequence[Arg] = (), **fields: Any) -> None:
        """Add an item. ``events`` is their number, then the tail of each. Raises ``SignatureError``."""
        command = self._command
        try:
            row = command.pick_fields(fields)
        except KeyError as missing:
            raise SignatureError(f"an item of {command.name} lacks {missing}") from None
        if len(row) != len(fields) or bool(events) != command.has_events:
            raise SignatureError(f"an item of {command.name} is {command.fields}, not {tuple(fields)}")
        size = len(row) + len(events)
        if not command.owner:
            if size > self._left:
                self._begin()
            items = self._calls[-1][2]
        else:
            owner = owner_id, tenant_id
            number = self._numbers.get(owner)
            size += 1 if number else len(command.owner) + 3
            if size > self._left:
                self._begin()
                size += 0 if number is None else len(command.owner) + 2
                number = None
            keys, owners, items = self._calls[-1]
            if number is None:
                number = self._numbers[owner] = len(self._numbers) + 1
                keys += [prefix + (owner_id if by_user else tenant_id) for prefix, by_user in command.owner]
                owners += owner
            items.append(number)
        items += row
        items += events
        self._left -= size

    def add_each(self, owner_id: str, tenant_id: str, /, **field: Sequence[Arg]) -> None:
        """Add an item of an owner for each value of its only field; faster than ``add`` for each."""
        ((name, values),) = field.items()
        done = 0
        while done < len(values):
            first: dict[str, Any] = {name: values[done]}
            self.add(owner_id, tenant_id, **first)
            number, some = self._numbers[owner_id, tenant_id], values[done + 1 : done + 1 + self._left // 2]
            self._calls[-1][2].extend(arg for value in some for arg in (number, value))
            self._left -= 2 * len(some)
            done += 1 + len(some)

    def _begin(self) -> None:
        self._calls.append(([], [], []))
        self._numbers.clear()
        self._left = self._room

    def run(self, *, given: Mapping[str, Any] | None = None, even_without: bool = False, **args: Any) -> Iterator[Any]:
        """Run the script on the items and yield the answer of each call, usually one. Raises ``QueueClosed``.

        Without items there is no call, unless ``even_without``. ``given`` are keys that the caller builds.
        """
        if even_without and not self._calls:
            self._begin()
        for keys, owners, items in self._calls:
            yield self._scripts.run(self._command, given, args, keys, owners, items)

    def run_once(self, *, given: Mapping[str, Any] | None = None, **args: Any) -> Any:
        """Run the script in one call, even without items. Raises ``SignatureError`` for too many items."""
        if len(self._calls) > 1:
            raise SignatureError(f"too many items for one call of {self._command.name}")
        (answer,) = self.run(given=given, even_without=True, **args)
        return answer


class Scripts:
    """Calls scripts on one keyspace and remembers the newest epoch and sequence seen.

    A server that answers with an older one has lost data (failover to a stale replica, or an emptied store). Then, and
    while the queue is rebuilt, every gated call raises ``QueueClosed`` and changes nothing.
    """

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        *,
        channel: str,
        event_log_size: int,
        event_log_mb: int = 64,
        fleet: int = 0,
    ):
        self.redis = redis
        self.keys = keys
        #: One value, because threads share it: a torn pair could be ahead of every event.
        self._newest = (0, 0)
        #: Set by tests to move time; ``None`` is the server's clock, the same for all clients.
        self.now_ms: int | None = None
        #: Arguments of every script that declares them.
        self.constants: dict[str, Arg] = {
            "layout": LAYOUT, "channel": channel, "wake_prefix": keys.wake_prefix, "events_kept": event_log_size,
            "log_mb": event_log_mb, "fleet": fleet,
        }  # fmt: skip
        self._commands: dict[str, _Command] = {}

    @property
    def epoch(self) -> int:
        """The newest epoch seen, 0 before the first."""
        return self._newest[0]

    @property
    def seq(self) -> int:
        """The sequence of the newest event seen in ``epoch``."""
        return self._newest[1]

    @property
    def newest(self) -> tuple[int, int]:
        """Epoch and sequence of the newest event seen."""
        return self._newest

    def call(self, name: str, *, given: Mapping[str, Any] | None = None, **args: Any) -> Any:
        """Run a script without items. Raises ``QueueClosed``.

        ``given`` are the keys that the caller builds, by their names in the signature; other names are ignored.
        """
        return self.run(self._commands.get(name) or self._command(name), given, args, (), (), ())

    def batch(self, name: str, *, room: int = 0) -> Batch:
        """Return an empty batch. ``room``: arguments to leave free for a list or for any number of keys."""
        return Batch(self, self._commands.get(name) or self._command(name), room)

    def marked(self, answer: Any) -> list[Any]:
        """Return the rest of an answer that begins with epoch and sequence, which are remembered."""
        self.note_newest(answer[0], answer[1])
        rest: list[Any] = answer[2:]
        return rest

    def note_newest(self, epoch: int, seq: int) -> None:
        """Remember an event id if it is the newest seen."""
        self._newest = max(self._newest, (epoch, seq))

    def run(
        self, command: _Command, given: Mapping[str, Any] | None, args: dict[str, Any],
        owner_keys: Sequence[str], owners: Sequence[Arg], items: Sequence[Arg],
    ) -> Any:  # fmt: skip
        """Run a command. For ``call`` and ``Batch``."""
        values = self.constants | args
        values["now"] = "" if self.now_ms is None else self.now_ms
        values["known_epoch"], values["known_seq"] = self._newest
        try:
            row: list[Any] = [*command.pick_args(values)]
        except KeyError as missing:
            raise SignatureError(f"{command.name} is called without {missing}") from None
        if len(args) != command.passed:
            raise SignatureError(f"{command.name} takes {command.args}, not {tuple(args)}")
        if command.owner:
            row.append(len(owners) // 2)
            row += owners
        if command.list_arg:
            row += [len(args[command.list_arg]), *args[command.list_arg]]
        row += items
        keys = [*command.keys, *_given(command, given), *owner_keys]
        answer = command.run(keys, row)
        if command.gated and isinstance(answer, list) and answer[0] == _CLOSED:
            raise QueueClosed
        return answer

    def _command(self, name: str) -> _Command:
        sig = signatures.signature(name)
        args = tuple(slot.name for slot in sig.args)
        plain = args[:-1] if sig.list else args
        fields = sig.fields[1:] if sig.owner else sig.fields
        command = self._commands[name] = _Command(
            name=name,
            run=self.redis.register_script(signatures.compiled(name)),
            gated="gate" in sig.includes,
            keys=[getattr(self.keys, slot.name) for slot in sig.keys],
            given=tuple(slot.name for slot in sig.given),
            many=bool(sig.many),
            owner=[(getattr(self.keys, OWNER_KEYS[slot.name][0]), OWNER_KEYS[slot.name][1]) for slot in sig.owner],
            args=args,
            passed=len(set(args) - {*self.constants, "now", "known_epoch", "known_seq"}),
            pick_args=_picker(plain),
            list_arg=sig.list,
            fields=fields,
            pick_fields=_picker(fields),
            has_events=sig.has_events,
        )
        return command


def _given(command: _Command, given: Mapping[str, Any] | None) -> list[str]:
    """Return the keys that the caller built, in order."""
    if not command.given:
        return []
    try:
        keys = [(given or {})[name] for name in command.given]
    except KeyError as missing:
        raise SignatureError(f"{command.name} is called without the key {missing}") from None
    return [*keys[:-1], *keys[-1]] if command.many else keys
