"""The sending of deliveries, without the requests: which are due, what follows an attempt, when a webhook is paused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.events import Event, EventType
from chalicelib.domain.jobs import iso
from chalicelib.domain.webhooks import (
    TIMEOUT_S,
    Delivery,
    DeliveryAttempt,
    DeliveryStatus,
    PauseReason,
    Webhook,
    WebhookStatus,
    after_attempt,
    headers,
    is_given_up,
)
from chalicelib.telemetry.logger import Log

if TYPE_CHECKING:
    from chalicelib.queue.events import EventLog
    from chalicelib.services.subscriptions import Subscriptions
    from chalicelib.store.webhook_deliveries import DeliveryStore
    from chalicelib.store.webhooks import WebhookStore

#: Deliveries that one process sends at the same time: for one webhook, for one tenant, and in total.
PER_WEBHOOK: Final = 16
PER_TENANT: Final = 24
IN_TOTAL: Final = 64
#: How long a delivery is reserved for its attempt. After a crash it is tried again then.
LEASE_S: Final = TIMEOUT_S * 3
_GONE: Final = 410
#: How often a process looks in a row, each time past the webhooks for which it sends as much as it may.
_ROUNDS: Final = 4


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is to be sent, and how late the first of it is."""

    pending: int
    late_s: float


@dataclass(frozen=True, slots=True)
class Sending:
    """A delivery that this process has reserved, and its request."""

    webhook: Webhook
    delivery: Delivery
    headers: dict[str, str]


class WebhookSending:
    """Safe in several processes at once."""

    #: Time limit of one attempt.
    timeout_s: Final = TIMEOUT_S

    def __init__(
        self, *, webhooks: WebhookStore, deliveries: DeliveryStore, subscriptions: Subscriptions, event_log: EventLog,
        clock: Clock, ids: Ids, log: Log,
    ) -> None:  # fmt: skip
        self._webhooks = webhooks
        self._deliveries = deliveries
        self._subscriptions = subscriptions
        self._event_log = event_log
        self._clock = clock
        self._ids = ids
        self._log = log

    def is_due(self) -> bool:
        """Return whether a delivery is due."""
        return bool(self._subscriptions.exist() and self._deliveries.due(self._clock.now(), (), 1))

    def next_at(self) -> datetime | None:
        """Return when the next delivery is due, ``None`` if none is."""
        return self._deliveries.next_at() if self._subscriptions.exist() else None

    def backlog(self) -> Backlog:
        """Return what is to be sent, for monitoring."""
        first = self._deliveries.next_at()
        late_s = 0.0 if first is None else max(0.0, (self._clock.now() - first).total_seconds())
        return Backlog(self._deliveries.count_pending(), late_s)

    def take(self, running: Collection[Sending]) -> list[Sending]:
        """Reserve what is due, beside what this process sends already."""
        taken: list[Sending] = []
        for _ in range(_ROUNDS):
            if not self._subscriptions.exist() or not self._take_some(running, taken):
                break
        return taken

    def _take_some(self, running: Collection[Sending], taken: list[Sending]) -> bool:
        """Add what is due to ``taken``; return whether more may be due, of webhooks that have room."""
        now, busy = self._clock.now(), [*running, *taken]
        of_webhook = Counter(each.webhook.id for each in busy)
        of_tenant = Counter(each.webhook.tenant_id for each in busy)
        full = {each.webhook.id for each in busy if _is_full(each.webhook, of_webhook, of_tenant)}
        room = IN_TOTAL - len(busy)
        due = self._deliveries.due(now, full, room) if room > 0 else []
        known = self._webhooks.get_many({each.webhook_id for each in due}) if due else {}
        left = False
        for delivery in due:
            webhook = known.get(delivery.webhook_id)
            if webhook is None:
                self._deliveries.remove_of(delivery.webhook_id)
            elif webhook.status is WebhookStatus.PAUSED:
                self._deliveries.hold(webhook.id)
            elif _is_full(webhook, of_webhook, of_tenant):
                left = True
            elif self._deliveries.take(delivery, now + timedelta(seconds=LEASE_S)):
                of_webhook[webhook.id] += 1
                of_tenant[webhook.tenant_id] += 1
                taken.append(Sending(webhook, delivery, headers(webhook, delivery, now)))
        return left

    def done(self, sending: Sending, attempt: DeliveryAttempt) -> None:
        """Record an attempt, and what it means for the webhook."""
        delivery, webhook = sending.delivery, sending.webhook
        status, wait_s = after_attempt(delivery, attempt, self._ids.random())
        next_at = None if wait_s is None else self._clock.now() + timedelta(seconds=wait_s)
        self._deliveries.record(delivery, attempt, status, next_at)
        if attempt.succeeded:
            if webhook.failures:
                self._webhooks.succeeded(webhook.id)
            return
        self._log.info(
            "a webhook was not delivered", event="webhook_failed", webhookId=webhook.id, deliveryId=delivery.id,
            status=attempt.status, error=attempt.error, tries=delivery.tries + 1, final=status is DeliveryStatus.FAILED,
        )  # fmt: skip
        after = self._webhooks.failed(webhook.id, attempt.at)
        if after is not None and after.status is WebhookStatus.ACTIVE:
            if attempt.status == _GONE:
                self._pause(after, PauseReason.GONE)
            elif is_given_up(after, self._clock.now()):
                self._pause(after, PauseReason.FAILING)

    def _pause(self, webhook: Webhook, reason: PauseReason) -> None:
        paused = self._webhooks.pause(webhook.tenant_id, webhook.id, reason, self._clock.now())
        if paused is None:
            return
        self._subscriptions.forget()
        self._deliveries.hold(webhook.id)
        self._log.warning(
            "a webhook is paused", event="webhook_paused", webhookId=webhook.id, tenantId=webhook.tenant_id,
            reason=reason.value,
        )  # fmt: skip
        try:
            self._event_log.publish([webhook_updated(paused)])
        except Exception as error:
            self._log.warning("a pause was not published", event="webhook_unpublished", error=repr(error)[:500])


def webhook_updated(webhook: Webhook) -> Event:
    """Return ``webhook:updated``: ``{webhookId, status, reason, at}``, without the URL, which members may not see."""
    data = {
        "webhookId": webhook.id, "status": webhook.status.value,
        "reason": webhook.reason.value if webhook.reason else None, "at": iso(webhook.updated_at),
    }  # fmt: skip
    return Event(EventType.WEBHOOK_UPDATED, webhook.tenant_id, "", data, webhook.updated_at)


def _is_full(webhook: Webhook, of_webhook: Counter[str], of_tenant: Counter[str]) -> bool:
    return of_webhook[webhook.id] >= PER_WEBHOOK or of_tenant[webhook.tenant_id] >= PER_TENANT
