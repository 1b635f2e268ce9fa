"""Tenants, for operators; the settings of each, what it redacts, and the pause of its queues."""

from __future__ import annotations

from typing import Any

from chalicelib.api import auditing
from chalicelib.api.auditing import Audited
from chalicelib.api.call import Call, Nothing
from chalicelib.api.routing import Routes
from chalicelib.api.schemas.pauses import PauseChangedAnswer
from chalicelib.api.schemas.redaction import PutRedaction, RedactionAnswer
from chalicelib.api.schemas.tenant_settings import ChangeSettings, SettingsAnswer
from chalicelib.api.schemas.tenants import FindTenants, TenantsAnswer, tenants_body
from chalicelib.domain.principals import KeyScope, Permission

routes = Routes(__name__, tag="Tenants")


@routes.get("/tenants", query=FindTenants, answer=TenantsAnswer, needs=Permission.MANAGE_TENANTS, scope=KeyScope.ADMIN)
def list_tenants(call: Call[Nothing, FindTenants]) -> dict[str, Any]:
    """Find tenants by part of their name, those with most open jobs first (operators)."""
    return tenants_body(call.container.tenants.busiest(call.query.q, call.query.limit))


@routes.get("/tenant/settings", answer=SettingsAnswer, scope=KeyScope.JOBS_READ)
def get_own_settings(call: Call) -> SettingsAnswer:
    """Get the settings of the caller's tenant."""
    return SettingsAnswer.of(call.container.tenant_settings.get(call.principal, call.principal.tenant_id))


@routes.put(
    "/tenant/settings",
    body=ChangeSettings,
    answer=SettingsAnswer,
    errors={429},
    needs=Permission.MANAGE_SETTINGS,
    scope=KeyScope.ADMIN,
    audit=Audited("tenant.settings", auditing.settings, own="tenant_id"),
)
def change_own_settings(call: Call[ChangeSettings]) -> SettingsAnswer:
    """Change the settings of the caller's tenant.

    Fields that are left out stay as they are; null goes back to the default.
    """
    return _changed(call, call.principal.tenant_id)


@routes.get("/tenant/redaction", answer=RedactionAnswer, scope=KeyScope.JOBS_READ)
def get_redaction(call: Call) -> RedactionAnswer:
    """Get the paths that the caller's tenant redacts."""
    return RedactionAnswer(paths=list(call.container.tenant_redaction.get(call.principal)))


@routes.put(
    "/tenant/redaction",
    body=PutRedaction,
    answer=RedactionAnswer,
    errors={429},
    needs=Permission.MANAGE_SETTINGS,
    scope=KeyScope.ADMIN,
    audit=Audited("tenant.redaction", auditing.redaction, own="tenant_id"),
)
def put_redaction(call: Call[PutRedaction]) -> RedactionAnswer:
    """Set the paths that the caller's tenant redacts, such as `card.number` and `user.*.email`.

    Their values are shown as `"[redacted]"` in jobs of all tasks, also in those that exist; tasks get them as they are.
    `*` stands for every name or element, lists are passed through, a dot in a name is written `\\.`. Answers when
    every process knows it, a second later.
    """
    return RedactionAnswer(paths=list(call.container.tenant_redaction.put(call.principal, call.body.paths)))


@routes.get("/tenants/{id}/settings", answer=SettingsAnswer, scope=KeyScope.JOBS_READ)
def get_settings(call: Call) -> SettingsAnswer:
    """Get the settings of a tenant: one's own, or any for an operator."""
    return SettingsAnswer.of(call.container.tenant_settings.get(call.principal, call.id))


@routes.put(
    "/tenants/{id}/settings",
    body=ChangeSettings,
    answer=SettingsAnswer,
    errors={429},
    needs=Permission.MANAGE_SETTINGS,
    scope=KeyScope.ADMIN,
    audit=Audited("tenant.settings", auditing.settings),
)
def change_settings(call: Call[ChangeSettings]) -> SettingsAnswer:
    """Change the settings of a tenant: one's own, or any for an operator.

    Fields that are left out stay as they are; null goes back to the default.
    """
    return _changed(call, call.id)


@routes.put(
    "/tenants/{id}/maxima",
    body=ChangeSettings,
    answer=SettingsAnswer,
    errors={429},
    needs=Permission.MANAGE_TENANTS,
    scope=KeyScope.ADMIN,
    audit=Audited("tenant.maxima", auditing.maxima),
)
def change_maxima(call: Call[ChangeSettings]) -> SettingsAnswer:
    """Change the most that a tenant's admins may choose (operators).

    A setting above its maximum is lowered while the maximum holds. 0 is no maximum; null goes back to the default.
    """
    return SettingsAnswer.of(call.container.tenant_settings.change_maxima(call.principal, call.id, call.body.changes()))


@routes.post(
    "/tenant/pause",
    answer=PauseChangedAnswer,
    errors={429},
    needs=Permission.MANAGE_QUEUES,
    scope=KeyScope.QUEUES_WRITE,
    audit=Audited("tenant.pause", auditing.pauses, own="tenant_id"),
)
def pause_own_tenant(call: Call) -> PauseChangedAnswer:
    """Pause all queues of the caller's tenant.

    Jobs wait, those of new queues too; running jobs continue.
    """
    return _paused(call, call.principal.tenant_id, paused=True)


@routes.post(
    "/tenant/resume",
    answer=PauseChangedAnswer,
    errors={429},
    needs=Permission.MANAGE_QUEUES,
    scope=KeyScope.QUEUES_WRITE,
    audit=Audited("tenant.resume", auditing.pauses, own="tenant_id"),
)
def resume_own_tenant(call: Call) -> PauseChangedAnswer:
    """Resume the queues of the caller's tenant, except those that are paused by themselves."""
    return _paused(call, call.principal.tenant_id, paused=False)


@routes.post(
    "/tenants/{id}/pause",
    answer=PauseChangedAnswer,
    errors={429},
    needs=Permission.MANAGE_QUEUES,
    scope=KeyScope.QUEUES_WRITE,
    audit=Audited("tenant.pause", auditing.pauses),
)
def pause_tenant(call: Call) -> PauseChangedAnswer:
    """Pause all queues of a tenant: one's own, or any for an operator."""
    return _paused(call, call.id, paused=True)


@routes.post(
    "/tenants/{id}/resume",
    answer=PauseChangedAnswer,
    errors={429},
    needs=Permission.MANAGE_QUEUES,
    scope=KeyScope.QUEUES_WRITE,
    audit=Audited("tenant.resume", auditing.pauses),
)
def resume_tenant(call: Call) -> PauseChangedAnswer:
    """Resume the queues of a tenant: one's own, or any for an operator."""
    return _paused(call, call.id, paused=False)


def _changed(call: Call[ChangeSettings], tenant_id: str) -> SettingsAnswer:
    return SettingsAnswer.of(call.container.tenant_settings.change(call.principal, tenant_id, call.body.changes()))


def _paused(call: Call[Any, Any], tenant_id: str, *, paused: bool) -> PauseChangedAnswer:
    changed = call.container.queues.set_tenant_paused(call.principal, tenant_id, paused=paused)
    return PauseChangedAnswer(paused=paused, changed=changed)
