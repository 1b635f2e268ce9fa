"""The dead-letter queue: jobs that gave up, grouped by what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.domain.filters import Whose, visibility
from chalicelib.domain.principals import Principal

if TYPE_CHECKING:
    from chalicelib.store.job_search import DlqGroup, JobSearch

#: Groups listed at most.
MAX_GROUPS: Final = 100


class DlqService:
    """Groups of a scope. Raises ``Forbidden`` when the caller's role does not reach it."""

    def __init__(self, store: JobSearch) -> None:
        self._store = store

    def groups(self, principal: Principal, whose: Whose) -> list[DlqGroup]:
        """The largest groups first, at most ``MAX_GROUPS``."""
        return self._store.groups(visibility(principal, whose), MAX_GROUPS)
