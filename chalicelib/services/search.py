"""Finding jobs for a caller."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from chalicelib.domain.filters import JobFilter, Order, Start, Whose, visibility
from chalicelib.domain.principals import Principal
from chalicelib.services.jobs import Action

if TYPE_CHECKING:
    from chalicelib.store.job_search import JobSearch, Page
    from chalicelib.store.tenants import TenantStore
    from chalicelib.store.users import UserStore

#: Jobs that one action by filter changes at most; ask again for the rest.
MAX_ACTED_ON: Final = 1_000
#: How far matches are counted.
MAX_COUNTED: Final = 100_000
#: How far the total of a list is counted.
MAX_TOTAL: Final = 10_000


@dataclass(frozen=True, slots=True)
class Matches:
    """``total`` jobs match (counted up to ``MAX_COUNTED``); ``ids`` are the oldest ``MAX_ACTED_ON`` of them."""

    total: int
    ids: list[str]


@dataclass(frozen=True, slots=True)
class Total:
    """``count`` jobs, or more of them if it is not ``exact``."""

    count: int
    exact: bool


@dataclass(frozen=True, slots=True)
class People:
    """Names by id: of owners, and of tenants."""

    owners: dict[str, str]
    tenants: dict[str, str]


class SearchService:
    """Lists within what a caller's role may see. Raises ``Forbidden`` for a scope that is wider."""

    def __init__(self, store: JobSearch, users: UserStore, tenants: TenantStore) -> None:
        self._store = store
        self._users = users
        self._tenants = tenants

    def page(
        self,
        principal: Principal,
        whose: Whose,
        wanted: JobFilter | None,
        order: Order,
        start: Start | None,
        limit: int,
    ) -> Page:
        """Jobs in ``order`` from ``start`` on; payload, result and attempts are left out. ``None`` matches none."""
        return self._store.page(visibility(principal, whose), wanted, order, start, limit)

    def total(self, principal: Principal, whose: Whose, wanted: JobFilter | None) -> Total | None:
        """How many jobs there are, counted up to ``MAX_TOTAL``; ``None`` when that takes too long."""
        found = self._store.total(visibility(principal, whose), wanted, MAX_TOTAL + 1) if wanted else 0
        return None if found is None else Total(min(found, MAX_TOTAL), found <= MAX_TOTAL)

    def people(self, page: Page) -> People:
        """The names of those whose jobs ``page`` has: one query for owners, one for tenants. Who is gone has none."""
        return People(
            self._users.names({job.owner_id for job in page.jobs}),
            self._tenants.names({job.tenant_id for job in page.jobs}),
        )

    def matches(
        self,
        principal: Principal,
        whose: Whose,
        wanted: JobFilter,
        action: Action,
        *,
        only_count: bool = False,
        after: str | None = None,
    ) -> Matches:
        """Jobs that match ``wanted``, which ``principal`` may and ``action`` can change; ``ids`` after ``after``."""
        seen = visibility(principal, whose, to_change=True)
        able = wanted.among(action.states)
        if able is None:
            return Matches(0, [])
        able = replace(able, unless_cancelling=action is Action.CANCEL)
        total = self._store.count(seen, able, MAX_COUNTED)
        return Matches(total, [] if only_count or not total else self._store.ids(seen, able, MAX_ACTED_ON, after))
