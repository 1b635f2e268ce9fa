"""Applies the limits of an owner and of a tenant to the jobs of one call that begin blocked: batches and workflows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from chalicelib.domain.jobs import Job
from chalicelib.errors import LimitExceeded
from chalicelib.queue.intents import permit_text

if TYPE_CHECKING:
    from chalicelib.queue.engine import Engine
    from chalicelib.queue.limits import CreationLimits
    from chalicelib.services.projection import Projection

#: Jobs admitted in one step.
_PAGE: Final = 1_000


class Admission:
    """Each job counts as an attempt of its owner, unless a service submitted it. Places of active jobs are reserved
    later, when jobs are released.
    """

    def __init__(self, engine: Engine, limits: CreationLimits, projection: Projection) -> None:
        self._engine = engine
        self._limits = limits
        self._projection = projection

    def admit(self, owner_id: str, tenant_id: str, jobs: Sequence[Job]) -> None:
        """Count jobs of one owner, and note their enqueue permits. If they are refused, none is noted.

        Raises the errors of ``CreationLimits.admit``.
        """
        admitted: list[Job] = []
        try:
            for first in range(0, len(jobs), _PAGE):
                page = jobs[first : first + _PAGE]
                admit = partial(
                    self._limits.admit, owner_id, tenant_id, [job.id for job in page], active=0,
                    queues={job.queue for job in page}, submission_id=page[0].submission_id,
                    personal=page[0].api_key is None,
                )  # fmt: skip
                self._projection.when_open(admit)
                admitted += page
        except LimitExceeded:
            self.withdraw(admitted)
            raise

    def withdraw(self, jobs: Sequence[Job]) -> None:
        """Remove the enqueue permits of jobs that are not recorded after all."""
        if jobs:
            self._projection.follow(lambda: self._engine.clear_intents([permit_text(job) for job in jobs]))
