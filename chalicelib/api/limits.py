"""Limits of tasks: list, change, pause, resume, reset."""

from __future__ import annotations

import re
from typing import Any

from chalicelib.api import auditing
from chalicelib.api.auditing import Audited
from chalicelib.api.call import Call, Nothing
from chalicelib.api.routing import Routes
from chalicelib.api.schemas.limits import (
    ChangeLimit,
    LimitAnswer,
    LimitDetailAnswer,
    LimitsAnswer,
    OfTenant,
    limit_body,
    limit_detail_body,
    tenant_limit_body,
)
from chalicelib.domain.limits import LIMIT_PATTERN, MAX_LIMIT_CHARS
from chalicelib.domain.principals import KeyScope, Permission
from chalicelib.errors import NotFound

routes = Routes(__name__, tag="Limits")


@routes.get("/limits", query=OfTenant, answer=LimitsAnswer, scope=KeyScope.JOBS_READ)
def list_limits(call: Call[Nothing, OfTenant]) -> dict[str, Any]:
    """List the limits that tasks declare, as they stand for the caller's tenant, and that of all jobs of the tenant."""
    limits = call.container.task_limits.list(call.principal, call.query.tenant)
    of_tenant = call.container.tenant_limits.get(call.query.tenant or call.principal.tenant_id)
    return {"success": True, "limits": [limit_body(limit) for limit in limits], "tenant": tenant_limit_body(of_tenant)}


@routes.get("/limits/{name}", query=OfTenant, answer=LimitDetailAnswer, scope=KeyScope.JOBS_READ)
def get_limit(call: Call[Nothing, OfTenant]) -> dict[str, Any]:
    """Get one limit with its busiest keys and the jobs that hold it.

    Keys are listed for those who may read all jobs of the tenant, those of a shared limit for operators.
    """
    detail = call.container.task_limits.get(call.principal, _name(call), call.query.tenant)
    return {"success": True, "limit": limit_detail_body(detail)}


@routes.put(
    "/limits/{name}",
    body=ChangeLimit,
    query=OfTenant,
    answer=LimitAnswer,
    errors={429},
    needs=Permission.MANAGE_LIMITS,
    scope=KeyScope.ADMIN,
    audit=Audited("limit.change", auditing.limit),
)
def change_limit(call: Call[ChangeLimit, OfTenant]) -> dict[str, Any]:
    """Change a limit until it is reset.

    Fields that are left out stay as they are; `null` lifts a bound. Waiting jobs for which there is room now start at
    once. Admins change the limit of their tenant; operators that of every tenant, or with `tenant` of one.
    """
    limits, name = call.container.task_limits, _name(call)
    return _answer(limits.change(call.principal, name, call.body.bounds(), call.query.tenant))


@routes.post(
    "/limits/{name}/pause",
    query=OfTenant,
    answer=LimitAnswer,
    errors={429},
    needs=Permission.MANAGE_LIMITS,
    scope=KeyScope.ADMIN,
    audit=Audited("limit.pause", auditing.limit),
)
def pause_limit(call: Call[Nothing, OfTenant]) -> dict[str, Any]:
    """Pause a limit.

    Jobs under it wait; running jobs continue.
    """
    limits, name = call.container.task_limits, _name(call)
    return _answer(limits.set_paused(call.principal, name, paused=True, tenant_id=call.query.tenant))


@routes.post(
    "/limits/{name}/resume",
    query=OfTenant,
    answer=LimitAnswer,
    errors={429},
    needs=Permission.MANAGE_LIMITS,
    scope=KeyScope.ADMIN,
    audit=Audited("limit.resume", auditing.limit),
)
def resume_limit(call: Call[Nothing, OfTenant]) -> dict[str, Any]:
    """Resume a paused limit."""
    limits, name = call.container.task_limits, _name(call)
    return _answer(limits.set_paused(call.principal, name, paused=False, tenant_id=call.query.tenant))


@routes.post(
    "/limits/{name}/reset",
    query=OfTenant,
    answer=LimitAnswer,
    errors={429},
    needs=Permission.MANAGE_LIMITS,
    scope=KeyScope.ADMIN,
    audit=Audited("limit.reset"),
)
def reset_limit(call: Call[Nothing, OfTenant]) -> dict[str, Any]:
    """Return to the limit that code declares: its bounds, not paused, and a fresh rate."""
    return _answer(call.container.task_limits.reset(call.principal, _name(call), call.query.tenant))


def _answer(limit: Any) -> dict[str, Any]:
    return {"success": True, "limit": limit_body(limit)}


def _name(call: Call[Any, Any]) -> str:
    name = call.params["name"]
    if len(name) > MAX_LIMIT_CHARS or not re.fullmatch(LIMIT_PATTERN, name):
        raise NotFound("No task has a limit of this name")
    return name
