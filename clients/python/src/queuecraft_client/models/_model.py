"""Answers as frozen dataclasses. Fields of the answer that a class does not know stay in ``raw``."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Self, TypeVar

from queuecraft_client.errors import UnexpectedAnswer

E = TypeVar("E", bound="OpenEnum")


def named(alias: str, default: Any = MISSING) -> Any:
    """Return a field whose name in the answer is ``alias``; by default it is the field's own in camelCase."""
    if default is MISSING:
        return field(metadata={"alias": alias})
    return field(metadata={"alias": alias}, default=default)


def camel(name: str) -> str:
    """Return a name of the API: ``max_retries`` as ``maxRetries``."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


class OpenEnum(StrEnum):
    """Known values of a text. A value of a newer server becomes a member of its own, which no known one equals."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return member


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Base of all answers."""

    #: The answer as it came, with the fields that this version does not know.
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def parse(cls, data: Any) -> Self:
        """Return the answer ``data``. Raises ``UnexpectedAnswer`` if a field is missing or of another type."""
        if not isinstance(data, dict):
            raise UnexpectedAnswer(f"{cls.__name__}: not an object")
        try:
            given = {name: read(data[alias]) for name, alias, read in _readers(cls) if alias in data}
            return cls(**given, raw=data)
        except (TypeError, ValueError) as error:
            raise UnexpectedAnswer(f"{cls.__name__}: {error}") from error


def aliases(cls: type[Model]) -> dict[str, str]:
    """Return the names in the answer by the names of the fields."""
    return {each.name: each.metadata.get("alias", camel(each.name)) for each in fields(cls) if each.name != "raw"}


_READERS: dict[type[Model], list[tuple[str, str, Callable[[Any], Any]]]] = {}


def _readers(cls: type[Model]) -> list[tuple[str, str, Callable[[Any], Any]]]:
    """Return the fields of a class: name, name in the answer, and what makes the value of JSON."""
    if (known := _READERS.get(cls)) is not None:
        return known
    hints = typing.get_type_hints(cls)
    found = [(name, alias, _reader(hints[name])) for name, alias in aliases(cls).items()]
    return _READERS.setdefault(cls, found)


def _reader(hint: Any) -> Callable[[Any], Any]:
    """Return what makes a value of the type ``hint`` of JSON."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in {types.UnionType, typing.Union}:
        inner = _reader(next(arg for arg in args if arg is not types.NoneType))
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        inner = _reader(args[0])
        return lambda value: tuple(inner(each) for each in value)
    if hint is datetime:
        return datetime.fromisoformat
    if isinstance(hint, type) and issubclass(hint, Model):
        return hint.parse
    if isinstance(hint, type) and issubclass(hint, OpenEnum):
        return hint
    return lambda value: value
