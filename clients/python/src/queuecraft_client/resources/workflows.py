"""Workflows: submit, read, cancel, retry, wait, results."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, Unpack

from queuecraft_client import _body
from queuecraft_client._blocking import Blocking, blocking, blocking_iterator
from queuecraft_client._request import Request, one
from queuecraft_client._session import Session, new_key
from queuecraft_client._waiting import until_ended
from queuecraft_client.errors import WorkflowNotCompleted
from queuecraft_client.models import JobDetail, WorkflowDetail, WorkflowStatus, WorkflowSummary
from queuecraft_client.options import Ref, WhoseOptions, id_of
from queuecraft_client.resources.jobs import WAIT_S
from queuecraft_client.workflow import Node, Workflow


class AsyncWorkflows:
    """``client.workflows``. A workflow is named by its id or by what a call returned."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def submit(
        self, workflow: Workflow | Mapping[str, Any], *, idempotency_key: str | None = None
    ) -> WorkflowDetail:
        """Start a workflow, or the document of one: ``{"name", "nodes"}``.

        Raises ``InvalidWorkflow`` before anything is sent if a ``Workflow`` cannot run.
        Raises ``BadRequest`` for what only the server knows: tasks, and payloads that do not fit them.
        """
        key = idempotency_key or new_key()
        body = workflow.to_json() if isinstance(workflow, Workflow) else _body.jsonable(workflow, "workflow")
        return await self._session.send(
            Request("POST", "/workflows", one(WorkflowDetail, "workflow"), body=body, key=key)
        )

    async def get(self, workflow: Ref) -> WorkflowDetail:
        """Return a workflow with the states of its nodes. Raises ``NotFound``."""
        return await self._session.send(_workflow(workflow))

    def list(self, *, limit: int | None = None, **options: Unpack[WhoseOptions]) -> AsyncIterator[WorkflowSummary]:
        """Iterate over workflows, newest first, at most ``limit``."""
        return self._session.pages(WorkflowSummary, "/workflows", "workflows", options, limit)

    async def cancel(self, workflow: Ref) -> WorkflowDetail:
        """Cancel the open jobs of a workflow, and those that it would make. Raises ``Conflict`` if it has ended."""
        path = _body.path("workflows", id_of(workflow), "cancel")
        return await self._session.send(Request("POST", path, one(WorkflowDetail, "workflow")))

    async def retry(self, workflow: Ref, *, node: str | Node | None = None) -> WorkflowDetail:
        """Run again what did not complete, and all behind it; or ``node`` and all behind that.

        Raises ``Conflict`` while it runs, and if nothing is to be run.
        """
        body: dict[str, Any] = {} if node is None else {"node": id_of(node)}
        path = _body.path("workflows", id_of(workflow), "retry")
        return await self._session.send(Request("POST", path, one(WorkflowDetail, "workflow"), body=body))

    async def job(self, workflow: Ref, node: str | Node) -> JobDetail:
        """Return the job of a node; its ``result`` is that of the node, for a map the list of its results."""
        detail = await self.get(workflow)
        job_id = detail.node(id_of(node)).job_id
        return await self._session.send(Request("GET", _body.path("job", job_id), one(JobDetail, "job")))

    async def wait(self, workflow: Ref, *, timeout: float = WAIT_S) -> WorkflowDetail:
        """Wait until a workflow has completed.

        Raises ``WorkflowNotCompleted`` if it failed or was cancelled, and ``WaitTimeout`` after ``timeout`` seconds.
        """
        done = await until_ended(self._session, _workflow(workflow), id_of(workflow), timeout)
        if done.status != WorkflowStatus.COMPLETED:
            raise WorkflowNotCompleted(done)
        return done


class Workflows(Blocking[AsyncWorkflows]):
    """``client.workflows``. A workflow is named by its id or by what a call returned."""

    submit = blocking(AsyncWorkflows.submit)
    get = blocking(AsyncWorkflows.get)
    list = blocking_iterator(AsyncWorkflows.list)
    cancel = blocking(AsyncWorkflows.cancel)
    retry = blocking(AsyncWorkflows.retry)
    job = blocking(AsyncWorkflows.job)
    wait = blocking(AsyncWorkflows.wait)


def _workflow(workflow: Ref) -> Request[WorkflowDetail]:
    return Request("GET", _body.path("workflows", id_of(workflow)), one(WorkflowDetail, "workflow"))
