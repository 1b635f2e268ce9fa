"""Finding jobs for a caller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.domain.accounts import Caller, Scope
from chalicelib.domain.filters import JobFilter, sight

if TYPE_CHECKING:
    from chalicelib.store.job_search import JobSearch, Page

#: Jobs that one action by filter changes at most; ask again for the rest.
MAX_ACTED_ON: Final = 1_000
#: How far matches are counted.
MAX_COUNTED: Final = 100_000


@dataclass(frozen=True, slots=True)
class Matches:
    """``total`` jobs match (counted up to ``MAX_COUNTED``); ``ids`` are the oldest ``MAX_ACTED_ON`` of them."""

    total: int
    ids: list[str]


class SearchService:
    """Lists within what a caller's role may see. Raises ``Forbidden`` for a scope that is wider."""

    def __init__(self, store: JobSearch) -> None:
        self._store = store

    def page(
        self, caller: Caller, scope: Scope, wanted: JobFilter, *, newest_first: bool, after: str | None, limit: int
    ) -> Page:
        """Jobs in order of creation that come after the id ``after``; payload, result and attempts are left out."""
        seen = sight(caller, scope)
        return self._store.page(seen, wanted, newest_first=newest_first, after=after, limit=limit)

    def matches(self, caller: Caller, scope: Scope, wanted: JobFilter, *, only_count: bool = False) -> Matches:
        """Jobs that ``caller`` may change, for an action on all that match ``wanted``."""
        seen = sight(caller, scope, to_change=True)
        total = self._store.count(seen, wanted, MAX_COUNTED)
        return Matches(total, [] if only_count or not total else self._store.ids(seen, wanted, MAX_ACTED_ON))
