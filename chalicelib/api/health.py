"""The health of the system."""

from __future__ import annotations

from chalicelib.api.call import Call, Reply
from chalicelib.api.routing import Auth, Routes
from chalicelib.api.schemas.metrics import HealthAnswer
from chalicelib.domain.jobs import iso

routes = Routes(__name__, tag="Monitoring")


@routes.get("/health", auth=Auth.NONE, answer=HealthAnswer, also={503: HealthAnswer})
def health(call: Call) -> Reply:
    """Check whether jobs can be accepted and run. Queries MongoDB and Redis, within about a second."""
    found = call.container.health.check()
    answer = HealthAnswer.of(found, iso(call.container.clock.now()))
    return Reply(answer, status=200 if found.ok else 503)
