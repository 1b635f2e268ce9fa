"""Webhooks of a tenant, managed by its admins."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from chalicelib.domain.addresses import is_address, is_public
from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.principals import Principal
from chalicelib.domain.webhooks import (
    SECRET_BYTES,
    TEST,
    Delivery,
    DeliveryStatus,
    PauseReason,
    Secret,
    Webhook,
    WebhookStatus,
)
from chalicelib.errors import Conflict, InvalidInput, NotFound, TooManyWebhooks
from chalicelib.services.pages import Page, page_of
from chalicelib.services.subscriptions import MAX_AGE_S
from chalicelib.services.webhook_events import Occurrence, WebhookEvents
from chalicelib.services.webhook_sending import webhook_updated
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from pymongo.client_session import ClientSession

    from chalicelib.queue.events import EventLog
    from chalicelib.services.projection import Projection
    from chalicelib.services.subscriptions import Subscriptions
    from chalicelib.services.throttles import Throttles
    from chalicelib.store.tenants import TenantStore
    from chalicelib.store.webhook_deliveries import DeliveryStore
    from chalicelib.store.webhooks import WebhookStore

#: Maximum number of webhooks in one answer.
MAX_LISTED: Final = 1_000
_RACES: Final = 5


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook to create."""

    url: str
    events: tuple[str, ...]
    description: str = ""


