"""Live workers."""

from __future__ import annotations

from typing import Any

from chalicelib.api.call import Call
from chalicelib.api.routing import Routes
from chalicelib.api.schemas.workers import WorkersAnswer, worker_body
from chalicelib.domain.principals import KeyScope

routes = Routes(__name__, tag="Workers")


@routes.get("/workers", answer=WorkersAnswer, scope=KeyScope.JOBS_READ)
def list_workers(call: Call) -> dict[str, Any]:
    """List live workers and the leases they hold.

    Shows only leases of jobs that the caller may read.
    """
    return {"success": True, "workers": [worker_body(worker) for worker in call.container.workers.list(call.principal)]}
