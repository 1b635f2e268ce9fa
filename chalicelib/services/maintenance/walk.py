"""Walks of routines through long lists, page by page; the next run continues where this one ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.services.maintenance.routine import MAX_BATCHES

if TYPE_CHECKING:
    from chalicelib.store.meta import MetaStore


class Step(NamedTuple):
    """What one page of a walk did."""

    done: int
    #: The id after which the next page begins; ``None`` at the end of the list.
    last: str | None


def walk(meta: MetaStore, name: str, step: Callable[[str | None], Step]) -> int:
    """Call ``step`` with the id after which each page begins, up to ``MAX_BATCHES`` times; return what was done.

    ``name`` is that of the cursor in ``meta``. The walk begins again from the start (``None``) in the run after the one
    that reached the end.
    """
    done = 0
    first = after = meta.cursor(name)
    for _ in range(MAX_BATCHES):
        more, after = step(after)
        done += more
        if after is None:
            break
    if after != first:
        meta.set_cursor(after, name)
    return done
