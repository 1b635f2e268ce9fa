"""Operations: start bulk operations, list, look at, cancel."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import orjson

from chalicelib.api import auditing, cursor
from chalicelib.api.auditing import Audited
from chalicelib.api.call import Call, Nothing, Reply
from chalicelib.api.routing import Routes
from chalicelib.api.schemas.operations import (
    ListOperations,
    MatchedAnswer,
    OperationAnswer,
    OperationsAnswer,
    OperationStartedAnswer,
    StartOperation,
    operation_data,
)
from chalicelib.domain.events import job_data
from chalicelib.domain.filters import Place, Start, visibility
from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.operations import OperationKind
from chalicelib.domain.principals import KeyScope, Permission
from chalicelib.domain.replays import Changes
from chalicelib.errors import InvalidInput
from chalicelib.services.bulk import action_of, permitted
from chalicelib.services.exports import LINK_S
from chalicelib.services.operations import Running
from chalicelib.services.search import MAX_COUNTED

routes = Routes(__name__, tag="Operations")
#: Jobs that a dry run shows.
SAMPLE = 10


@routes.get("/operations", query=ListOperations, answer=OperationsAnswer, scope=KeyScope.JOBS_READ)
def list_operations(call: Call[Nothing, ListOperations]) -> dict[str, Any]:
    """List the caller's operations, newest first: exports and bulk operations."""
    asked = call.query
    start = cursor.decode(asked.cursor, asked)
    after, backwards = (start.place.job_id, start.backwards) if start else (None, False)
    page = call.container.operations.page(call.principal, after, asked.limit, backwards=backwards, kind=asked.kind)
    first, last = page.items[:1], page.items[-1:]
    return {
        "success": True,
        "operations": [operation_data(each) for each in page.items],
        "nextCursor": _cursor(last[0], asked) if last and page.after else None,
        "prevCursor": _cursor(first[0], asked, backwards=True) if first and page.before else None,
    }


@routes.post(
    "/operations",
    body=StartOperation,
    answer=OperationStartedAnswer,
    status=202,
    also={200: MatchedAnswer},
    errors={429},
    needs=Permission.WRITE_OWN,
    scope=KeyScope.JOBS_WRITE,
    audit=Audited("jobs.operate", summary=auditing.of_operation),
)
def start_operation(call: Call[StartOperation]) -> Reply:
    """Cancel, retry, redrive, delete or replay all jobs that match a filter, however many, by an operation.

    It changes the jobs that match when it comes to them, up to 1,000,000, but none that was submitted after it began;
    retry and redrive change none that changed after that. `ratePerMin` sets a pace. It has the rights that its owner
    has while it runs. Jobs that cannot be changed are counted, and the log of its job names them. `dryRun` only counts.

    `replay` runs each ended job again as a new job, as `POST /job/{id}/replay` does, with `changes` if given. A dry run
    shows the merged payloads of the sample. An operation starts only if those fit the schemas of their tasks; a later
    one that does not fails when its job runs. While a limit of the tenant refuses new jobs, the operation waits.
    """
    body, container = call.body, call.container
    kind, whose = OperationKind(body.action), body.filter.whose()
    wanted = permitted(call.principal, kind, body.filter.filter())
    merges = body.changes is not None and body.changes.merge is not None
    found = container.search.preview(
        call.principal, whose, wanted, action_of(kind), sample=SAMPLE if body.dry_run or merges else 0
    )
    payloads = _merged(call, [job.id for job in found.jobs]) if merges else None
    if body.dry_run:
        sample = [job_data(job) for job in found.jobs]
        answer = {"success": True, "matched": found.total, "sample": sample, "payloads": payloads}
        return Reply(answer, status=200)
    _check_merged(payloads or [])
    running = container.operations.start(
        call.principal, kind, body.name or f"{kind.value.capitalize()} jobs", whose, wanted, call.trace_id,
        options=body.options(),
        matched=found.total if found.total < MAX_COUNTED else None,
    )  # fmt: skip
    job = job_data(running.job) if running.job else None
    return Reply({"success": True, "operation": operation_data(running), "job": job})


@routes.get("/operations/{id}", answer=OperationAnswer, scope=KeyScope.JOBS_READ)
def get_operation(call: Call) -> dict[str, Any]:
    """Get an operation of the caller; of an export that completed, with a link to its file.

    Each call makes a new link, valid for 15 minutes. Files are deleted after 7 days.
    """
    running = call.container.operations.get(call.principal, call.id)
    return {"success": True, "operation": operation_data(running, _link(call, running))}


@routes.post(
    "/operations/{id}/cancel",
    answer=OperationAnswer,
    errors={409},
    scope=KeyScope.JOBS_READ,
    audit=Audited("operation.cancel", auditing.operation),
)
def cancel_operation(call: Call) -> dict[str, Any]:
    """Cancel an operation of the caller that has not ended. What it has done stays."""
    return {"success": True, "operation": operation_data(call.container.operations.cancel(call.principal, call.id))}


def _link(call: Call, running: Running) -> tuple[str, datetime] | None:
    job = running.job
    if running.operation.kind is not OperationKind.EXPORT or job is None or job.status is not JobStatus.COMPLETED:
        return None
    visibility(call.principal, running.operation.whose)  # the role may have changed since
    until = call.container.clock.now() + timedelta(seconds=LINK_S)
    return call.container.exports.link(running.operation), until


def _merged(call: Call[StartOperation], ids: list[str]) -> list[dict[str, Any]]:
    changes = call.body.changes
    given = Changes(changes.merge) if changes is not None else Changes()
    found = call.container.replays.sample(call.principal, ids, given)
    return [
        {
            "jobId": each.job_id,
            "payload": None if each.payload is None else orjson.loads(each.payload),
            "error": None if each.error is None else each.error.message,
            "field": getattr(each.error, "field", None),
        }
        for each in found
    ]


def _check_merged(payloads: list[dict[str, Any]]) -> None:
    """Raise ``InvalidInput`` if one of the sampled payloads does not fit."""
    for each in payloads:
        if each["error"] is not None and each["payload"] is not None:
            raise InvalidInput(f"The merged payload of the job {each['jobId']}: {each['error']}", "changes.merge")


def _cursor(at: Running, asked: ListOperations, *, backwards: bool = False) -> str:
    return cursor.encode(Start(Place(at.operation.id), backwards), asked)
