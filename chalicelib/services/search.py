"""Searches for jobs that a caller may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from chalicelib.domain.filters import JobFilter, Order, Start, Whose, visibility
from chalicelib.domain.jobs import Job
from chalicelib.domain.payload_fields import Comparison, compare
from chalicelib.domain.payload_search import Bounds, Examined, PayloadCondition, meets
from chalicelib.domain.principals import Principal
from chalicelib.services.job_actions import Action

if TYPE_CHECKING:
    from chalicelib.services.redactions import Redactions
    from chalicelib.store.job_search import JobSearch, Page
    from chalicelib.store.tenants import TenantStore
    from chalicelib.store.users import UserStore

#: Maximum number of jobs that one action by filter changes; repeat it for the rest.
MAX_ACTED_ON: Final = 1_000
#: Limit of counting matches.
MAX_COUNTED: Final = 100_000
#: Limit of counting the total of a list.
MAX_TOTAL: Final = 10_000

#: Payloads that are compared, and the most that can be asked for.
DEFAULT_SAMPLE: Final = 200
MAX_SAMPLE: Final = 500
#: Characters of payloads after which a comparison takes no further one.
MAX_SAMPLE_SIZE: Final = 8 * 1024 * 1024
#: Bounds of looking into payloads, for a page: jobs, characters, seconds.
MAX_EXAMINED: Final = 5_000
MAX_EXAMINED_SIZE: Final = 32 * 1024 * 1024
EXAMINED_S: Final = 2.0


class Sample(NamedTuple):
    """The payloads of the newest jobs that match, compared. ``more``: there are others."""

    comparison: Comparison
    more: bool
    #: Jobs that match and whose payloads are over 64 KB, so they are not compared.
    passed_by: int = 0


@dataclass(frozen=True, slots=True)
class Matches:
    """``total`` jobs match (counted up to ``MAX_COUNTED``); ``ids`` are the oldest ``MAX_ACTED_ON`` of them."""

    total: int
    ids: list[str]


@dataclass(frozen=True, slots=True)
class Preview:
    """``total`` jobs match (counted up to ``MAX_COUNTED``); ``jobs`` are the oldest of them."""

    total: int
    jobs: list[Job]


@dataclass(frozen=True, slots=True)
class Total:
    """The number of jobs: ``count``, or more if it is not ``exact``."""

    count: int
    exact: bool


@dataclass(frozen=True, slots=True)
class People:
    """Names by id: of owners, and of tenants."""

    owners: dict[str, str]
    tenants: dict[str, str]


class SearchService:
    """Lists jobs within the scope of a caller's role. Raises ``Forbidden`` for a wider scope."""

    def __init__(self, store: JobSearch, users: UserStore, tenants: TenantStore, redactions: Redactions) -> None:
        self._store = store
        self._users = users
        self._tenants = tenants
        self._redactions = redactions

    def page(
        self,
        principal: Principal,
        whose: Whose,
        wanted: JobFilter | None,
        order: Order,
        start: Start | None,
        limit: int,
    ) -> Page:
        """Return jobs in ``order`` from ``start``, without payload, result and attempts. ``None`` matches no job."""
        return self._store.page(visibility(principal, whose), wanted, order, start, limit)

    def inside(
        self,
        principal: Principal,
        whose: Whose,
        wanted: JobFilter | None,
        conditions: Sequence[PayloadCondition],
        order: Order,
        start: Start | None,
        limit: int,
    ) -> Examined:
        """Return the next ``limit`` jobs whose payloads meet ``conditions``; fewer if those bounds are reached first.

        Raises ``Unavailable``.
        """
        seen = visibility(principal, whose)
        if wanted is None:
            return Examined([], 0, None)
        bounds = Bounds(limit, MAX_EXAMINED, MAX_EXAMINED_SIZE, EXAMINED_S)
        shown = self._redactions.shown_text

        def fits(tenant_id: str, task: str, payload: str) -> bool:
            return meets(shown(tenant_id, task, payload), conditions)

        return self._store.examine(seen, wanted, order, start, fits, bounds)

    def compare(self, principal: Principal, whose: Whose, wanted: JobFilter | None, sample: int) -> Sample:
        """Compare the payloads of the newest ``sample`` jobs, or of fewer if these are large. ``None`` matches none."""
        seen = visibility(principal, whose)
        if wanted is None:
            return Sample(compare(()), more=False)
        read = self._store.payloads(seen, wanted, sample, MAX_SAMPLE_SIZE)
        texts = (
            (each.job_id, self._redactions.shown_text(each.tenant_id, each.task, each.text)) for each in read.found
        )
        return Sample(compare(texts), read.more, read.passed_by)

    def total(self, principal: Principal, whose: Whose, wanted: JobFilter | None) -> Total | None:
        """Return the number of jobs, counted up to ``MAX_TOTAL``; ``None`` if that takes too long."""
        found = self._store.total(visibility(principal, whose), wanted, MAX_TOTAL + 1) if wanted else 0
        return None if found is None else Total(min(found, MAX_TOTAL), found <= MAX_TOTAL)

    def people(self, jobs: Sequence[Job]) -> People:
        """Return names of the owners and tenants of ``jobs``, in two queries; deleted ones are missing."""
        return People(
            self._users.names({job.owner_id for job in jobs}),
            self._tenants.names({job.tenant_id for job in jobs}),
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
        """Return the jobs that match ``wanted`` and that ``principal`` can change by ``action``, after id ``after``."""
        seen, able = visibility(principal, whose, to_change=True), _changeable(wanted, action)
        if able is None:
            return Matches(0, [])
        total = self._store.count(seen, able, MAX_COUNTED)
        return Matches(total, [] if only_count or not total else self._store.ids(seen, able, MAX_ACTED_ON, after))

    def preview(
        self, principal: Principal, whose: Whose, wanted: JobFilter | None, action: Action, sample: int
    ) -> Preview:
        """Return how many jobs ``principal`` would change by ``action``, and the oldest ``sample`` of them."""
        seen = visibility(principal, whose, to_change=True)
        able = None if wanted is None else _changeable(wanted, action)
        if able is None:
            return Preview(0, [])
        total = self._store.count(seen, able, MAX_COUNTED)
        jobs = self._store.page(seen, able, Order(newest_first=False), None, sample).jobs if total and sample else []
        return Preview(total, jobs)


def _changeable(wanted: JobFilter, action: Action) -> JobFilter | None:
    """Return the jobs of ``wanted`` that ``action`` can change; ``None`` if there cannot be any."""
    able = wanted.among(action.states)
    return None if able is None else replace(able, unless_cancelling=action is Action.CANCEL)
