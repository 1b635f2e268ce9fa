"""Creating jobs and reading them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import orjson

from chalicelib.api import cursor
from chalicelib.api.answers import fits
from chalicelib.api.call import Call, Nothing, Reply
from chalicelib.api.routing import MAX_LARGE_BODY_BYTES, Routes
from chalicelib.api.schemas.blocks import block_body
from chalicelib.api.schemas.job_lists import InScope, JobsAnswer, ListJobs, ListLogs
from chalicelib.api.schemas.jobs import (
    AttemptsAnswer,
    JobCreatedAnswer,
    JobDetailAnswer,
    JobsCreatedAnswer,
    LogsAnswer,
    job_body,
    job_detail,
    lineage_body,
    relations_body,
    traced_body,
)
from chalicelib.api.schemas.metrics import StatsAnswer, StatsOut
from chalicelib.api.schemas.submissions import CreateJob, CreateJobs
from chalicelib.domain.events import job_data
from chalicelib.domain.filters import JobFilter, Order, Place, Start
from chalicelib.domain.job_logs import log_line_data
from chalicelib.domain.jobs import Job, iso
from chalicelib.domain.principals import KeyScope, Permission, Scope

if TYPE_CHECKING:
    from chalicelib.services.stored_values import Shown

routes = Routes(__name__, tag="Jobs")
Asked = TypeVar("Asked", bound=ListJobs)


@routes.post(
    "/job/create",
    body=CreateJob,
    answer=JobCreatedAnswer,
    status=201,
    also={200: JobCreatedAnswer},
    errors={409, 429},
    needs=Permission.WRITE_OWN,
    max_body_bytes=MAX_LARGE_BODY_BYTES,
    scope=KeyScope.JOBS_WRITE,
)
def create_job(call: Call[CreateJob]) -> Reply:
    """Create a job.

    An idempotency key (field `idempotencyKey` or header `Idempotency-Key`) makes the call safe to retry for 24 hours:
    the first call answers 201, later ones 200 with the same job, and another body with the same key is a 409. The key
    is checked before both limits.

    With `unique`, one job at a time holds a key. While another one does, `onConflict` decides: `keep` and the options
    that change the waiting job answer 200 with that job and `"duplicate": true`, `reject` is a 409 with its `jobId`.

    With `dependsOn`, the job is `blocked` until all these jobs have ended; if they end otherwise than `runIf` asks, it
    is `skipped`. Jobs that do not exist, or that the caller may not read, are a 400.
    """
    new = call.traced(call.body.new_job(call.container.clock, call.headers.get("idempotency-key")))
    [submitted] = call.container.jobs.submit(call.principal, [new], call.trace_id)
    call.container.api_metrics.submitted(int(submitted.created))
    call.container.api_metrics.deduplicated(int(submitted.duplicate))
    body = {**job_body(submitted.job), "duplicate": submitted.duplicate}
    return Reply(body, status=201 if submitted.created else 200)


@routes.post(
    "/job/bulk",
    body=CreateJobs,
    answer=JobsCreatedAnswer,
    status=201,
    errors={409, 429},
    also={200: JobsCreatedAnswer},
    needs=Permission.WRITE_OWN,
    max_body_bytes=MAX_LARGE_BODY_BYTES,
    scope=KeyScope.JOBS_WRITE,
)
def create_jobs(call: Call[CreateJobs]) -> Reply:
    """Create up to 1,000 jobs in one step.

    Either all jobs are created or none. Each counts as one attempt against the rate limit. An idempotency key (field
    `idempotencyKey` or header `Idempotency-Key`) makes the call safe to retry for 24 hours: 201 first, then 200 with
    the same jobs, and 409 with other jobs. Alternatively, each job may have its own key. Each job may be `unique`.
    """
    news = call.body.new_jobs(call.container.clock, call.headers.get("idempotency-key"))
    done = call.container.jobs.submit(call.principal, [call.traced(new) for new in news], call.trace_id)
    created = len({one.job.id for one in done if one.created})
    call.container.api_metrics.submitted(created)
    call.container.api_metrics.deduplicated(sum(one.duplicate for one in done))
    duplicates = [one.duplicate for one in done]
    slim = {
        "success": True,
        "ids": [one.job.id for one in done],
        "jobs": [],
        "created": created,
        "duplicates": duplicates,
    }
    full = orjson.dumps({**slim, "jobs": [job_data(one.job) for one in done]}).decode()
    return Reply(orjson.Fragment(full) if fits(full) else slim, status=201 if created else 200)


@routes.get("/job", query=ListJobs, answer=JobsAnswer, scope=KeyScope.JOBS_READ)
def list_jobs(call: Call[Nothing, ListJobs]) -> dict[str, Any]:
    """List jobs, newest first.

    Lists the caller's jobs unless `scope` is wider. Pages stay consistent under concurrent inserts: pass `nextCursor`
    or `prevCursor` as `cursor`.
    """
    return list_page(call, call.query.filter())


@routes.get("/job/stats", query=InScope, answer=StatsAnswer, scope=KeyScope.JOBS_READ)
def job_stats(call: Call[Nothing, InScope]) -> dict[str, Any]:
    """Count jobs per state."""
    stats = call.container.stats.stats(call.principal, call.query.scope)
    return {"success": True, "stats": StatsOut.model_validate(stats, from_attributes=True).model_dump()}


@routes.get("/job/{id}", answer=JobDetailAnswer, scope=KeyScope.JOBS_READ)
def get_job(call: Call) -> dict[str, Any]:
    """Get one job with payload, result and attempts, what it waits for, and which jobs wait for it.

    A payload over 512 KB is null, and `payloadUrl` has a link to the whole; a result likewise.
    """
    job = call.container.jobs.get(call.principal, call.id)
    blocks = call.container.task_limits.blocked_by(job)
    others = relations_body(call.container.dependencies.relations(call.principal, job))
    lineage = lineage_body(call.container.replays.lineage(call.principal, job))
    blocked_by = [block_body(job, each) for each in blocks]
    expires_at = call.container.expiry.at(job)
    lineage["expiresAt"] = iso(expires_at) if expires_at else None
    traced = _traced(call, job)
    redactions = call.container.redactions

    def shown(text: str, filename: str) -> Shown:
        return call.container.stored_values.shown(text, filename, redactions.of(job.tenant_id, job.task))

    detail = job_detail(redactions.shown(job), redactions.paths(job), shown)
    return {"success": True, "job": {**detail, **traced, "blockedBy": blocked_by, **others, **lineage}}


@routes.get("/job/{id}/attempts", answer=AttemptsAnswer, scope=KeyScope.JOBS_READ)
def list_attempts(call: Call) -> dict[str, Any]:
    """List the attempts of a job."""
    job = call.container.jobs.get(call.principal, call.id)
    return {"success": True, "attempts": _traced(call, job)["attempts"]}


def _traced(call: Call, job: Job) -> dict[str, Any]:
    return traced_body(job, call.container.trace_ratio, call.container.settings.trace_url)


@routes.get("/job/{id}/logs", query=ListLogs, answer=LogsAnswer, scope=KeyScope.JOBS_READ)
def list_logs(call: Call[Nothing, ListLogs]) -> dict[str, Any]:
    """Read the log lines of a job, oldest first."""
    call.container.jobs.get(call.principal, call.id)
    lines = call.container.job_logs.read(call.id, after=call.query.after, limit=call.query.limit)
    last = lines[-1].seq if lines else call.query.after
    return {"success": True, "lines": [log_line_data(line) for line in lines], "nextAfter": last}


def list_page(call: Call[Nothing, Asked], wanted: JobFilter | None) -> dict[str, Any]:
    """Return a page of the list that ``call`` asks for, narrowed to ``wanted``; an empty one if no job can match."""
    asked, search = call.query, call.container.search
    if asked.payload:
        return _page_inside(call, wanted)
    start, order, whose = cursor.decode(asked.cursor, asked), asked.order(), asked.whose()
    page = search.page(call.principal, whose, wanted, order, start, asked.limit)
    total = search.total(call.principal, whose, wanted) if asked.count else None
    people = search.people(page.jobs) if asked.scope is not Scope.OWN else None
    first, last = page.jobs[:1], page.jobs[-1:]
    return {
        "success": True,
        "jobs": [job_data(job) for job in page.jobs],
        "nextCursor": _cursor(last, asked, order) if page.after else None,
        "prevCursor": _cursor(first, asked, order, backwards=True) if page.before else None,
        "total": total.count if total else None,
        "totalIsExact": total.exact if total else None,
        "owners": people.owners if people else {},
        "tenants": people.tenants if people else {},
    }


def _page_inside(call: Call[Nothing, Asked], wanted: JobFilter | None) -> dict[str, Any]:
    """Return a page of the jobs whose payloads meet conditions. It has no way back: pages are as far as one looked."""
    asked, search = call.query, call.container.search
    start, order = cursor.decode(asked.cursor, asked), asked.order()
    conditions = asked.payload_conditions()
    found = search.inside(call.principal, asked.whose(), wanted, conditions, order, start, asked.limit)
    people = search.people(found.jobs) if asked.scope is not Scope.OWN else None
    last = None if found.last is None else Place(found.last.job_id, found.last.finished_at if order.by_end else None)
    return {
        "success": True,
        "jobs": [job_data(job) for job in found.jobs],
        "nextCursor": None if last is None else cursor.encode(Start(last), asked),
        "prevCursor": None,
        "total": None,
        "totalIsExact": None,
        "examined": found.examined,
        "passedBy": found.passed_by,
        "owners": people.owners if people else {},
        "tenants": people.tenants if people else {},
    }


def _cursor(at: list[Job], asked: ListJobs, order: Order, *, backwards: bool = False) -> str | None:
    """Return the cursor of the pages that begin at the job in ``at``, or end there; ``None`` if ``at`` is ``None``."""
    if not at:
        return None
    place = Place(at[0].id, at[0].finished_at if order.by_end else None)
    return cursor.encode(Start(place, backwards), asked)
