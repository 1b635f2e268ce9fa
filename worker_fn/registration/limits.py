"""Checks the limits that tasks declare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain.limits import MAX_INSTANCES, Limit, check_limit
from chalicelib.errors import InvalidInput


class LimitError(Exception):
    """Raised for limits that a task cannot have; the text says what to change."""


def checked(limits: Iterable[Any]) -> tuple[Limit, ...]:
    """Return the limits of one task. Raises ``LimitError``."""
    try:
        found = tuple(limits)
    except TypeError:
        raise LimitError(f"limits must be a list of Limit(…), not {limits!r}") from None
    names: set[str] = set()
    for limit in found:
        if not isinstance(limit, Limit):
            raise LimitError(f"limits must be a list of Limit(…), not of {limit!r}")
        try:
            check_limit(limit)
        except InvalidInput as error:
            raise LimitError(f"limit {limit.name!r}: {error.message}") from error
        if limit.name in names:
            raise LimitError(f"it has two limits named {limit.name!r}")
        names.add(limit.name)
    if sum(limit.instances for limit in found) > MAX_INSTANCES:
        raise LimitError(f"it may have at most {MAX_INSTANCES} limits, where one with a total counts twice")
    return found


def check_paths(limits: Iterable[Limit], schema: Mapping[str, Any]) -> None:
    """Check that the payload can have the first field of each path. Raises ``LimitError``."""
    properties = schema.get("properties")
    if not isinstance(properties, dict) or schema.get("additionalProperties", False) is not False:
        return
    for limit in limits:
        if limit.path and limit.path[0] not in properties:
            raise LimitError(f"limit {limit.name!r}: per={limit.per!r}, but the payload has no field {limit.path[0]!r}")


def check_alike(limits: Iterable[Limit], others: Mapping[str, Iterable[Limit]]) -> None:
    """Check that ``limits`` are defined as the limits of other tasks, by task. Raises ``LimitError``."""
    known = {limit.name: (limit, task) for task, theirs in others.items() for limit in theirs}
    for limit in limits:
        other, task = known.get(limit.name, (limit, ""))
        if other != limit:
            raise LimitError(
                f"limit {limit.name!r} is defined otherwise by the task {task!r}; one name is one definition: "
                "define it once and use it in both"
            )
