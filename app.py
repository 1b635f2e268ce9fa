"""The Chalice app: registers blueprints. No logic lives here."""

from __future__ import annotations

from typing import Any

from chalicelib import gc_tuning
from chalicelib.settings import frontend_url, in_function

if in_function():
    gc_tuning.begin()

from chalice.app import Chalice, CORSConfig, WebsocketEvent

from chalicelib.api import (
    accounts,
    dlq,
    health,
    job_actions,
    jobs,
    metrics,
    pipeline,
    queues,
    system,
    tasks,
    websocket,
    workers,
    ws_ticket,
)
from chalicelib.api.container import get_container
from chalicelib.api.late import LateRoutes

# in a function a missing or wrong setting is an error at the start, not at the first request
origin = get_container().settings.required_frontend_url() if in_function() else frontend_url()

app = Chalice(app_name="queuecraft", configure_logs=False)
app.experimental_feature_flags.add("WEBSOCKETS")  # else Chalice refuses to package the handlers below
app.api.cors = CORSConfig(
    allow_origin=origin,
    allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "X-CSRF-Token", "X-Trace-Id", "traceparent"],
    expose_headers=["X-Trace-Id", "X-Next-Cursor", "Retry-After"],
    max_age=600,
)
app.register_middleware(pipeline.tidy, "http")
for module in (accounts, jobs, job_actions, dlq, queues, workers, tasks, metrics, health, system, ws_ticket):
    app.register_blueprint(module.routes.blueprint)

if in_function():
    app.routes = LateRoutes(app)
    gc_tuning.spare()
else:  # tools need all routes
    from chalicelib.api import (
        alerts,
        analytics,
        api_keys,
        audit,
        batches,
        comments,
        deletions,
        docs,
        exports,
        invitations,
        limits,
        members,
        notifications,
        operations,
        outbox,
        passwords,
        pauses,
        payloads,
        prometheus,
        replays,
        schedules,
        sessions,
        steps,
        tenants,
        views,
        webhooks,
        workflows,
    )

    for module in (
        alerts, analytics, api_keys, audit, batches, comments, deletions, docs, exports, invitations, limits, members,
        notifications, operations, outbox, passwords, pauses, payloads, prometheus, replays, schedules, sessions, steps,
        tenants, views, webhooks, workflows,
    ):  # fmt: skip
        app.register_blueprint(module.routes.blueprint)


@app.on_ws_connect()
def websocket_connect(event: WebsocketEvent) -> Any:
    """A client asks to connect."""
    return websocket.on_connect(event.to_dict())


@app.on_ws_message()
def websocket_message(event: WebsocketEvent) -> Any:
    """A client sends a frame."""
    return websocket.on_message(event.to_dict())


@app.on_ws_disconnect()
def websocket_disconnect(event: WebsocketEvent) -> Any:
    """A client has left."""
    return websocket.on_disconnect(event.to_dict())
