"""Webhooks as the API answers them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from queuecraft_client.models._model import Model, named


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook(Model):
    """A webhook without its secret."""

    id: str = named("_id")
    url: str
    events: tuple[str, ...] = ()
    description: str = ""
    status: str = ""
    #: Why it is paused.
    reason: str | None = None
    #: Failed attempts since the last success.
    failures: int = 0
    failing_since: datetime | None = None
    #: Until then the secret before the last rotation signs too.
    old_secret_until: datetime | None = None
    owner_id: str = ""
    tenant_id: str = ""
    created_at: datetime | None = named("con", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSecret(Model):
    """A webhook, and its secret, which is shown once."""

    webhook: Webhook
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryAttempt(Model):
    """One request. Without an answer ``status`` is ``None``, and ``error`` says why."""

    at: datetime
    duration_ms: int = 0
    status: int | None = None
    answer: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery(Model):
    """A message of a webhook, and the last ten attempts to deliver it."""

    id: str = named("_id")
    webhook_id: str
    #: The ``webhook-id`` of all its attempts.
    message_id: str = ""
    type: str = ""
    #: What it is about, such as ``job:66f2a1b3c4d5e6f708192a3b``.
    subject: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    status: str = ""
    tries: int = 0
    attempts: tuple[DeliveryAttempt, ...] = ()
    next_at: datetime | None = None
    created_at: datetime | None = named("con", None)
