"""Signatures of the Lua scripts, declared once: in the head of each ``lua/NAME.lua``.

A head is the comment at the top of a file. Its first lines say what the script is for; then come declarations:

    --@include gate counts        other files, placed before this one with what they declare
    --@lazy lines parked          those of all its includes whose functions plain jobs do not need. They are made when
                                  one is called first: making functions is most of what a short script costs
    --@keys leases:zset …         keys of the namespace: attributes of ``Keys``
    --@given worker:string …      keys that the caller builds; ``name:type*``, the last one, stands for any number
    --@owner active:zset …        keys of each owner (a user in a tenant): entries of ``OWNER_KEYS``
    --@args token want:int …      arguments; ``name:list`` is a count and that many values
    --@item id owner:owner …      fields of an item, of which any number follows; ``owner`` is the number of one of
                                  the owners, ``events`` is a count and that many encoded events
    --@reply …                    what it returns

The body names them ``KEYS.leases``, ``OWNER.active[n]``, ``ARGV.want`` and ``ITEM.id``, and ``compiled`` puts positions
in the place of the names. So a name that is not declared fails when the script is loaded, wherever the caller passes
keys and arguments by the same names.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

FOLDER: Final = Path(__file__).with_name("lua")
#: Keys of an owner → attribute of ``Keys`` with the prefix, and whether the user's id or the tenant's follows it.
OWNER_KEYS: Final = {
    "active": ("active_prefix", True),
    "owner_counts": ("owner_counts_prefix", True),
    "tenant_counts": ("tenant_counts_prefix", False),
    "queue_counts": ("queue_counts_prefix", False),
    "state_counts": ("state_counts_prefix", False),
}
_DECLARATION: Final = re.compile(r"--@(\w+) (.+)")
#: No string of a script has two dashes.
_COMMENT: Final = re.compile(r" *--.*")
#: Definitions at the beginning of a line.
_DEFINED: Final = re.compile(r"^local (?:function )?(\w+(?:, \w+)*)(\(| =|$)", re.MULTILINE)
_NAME: Final = re.compile(r"\b(KEYS|ARGV|ITEM|OWNER)\.(\w+)(?:\[(\w+)\])?")


class SignatureError(Exception):
    """Raised when a script or a call of it does not match the signature."""


class Slot(NamedTuple):
    """A key, an argument or a field: its name, and its Redis type or its form ('' = text)."""

    name: str
    type: str


class Signature(NamedTuple):
    """Keys and arguments of a script, in the order in which they are passed. Owners follow the keys and the arguments;
    a list is last."""

    name: str
    includes: tuple[str, ...]
    keys: tuple[Slot, ...]
    given: tuple[Slot, ...]
    owner: tuple[Slot, ...]
    args: tuple[Slot, ...]
    item: tuple[Slot, ...]
    reply: list[str]

    @property
    def many(self) -> str:
        """The name of the keys that may occur any number of times, '' if none."""
        return self.given[-1].name if self.given and self.given[-1].type.endswith("*") else ""

    @property
    def list(self) -> str:
        """The name of the argument that is a list, '' if none."""
        return self.args[-1].name if self.args and self.args[-1].type == "list" else ""

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of an item's fields of one argument each; the owner's number is the first."""
        return tuple(slot.name for slot in self.item if slot.type != "events")

    @property
    def has_events(self) -> bool:
        """Whether events end each item."""
        return any(slot.type == "events" for slot in self.item)


class _File(NamedTuple):
    declared: dict[str, list[str]]
    body: str


@cache
def _file(name: str) -> _File:
    """Return the declarations of a file, and its body."""
    lines = (FOLDER / f"{name}.lua").read_text().splitlines()
    declared: dict[str, list[str]] = {}
    head = 0
    while head < len(lines) and lines[head].startswith("--"):
        if found := _DECLARATION.match(lines[head]):
            declared.setdefault(found[1], []).extend([found[2]] if found[1] == "reply" else found[2].split())
        head += 1
    if unknown := declared.keys() - {"include", "lazy", "keys", "given", "owner", "args", "item", "reply"}:
        raise SignatureError(f"{name}.lua declares {unknown}")
    return _File(declared, _COMMENT.sub("", "\n".join(lines[head:])))


def _parts(name: str) -> list[str]:
    """Return the files of a script in order, the script itself last."""
    found: list[str] = []
    for part in _file(name).declared.get("include", []):
        found += [each for each in _parts(part) if each not in found]
    return [*found, name]


def _slots(parts: list[str], what: str) -> tuple[Slot, ...]:
    slots: dict[str, Slot] = {}
    for part in parts:
        for text in _file(part).declared.get(what, []):
            name, _, type_ = text.partition(":")
            if slots.setdefault(name, Slot(name, type_)).type != type_:
                raise SignatureError(f"{name} has two types in {parts[-1]}.lua")
    return tuple(slots.values())


def names() -> list[str]:
    """Return the names of all scripts that can be called; the other files are included by them."""
    files = {path.stem for path in FOLDER.glob("*.lua")}
    return sorted(files - {part for name in files for part in signature(name).includes})


