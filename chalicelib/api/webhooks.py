"""Webhooks of a tenant, for its admins."""

from __future__ import annotations

from typing import Any

from chalicelib.api import auditing, cursor
from chalicelib.api.auditing import Audited
from chalicelib.api.call import Call, Nothing
from chalicelib.api.routing import KeyScope, Routes
from chalicelib.api.schemas.accounts import Done
from chalicelib.api.schemas.webhooks import (
    ChangeWebhook,
    CreateWebhook,
    DeliveriesAnswer,
    DeliveryAnswer,
    ListDeliveries,
    RotateSecret,
    SecretAnswer,
    WebhookAnswer,
    WebhooksAnswer,
    delivery_data,
    webhook_data,
)
from chalicelib.domain.filters import Place, Start
from chalicelib.domain.principals import Permission
from chalicelib.domain.webhooks import Delivery, Webhook

routes = Routes(__name__, tag="Webhooks")


@routes.post(
    "/webhooks",
    body=CreateWebhook,
    answer=SecretAnswer,
    status=201,
    errors={429},
    needs=Permission.MANAGE_WEBHOOKS,
    scope=KeyScope.ADMIN,
    audit=Audited("webhook.create", made="webhook"),
)
def create_webhook(call: Call[CreateWebhook]) -> dict[str, Any]:
    """Create a webhook: events of the tenant's jobs, batches and workflows are sent to its URL.

    Messages and signatures follow Standard Webhooks. Only this answer shows the `secret`. The answer comes after a
    second, when all processes know of the webhook: what happens from then on is sent, at least once.
    """
    webhook, secret = call.container.webhooks.create(call.principal, call.body.new())
    return {**_one(call, webhook), "secret": secret}


@routes.get("/webhooks", answer=WebhooksAnswer, needs=Permission.MANAGE_WEBHOOKS, scope=KeyScope.ADMIN)
def list_webhooks(call: Call) -> dict[str, Any]:
    """List the webhooks of the caller's tenant, newest first, without their secrets."""
    webhooks, now = call.container.webhooks.list(call.principal), call.container.clock.now()
    return {
        "success": True,
        "webhooks": [webhook_data(webhook, now) for webhook in webhooks],
        "owners": call.container.user_store.names({webhook.owner_id for webhook in webhooks}),
    }


@routes.get("/webhooks/{id}", answer=WebhookAnswer, needs=Permission.MANAGE_WEBHOOKS, scope=KeyScope.ADMIN)
def get_webhook(call: Call) -> dict[str, Any]:
    """Get a webhook."""
    return _one(call, call.container.webhooks.get(call.principal, call.id))


@routes.patch(
    "/webhooks/{id}",
    body=ChangeWebhook,
    answer=WebhookAnswer,
    errors={429},
    needs=Permission.MANAGE_WEBHOOKS,
    scope=KeyScope.ADMIN,
    audit=Audited("webhook.change", auditing.webhook),
)
def change_webhook(call: Call[ChangeWebhook]) -> dict[str, Any]:
    """Change the URL, the events or the description of a webhook.

    Deliveries that are left go to the new URL.
    """
    return _one(call, call.container.webhooks.change(call.principal, call.id, call.body.changes()))


@routes.delete(
    "/webhooks/{id}",
    answer=Done,
    needs=Permission.MANAGE_WEBHOOKS,
    scope=KeyScope.ADMIN,
    audit=Audited("webhook.delete", auditing.webhook),
)
def delete_webhook(call: Call) -> Done:
    """Delete a webhook with its deliveries.

    A request that is under way may still arrive.
    """
    call.container.webhooks.delete(call.principal, call.id)
    return Done(message="Webhook deleted")


