"""The work on workflows: record their jobs, find their ends, cancel them, begin runs.

The record has the whole document, so once it is written the workflow is accepted: any process can record its jobs under
derived ids, which is repeated by the sweep after a crash. The jobs depend on each other (``services.dependencies``), so
nobody else moves them on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

import orjson

from chalicelib.domain.clock import Clock
from chalicelib.domain.jobs import Follower, Job, JobStatus, OutboxEntry
from chalicelib.domain.lifecycle import new_job
from chalicelib.domain.nodes import NodePart
from chalicelib.domain.tasks import TaskSpec
from chalicelib.domain.workflows import (
    FOLLOWER_KIND,
    NodeSpec,
    Workflow,
    WorkflowStatus,
    node_job_id,
    parse_path,
    references,
)
from chalicelib.errors import InvalidInput
from chalicelib.services.workflow_data import updated

if TYPE_CHECKING:
    from chalicelib.queue.events import EventLog
    from chalicelib.services.batch_work import BatchWork
    from chalicelib.services.cancellation import Cancellation
    from chalicelib.services.dependencies import Dependencies
    from chalicelib.services.submitter import Submitter
    from chalicelib.services.tasks import Catalogue
    from chalicelib.store.workflows import WorkflowStore
    from chalicelib.telemetry.logger import Log

#: Jobs recorded in one step.
PAGE: Final = 500
#: A run whose jobs are not all recorded is continued by the sweep after this time.
ABANDONED: Final = timedelta(seconds=60)


class WorkflowWork:
    """Safe to repeat, and in several processes at once."""

    def __init__(
        self,
        *,
        store: WorkflowStore,
        submitter: Submitter,
        dependencies: Dependencies,
        cancellation: Cancellation,
        maps: BatchWork,
        catalogue: Catalogue,
        event_log: EventLog,
        clock: Clock,
        log: Log,
    ) -> None:
        self._store = store
        self._submitter = submitter
        self._dependencies = dependencies
        self._cancellation = cancellation
        self._maps = maps
        self._catalogue = catalogue
        self._event_log = event_log
        self._clock = clock
        self._log = log
        #: Called with a workflow that is about to end; also if another process writes the end first.
        self.on_end: Callable[[Workflow], None] = lambda workflow: None

    # --- start -----------------------------------------------------------------------------------------------
    def jobs_of(self, workflow: Workflow, submission_id: str) -> list[Job]:
        """Return the jobs of the present run of a workflow, blocked, in the order of its nodes."""
        needed = {need for node in workflow.nodes for need in node.needs}
        return [
            self._job(workflow, node, submission_id).with_(has_dependents=node.id in needed)
            for node in workflow.nodes
            if workflow.run_of(node.id) == workflow.run
        ]

    def _job(self, workflow: Workflow, node: NodeSpec, submission_id: str) -> Job:
        spec, now = self._catalogue.get_or_plain(node.job.task), workflow.updated_at
        known = {
            "job_id": workflow.job_id(node.id), "tenant_id": workflow.tenant_id, "owner_id": workflow.owner_id,
            "trace_id": workflow.trace_id, "now": now, "submission_id": submission_id,
            "api_key": workflow.api_key, "traceparent": workflow.traceparent,
        }  # fmt: skip
        try:
            job = new_job(node.job, spec, **known)  # type: ignore[arg-type]
        except InvalidInput:  # the key of a limit is in a result: it is known when the node may run
            job = new_job(node.job, TaskSpec(spec.name, {}, pool=spec.pool), **known)  # type: ignore[arg-type]
        return job.with_(
            status=JobStatus.BLOCKED,
            depends_on=tuple(workflow.job_id(need) for need in node.needs),
            run_if=node.run_if,
            followers=(Follower(workflow.id, FOLLOWER_KIND),),
            part=NodePart(
                workflow.id,
                node.id,
                workflow.run,
                None,
                node.map,
                _refs(workflow, node),
                workflow.earlier_jobs(node.id),
            ),
        )

    def start(self, workflow: Workflow, jobs: Sequence[Job]) -> None:
        """Record the jobs of a run, and let those run that may. Raises ``QueueClosed`` and errors of the databases."""
        for first in range(0, len(jobs), PAGE):
            self._submitter.submit(jobs[first : first + PAGE])
        self._store.started(workflow, self._clock.now())
        self._publish(workflow.id)
        self.carry_on(workflow.id)

    def carry_on(self, workflow_id: str) -> int:
        """Cancel the jobs of a workflow that is to be cancelled, and write its end. Return how much was done."""
        done = self.cancel(workflow_id) if self._store.is_cancelled(workflow_id) else 0
        return done + self.settle(workflow_id)

    def resume(self, workflow: Workflow) -> int:
        """Continue a run whose call died; return the number of its jobs, 0 if it may still go on."""
        if workflow.updated_at > self._clock.now() - ABANDONED:
            return 0
        jobs = self.jobs_of(workflow, self._submitter.new_submission_id())
        self.start(workflow, jobs)
        return len(jobs)

    # --- ends ------------------------------------------------------------------------------------------------
    def follow(self, entries: Sequence[tuple[Job, OutboxEntry]]) -> None:
        """Cancel the items of maps that were cancelled, then look whether the workflows of jobs have ended."""
        for job, _ in entries:
            if job.part is not None and job.part.map is not None and job.status is JobStatus.CANCELLED:
                self._maps.stop(job.id)
        for workflow_id in dict.fromkeys(entry.id for _, entry in entries):
            self.settle(workflow_id)

    def settle(self, workflow_id: str) -> bool:
        """Write the end of a running workflow if all its jobs have ended; return whether this call did."""
        if self._store.has_open(workflow_id):
            return False
        workflow = self._store.get(workflow_id)
        if workflow is None or workflow.status is not WorkflowStatus.RUNNING:
            return False
        states = self._store.states([workflow.job_id(node.id) for node in workflow.nodes])
        bad = {JobStatus.DLQ, JobStatus.CANCELLED}
        status = WorkflowStatus.COMPLETED
        if any(states.get(workflow.job_id(node.id), JobStatus.COMPLETED) in bad for node in workflow.nodes):
            status = WorkflowStatus.CANCELLED if workflow.cancel_requested else WorkflowStatus.FAILED
        now = self._clock.now()
        # before the end is written: after a crash between them, the sweep does both again
        self.on_end(replace(workflow, status=status, finished_at=now, updated_at=now))
        if not self._store.finish(workflow, status, now):
            return False
        self._publish(workflow_id)
        return True

    # --- changes ---------------------------------------------------------------------------------------------
    def cancel(self, workflow_id: str) -> int:
        """Cancel the open jobs of a workflow; running ones are asked to stop. Return how many."""
        return self._cancellation.cancel_all(partial(self._store.members, workflow_id))

    # --- parts -----------------------------------------------------------------------------------------------
    def _publish(self, workflow_id: str) -> None:
        """Publish a workflow as it is now."""
        workflow = self._store.get(workflow_id)
        if workflow is None:
            return
        try:
            self._event_log.publish([updated(workflow)])
        except Exception as error:
            self._log.warning("a workflow was not published", event="workflow_unpublished", error=repr(error)[:500])

    def states(self, workflow: Workflow) -> Mapping[str, JobStatus]:
        """Return the state of each node's present job, by node; nodes whose job is deleted are absent."""
        ids = {workflow.job_id(node.id): node.id for node in workflow.nodes}
        return {ids[job_id]: status for job_id, status in self._store.states(ids).items()}


def _refs(workflow: Workflow, node: NodeSpec) -> tuple[tuple[str, str], ...]:
    """Return the jobs of the nodes to which a node refers."""
    found = [each for _, each in references(orjson.loads(node.job.payload), "payload")]
    if node.map is not None:
        found.append(parse_path(node.map.source, "map.from"))
    sources = dict.fromkeys(each.source for each in found if each.field)
    return tuple((each, node_job_id(workflow.id, workflow.created_at, each, workflow.run_of(each))) for each in sources)
