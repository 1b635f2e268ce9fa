"""Webhooks: what they report, their signatures, and when a delivery is tried again. Pure.

Messages and signatures are those of Standard Webhooks (https://www.standardwebhooks.com).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.domain.jobs import TERMINAL, Job, JobStatus, OutboxEntry, Outcome

#: The kind of the outbox entries from which deliveries are made (``services.outbox``).
FOLLOWER_KIND: Final = "webhook"
SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - the public prefix of all secrets
SECRET_BYTES: Final = 32
#: Waits before the second and the further attempts of a delivery, in seconds: 8 attempts within 28 hours.
RETRIES_S: Final = (5, 300, 1_800, 7_200, 18_000, 36_000, 36_000)
#: Time limit of one attempt, in seconds.
TIMEOUT_S: Final = 15.0
#: Bytes of an answer that are kept.
MAX_ANSWER_BYTES: Final = 1_024
#: Attempts of a delivery that are kept, the newest.
MAX_ATTEMPTS_KEPT: Final = 10
#: How long deliveries are kept.
KEPT: Final = timedelta(days=14)
#: A webhook is paused when so many attempts failed in a row, over this time.
FAILURES_IN_A_ROW: Final = 10
FAILING_FOR: Final = timedelta(hours=24)
#: How long the secret before a rotation signs too, unless the call says otherwise, and at most.
OVERLAP_S: Final = 24 * 3600
MAX_OVERLAP_S: Final = 7 * 24 * 3600
#: The type of test messages. Nobody subscribes to it.
TEST: Final = "webhook.test"


class WebhookEvent(StrEnum):
    """What a webhook may report: the type of its messages."""

    JOB_COMPLETED = "job.completed"
    #: An attempt failed, whether or not it is tried again.
    JOB_FAILED = "job.failed"
    #: The job went to the dead letter queue.
    JOB_DEAD = "job.dead"
    JOB_CANCELLED = "job.cancelled"
    JOB_SKIPPED = "job.skipped"
    BATCH_COMPLETED = "batch.completed"
    BATCH_FAILED = "batch.failed"
    BATCH_CANCELLED = "batch.cancelled"
    WORKFLOW_COMPLETED = "workflow.completed"
    WORKFLOW_FAILED = "workflow.failed"
    WORKFLOW_CANCELLED = "workflow.cancelled"
    #: An alert rule began to fire, or fires still.
    ALERT_FIRING = "alert.firing"
    ALERT_RESOLVED = "alert.resolved"


class WebhookStatus(StrEnum):
    """Whether a webhook reports."""

    ACTIVE = "active"
    PAUSED = "paused"


class PauseReason(StrEnum):
    """Why a webhook is paused."""

    BY_HAND = "by_hand"
    #: Its attempts failed for ``FAILING_FOR``.
    FAILING = "failing"
    #: The receiver answered 410 Gone.
    GONE = "gone"


class DeliveryStatus(StrEnum):
    """The state of a delivery."""

    PENDING = "pending"
    DELIVERED = "delivered"
    #: All its attempts failed.
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that signs, until ``expires_at`` if it was rotated."""

    key: bytes
    expires_at: datetime | None = None

    @property
    def text(self) -> str:
        """The secret as its receiver configures it."""
        return SECRET_PREFIX + base64.b64encode(self.key).decode()


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook as MongoDB holds it."""

    id: str
    tenant_id: str
    #: Who created it.
    owner_id: str
    url: str
    events: tuple[str, ...]
    #: The newest first; at most two.
    secrets: tuple[Secret, ...]
    created_at: datetime
    updated_at: datetime
    description: str = ""
    status: WebhookStatus = WebhookStatus.ACTIVE
    reason: PauseReason | None = None
    #: Failed attempts since the last success, and when they began.
    failures: int = 0
    failing_since: datetime | None = None

    def signing(self, now: datetime) -> list[Secret]:
        """Return the secrets that sign at this time."""
        return [secret for secret in self.secrets if secret.expires_at is None or secret.expires_at > now]


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    """One request. ``status`` is ``None`` without an answer; then ``error`` says why."""

    at: datetime
    duration_ms: int
    status: int | None = None
    #: The first bytes of the answer, as text.
    answer: str = ""
    error: str = ""

    @property
    def succeeded(self) -> bool:
        """Whether the receiver took the message."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message for one webhook."""

    id: str
    webhook_id: str
    tenant_id: str
    type: str
    #: What it is about: ``job:<id>``, ``batch:<id>``.
    subject: str
    #: JSON text, sent as it is.
    body: str
    created_at: datetime
    updated_at: datetime
    status: DeliveryStatus = DeliveryStatus.PENDING
    #: Attempts since it was created, or asked for again.
    tries: int = 0
    attempts: tuple[DeliveryAttempt, ...] = ()
    #: When it is tried next; ``None`` if it is not, or while the webhook is paused.
    next_at: datetime | None = None
    #: Identifies what is reported, so that it is reported once.
    key: bytes = b""
    #: The W3C trace context of what is reported.
    traceparent: str | None = None

    @property
    def message_id(self) -> str:
        """The ``webhook-id``: equal for all attempts."""
        return f"msg_{self.id}"


