"""Durable jobs: their steps, events for them, callbacks."""

from __future__ import annotations

from typing import Any

from chalicelib.api.auth import Auth
from chalicelib.api.call import AnyJson, Call, Nothing
from chalicelib.api.routing import Routes
from chalicelib.api.schemas.steps import EventAnswer, ListSteps, StepsAnswer, event_body, steps_body
from chalicelib.domain.jobs import MAX_DOCUMENT_BYTES
from chalicelib.domain.principals import KeyScope, Permission

routes = Routes(__name__, tag="Durable jobs")


@routes.get("/job/{id}/steps", query=ListSteps, answer=StepsAnswer, scope=KeyScope.JOBS_READ)
def list_steps(call: Call[Nothing, ListSteps]) -> dict[str, Any]:
    """List the steps that a durable job has recorded, and the events that it was sent.

    Those of its present series of attempts: a redrive begins another one, with copies of the steps that it keeps.
    """
    asked = call.query
    steps = call.container.steps
    page = steps.page(call.principal, call.id, asked.after, asked.limit, with_results=asked.results)
    return steps_body(page, asked)


@routes.post(
    "/job/{id}/events/{name}",
    body=AnyJson,
    answer=EventAnswer,
    errors={409},
    needs=Permission.WRITE_OWN,
    scope=KeyScope.JOBS_WRITE,
    max_body_bytes=MAX_DOCUMENT_BYTES,
)
def send_event(call: Call[AnyJson]) -> dict[str, Any]:
    """Send an event to a durable job.

    The body may be any JSON; `ctx.wait_for_event(name)` returns it. The job need not wait for it yet: each wait takes
    the first event of its name that no other wait took. A job that has ended is a 409.
    """
    event = call.container.steps.send(call.principal, call.id, call.params["name"], call.body.value)
    return {"success": True, "event": event_body(event)}


@routes.post(
    "/callbacks/{token}",
    body=AnyJson,
    answer=EventAnswer,
    errors={409, 429},
    auth=Auth.NONE,
    max_body_bytes=MAX_DOCUMENT_BYTES,
)
def call_back(call: Call[AnyJson]) -> dict[str, Any]:
    """Send the event of a callback URL, which a durable job made (`ctx.callback_url`).

    It needs no session and works once; again, or after the job has ended, it is a 409. The body may be any JSON.
    """
    call.container.throttles.call_back(call.viewer)
    event = call.container.steps.call_back(call.params["token"], call.body.value)
    return {"success": True, "event": event_body(event)}
