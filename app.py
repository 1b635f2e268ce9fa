"""The Chalice app: registers blueprints. No logic lives here."""

from __future__ import annotations

from chalice.app import Chalice, CORSConfig

from chalicelib.api import (
    accounts,
    dlq,
    health,
    job_actions,
    jobs,
    members,
    metrics,
    pipeline,
    prometheus,
    queues,
    system,
    tasks,
    workers,
)
from chalicelib.settings import frontend_url

app = Chalice(app_name="queuecraft")
app.api.cors = CORSConfig(
    allow_origin=frontend_url(),
    allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "X-CSRF-Token", "X-Trace-Id"],
    expose_headers=["X-Trace-Id", "Retry-After"],
    max_age=600,
)
app.register_middleware(pipeline.tidy, "http")
for module in (
    accounts, members, jobs, job_actions, dlq, queues, workers, tasks, metrics, prometheus, health, system
):  # fmt: skip
    app.register_blueprint(module.routes.blueprint)
