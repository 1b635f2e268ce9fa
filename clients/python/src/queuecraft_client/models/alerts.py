"""Alert rules as the API answers them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queuecraft_client.models._model import Model, named


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert(Model):
    """An alert rule and its state. ``value``, ``subject`` and ``jobs`` are what was measured at ``checked_at``."""

    id: str = named("_id")
    name: str
    kind: str
    threshold: float
    scope: str = "tenant"
    window_s: int = 0
    min_jobs: int = 0
    queue: str | None = None
    task: str | None = None
    schedule: str | None = None
    #: What it measures, in a sentence.
    condition: str = ""
    for_s: int = 0
    repeat_s: int = 0
    severity: str = "warning"
    enabled: bool = True
    muted_until: datetime | None = None
    status: str = ""
    since: datetime | None = None
    value: float | None = None
    subject: str = ""
    jobs: int | None = None
    checked_at: datetime | None = None
    firings: int = 0
    fired_at: datetime | None = None
    owner_id: str = ""
    tenant_id: str = ""
    created_at: datetime | None = named("con", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Model):
    """What a rule would measure now; ``met``: that reaches the threshold."""

    value: float | None = None
    subject: str = ""
    jobs: int | None = None
    met: bool = False
    condition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing(Model):
    """A firing of a rule. ``resolved_at`` is ``None`` while it goes on."""

    id: str = named("_id")
    rule_id: str
    name: str = ""
    number: int = 0
    severity: str = ""
    fired_at: datetime | None = None
    resolved_at: datetime | None = None
    value: float | None = None
    subject: str = ""
    #: Whether webhooks and members were notified.
    notified: bool = False
