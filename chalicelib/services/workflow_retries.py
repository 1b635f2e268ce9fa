"""Runs workflows again: for people who ask for that, and for those who redrive the job of a node."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.jobs import Job
from chalicelib.domain.workflows import ENDED, Workflow, reopened
from chalicelib.errors import Conflict, QueueCraftError

if TYPE_CHECKING:
    from chalicelib.services.admission import Admission
    from chalicelib.services.submitter import Submitter
    from chalicelib.services.workflow_work import WorkflowWork
    from chalicelib.store.jobs import JobStore
    from chalicelib.store.workflows import WorkflowStore

_CHANGED: Final = "Another call retried the workflow"


class WorkflowRetries:
    """Callers check whether the user may change the workflow."""

    def __init__(
        self,
        *,
        store: WorkflowStore,
        jobs: JobStore,
        work: WorkflowWork,
        admission: Admission,
        submitter: Submitter,
        clock: Clock,
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._work = work
        self._admission = admission
        self._submitter = submitter
        self._clock = clock

    def retry(self, workflow: Workflow, nodes: Collection[str] | None = None) -> Workflow:
        """Begin another run: what did not complete, or ``nodes``, and all behind it gets new jobs; return it then.

        Each of these jobs counts as an attempt of the workflow's owner. Raises ``Conflict`` while the workflow runs,
        if nothing is to be run, or if another call was faster; and the errors of ``Admission.admit``.
        """
        if workflow.status not in ENDED:
            raise Conflict("The workflow has not ended")
        after = reopened(workflow, self._work.states(workflow), nodes, self._clock.now())
        if after is None:
            raise Conflict("All nodes of the workflow completed")
        jobs = self._work.jobs_of(after, self._submitter.new_submission_id())
        self._admission.admit(workflow.owner_id, workflow.tenant_id, jobs)
        if not self._store.reopen(workflow, after):
            self._admission.withdraw(jobs)
            raise Conflict(_CHANGED)
        self._work.start(after, jobs)
        return after

    def retry_jobs(self, jobs: Sequence[Job]) -> dict[str, Job | QueueCraftError]:
        """Retry workflows from the nodes of ``jobs``, each workflow once.

        Return for each job the new job of its node as it is then, or why there is none.
        """
        results: dict[str, Job | QueueCraftError] = {}
        ordered = sorted(jobs, key=_workflow_of)
        for workflow_id, group in groupby(ordered, key=_workflow_of):
            results |= self._retry_nodes(workflow_id, list(group))
        return results

    def _retry_nodes(self, workflow_id: str, jobs: Sequence[Job]) -> dict[str, Job | QueueCraftError]:
        workflow = self._store.get(workflow_id)
        if workflow is None:
            return {job.id: Conflict("The workflow of this job does not exist any more") for job in jobs}
        nodes = {job.id: job.part.node for job in jobs if job.part and job.part.run == workflow.run_of(job.part.node)}
        results: dict[str, Job | QueueCraftError] = {
            job.id: Conflict("The workflow was retried since: another job took the place of this one")
            for job in jobs
            if job.id not in nodes
        }
        if not nodes:
            return results
        try:
            after = self.retry(workflow, set(nodes.values()))
        except QueueCraftError as error:
            return results | dict.fromkeys(nodes, error)
        made, _ = self._jobs.get_many({after.job_id(node) for node in nodes.values()})
        by_id = {job.id: job for job in made}
        # a job that cannot be read now is found by the next attempt of the caller
        return results | {job_id: by_id.get(after.job_id(node), Conflict(_CHANGED)) for job_id, node in nodes.items()}


def _workflow_of(job: Job) -> str:
    return job.part.workflow if job.part else ""
