"""Webhooks: create, change, pause, rotate the secret, and what they delivered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any, Unpack

from queuecraft_client import _body
from queuecraft_client._blocking import Blocking, blocking, blocking_iterator
from queuecraft_client._request import Request, many, nothing, one
from queuecraft_client._session import Session
from queuecraft_client.models import Delivery, NewSecret, Webhook
from queuecraft_client.options import Ref, WebhookChange, id_of


class AsyncWebhooks:
    """``client.webhooks``, of admins. A webhook is named by its id or by what a call returned."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def create(self, url: str, events: Sequence[str], *, description: str = "") -> NewSecret:
        """Create a webhook, which reports events such as ``job.dead``; return it with its secret, shown once."""
        body = _body.fields({"url": url, "events": events, "description": description})
        return await self._session.send(Request("POST", "/webhooks", NewSecret.parse, body=body))

    async def list(self) -> Sequence[Webhook]:
        """Return the webhooks of the tenant, newest first."""
        return await self._session.send(Request("GET", "/webhooks", many(Webhook, "webhooks")))

    async def get(self, webhook: Ref) -> Webhook:
        """Return a webhook."""
        return await self._session.send(Request("GET", _path(webhook), one(Webhook, "webhook")))

    async def change(self, webhook: Ref, **changes: Unpack[WebhookChange]) -> Webhook:
        """Change a webhook. What is left out stays."""
        return await self._send("PATCH", _path(webhook), _body.fields(changes))

    async def delete(self, webhook: Ref) -> None:
        """Delete a webhook with its deliveries."""
        await self._session.send(Request("DELETE", _path(webhook), nothing))

    async def rotate(self, webhook: Ref, *, overlap_s: int | None = None) -> NewSecret:
        """Make a new secret, shown once; the old one signs too for ``overlap_s``, by default a day."""
        body = {} if overlap_s is None else {"overlapS": overlap_s}
        return await self._session.send(Request("POST", _path(webhook, "rotate"), NewSecret.parse, body=body))

    async def pause(self, webhook: Ref) -> Webhook:
        """Deliver nothing until it is resumed."""
        return await self._send("POST", _path(webhook, "pause"))

    async def resume(self, webhook: Ref) -> Webhook:
        """End the pause of a webhook."""
        return await self._send("POST", _path(webhook, "resume"))

    async def test(self, webhook: Ref) -> Delivery:
        """Send a message that tests a webhook."""
        return await self._session.send(Request("POST", _path(webhook, "test"), one(Delivery, "delivery")))

    def deliveries(
        self, webhook: Ref, *, status: str | None = None, limit: int | None = None
    ) -> AsyncIterator[Delivery]:
        """Iterate over the deliveries of a webhook, newest first, at most ``limit``."""
        options = {} if status is None else {"status": status}
        return self._session.pages(Delivery, _path(webhook, "deliveries"), "deliveries", options, limit)

    async def redeliver(self, webhook: Ref, delivery: Ref) -> Delivery:
        """Deliver a message again."""
        path = _path(webhook, "deliveries", id_of(delivery), "redeliver")
        return await self._session.send(Request("POST", path, one(Delivery, "delivery")))

    async def _send(self, method: str, path: str, body: Any = None) -> Webhook:
        return await self._session.send(Request(method, path, one(Webhook, "webhook"), body=body, repeatable=True))


class Webhooks(Blocking[AsyncWebhooks]):
    """``client.webhooks``, of admins. A webhook is named by its id or by what a call returned."""

    create = blocking(AsyncWebhooks.create)
    list = blocking(AsyncWebhooks.list)
    get = blocking(AsyncWebhooks.get)
    change = blocking(AsyncWebhooks.change)
    delete = blocking(AsyncWebhooks.delete)
    rotate = blocking(AsyncWebhooks.rotate)
    pause = blocking(AsyncWebhooks.pause)
    resume = blocking(AsyncWebhooks.resume)
    test = blocking(AsyncWebhooks.test)
    deliveries = blocking_iterator(AsyncWebhooks.deliveries)
    redeliver = blocking(AsyncWebhooks.redeliver)


def _path(webhook: Ref, *rest: str) -> str:
    return _body.path("webhooks", id_of(webhook), *rest)
