"""Conditions on fields of payloads, such as ``customer.id=42``, and whether a payload meets them. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from chalicelib.domain.filters import Place
from chalicelib.domain.jobs import Job
from chalicelib.domain.terms import fold

MAX_CONDITIONS: Final = 3
MAX_CONDITION_CHARS: Final = 300
#: The path ends at the first ``=`` or ``~`` that no backslash precedes.
_CONDITION: Final = re.compile(r"(?P<path>(?:\\.|[^\\=~])+)(?P<how>[=~])(?P<value>.*)", re.DOTALL)
_STEP: Final = re.compile(r"(?:\\.|[^\\.])+", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)


class Bounds(NamedTuple):
    """When an examination of payloads ends: jobs found, jobs looked into, characters of payloads, seconds."""

    jobs: int
    examined: int
    size: int
    seconds: float


class Examined(NamedTuple):
    """The jobs whose payloads fit, and how many were looked into. ``last``: where to go on, ``None`` at the end.

    ``passed_by``: those among the examined whose payloads are not in their records, so they were not looked into.
    """

    jobs: list[Job]
    examined: int
    last: Place | None
    passed_by: int = 0


class PayloadCondition(NamedTuple):
    """A field of a payload is ``text``, or contains it.

    ``json_value`` is ``text`` as JSON, or ``text`` itself where it is none.
    """

    path: tuple[str, ...]
    text: str
    contains: bool
    json_value: Any

    def met_by(self, payload: Any) -> bool:
        """Return whether some value at the path is equal, or contains the text whatever the case."""
        return any(self._fits(value) for value in _at(payload, self.path))

    def _fits(self, value: Any) -> bool:
        if self.contains:
            return isinstance(value, str) and self.text in fold(value)
        if isinstance(value, str) and value == self.text:
            return True
        # True equals 1 in Python, and is another value in JSON
        return value == self.json_value and isinstance(value, bool) is isinstance(self.json_value, bool)


def condition(text: str) -> PayloadCondition:
    """Return the condition that ``text`` means. Raises ``ValueError``."""
    if len(text) > MAX_CONDITION_CHARS:
        raise ValueError(f"A condition should have at most {MAX_CONDITION_CHARS} characters")
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise ValueError("A condition should look like customer.id=42 or customer.name~ada")
    steps = [_ESCAPE.sub(r"\1", step) for step in _STEP.findall(found["path"].strip())]
    value = found["value"].strip()
    contains = found["how"] == "~"
    if not steps:
        raise ValueError("A condition should begin with the path of a field")
    if contains and not fold(value):
        raise ValueError("A condition with ~ should have a text behind it")
    return PayloadCondition(tuple(steps), fold(value) if contains else value, contains, _json(value))


def meets(payload: str, conditions: Sequence[PayloadCondition]) -> bool:
    """Return whether a payload, as JSON text, meets all ``conditions``."""
    # names that are written as they are show without parsing that a payload has no such field
    for each in conditions:
        last = each.path[-1]
        if last.isascii() and last.isidentifier() and f'"{last}"' not in payload:
            return False
    try:
        parsed = json.loads(payload)
        return all(each.met_by(parsed) for each in conditions)
    except RecursionError:  # nested as deep as a payload may be
        return False


def _at(value: Any, path: Sequence[str]) -> Iterator[Any]:
    """Yield the values at a path; in a list those of each element."""
    if isinstance(value, list):
        for element in value:
            yield from _at(element, path)
    elif not path:
        yield value
    elif isinstance(value, dict) and path[0] in value:
        yield from _at(value[path[0]], path[1:])


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
