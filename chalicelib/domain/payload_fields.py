"""Fields of payloads: their paths, and what they are in many payloads side by side. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

#: Objects within objects that are looked into; a deeper one is compared as a whole.
MAX_DEPTH: Final = 8
#: Fields of all payloads together that are compared; the others are counted.
MAX_FIELDS: Final = 300
#: Fields with a longer path are counted, too.
MAX_PATH_CHARS: Final = 300
#: Different values of a field that are returned, the most frequent.
MAX_VALUES: Final = 10
#: Characters of a value, as JSON, that are returned.
MAX_VALUE_CHARS: Final = 200


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a field as JSON text, cut at ``MAX_VALUE_CHARS``; how many payloads have it, and one of their jobs."""

    text: str
    cut: bool
    count: int
    job_id: str


@dataclass(frozen=True, slots=True)
class ComparedField:
    """A field: in how many payloads it is, how many different values it has there, and the most frequent of them."""

    path: str
    present: int
    distinct: int
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Payloads side by side. ``same``: fields that all have with one value; the others ``differ``."""

    examined: int
    same: tuple[ComparedField, ...]
    differ: tuple[ComparedField, ...]
    #: Fields beyond ``MAX_FIELDS`` or ``MAX_PATH_CHARS``.
    left_out: int


@dataclass(slots=True)
class _Found:
    counts: Counter[str] = field(default_factory=Counter)
    jobs: dict[str, str] = field(default_factory=dict)


def leaves(payload: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a payload with their paths, such as ``customer.id``.

    Lists and empty objects are values. A dot in a name is written ``\\.``, so a path means one field.
    """
    if not isinstance(payload, Mapping) or (depth and not payload) or depth > MAX_DEPTH:
        yield path, payload
        return
    for name, inner in payload.items():
        step = name.replace("\\", "\\\\").replace(".", "\\.")
        yield from leaves(inner, f"{path}.{step}" if path else step, depth + 1)


def compare(payloads: Iterable[tuple[str, str]]) -> Comparison:
    """Compare payloads, given as job ids and JSON text. Objects are equal whatever the order of their keys."""
    found: dict[str, _Found] = {}
    left_out: set[str] = set()
    examined = 0
    for job_id, text in payloads:
        examined += 1
        for path, written in _written(text):
            if len(path) > MAX_PATH_CHARS or (path not in found and len(found) >= MAX_FIELDS):
                left_out.add(path)
                continue
            one = found.setdefault(path, _Found())
            one.counts[written] += 1
            one.jobs.setdefault(written, job_id)
    fields = [_compared(path, one) for path, one in found.items()]
    same = tuple(each for each in fields if each.distinct == 1 and each.present == examined)
    differ = tuple(each for each in fields if each.distinct > 1 or each.present < examined)
    return Comparison(examined, same, differ, len(left_out))


def _written(text: str) -> list[tuple[str, str]]:
    """Return the fields of a payload with their values as JSON; none of one that is nested as deep as it may be."""
    try:
        fields = leaves(json.loads(text))
        return [(path, json.dumps(value, ensure_ascii=False, sort_keys=True)) for path, value in fields]
    except RecursionError:
        return []


def _compared(path: str, found: _Found) -> ComparedField:
    values = tuple(
        Value(text[:MAX_VALUE_CHARS], len(text) > MAX_VALUE_CHARS, count, found.jobs[text])
        for text, count in found.counts.most_common(MAX_VALUES)
    )
    return ComparedField(path, found.counts.total(), len(found.counts), values)
