"""Exports of jobs: small ones at once, large ones by an operation."""

from __future__ import annotations

from typing import Any

import orjson

from chalicelib.api import auditing
from chalicelib.api.answers import MAX_ANSWER_BYTES
from chalicelib.api.auditing import Audited
from chalicelib.api.call import Call, Nothing, Reply
from chalicelib.api.routing import Routes
from chalicelib.api.schemas.operations import ExportJobs, OperationStartedAnswer, operation_data
from chalicelib.domain.events import job_data
from chalicelib.domain.exports import ExportFormat
from chalicelib.domain.filters import visibility
from chalicelib.domain.operations import OperationKind
from chalicelib.domain.principals import KeyScope

routes = Routes(__name__, tag="Operations")


@routes.get(
    "/job/export",
    query=ExportJobs,
    content_type=ExportFormat.CSV.content_type,
    other_types=[ExportFormat.JSON.content_type, ExportFormat.NDJSON.content_type],
    also={202: OperationStartedAnswer},
    errors={429},
    scope=KeyScope.JOBS_READ,
    audit=Audited("jobs.export", summary=auditing.of_export),
)
def export_jobs(call: Call[Nothing, ExportJobs]) -> Reply:
    """Export jobs as CSV, JSON or NDJSON, with payload and result, by the filters of `GET /job`.

    Up to 1,000 jobs that fit into an answer are answered at once. Else, and with `background=true`, the answer is a 202
    with an operation: its job writes the file, and `GET /operations/{id}` has a link to it. At most 1,000,000 jobs.
    Text that a spreadsheet would take as a formula begins with an apostrophe in CSV.
    """
    asked, container = call.query, call.container
    container.throttles.export(call.principal)
    seen, wanted, order = visibility(call.principal, asked.whose()), asked.filter(), asked.order()
    if not asked.background:
        text = container.exports.small(seen, wanted, order, asked.format, MAX_ANSWER_BYTES)
        if text is not None:
            name = f"jobs-{container.clock.now():%Y-%m-%d}.{asked.format.value}"
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            # JSON is sent as it is only in this form
            body = orjson.Fragment(text) if asked.format is ExportFormat.JSON else text
            return Reply(body, headers=headers, content_type=asked.format.content_type)
    _ = container.export_bucket  # without one there is nothing to start
    total = container.search.total(call.principal, asked.whose(), wanted)
    running = container.operations.start(
        call.principal,
        OperationKind.EXPORT,
        f"Export of jobs ({asked.format.value})",
        asked.whose(),
        wanted,
        call.trace_id,
        options={"format": asked.format.value, "newestFirst": order.newest_first, "byEnd": order.by_end},
        matched=total.count if total is not None and total.exact else None,
    )
    job = job_data(running.job) if running.job else None
    started: dict[str, Any] = {"success": True, "operation": operation_data(running), "job": job}
    return Reply(started, status=202, content_type="application/json")
