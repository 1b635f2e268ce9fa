"""Pauses of everything, and which pauses hold."""

from __future__ import annotations

from chalicelib.api import auditing
from chalicelib.api.auditing import Audited
from chalicelib.api.call import Call, Nothing
from chalicelib.api.routing import Routes
from chalicelib.api.schemas.pauses import PauseChangedAnswer, PausesAnswer
from chalicelib.api.schemas.queues import OfTenant
from chalicelib.domain.principals import KeyScope, Permission

routes = Routes(__name__, tag="Pauses")


@routes.get("/pauses", query=OfTenant, answer=PausesAnswer, scope=KeyScope.JOBS_READ)
def get_pauses(call: Call[Nothing, OfTenant]) -> PausesAnswer:
    """Get the pause of all queues of the caller's tenant, and that of everything.

    Pauses of single queues are in the list of queues.
    """
    return PausesAnswer.of(*call.container.queues.pauses(call.principal, call.query.tenant))


@routes.post(
    "/pause",
    answer=PauseChangedAnswer,
    errors={429},
    needs=Permission.MANAGE_TENANTS,
    scope=KeyScope.ADMIN,
    audit=Audited("everything.pause", auditing.everything),
)
def pause_everything(call: Call) -> PauseChangedAnswer:
    """Pause all queues of all tenants (operators).

    For maintenance of what tasks depend on. Jobs are accepted and wait; running jobs continue.
    """
    return PauseChangedAnswer(
        paused=True, changed=call.container.queues.set_everything_paused(call.principal, paused=True)
    )


@routes.post(
    "/resume",
    answer=PauseChangedAnswer,
    errors={429},
    needs=Permission.MANAGE_TENANTS,
    scope=KeyScope.ADMIN,
    audit=Audited("everything.resume", auditing.everything),
)
def resume_everything(call: Call) -> PauseChangedAnswer:
    """Resume all queues, except those that are paused by themselves or with their tenant (operators)."""
    return PauseChangedAnswer(
        paused=False, changed=call.container.queues.set_everything_paused(call.principal, paused=False)
    )
