"""Parses the JSON that clients send, in bodies and frames.

The result is exactly what was sent: numbers that other parsers would round, duplicate keys, and letters that a proxy
has replaced are refused, by field. ``docs/decisions/037-json-as-sent.md`` has the rules.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import orjson

from chalicelib.errors import InvalidInput

#: Maximum nesting of arrays and objects; below the limit of every JSON library that a job passes through.
MAX_DEPTH: Final = 64
#: Whole numbers that every JSON library on the way of a job keeps.
MIN_WHOLE: Final = -(2**63)
MAX_WHOLE: Final = 2**64 - 1

#: What a gateway puts in place of bytes that are not UTF-8. To send the character itself, escape it.
REPLACED: Final = "\ufffd"
_REPLACED_UTF_8: Final = REPLACED.encode()
#: A whole number that might not be kept: it has as many digits as the largest.
_LONG_NUMBER: Final = re.compile(rb"[0-9]{19}")
_WHOLE_DIGITS: Final = 20


class _Unfit(NamedTuple):
    """Marks a value that cannot be kept."""

    why: str
    key: str | None = None


def json_object(raw: bytes) -> dict[str, Any]:
    """Parse a JSON object. Raises ``InvalidInput``, as ``json_value`` does."""
    data = json_value(raw)
    if not isinstance(data, dict):
        raise InvalidInput("The body must be a JSON object")
    return data


def json_value(raw: bytes) -> Any:
    """Parse JSON that nests at most ``MAX_DEPTH`` levels. Raises ``InvalidInput``, with the field if known."""
    if _REPLACED_UTF_8 in raw:
        raise InvalidInput("The body is not UTF-8, or has U+FFFD in it (send that as \\ufffd)")
    try:
        data = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        _name_unfit(raw)  # such as a number that is infinite as a double
        raise InvalidInput(f"The body is not valid JSON: {error.msg} at {error.lineno}:{error.colno}") from None
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH and _too_deep(data):
        raise InvalidInput(f"The body may nest at most {MAX_DEPTH} levels")
    _refuse_unfit(raw)
    return data


def _refuse_unfit(raw: bytes) -> None:
    """Raise ``InvalidInput`` for a number or key that ``orjson`` accepted but did not keep."""
    if _LONG_NUMBER.search(raw):
        _name_unfit(raw)
        return
    try:
        _KEYS.decode(raw.decode())
    except _ComesTwiceError:
        _name_unfit(raw)


def _name_unfit(raw: bytes) -> None:
    """Raise ``InvalidInput`` for the first number or key that cannot be kept; return if there is none, or no JSON."""
    try:
        data = json.loads(raw.decode(), object_pairs_hook=_members, parse_int=_whole, parse_float=_real)
    except (ValueError, RecursionError):
        return  # the caller reports the syntax error
    for path, unfit in _unfit(data, ()):
        field = [*path, *([unfit.key] if unfit.key is not None else [])]
        raise InvalidInput(unfit.why, ".".join(field) or None)


def _unfit(data: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], _Unfit]]:
    if isinstance(data, _Unfit):
        yield path, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _unfit(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _unfit(value, (*path, str(index)))


def _whole(text: str) -> int | _Unfit:
    if len(text.lstrip("-")) <= _WHOLE_DIGITS and MIN_WHOLE <= int(text) <= MAX_WHOLE:
        return 0
    return _Unfit("Whole numbers may have at most 64 bits; send longer ones as text")


def _real(text: str) -> float | _Unfit:
    return 0.0 if math.isfinite(float(text)) else _Unfit("This number is too large; send it as text")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Unfit:
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen:
            return _Unfit("This key occurs twice", key)
        seen[key] = value
    return seen


class _ComesTwiceError(Exception):
    """Raised for a duplicate key in one object."""


def _each_once(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) < len(pairs):
        raise _ComesTwiceError


_KEYS: Final = json.JSONDecoder(object_pairs_hook=_each_once)


def _too_deep(data: Any) -> bool:
    level = [data]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True
