"""Pages of lists whose records are read by id: schedules, batches, workflows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Records, the newest first, and whether there are others after and before them."""

    items: list[T]
    after: bool
    before: bool


class Read(Protocol[T]):
    """Reads up to a number of records, the newest first, after the one with an id, or before it."""

    def __call__(self, after: str | None, limit: int, *, backwards: bool) -> list[T]:
        """Return the records."""


def page_of(read: Read[T], after: str | None, limit: int, *, backwards: bool) -> Page[T]:
    """Return up to ``limit`` records after the one with an id, or before it. Reads one more, to know whether there is
    one.
    """
    found = read(after, limit + 1, backwards=backwards)
    more = len(found) > limit
    if backwards:
        return Page(found[-limit:], after=True, before=more)
    return Page(found[:limit], after=more, before=after is not None)
