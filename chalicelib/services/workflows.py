"""Operations of users on workflows: submit, read, cancel, retry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson

from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.filters import Whose, visibility
from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.principals import Principal, Scope
from chalicelib.domain.workflows import NodeSpec, Workflow, WorkflowStatus, check, references
from chalicelib.errors import Conflict, Forbidden, InvalidInput, NotFound
from chalicelib.services.call_keys import known_call
from chalicelib.services.digest import of_call
from chalicelib.services.pages import Page, page_of

if TYPE_CHECKING:
    from chalicelib.services.admission import Admission
    from chalicelib.services.payloads import Payloads
    from chalicelib.services.submitter import Submitter
    from chalicelib.services.tasks import Catalogue
    from chalicelib.services.workflow_retries import WorkflowRetries
    from chalicelib.services.workflow_work import WorkflowWork
    from chalicelib.store.workflows import WorkflowStore

States = Mapping[str, JobStatus]


@dataclass(frozen=True, slots=True)
class NewWorkflow:
    """A submission whose fields are valid each for itself."""

    name: str
    nodes: Sequence[NodeSpec]
    key: str | None = None
    traceparent: str | None = None


class WorkflowService:
    """Use cases of HTTP. For a caller, workflows that the caller may not see do not exist."""

    def __init__(
        self,
        *,
        store: WorkflowStore,
        work: WorkflowWork,
        retries: WorkflowRetries,
        admission: Admission,
        submitter: Submitter,
        payloads: Payloads,
        catalogue: Catalogue,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._store = store
        self._work = work
        self._retries = retries
        self._admission = admission
        self._submitter = submitter
        self._payloads = payloads
        self._catalogue = catalogue
        self._clock = clock
        self._ids = ids

    # --- submit ----------------------------------------------------------------------------------------------
    def create(self, principal: Principal, new: NewWorkflow, trace_id: str) -> tuple[Workflow, bool]:
        """Check and start a workflow; return it, and whether this call submitted it.

        Raises ``Forbidden``, ``InvalidInput`` (the graph, references, task, payload), ``IdempotencyMismatch`` and the
        errors of ``Admission.admit``.
        """
        if not principal.may_write(Scope.OWN):
            raise Forbidden("Your role may not create jobs")
        self._check(new)
        graph = [[node.id, node.needs, node.run_if, node.map] for node in new.nodes]
        digest = of_call([node.job for node in new.nodes], [new.name, graph])
        known = known_call(self._store, principal.user_id, new.key, digest, self._clock.now())
        if known is not None:
            return known, False
        now = self._clock.now()
        workflow = Workflow(
            id=self._ids.object_id(), tenant_id=principal.tenant_id, owner_id=principal.user_id, name=new.name,
            nodes=tuple(new.nodes), created_at=now, updated_at=now, trace_id=trace_id, key=new.key, digest=digest,
            api_key=principal.key_id, traceparent=new.traceparent,
        )  # fmt: skip
        jobs = self._work.jobs_of(workflow, self._submitter.new_submission_id())
        self._admission.admit(principal.user_id, principal.tenant_id, jobs)
        if not self._store.insert(workflow):
            return self.create(principal, new, trace_id)  # a call with the same key was faster
        self._work.start(workflow, jobs)
        return self._store.get(workflow.id) or workflow, True

    def _check(self, new: NewWorkflow) -> None:
        payloads = {node.id: orjson.loads(node.job.payload) for node in new.nodes}
        check(new.nodes, payloads)
        for n, node in enumerate(new.nodes):
            self._check_task(n, node, payloads[node.id])

    def _check_task(self, n: int, node: NodeSpec, payload: Any) -> None:
        """Check a node's task, and its payload: the whole of it if that has no references."""
        try:
            if any(True for _ in references(payload, "")):
                self._catalogue.get(node.job.task)
                self._payloads.check_size(node.job.payload)
            else:
                self._payloads.check(node.job.task, node.job.payload)
        except InvalidInput as error:
            raise InvalidInput(f"Node {node.id}: {error}", f"nodes.{n}.{error.field or 'task'}") from None

    # --- read ------------------------------------------------------------------------------------------------
    def get(self, principal: Principal, workflow_id: str) -> tuple[Workflow, States]:
        """Return a workflow and the states of its nodes. Raises ``NotFound``."""
        workflow = self._store.get(workflow_id)
        if workflow is None or not principal.may_read(principal.scope_of(workflow.tenant_id, workflow.owner_id)):
            raise NotFound("There is no such workflow")
        return workflow, self._work.states(workflow)

    def page(
        self,
        principal: Principal,
        whose: Whose,
        after: str | None,
        limit: int,
        *,
        backwards: bool = False,
        status: WorkflowStatus | None = None,
    ) -> Page[Workflow]:
        """Return workflows, the newest first, after the one with an id, or before it; only those in ``status``."""
        read = partial(self._store.page, visibility(principal, whose), status=status)
        return page_of(read, after, limit, backwards=backwards)

    # --- change ----------------------------------------------------------------------------------------------
    def cancel(self, principal: Principal, workflow_id: str) -> tuple[Workflow, States]:
        """Cancel the open jobs of a workflow, and those that it would make. Raises ``Conflict`` if it has ended."""
        workflow = self._writable(principal, workflow_id)
        if not self._store.request_cancel(workflow, self._clock.now()):
            raise Conflict("The workflow has ended")
        self._work.carry_on(workflow_id)
        return self.get(principal, workflow_id)

    def retry(self, principal: Principal, workflow_id: str, node: str | None = None) -> tuple[Workflow, States]:
        """Run again what did not complete, and all behind it; with ``node``, that node and all behind it.

        Raises ``InvalidInput`` for an unknown node, and the errors of ``WorkflowRetries.retry``.
        """
        workflow = self._writable(principal, workflow_id)
        if node is not None and all(each.id != node for each in workflow.nodes):
            raise InvalidInput(f"The workflow has no node {node}", "node")
        self._retries.retry(workflow, None if node is None else {node})
        return self.get(principal, workflow_id)

    def _writable(self, principal: Principal, workflow_id: str) -> Workflow:
        workflow, _ = self.get(principal, workflow_id)
        if not principal.may_write(principal.scope_of(workflow.tenant_id, workflow.owner_id)):
            raise Forbidden("Your role may not change this workflow")
        return workflow