class Webhooks:
    """Creates, changes and deletes the webhooks of the caller's own tenant, and shows what they sent.

    A change that begins or ends reports returns once all processes know of it, about a second later.
    """

    def __init__(
        self, *, webhooks: WebhookStore, deliveries: DeliveryStore, subscriptions: Subscriptions,
        events: WebhookEvents, tenants: TenantStore, throttles: Throttles, event_log: EventLog, projection: Projection,
        settings: Settings, clock: Clock, ids: Ids,
    ) -> None:  # fmt: skip
        self._webhooks = webhooks
        self._deliveries = deliveries
        self._subscriptions = subscriptions
        self._events = events
        self._tenants = tenants
        self._throttles = throttles
        self._event_log = event_log
        self._projection = projection
        self._most = settings.max_webhooks_per_tenant
        self._allow_private = settings.http_allow_private
        self._clock = clock
        self._ids = ids
        #: Waits for a number of seconds.
        self.pause_for: Callable[[float], object] = time.sleep

    # --- read ------------------------------------------------------------------------------------------------
    def list(self, principal: Principal) -> list[Webhook]:
        """Return the webhooks of the caller's tenant, the newest first, at most ``MAX_LISTED``."""
        return self._webhooks.of_tenant(principal.tenant_id, MAX_LISTED)

    def get(self, principal: Principal, webhook_id: str) -> Webhook:
        """Return a webhook. Raises ``NotFound``."""
        webhook = self._webhooks.get(webhook_id)
        if webhook is None or webhook.tenant_id != principal.tenant_id:
            raise _missing()
        return webhook

    def deliveries(
        self, principal: Principal, webhook_id: str, status: DeliveryStatus | None, after: str | None, limit: int, *,
        backwards: bool,
    ) -> Page[Delivery]:  # fmt: skip
        """Return a page of the deliveries of a webhook, the newest first. Raises ``NotFound``."""
        webhook = self.get(principal, webhook_id)

        def read(after: str | None, limit: int, *, backwards: bool) -> list[Delivery]:
            return self._deliveries.page(webhook.id, status, after, limit, backwards=backwards)

        return page_of(read, after, limit, backwards=backwards)

    # --- change ----------------------------------------------------------------------------------------------
    def create(self, principal: Principal, new: NewWebhook) -> tuple[Webhook, str]:
        """Create a webhook; return it and its secret. Raises ``InvalidInput``, ``TooManyWebhooks``, ``Throttled``."""
        self._check_url(new.url)
        self._throttles.change_webhook(principal.tenant_id)
        now, secret = self._clock.now(), Secret(secrets.token_bytes(SECRET_BYTES))
        webhook = Webhook(
            id=self._ids.object_id(),
            tenant_id=principal.tenant_id,
            owner_id=principal.user_id,
            url=new.url,
            events=new.events,
            secrets=(secret,),
            created_at=now,
            updated_at=now,
            description=new.description,
        )

        def check(session: ClientSession) -> None:
            # because of this write, a transaction that sees room for another webhook conflicts
            self._tenants.touch(webhook.tenant_id, now, session)
            if self._most and self._webhooks.count(webhook.tenant_id, session) >= self._most:
                raise TooManyWebhooks(f"A tenant has at most {self._most} webhooks")

        self._webhooks.add(webhook, check)
        self._settle()
        return webhook, secret.text

    def change(self, principal: Principal, webhook_id: str, changes: dict[str, Any]) -> Webhook:
        """Change ``url``, ``events`` or ``description``. Raises ``NotFound``, ``InvalidInput``, ``Throttled``."""
        if "url" in changes:
            self._check_url(changes["url"])
        self._throttles.change_webhook(principal.tenant_id)
        changed = self._webhooks.change(principal.tenant_id, webhook_id, changes, self._clock.now())
        if changed is None:
            raise _missing()
        if "events" in changes:
            self._settle()
        return changed

    def rotate(self, principal: Principal, webhook_id: str, overlap_s: int) -> tuple[Webhook, str]:
        """Replace the secret; both sign for ``overlap_s`` seconds. Raises ``NotFound``, ``Conflict``, ``Throttled``."""
        self._throttles.change_webhook(principal.tenant_id)
        secret = Secret(secrets.token_bytes(SECRET_BYTES))
        for _ in range(_RACES):
            webhook, now = self.get(principal, webhook_id), self._clock.now()
            kept = replace(webhook.secrets[0], expires_at=now + timedelta(seconds=overlap_s))
            both = (secret, kept) if overlap_s else (secret,)
            if self._webhooks.set_secrets(webhook, both, now):
                return replace(webhook, secrets=both, updated_at=now), secret.text
        raise Conflict("The webhook keeps changing; try again")

    def set_paused(self, principal: Principal, webhook_id: str, *, paused: bool) -> Webhook:
        """Pause a webhook, or resume it. What happens while it is paused is not reported; deliveries that are left
        wait. Raises ``NotFound``, ``Throttled``.
        """
        webhook = self.get(principal, webhook_id)
        if (webhook.status is WebhookStatus.PAUSED) == paused:
            return webhook
        self._throttles.change_webhook(principal.tenant_id)
        now, tenant_id = self._clock.now(), principal.tenant_id
        if paused:
            changed = self._webhooks.pause(tenant_id, webhook_id, PauseReason.BY_HAND, now)
            self._deliveries.hold(webhook_id)
        else:
            changed = self._webhooks.resume(tenant_id, webhook_id, now)
            self._deliveries.release(webhook_id, now)
            self._events.on_due()
        changed = changed or self.get(principal, webhook_id)
        self._settle()
        self._projection.follow(lambda: self._event_log.publish([webhook_updated(changed)]))
        return changed

    def delete(self, principal: Principal, webhook_id: str) -> None:
        """Delete a webhook with its deliveries. Raises ``NotFound``."""
        if not self._webhooks.remove(principal.tenant_id, webhook_id):
            raise _missing()
        self._subscriptions.forget()
        self._deliveries.remove_of(webhook_id)

    # --- deliveries ------------------------------------------------------------------------------------------
    def test(self, principal: Principal, webhook_id: str) -> Delivery:
        """Send a message of type ``webhook.test``. Raises ``NotFound``, ``Conflict`` if it is paused, ``Throttled``."""
        webhook = self._active(principal, webhook_id)
        now = self._clock.now()
        data = {"webhookId": webhook.id, "tenantId": webhook.tenant_id}
        test = Occurrence(webhook.tenant_id, TEST, f"webhook:{webhook.id}", self._ids.token(), now, data)
        delivery = self._events.delivery(webhook, test)
        self._deliveries.add([delivery])
        self._events.on_due()
        return delivery

    def redeliver(self, principal: Principal, webhook_id: str, delivery_id: str) -> Delivery:
        """Send a delivery again, with all its attempts. Raises as ``test`` does."""
        webhook = self._active(principal, webhook_id)
        delivery = self._deliveries.repeat(webhook.id, delivery_id, self._clock.now())
        if delivery is None:
            raise NotFound("There is no such delivery")
        self._events.on_due()
        return delivery

    def _active(self, principal: Principal, webhook_id: str) -> Webhook:
        webhook = self.get(principal, webhook_id)
        if webhook.status is WebhookStatus.PAUSED:
            raise Conflict("The webhook is paused: resume it first")
        self._throttles.send_webhook(principal.tenant_id)
        return webhook

    # --- parts -----------------------------------------------------------------------------------------------
    def _check_url(self, url: str) -> None:
        host = urlsplit(url).hostname or ""
        if is_address(host) and not is_public(host) and not self._allow_private:
            raise InvalidInput("The address is not on the public internet", "url")

    def _settle(self) -> None:
        """Wait until no process relies on what held before."""
        self._subscriptions.forget()
        self.pause_for(MAX_AGE_S)


def _missing() -> NotFound:
    return NotFound("There is no such webhook")