def delivery_key(webhook_id: str, subject: str, occurrence: str) -> bytes:
    """Return what identifies the report of an occurrence by a webhook."""
    return hashlib.blake2b(f"{webhook_id}/{subject}/{occurrence}".encode(), digest_size=16).digest()


def headers(webhook: Webhook, delivery: Delivery, now: datetime) -> dict[str, str]:
    """Return the headers of an attempt at this time, with a signature by each secret that signs."""
    stamp = str(int(now.timestamp()))
    signed = f"{delivery.message_id}.{stamp}.{delivery.body}".encode()
    signatures = [_signature(secret.key, signed) for secret in webhook.signing(now)]
    return {
        "Content-Type": "application/json",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(signatures),
    }


def _signature(key: bytes, signed: bytes) -> str:
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def retry_s(tries: int, random: float) -> float | None:
    """Return the wait after ``tries`` failed attempts, spread by ±10 %; ``None`` if that was the last one."""
    return None if tries > len(RETRIES_S) else RETRIES_S[tries - 1] * (0.9 + 0.2 * random)


def after_attempt(delivery: Delivery, attempt: DeliveryAttempt, random: float) -> tuple[DeliveryStatus, float | None]:
    """Return the state of a delivery after an attempt, and the seconds until the next one."""
    if attempt.succeeded:
        return DeliveryStatus.DELIVERED, None
    wait_s = retry_s(delivery.tries + 1, random)
    return (DeliveryStatus.FAILED if wait_s is None else DeliveryStatus.PENDING), wait_s


def is_given_up(webhook: Webhook, now: datetime) -> bool:
    """Return whether a webhook failed so often, for so long, that it is to be paused."""
    since = webhook.failing_since
    return since is not None and webhook.failures >= FAILURES_IN_A_ROW and now - since >= FAILING_FOR


# --- what happens to jobs ------------------------------------------------------------------------------------------
_ENDS: Final = {
    JobStatus.COMPLETED: WebhookEvent.JOB_COMPLETED,
    JobStatus.DLQ: WebhookEvent.JOB_DEAD,
    JobStatus.CANCELLED: WebhookEvent.JOB_CANCELLED,
    JobStatus.SKIPPED: WebhookEvent.JOB_SKIPPED,
}
_FAILURES: Final = frozenset({Outcome.FAILED, Outcome.TIMED_OUT, Outcome.LOST})
_MAY_FOLLOW_FAILURES: Final = frozenset({JobStatus.RETRYING, JobStatus.DLQ})


def reported(job: Job, wanted: Collection[str]) -> Job:
    """Return ``job``, as a move left it, with an outbox entry for each of the ``wanted`` events that the move is."""
    if not wanted:
        return job
    known = {entry.id for entry in job.outbox if entry.kind == FOLLOWER_KIND}
    entries = [
        OutboxEntry(occurrence, FOLLOWER_KIND, job.redrives)
        for occurrence in _occurrences(job)
        if event_of(occurrence) in wanted and occurrence not in known
    ]
    return job.with_(outbox=(*job.outbox, *entries)) if entries else job


def event_of(occurrence: str) -> str:
    """Return the event that an outbox entry is about."""
    return occurrence.partition(":")[0]


def _occurrences(job: Job) -> Sequence[str]:
    """Return the events of the state of a job; failed attempts with their number."""
    found: list[str] = []
    if job.status in _MAY_FOLLOW_FAILURES and job.attempts and job.attempts[-1].outcome in _FAILURES:
        found.append(f"{WebhookEvent.JOB_FAILED.value}:{job.attempts[-1].number}")
    if job.status in TERMINAL:
        found.append(_ENDS[job.status].value)
    return found
