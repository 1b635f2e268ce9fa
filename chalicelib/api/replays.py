"""Replays of ended jobs."""

from __future__ import annotations

from chalicelib.api.call import Call, Reply
from chalicelib.api.job_actions import REPLAY
from chalicelib.api.routing import MAX_LARGE_BODY_BYTES, Routes
from chalicelib.api.schemas.jobs import job_body
from chalicelib.api.schemas.replays import ReplayAnswer, ReplayJob
from chalicelib.domain.principals import KeyScope, Permission

routes = Routes(__name__, tag="Jobs")


@routes.post(
    "/job/{id}/replay",
    body=ReplayJob,
    max_body_bytes=MAX_LARGE_BODY_BYTES,
    answer=ReplayAnswer,
    status=201,
    also={200: ReplayAnswer},
    errors={409, 429},
    needs=Permission.WRITE_OWN,
    scope=KeyScope.JOBS_WRITE,
    audit=REPLAY,
)
def replay_job(call: Call[ReplayJob]) -> Reply:
    """Run an ended job again as a new job.

    The ended job may be completed, dead, cancelled or skipped, and stays as it is. What the body does not change is
    taken over from it: task, payload, name, queue, priority, tags, retries and time limit. The new job has the same
    owner, counts against the owner's limits, and says in `replayOf` where it came from; it belongs to no batch,
    workflow or schedule. A unique job keeps its key, and is refused (409, with the `jobId`) while another one holds it.

    A job that has not ended is a 409. An idempotency key works as in `POST /job/create`.
    """
    changes = call.body.changes(call.container.clock, call.headers.get("idempotency-key"))
    traced = {**changes, "traceparent": call.traceparent}
    submitted = call.container.replays.replay(call.principal, call.id, traced, call.trace_id)
    call.container.api_metrics.submitted(int(submitted.created))
    call.container.api_metrics.replayed(int(submitted.created))
    body = {**job_body(submitted.job), "created": submitted.created}
    return Reply(body, status=201 if submitted.created else 200)
