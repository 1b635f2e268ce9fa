"""Pauses of everything and of tasks, and which pauses hold."""

from __future__ import annotations

import re

from chalicelib.api import auditing
from chalicelib.api.auditing import Audited
from chalicelib.api.call import Call, Nothing
from chalicelib.api.routing import Routes
from chalicelib.api.schemas.pauses import PauseChangedAnswer, PausesAnswer, PauseTask
from chalicelib.api.schemas.queues import OfTenant
from chalicelib.domain.jobs import MAX_TASK_CHARS, TASK_PATTERN
from chalicelib.domain.principals import KeyScope, Permission, Scope
from chalicelib.errors import NotFound

routes = Routes(__name__, tag="Pauses")


@routes.get("/pauses", query=OfTenant, answer=PausesAnswer, scope=KeyScope.JOBS_READ)
def get_pauses(call: Call[Nothing, OfTenant]) -> PausesAnswer:
    """Get the pause of all queues of the caller's tenant, that of everything, and those of tasks.

    Pauses of single queues are in the list of queues.
    """
    queues, tenant = call.container.queues, call.query.tenant
    return PausesAnswer.of(*queues.pauses(call.principal, tenant), queues.task_pauses(call.principal, tenant))


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


@routes.post(
    "/tasks/{name}/pause",
    query=PauseTask,
    answer=PauseChangedAnswer,
    errors={429},
    needs=Permission.MANAGE_QUEUES,
    scope=KeyScope.QUEUES_WRITE,
    audit=Audited("task.pause", auditing.task),
)
def pause_task(call: Call[Nothing, PauseTask]) -> PauseChangedAnswer:
    """Pause a task: its jobs wait, in whatever queues; those of other tasks go on. Running jobs continue.

    It holds for the caller's tenant; for all tenants with `scope=all` (operators).
    """
    return _set_task_paused(call, paused=True)


@routes.post(
    "/tasks/{name}/resume",
    query=PauseTask,
    answer=PauseChangedAnswer,
    errors={429},
    needs=Permission.MANAGE_QUEUES,
    scope=KeyScope.QUEUES_WRITE,
    audit=Audited("task.resume", auditing.task),
)
def resume_task(call: Call[Nothing, PauseTask]) -> PauseChangedAnswer:
    """Resume a paused task; for all tenants with `scope=all` (operators). Each pause ends by itself."""
    return _set_task_paused(call, paused=False)


def _set_task_paused(call: Call[Nothing, PauseTask], *, paused: bool) -> PauseChangedAnswer:
    name, asked = call.params["name"], call.query
    if len(name) > MAX_TASK_CHARS or not re.fullmatch(TASK_PATTERN, name):
        raise NotFound("There is no such task")
    changed = call.container.queues.set_task_paused(
        call.principal, name, paused=paused, tenant_id=asked.tenant, every_tenant=asked.scope is Scope.ALL
    )
    return PauseChangedAnswer(paused=paused, changed=changed)
