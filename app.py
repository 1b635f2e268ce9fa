"""The Chalice app: registers blueprints. No logic lives here."""

from __future__ import annotations

from typing import Any

from chalice.app import Chalice, CORSConfig, WebsocketEvent

from chalicelib import gc_tuning
from chalicelib.api import (
    accounts,
    analytics,
    api_keys,
    audit,
    batches,
    deletions,
    dlq,
    docs,
    exports,
    health,
    invitations,
    job_actions,
    jobs,
    limits,
    members,
    metrics,
    notifications,
    operations,
    outbox,
    passwords,
    pipeline,
    prometheus,
    queues,
    schedules,
    sessions,
    steps,
    system,
    tasks,
    tenants,
    websocket,
    workers,
    workflows,
    ws_ticket,
)
from chalicelib.api.container import get_container
from chalicelib.settings import frontend_url, in_function

# in a function a missing or wrong setting is an error at the start, not at the first request
origin = get_container().settings.required_frontend_url() if in_function() else frontend_url()

app = Chalice(app_name="queuecraft", configure_logs=False)
app.experimental_feature_flags.add("WEBSOCKETS")  # else Chalice refuses to package the handlers below
app.api.cors = CORSConfig(
    allow_origin=origin,
    allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "X-CSRF-Token", "X-Trace-Id"],
    expose_headers=["X-Trace-Id", "X-Next-Cursor", "Retry-After"],
    max_age=600,
)
app.register_middleware(pipeline.tidy, "http")
for module in (
    accounts, passwords, sessions, notifications, deletions, members, invitations, api_keys, audit, exports, jobs,
    job_actions, operations, steps, batches, workflows, dlq, queues, limits, schedules, tenants, outbox, workers, tasks,
    metrics, analytics, prometheus, health, docs, system, ws_ticket,
):  # fmt: skip
    app.register_blueprint(module.routes.blueprint)

if in_function():
    gc_tuning.spare()


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
