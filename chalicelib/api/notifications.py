"""Which mails the caller wants."""

from __future__ import annotations

from typing import Any

from chalicelib.api import auditing
from chalicelib.api.auditing import Audited
from chalicelib.api.call import Call, Ignored
from chalicelib.api.routing import PERSONS, Auth, Routes
from chalicelib.api.schemas.accounts import Done
from chalicelib.api.schemas.notifications import NotificationsAnswer, SetNotifications, notifications_data

routes = Routes(__name__, tag="Accounts")


@routes.get("/me/notifications", answer=NotificationsAnswer, scope=PERSONS)
def get_notifications(call: Call) -> dict[str, Any]:
    """Get which mails the caller wants. At first none."""
    return notifications_data(call.container.notifications.get(call.principal))


@routes.put(
    "/me/notifications",
    body=SetNotifications,
    answer=NotificationsAnswer,
    scope=PERSONS,
    audit=Audited("member.notifications", auditing.notifications, own="user_id"),
)
def set_notifications(call: Call[SetNotifications]) -> dict[str, Any]:
    """Set how often mails about failed jobs come: `off`, `at_once` (at most one in five minutes), `hourly`, `daily`.

    A mail names all jobs that went to the DLQ since the last one, and are there still. `alerts` asks for mails about
    alert rules that fire or resolve, at most 12 an hour.
    """
    notifications = call.container.notifications
    wanted = call.body.preferences(notifications.get(call.principal))
    return notifications_data(notifications.set(call.principal, wanted))


@routes.post("/unsubscribe/{token}", body=Ignored, answer=Done, errors={429}, auth=Auth.NONE)
def unsubscribe(call: Call[Ignored]) -> Done:
    """End mails about failed jobs and alerts, by the link in one of them: one click (RFC 8058), without a log-in."""
    call.container.throttles.call_back(call.viewer)
    call.container.notifications.unsubscribe(call.params["token"])
    return Done(message="You get no more mails about failed jobs and alerts")
