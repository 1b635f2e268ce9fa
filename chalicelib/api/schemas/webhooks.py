"""Models of the routes of webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

import orjson
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from chalicelib.api.call import Input, Output
from chalicelib.api.schemas.fields import number_only
from chalicelib.api.schemas.job_lists import DEFAULT_PAGE, MAX_PAGE
from chalicelib.domain import typed_text
from chalicelib.domain.jobs import iso
from chalicelib.domain.webhooks import (
    MAX_OVERLAP_S,
    OVERLAP_S,
    Delivery,
    DeliveryAttempt,
    DeliveryStatus,
    PauseReason,
    Webhook,
    WebhookEvent,
    WebhookStatus,
)
from chalicelib.services.webhooks import NewWebhook

MAX_DESCRIPTION_CHARS: Final = 200
MAX_URL_CHARS: Final = 2_048

Url = Annotated[
    str,
    StringConstraints(max_length=MAX_URL_CHARS, pattern=r"^https?://[^/?#@\s\\]+([/?#]\S*)?$"),
    Field(description="http or https, without credentials.", examples=["https://example.com/hooks/queuecraft"]),
]


def _once(events: list[WebhookEvent]) -> list[WebhookEvent]:
    if len(set(events)) < len(events):
        raise ValueError("Input should name each event once")
    return events


Events = Annotated[
    list[WebhookEvent],
    Field(min_length=1, max_length=len(WebhookEvent), examples=[["job.completed", "job.dead"]]),
    AfterValidator(_once),
]
Description = Annotated[
    str,
    Field(max_length=MAX_DESCRIPTION_CHARS, examples=["billing"]),
    AfterValidator(lambda text: typed_text.display_name(text) if text else ""),
]


class CreateWebhook(Input):
    """A webhook: where to, and what it reports."""

    url: Url
    events: Events
    description: Description = ""

    def new(self) -> NewWebhook:
        """Return it as services take it."""
        return NewWebhook(self.url, tuple(event.value for event in self.events), self.description)


class ChangeWebhook(Input):
    """What to change of a webhook. Fields that are left out stay as they are."""

    url: Url | None = None
    events: Events | None = None
    description: Description | None = None

    @model_validator(mode="after")
    def _some(self) -> ChangeWebhook:
        if not self.changes():
            raise ValueError("Input should change something: url, events or description")
        return self

    def changes(self) -> dict[str, Any]:
        """Return the fields to set."""
        return self.model_dump(mode="json", exclude_none=True)


class RotateSecret(Input):
    """How long the old secret signs beside the new one."""

    overlap_s: Annotated[int, BeforeValidator(number_only), Field(ge=0, le=MAX_OVERLAP_S)] = OVERLAP_S


class ListDeliveries(Input):
    """Which deliveries, from which position."""

    status: DeliveryStatus | None = None
    cursor: str | None = Field(None, max_length=64, description="`nextCursor` or `prevCursor` of a page.")
    limit: int = Field(DEFAULT_PAGE, ge=1, le=MAX_PAGE)


class WebhookOut(Output):
    """A webhook without its secret. `oldSecretUntil`: until then the secret before the last rotation signs too."""

    id: str = Field(alias="_id")
    tenant_id: str = Field(alias="tenantId")
    owner_id: str = Field(alias="ownerId")
    url: str
    description: str
    events: list[str]
    status: WebhookStatus
    reason: PauseReason | None = Field(description="Why it is paused.")
    failures: int = Field(description="Failed attempts since the last success.")
    failing_since: str | None = Field(alias="failingSince")
    old_secret_until: str | None = Field(alias="oldSecretUntil")
    con: str
    mon: str


class WebhookAnswer(Output):
    """A webhook."""

    success: Literal[True] = True
    webhook: WebhookOut


class SecretAnswer(WebhookAnswer):
    """A webhook, and its secret, which only this answer shows."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


class WebhooksAnswer(Output):
    """The webhooks of the tenant, newest first. `owners` maps ids to names."""

    success: Literal[True] = True
    webhooks: list[WebhookOut]
    owners: dict[str, str]


class DeliveryAttemptOut(Output):
    """One request. Without an answer `status` is null, and `error` says why."""

    at: str
    duration_ms: int = Field(alias="durationMs")
    status: int | None
    answer: str = Field(description="The first 1,024 bytes.")
    error: str


class DeliveryOut(Output):
    """A message, and the attempts to deliver it, the last ten."""

    id: str = Field(alias="_id")
    webhook_id: str = Field(alias="webhookId")
    message_id: str = Field(alias="messageId", description="The `webhook-id` of all its attempts.")
    type: str
    subject: str = Field(description="What it is about.", examples=["job:66f2a1b3c4d5e6f708192a3b"])
    payload: dict[str, Any]
    status: DeliveryStatus
    tries: int
    attempts: list[DeliveryAttemptOut]
    next_at: str | None = Field(alias="nextAt")
    con: str
    mon: str


class DeliveryAnswer(Output):
    """A delivery."""

    success: Literal[True] = True
    delivery: DeliveryOut


class DeliveriesAnswer(Output):
    """Deliveries, newest first."""

    success: Literal[True] = True
    deliveries: list[DeliveryOut]
    next_cursor: str | None = Field(alias="nextCursor")
    prev_cursor: str | None = Field(alias="prevCursor")


def webhook_data(webhook: Webhook, now: datetime) -> dict[str, Any]:
    """Return a webhook as clients see it."""
    old = [each.expires_at for each in webhook.signing(now) if each.expires_at is not None]
    return {
        "_id": webhook.id,
        "tenantId": webhook.tenant_id,
        "ownerId": webhook.owner_id,
        "url": webhook.url,
        "description": webhook.description,
        "events": list(webhook.events),
        "status": webhook.status.value,
        "reason": webhook.reason.value if webhook.reason else None,
        "failures": webhook.failures,
        "failingSince": iso(webhook.failing_since) if webhook.failing_since else None,
        "oldSecretUntil": iso(old[0]) if old else None,
        "con": iso(webhook.created_at),
        "mon": iso(webhook.updated_at),
    }


def delivery_data(delivery: Delivery) -> dict[str, Any]:
    """Return a delivery as clients see it."""
    return {
        "_id": delivery.id,
        "webhookId": delivery.webhook_id,
        "messageId": delivery.message_id,
        "type": delivery.type,
        "subject": delivery.subject,
        "payload": orjson.loads(delivery.body),
        "status": delivery.status.value,
        "tries": delivery.tries,
        "attempts": [_attempt_data(each) for each in delivery.attempts],
        "nextAt": iso(delivery.next_at) if delivery.next_at else None,
        "con": iso(delivery.created_at),
        "mon": iso(delivery.updated_at),
    }


def _attempt_data(attempt: DeliveryAttempt) -> dict[str, Any]:
    return {
        "at": iso(attempt.at), "durationMs": attempt.duration_ms, "status": attempt.status, "answer": attempt.answer,
        "error": attempt.error,
    }  # fmt: skip
