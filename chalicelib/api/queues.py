"""Queues: list, set, pause, resume."""

from __future__ import annotations

import re
from typing import Any

from chalicelib.api import auditing
from chalicelib.api.auditing import Audited
from chalicelib.api.call import Call, Nothing
from chalicelib.api.routing import Routes
from chalicelib.api.schemas.queues import (
    OfTenant,
    QueuePausedAnswer,
    QueuesAnswer,
    QueueSettings,
    QueueSettingsAnswer,
    queue_body,
)
from chalicelib.domain.jobs import MAX_QUEUE_CHARS, QUEUE_PATTERN
from chalicelib.domain.principals import KeyScope, Permission
from chalicelib.errors import NotFound

routes = Routes(__name__, tag="Queues")


@routes.get("/queues", query=OfTenant, answer=QueuesAnswer, scope=KeyScope.JOBS_READ)
def list_queues(call: Call[Nothing, OfTenant]) -> dict[str, Any]:
    """List the queues of the caller's tenant.

    A queue is listed if it has open jobs, is paused, or had jobs in the last day.
    """
    queues = call.container.queues.list(call.principal, call.query.tenant)
    return {"success": True, "queues": [queue_body(queue) for queue in queues]}


@routes.put(
    "/queues/{name}",
    body=QueueSettings,
    query=OfTenant,
    answer=QueueSettingsAnswer,
    errors={429},
    needs=Permission.MANAGE_QUEUES,
    scope=KeyScope.QUEUES_WRITE,
    audit=Audited("queue.set", auditing.queue),
)
def set_queue(call: Call[QueueSettings, OfTenant]) -> QueueSettingsAnswer:
    """Set whether priorities are strict in a queue.

    It holds for jobs that are created from now on. The queue need not exist yet.
    """
    name, strict = _name(call), call.body.strict
    changed = call.container.queues.set_strict(call.principal, name, strict=strict, tenant_id=call.query.tenant)
    return QueueSettingsAnswer(name=name, strict=strict, changed=changed)


@routes.post(
    "/queues/{name}/pause",
    query=OfTenant,
    answer=QueuePausedAnswer,
    errors={429},
    needs=Permission.MANAGE_QUEUES,
    scope=KeyScope.QUEUES_WRITE,
    audit=Audited("queue.pause", auditing.queue),
)
def pause_queue(call: Call[Nothing, OfTenant]) -> QueuePausedAnswer:
    """Pause a queue.

    Its jobs wait; running jobs continue. The queue need not exist yet.
    """
    return _set_paused(call, paused=True)


@routes.post(
    "/queues/{name}/resume",
    query=OfTenant,
    answer=QueuePausedAnswer,
    errors={429},
    needs=Permission.MANAGE_QUEUES,
    scope=KeyScope.QUEUES_WRITE,
    audit=Audited("queue.resume", auditing.queue),
)
def resume_queue(call: Call[Nothing, OfTenant]) -> QueuePausedAnswer:
    """Resume a paused queue."""
    return _set_paused(call, paused=False)


def _set_paused(call: Call[Nothing, OfTenant], *, paused: bool) -> QueuePausedAnswer:
    name = _name(call)
    changed = call.container.queues.set_paused(call.principal, name, paused=paused, tenant_id=call.query.tenant)
    return QueuePausedAnswer(name=name, paused=paused, changed=changed)


def _name(call: Call[Any, OfTenant]) -> str:
    name = call.params["name"]
    if len(name) > MAX_QUEUE_CHARS or not re.fullmatch(QUEUE_PATTERN, name):
        raise NotFound("There is no such queue")
    return name
