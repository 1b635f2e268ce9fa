"""Continues workflows that a crash interrupted: jobs that are not recorded, cancellations, ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.domain.workflows import WorkflowStatus
from chalicelib.services.maintenance.routine import BATCH
from chalicelib.services.maintenance.walk import Step, walk
from chalicelib.services.workflow_work import WorkflowWork

if TYPE_CHECKING:
    from chalicelib.domain.workflows import Workflow
    from chalicelib.store.meta import MetaStore
    from chalicelib.store.workflows import WorkflowStore


class WorkflowSweep:
    """Walks through the workflows with something left to do; the next run continues."""

    name: Final = "workflows"

    def __init__(self, work: WorkflowWork, store: WorkflowStore, meta: MetaStore) -> None:
        self._work = work
        self._store = store
        self._meta = meta

    def run(self) -> int:
        """Record, cancel and end what a call left; return the number of jobs and ends."""
        return walk(self._meta, self.name, self._step)

    def _step(self, after: str | None) -> Step:
        page = self._store.unfinished(after, BATCH)
        done = sum(self._mend(workflow) for workflow in page)
        return Step(done, page[-1].id if len(page) == BATCH else None)

    def _mend(self, workflow: Workflow) -> int:
        if workflow.status is WorkflowStatus.STARTING:
            return self._work.resume(workflow)
        return self._work.carry_on(workflow.id)
