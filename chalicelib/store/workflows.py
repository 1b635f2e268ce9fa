"""Collection ``workflows``. Changes of state compare the state before; ``open`` marks those with work left to do."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from bson import ObjectId
from pymongo.client_session import ClientSession
from pymongo.database import Database

from chalicelib.domain.dependencies import RunIf
from chalicelib.domain.filters import Visibility
from chalicelib.domain.jobs import OPEN, Job, JobStatus, NewJob
from chalicelib.domain.nodes import MapSpec
from chalicelib.domain.workflows import ENDED, NodeSpec, Workflow, WorkflowStatus
from chalicelib.store.calls import CallStore
from chalicelib.store.client import Document
from chalicelib.store.owned import page_by_id, seen_by
from chalicelib.store.reading import WITH_NEEDS, readable

MAX_TIME_MS: Final = 5_000
#: How long a workflow is kept after its end; its jobs have days of their own.
KEPT: Final = timedelta(days=90)
_OPEN: Final = sorted(status.value for status in OPEN)
_ENDED: Final = sorted(status.value for status in ENDED)


class WorkflowStore(CallStore[Workflow]):
    """Reads and writes workflows, and reads their jobs by field ``part``."""

    def __init__(self, db: Database[Document]) -> None:
        super().__init__(db.workflows, _document, workflow_of)
        self._jobs = db.jobs

    # --- workflows -------------------------------------------------------------------------------------------
    def started(self, workflow: Workflow, now: datetime) -> bool:
        """Note that all jobs of this run are recorded; return ``False`` if that was noted before."""
        return self._move(workflow, WorkflowStatus.STARTING, {"status": "running", "updated_at": now})

    def finish(self, workflow: Workflow, status: WorkflowStatus, now: datetime) -> bool:
        """Write the end of a running workflow; return ``False`` if it had ended."""
        change = {"status": status.value, "finished_at": now, "updated_at": now, "expires_at": now + KEPT}
        return self._move(workflow, WorkflowStatus.RUNNING, change, gone=("open",))

    def reopen(self, before: Workflow, after: Workflow) -> bool:
        """Write the next run of a workflow that ended; return ``False`` if another call did so first."""
        change = {
            "status": after.status.value, "run": after.run, **_runs(after), "updated_at": after.updated_at,
            "open": True, "cancel_requested": False,
        }  # fmt: skip
        match = {"_id": ObjectId(before.id), "run": before.run, "status": {"$in": _ENDED}}
        gone = {"finished_at": "", "expires_at": ""}
        return self._calls.update_one(match, {"$set": change, "$unset": gone}).matched_count == 1

    def request_cancel(self, workflow: Workflow, now: datetime) -> bool:
        """Request the cancellation of a workflow that has not ended; return ``False`` if it has."""
        match = {"_id": ObjectId(workflow.id), "status": {"$nin": _ENDED}}
        change = {"$set": {"cancel_requested": True, "updated_at": now}}
        return self._calls.update_one(match, change).matched_count == 1

    def is_cancelled(self, workflow_id: str) -> bool:
        """Return whether the cancellation of a workflow was requested."""
        fields = {"cancel_requested": 1}
        found = self._calls.find_one({"_id": ObjectId(workflow_id)}, fields, max_time_ms=MAX_TIME_MS)
        return found is None or bool(found.get("cancel_requested"))

    def running(self, workflow_ids: Collection[str]) -> set[str]:
        """Return those of the workflows that have not ended."""
        return running(self._calls.database, workflow_ids)

    def _move(self, workflow: Workflow, before: WorkflowStatus, change: Document, gone: Sequence[str] = ()) -> bool:
        match = {"_id": ObjectId(workflow.id), "status": before.value, "run": workflow.run}
        update: Document = {"$set": change}
        if gone:
            update["$unset"] = dict.fromkeys(gone, "")
        return self._calls.update_one(match, update).matched_count == 1

    def page(
        self,
        seen: Visibility,
        after: str | None,
        limit: int,
        *,
        backwards: bool = False,
        status: WorkflowStatus | None = None,
    ) -> list[Workflow]:
        """Return up to ``limit`` workflows, the newest first, after the one with an id, or before it.

        ``status``: only those in this state. It costs a read of each newer one, not only of those returned.
        """
        match = seen_by(seen) | ({} if status is None else {"status": status.value})
        return [workflow_of(each) for each in page_by_id(self._calls, match, after, limit, backwards=backwards)]

    # --- their jobs ------------------------------------------------------------------------------------------
    def states(self, job_ids: Collection[str]) -> dict[str, JobStatus]:
        """Return the states of jobs; those that do not exist are absent."""
        match = {"_id": {"$in": [ObjectId(job_id) for job_id in job_ids]}}
        found = self._jobs.find(match, {"status": 1}).max_time_ms(MAX_TIME_MS)
        return {str(each["_id"]): JobStatus(each["status"]) for each in found}

    def results(self, job_ids: Collection[str]) -> dict[str, str | None]:
        """Return the results of jobs as JSON text, ``None`` for those that did not complete."""
        match = {"_id": {"$in": [ObjectId(job_id) for job_id in job_ids]}, "status": JobStatus.COMPLETED.value}
        found = self._jobs.find(match, {"result": 1}).max_time_ms(MAX_TIME_MS)
        return dict.fromkeys(job_ids, None) | {str(each["_id"]): each["result"] for each in found}

    def has_open(self, workflow_id: str) -> bool:
        """Return whether a job of a workflow has not ended."""
        match = {"part.workflow": ObjectId(workflow_id), "status": {"$in": _OPEN}}
        return self._jobs.find_one(match, {"_id": 1}, hint="workflow", max_time_ms=MAX_TIME_MS) is not None

    def members(self, workflow_id: str, statuses: Collection[JobStatus], limit: int) -> list[Job]:
        """Return up to ``limit`` jobs of a workflow in ``statuses``, without heavy fields but with their needs."""
        wanted = sorted(status.value for status in statuses)
        match = {"part.workflow": ObjectId(workflow_id), "status": {"$in": wanted}}
        return readable(self._jobs.find(match, WITH_NEEDS).limit(limit).hint("workflow").max_time_ms(MAX_TIME_MS))


def running(db: Database[Document], workflow_ids: Collection[str], session: ClientSession | None = None) -> set[str]:
    """Return those of the workflows that have not ended."""
    match = {"_id": {"$in": [ObjectId(each) for each in workflow_ids]}, "status": {"$nin": _ENDED}}
    found = db.workflows.find(match, {"_id": 1}, session=session).max_time_ms(MAX_TIME_MS)
    return {str(each["_id"]) for each in found}


def _document(workflow: Workflow) -> Document:
    document: Document = {
        "_id": ObjectId(workflow.id),
        "tenant_id": ObjectId(workflow.tenant_id),
        "owner_id": ObjectId(workflow.owner_id),
        "name": workflow.name,
        "nodes": [_node_document(node) for node in workflow.nodes],
        "status": workflow.status.value,
        "run": workflow.run,
        **_runs(workflow),
        "trace_id": workflow.trace_id,
        "created_at": workflow.created_at,
        "updated_at": workflow.updated_at,
        "open": True,
    }
    if workflow.key is not None:
        document |= {"key": workflow.key, "digest": workflow.digest}
    if workflow.api_key is not None:
        document["api_key"] = ObjectId(workflow.api_key)
    if workflow.traceparent is not None:
        document["traceparent"] = workflow.traceparent
    return document


def _runs(workflow: Workflow) -> Document:
    """Return the fields that say in which runs the jobs of nodes were made."""
    kept = {node: list(runs) for node, runs in (workflow.kept or {}).items()}
    return {"runs": dict(workflow.runs or {}), "kept": kept}


def _node_document(node: NodeSpec) -> Document:
    job = node.job
    document: Document = {
        "id": node.id,
        "needs": list(node.needs),
        "run_if": node.run_if.value,
        "job": {
            "name": job.name, "task": job.task, "queue": job.queue, "priority": job.priority, "payload": job.payload,
            "tags": list(job.tags), "run_at": job.run_at, "delay_s": job.delay_s, "max_retries": job.max_retries,
            "timeout_s": job.timeout_s, "limit_keys": [list(each) for each in job.limit_keys],
            **({"traceparent": job.traceparent} if job.traceparent else {}),
        },
    }  # fmt: skip
    if node.map is not None:
        document["map"] = {"from": node.map.source, "max": node.map.most, "concurrency": node.map.concurrency}
    return document


def _node_of(found: Mapping[str, Any]) -> NodeSpec:
    job, spec = found["job"], found.get("map")
    return NodeSpec(
        found["id"],
        NewJob(**{
            **job,
            "tags": tuple(job["tags"]),
            "limit_keys": tuple((name, key) for name, key in job["limit_keys"]),
        }),
        tuple(found["needs"]),
        RunIf(found["run_if"]),
        None if spec is None else MapSpec(spec["from"], spec["max"], spec["concurrency"]),
    )  # fmt: skip


def workflow_of(found: Mapping[str, Any]) -> Workflow:
    """Return the workflow in a document."""
    return Workflow(
        id=str(found["_id"]),
        tenant_id=str(found["tenant_id"]),
        owner_id=str(found["owner_id"]),
        name=found["name"],
        nodes=tuple(_node_of(node) for node in found["nodes"]),
        created_at=found["created_at"],
        updated_at=found["updated_at"],
        trace_id=found["trace_id"],
        status=WorkflowStatus(found["status"]),
        run=found["run"],
        runs=found["runs"],
        kept={node: tuple(runs) for node, runs in found.get("kept", {}).items()},
        cancel_requested=found.get("cancel_requested", False),
        finished_at=found.get("finished_at"),
        is_open=found.get("open", False),
        key=found.get("key"),
        digest=found.get("digest", ""),
        api_key=str(by) if (by := found.get("api_key")) else None,
        traceparent=found.get("traceparent"),
    )
