"""The dead letter queue, grouped by error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.domain.filters import Whose, visibility
from chalicelib.domain.principals import Principal

if TYPE_CHECKING:
    from chalicelib.store.job_search import DlqGroup, JobSearch

#: Maximum number of groups.
MAX_GROUPS: Final = 100


class DlqService:
    """Groups the dead jobs of a scope. Raises ``Forbidden`` if the caller's role does not include the scope."""

    def __init__(self, store: JobSearch) -> None:
        self._store = store

    def groups(self, principal: Principal, whose: Whose) -> list[DlqGroup]:
        """Return the largest groups first, at most ``MAX_GROUPS``."""
        return self._store.groups(visibility(principal, whose), MAX_GROUPS)
