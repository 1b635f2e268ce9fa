"""Deletes the data of accounts and tenants whose deletion was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from chalicelib.services.deletions import DeletionWork

#: Run time of one call; the rest is left to the next one.
RUN_S: Final = 20.0


class DeletionRun:
    """Costs one query while nothing is being deleted."""

    name: Final = "deletions"

    def __init__(self, work: DeletionWork) -> None:
        self._work = work

    def run(self) -> int:
        """Delete; return the number of jobs and of finished deletions."""
        return self._work.run(RUN_S)
