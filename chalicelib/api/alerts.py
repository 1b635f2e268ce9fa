"""Alert rules of a tenant, for its admins; who reads its jobs sees them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.api import auditing, cursor
from chalicelib.api.auditing import Audited
from chalicelib.api.call import Call, Nothing
from chalicelib.api.routing import KeyScope, Routes
from chalicelib.api.schemas.accounts import Done
from chalicelib.api.schemas.alerts import (
    AlertAnswer,
    AlertPreviewAnswer,
    AlertsAnswer,
    ChangeAlert,
    CreateAlert,
    FiringsAnswer,
    ListFirings,
    MuteAlert,
    PreviewAlert,
    alert_data,
    firing_data,
    preview_data,
)
from chalicelib.domain.alerts import AlertRule
from chalicelib.domain.filters import Place, Start
from chalicelib.domain.principals import Permission

routes = Routes(__name__, tag="Alerts")


@routes.post(
    "/alerts",
    body=CreateAlert,
    answer=AlertAnswer,
    status=201,
    errors={429},
    needs=Permission.MANAGE_ALERTS,
    scope=KeyScope.ADMIN,
    audit=Audited("alert.create", made="alert"),
)
def create_alert(call: Call[CreateAlert]) -> dict[str, Any]:
    """Create an alert rule.

    It is evaluated about once a minute. Once its condition has held for `forS` seconds it fires: the webhooks of the
    tenant that report `alert.firing` and the members who want mails about alerts get one notice, and another one when
    it resolves; every `repeatS` seconds meanwhile if that is not 0.
    """
    return _one(call.container.alerts.create(call.principal, call.body.new()))


@routes.get("/alerts", answer=AlertsAnswer, needs=Permission.READ_TENANT, scope=KeyScope.JOBS_READ)
def list_alerts(call: Call) -> dict[str, Any]:
    """List the alert rules of the caller's tenant with their states, newest first.

    Rules for all tenants are shown to operators alone.
    """
    rules = call.container.alerts.list(call.principal)
    return {
        "success": True,
        "alerts": [alert_data(rule) for rule in rules],
        "owners": call.container.user_store.names({rule.owner_id for rule in rules}),
    }


@routes.post(
    "/alerts/preview",
    body=PreviewAlert,
    answer=AlertPreviewAnswer,
    errors={429},
    needs=Permission.MANAGE_ALERTS,
    scope=KeyScope.ADMIN,
)
def preview_alert(call: Call[PreviewAlert]) -> dict[str, Any]:
    """Measure now what a rule would measure, and say whether that reaches the threshold."""
    condition = call.body.condition()
    reading = call.container.alerts.preview(call.principal, condition)
    return {"success": True, "preview": preview_data(condition, reading)}


@routes.get(
    "/alerts/firings",
    query=ListFirings,
    answer=FiringsAnswer,
    errors={404},
    needs=Permission.READ_TENANT,
    scope=KeyScope.JOBS_READ,
)
def list_firings(call: Call[Nothing, ListFirings]) -> dict[str, Any]:
    """List the firings of the tenant's alert rules, or of one `rule`, newest first.

    They are kept for 90 days. Pages as the list of jobs does.
    """
    asked = call.query
    start = cursor.decode(asked.cursor, asked)
    after, backwards = (start.place.job_id, start.backwards) if start else (None, False)
    page = call.container.alerts.firings(call.principal, asked.rule, after, asked.limit, backwards=backwards)
    first, last = page.items[:1], page.items[-1:]
    return {
        "success": True,
        "firings": [firing_data(each) for each in page.items],
        "nextCursor": cursor.encode(Start(Place(last[0].id)), asked) if last and page.after else None,
        "prevCursor": cursor.encode(Start(Place(first[0].id), backwards=True), asked)
        if first and page.before
        else None,
    }


@routes.get("/alerts/{id}", answer=AlertAnswer, needs=Permission.READ_TENANT, scope=KeyScope.JOBS_READ)
def get_alert(call: Call) -> dict[str, Any]:
    """Get an alert rule with its state."""
    return _one(call.container.alerts.get(call.principal, call.id))


@routes.patch(
    "/alerts/{id}",
    body=ChangeAlert,
    answer=AlertAnswer,
    errors={409, 429},
    needs=Permission.MANAGE_ALERTS,
    scope=KeyScope.ADMIN,
    audit=Audited("alert.change", auditing.alert),
)
def change_alert(call: Call[ChangeAlert]) -> dict[str, Any]:
    """Change an alert rule, all but its `kind` and `scope`.

    A firing goes on, or resolves, by the next evaluation. A rule that is disabled while it fires resolves.
    """
    return _one(call.container.alerts.change(call.principal, call.id, call.body.changes()))


@routes.delete(
    "/alerts/{id}",
    answer=Done,
    needs=Permission.MANAGE_ALERTS,
    scope=KeyScope.ADMIN,
    audit=Audited("alert.delete", auditing.alert),
)
def delete_alert(call: Call) -> Done:
    """Delete an alert rule with its history.

    If it fires, whoever was notified of that is notified that it has ended.
    """
    call.container.alerts.delete(call.principal, call.id)
    return Done(message="Alert rule deleted")


@routes.post(
    "/alerts/{id}/mute",
    body=MuteAlert,
    answer=AlertAnswer,
    errors={409, 429},
    needs=Permission.MANAGE_ALERTS,
    scope=KeyScope.ADMIN,
    audit=Audited("alert.mute", auditing.alert),
)
def mute_alert(call: Call[MuteAlert]) -> dict[str, Any]:
    """Mute an alert rule: nobody is notified when it fires, `until` a time or for `forS` seconds.

    Its state changes as before. If it fires still when the mute is over, the notice goes out then. The end of a firing
    of which a notice was sent is notified in any case.
    """
    asked = call.body
    until = asked.until or call.container.clock.now() + timedelta(seconds=asked.for_s or 0)
    return _one(call.container.alerts.mute(call.principal, call.id, until))


@routes.post(
    "/alerts/{id}/unmute",
    answer=AlertAnswer,
    errors={409, 429},
    needs=Permission.MANAGE_ALERTS,
    scope=KeyScope.ADMIN,
    audit=Audited("alert.unmute", auditing.alert),
)
def unmute_alert(call: Call) -> dict[str, Any]:
    """End the mute of an alert rule."""
    return _one(call.container.alerts.mute(call.principal, call.id, None))


def _one(rule: AlertRule) -> dict[str, Any]:
    return {"success": True, "alert": alert_data(rule)}