@cache
def signature(name: str) -> Signature:
    """Return the signature of a script, with the declarations of its includes."""
    parts = _parts(name)
    keys, given, owner, args, item = (_slots(parts, each) for each in ("keys", "given", "owner", "args", "item"))
    return Signature(name, tuple(parts[:-1]), keys, given, owner, args, item, _file(name).declared.get("reply", []))


@cache
def compiled(name: str) -> str:
    """Return the text of a script as it is sent: its includes and itself, with positions in place of names."""
    sig = signature(name)
    if bool(sig.owner) != (sig.fields[:1] == ("owner",)) or (sig.owner and sig.many):
        raise SignatureError(f"{name}.lua: the owner is the first field of an item, and no keys follow the owners'")
    lazy = {*_file(name).declared.get("lazy", [])}
    text = "\n".join(_file(part).body for part in sig.includes if part not in lazy)
    body = _file(name).body
    if lazy:
        text, body = _with_lazy([_file(part).body for part in sig.includes if part in lazy], text, body)
    text = f"{text}\n{body}"
    return _cursor(sig) + _NAME.sub(lambda found: _position(sig, *found.groups()), text)


def _with_lazy(bodies: list[str], text: str, body: str) -> tuple[str, str]:
    """Return the other includes and the script so that they reach what ``bodies`` define through ``lazy()``: functions,
    and constants, which have names in capitals. Variables of theirs stay their own.
    """
    inner = "\n".join(bodies)
    kept = [found[0] for found in _DEFINED.findall(inner) if found[1] == "(" or found[0].isupper()]
    names = {name for each in kept for name in each.split(", ")}

    # a string that is just a name of theirs, as 'pending' might be, is left alone
    reached = re.compile(rf"(?<![\w.:'])({'|'.join(names)})\b")
    made = ", ".join(f"{name} = {name}" for name in sorted(names))
    bundle = f"function lazy()\nif made then return made end\n{inner}\nmade = {{{made}}}\nreturn made\nend\n"
    return "local lazy, made\n" + reached.sub(r"lazy().\1", text) + "\n" + bundle, reached.sub(r"lazy().\1", body)


def _position(sig: Signature, kind: str, name: str, index: str | None) -> str:
    try:
        return _POSITIONS[kind](sig, name, index)
    except ValueError:
        raise SignatureError(f"{sig.name}.lua uses {kind}.{name}, which is not declared") from None


def _key(sig: Signature, name: str, index: str | None) -> str:
    number = [slot.name for slot in (*sig.keys, *sig.given)].index(name) + 1
    if name == sig.many:
        return f"KEYS[{number - 1} + {index}]" if index else f"{number}"
    return f"KEYS[{number}]"


def _owner_key(sig: Signature, name: str, index: str | None) -> str:
    if name in {"id", "tenant"}:
        return f"ARGV[2 * {index} + {_before_owners(sig) + (name == 'tenant')}]"
    fixed, number = len(sig.keys) + len(sig.given), [slot.name for slot in sig.owner].index(name)
    return f"KEYS[{len(sig.owner)} * {index} + {fixed + 1 + number - len(sig.owner)}]"


def _before_owners(sig: Signature) -> int:
    """Return the number of arguments before the number of owners, which their ids and tenants follow."""
    return len(sig.args) - bool(sig.list)


def _argument(sig: Signature, name: str, _: str | None) -> str:
    number = [slot.name for slot in sig.args if slot.type != "list"].index(name)
    return _typed(f"ARGV[{number + 1}]", sig.args[number])


def _field(sig: Signature, name: str, _: str | None) -> str:
    number = [slot.name for slot in sig.item].index(name)
    if sig.item[number].type == "events":
        raise ValueError
    return _typed(f"ARGV[item_base + {number + 1}]", sig.item[number])


def _typed(text: str, slot: Slot) -> str:
    return f"tonumber({text})" if slot.type in {"int", "owner"} else text


_POSITIONS: Final = dict(KEYS=_key, OWNER=_owner_key, ARGV=_argument, ITEM=_field)  # noqa: C408


def _cursor(sig: Signature) -> str:
    """Return Lua that iterates over the items: ``item_base`` is before the current one, ``cursor`` before the next."""
    if not (sig.item or sig.list):
        return ""
    fixed = _before_owners(sig)
    start = f"{fixed + 1} + 2 * ARGV[{fixed + 1}]" if sig.owner else f"{fixed}"
    return _CURSOR.format(start=start, fields=len(sig.fields)) + (_LIST if sig.list else "")


_CURSOR: Final = """\
local item_base, cursor = 0, {start}
local function take() cursor = cursor + 1 return ARGV[cursor] end
local function next_item()
  item_base, cursor = cursor, cursor + {fields}
  return item_base < #ARGV
end
"""
_LIST: Final = """\
local function take_list()
  local values = {}
  for n = 1, tonumber(take()) do values[n] = take() end
  return values
end
"""