@routes.post(
    "/webhooks/{id}/rotate",
    body=RotateSecret,
    answer=SecretAnswer,
    errors={409, 429},
    needs=Permission.MANAGE_WEBHOOKS,
    scope=KeyScope.ADMIN,
    audit=Audited("webhook.rotate", auditing.webhook),
)
def rotate_webhook_secret(call: Call[RotateSecret]) -> dict[str, Any]:
    """Replace the secret of a webhook.

    Messages carry a signature by the new secret and one by the old secret until `overlapS` seconds have passed, a day
    by default. Only this answer shows the new `secret`.
    """
    webhook, secret = call.container.webhooks.rotate(call.principal, call.id, call.body.overlap_s)
    return {**_one(call, webhook), "secret": secret}


@routes.post(
    "/webhooks/{id}/pause",
    answer=WebhookAnswer,
    errors={429},
    needs=Permission.MANAGE_WEBHOOKS,
    scope=KeyScope.ADMIN,
    audit=Audited("webhook.pause", auditing.webhook),
)
def pause_webhook(call: Call) -> dict[str, Any]:
    """Pause a webhook.

    What happens meanwhile is not sent. Deliveries that are left wait until it is resumed.
    """
    return _one(call, call.container.webhooks.set_paused(call.principal, call.id, paused=True))


@routes.post(
    "/webhooks/{id}/resume",
    answer=WebhookAnswer,
    errors={429},
    needs=Permission.MANAGE_WEBHOOKS,
    scope=KeyScope.ADMIN,
    audit=Audited("webhook.resume", auditing.webhook),
)
def resume_webhook(call: Call) -> dict[str, Any]:
    """Resume a webhook, also one that was paused because it failed."""
    return _one(call, call.container.webhooks.set_paused(call.principal, call.id, paused=False))


@routes.post(
    "/webhooks/{id}/test",
    answer=DeliveryAnswer,
    status=201,
    errors={409, 429},
    needs=Permission.MANAGE_WEBHOOKS,
    scope=KeyScope.ADMIN,
    audit=Audited("webhook.test"),
)
def test_webhook(call: Call) -> dict[str, Any]:
    """Send a message of type `webhook.test`.

    It is sent within seconds; its delivery shows the answer.
    """
    return _delivery(call.container.webhooks.test(call.principal, call.id))


@routes.get(
    "/webhooks/{id}/deliveries",
    query=ListDeliveries,
    answer=DeliveriesAnswer,
    needs=Permission.MANAGE_WEBHOOKS,
    scope=KeyScope.ADMIN,
)
def list_webhook_deliveries(call: Call[Nothing, ListDeliveries]) -> dict[str, Any]:
    """List the deliveries of a webhook, newest first, with their attempts.

    They are kept for 14 days. Pages as the list of jobs does.
    """
    asked = call.query
    start = cursor.decode(asked.cursor, asked)
    after, backwards = (start.place.job_id, start.backwards) if start else (None, False)
    page = call.container.webhooks.deliveries(
        call.principal, call.id, asked.status, after, asked.limit, backwards=backwards
    )
    first, last = page.items[:1], page.items[-1:]
    return {
        "success": True,
        "deliveries": [delivery_data(each) for each in page.items],
        "nextCursor": cursor.encode(Start(Place(last[0].id)), asked) if last and page.after else None,
        "prevCursor": cursor.encode(Start(Place(first[0].id), backwards=True), asked)
        if first and page.before
        else None,
    }


@routes.post(
    "/webhooks/{id}/deliveries/{delivery_id}/redeliver",
    answer=DeliveryAnswer,
    errors={409, 429},
    needs=Permission.MANAGE_WEBHOOKS,
    scope=KeyScope.ADMIN,
    audit=Audited("webhook.redeliver"),
)
def redeliver_webhook(call: Call) -> dict[str, Any]:
    """Send a delivery again, whatever became of it.

    Its `webhook-id` stays, so a receiver that has seen it can tell.
    """
    return _delivery(call.container.webhooks.redeliver(call.principal, call.id, call.params["delivery_id"]))


def _one(call: Call[Any, Any], webhook: Webhook) -> dict[str, Any]:
    return {"success": True, "webhook": webhook_data(webhook, call.container.clock.now())}


def _delivery(delivery: Delivery) -> dict[str, Any]:
    return {"success": True, "delivery": delivery_data(delivery)}
