"""Batches: submit, list, get, cancel."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from chalicelib.api import auditing
from chalicelib.api.auditing import Audited
from chalicelib.api.call import Call, Nothing, Reply
from chalicelib.api.listing import page_body, page_for
from chalicelib.api.routing import MAX_LARGE_BODY_BYTES, Routes
from chalicelib.api.schemas.batches import BatchAnswer, BatchesAnswer, CreateBatch, ListBatches
from chalicelib.domain.batches import Batch
from chalicelib.domain.principals import KeyScope, Permission
from chalicelib.services.batch_data import batch_data
from chalicelib.services.batches import Counts

routes = Routes(__name__, tag="Batches")


@routes.post(
    "/batches",
    body=CreateBatch,
    answer=BatchAnswer,
    status=201,
    also={200: BatchAnswer},
    errors={409, 429},
    needs=Permission.WRITE_OWN,
    max_body_bytes=MAX_LARGE_BODY_BYTES,
    scope=KeyScope.JOBS_WRITE,
)
def create_batch(call: Call[CreateBatch]) -> Reply:
    """Submit up to 10,000 jobs that belong together.

    All are recorded before the first one runs; each counts as one attempt against the rate limit. `GET /job?batch=`
    lists them. When all have ended, `onComplete` is submitted, and `onSuccess` if all completed; neither after a
    cancellation. With an idempotency key (field or header), the call may be repeated for 24 hours: one that died before
    the jobs could run is continued. Without, its jobs are deleted after a minute.
    """
    new = call.body.new_batch(call.container.clock, call.headers.get("idempotency-key"))
    new = replace(new, traceparent=call.traceparent)
    batch, created = call.container.batches.create(call.principal, new, call.trace_id)
    call.container.api_metrics.submitted(batch.total if created else 0)
    return Reply(_body(batch, call.container.batches.progress([batch])[batch.id]), status=201 if created else 200)


@routes.get("/batches", query=ListBatches, answer=BatchesAnswer, scope=KeyScope.JOBS_READ)
def list_batches(call: Call[Nothing, ListBatches]) -> dict[str, Any]:
    """List batches, newest first.

    Lists the caller's batches unless `scope` is wider. Pages as the list of jobs does.
    """
    service = call.container.batches
    page = page_for(call, partial(service.page, status=call.query.status))
    progress = service.progress(page.items)
    return page_body(call, page, "batches", [batch_data(batch, progress[batch.id]) for batch in page.items])


@routes.get("/batches/{id}", answer=BatchAnswer, scope=KeyScope.JOBS_READ)
def get_batch(call: Call) -> dict[str, Any]:
    """Get a batch with its progress."""
    return _body(*call.container.batches.get(call.principal, call.id))


@routes.post(
    "/batches/{id}/cancel",
    answer=BatchAnswer,
    errors={409},
    needs=Permission.WRITE_OWN,
    scope=KeyScope.JOBS_WRITE,
    audit=Audited("batch.cancel", auditing.batch),
)
def cancel_batch(call: Call) -> dict[str, Any]:
    """Cancel the open jobs of a batch.

    Running ones are asked to stop. Its callbacks are not submitted.
    """
    return _body(*call.container.batches.cancel(call.principal, call.id))


def _body(batch: Batch, counts: Counts) -> dict[str, Any]:
    return {"success": True, "batch": batch_data(batch, counts)}
