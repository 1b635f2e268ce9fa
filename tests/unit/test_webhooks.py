"""Webhooks without I/O: signatures, retries, which events a move of a job is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from chalicelib.domain.jobs import AttemptRecord, Job, JobStatus, OutboxEntry, Outcome
from chalicelib.domain.webhooks import (
    FAILING_FOR,
    FAILURES_IN_A_ROW,
    RETRIES_S,
    Delivery,
    DeliveryAttempt,
    DeliveryStatus,
    Secret,
    Webhook,
    WebhookEvent,
    after_attempt,
    headers,
    is_given_up,
    reported,
)

NOW = datetime.now(UTC).replace(microsecond=0)
OLD, NEW = Secret(b"o" * 32, NOW + timedelta(days=1)), Secret(b"n" * 32)
WEBHOOK = Webhook("a" * 24, "b" * 24, "c" * 24, "https://example.com/", ("job.completed",), (NEW, OLD), NOW, NOW)
BODY = '{"type":"job.completed","timestamp":"2026-01-01T00:00:00.000Z","data":{"name":"Zürich"}}'
DELIVERY = Delivery("d" * 24, WEBHOOK.id, WEBHOOK.tenant_id, "job.completed", "job:" + "e" * 24, BODY, NOW, NOW)
ALL = frozenset(event.value for event in WebhookEvent)


def test_a_message_is_verified_with_the_new_secret_and_with_the_old_one() -> None:
    sent = headers(WEBHOOK, DELIVERY, datetime.now(UTC))

    for secret in (NEW, OLD):
        assert Verifier(secret.text).verify(BODY, sent)["data"] == {"name": "Zürich"}
    assert sent["webhook-id"] == f"msg_{DELIVERY.id}"
    assert len(sent["webhook-signature"].split(" ")) == 2


def test_an_expired_secret_signs_no_more() -> None:
    late = replace(WEBHOOK, secrets=(NEW, replace(OLD, expires_at=NOW)))

    sent = headers(late, DELIVERY, datetime.now(UTC))

    assert len(sent["webhook-signature"].split(" ")) == 1
    with pytest.raises(WebhookVerificationError):
        Verifier(OLD.text).verify(BODY, sent)


def test_another_body_is_not_verified() -> None:
    with pytest.raises(WebhookVerificationError):
        Verifier(NEW.text).verify(BODY + " ", headers(WEBHOOK, DELIVERY, datetime.now(UTC)))


def test_a_delivery_is_tried_eight_times_within_28_hours() -> None:
    failed = DeliveryAttempt(NOW, 5, 500)
    waits: list[float | None] = []
    for tries in range(8):
        status, wait_s = after_attempt(replace(DELIVERY, tries=tries), failed, 0.5)
        waits.append(wait_s)

    assert waits == [*map(float, RETRIES_S), None]
    assert status is DeliveryStatus.FAILED
    assert sum(RETRIES_S) < 28 * 3600


@pytest.mark.parametrize(("status", "taken"), [(200, True), (204, True), (301, False), (404, False), (500, False)])
def test_only_2xx_is_a_success(status: int, taken: bool) -> None:
    assert DeliveryAttempt(NOW, 5, status).succeeded is taken


def test_a_webhook_is_given_up_after_many_failures_over_a_day() -> None:
    failing = replace(WEBHOOK, failures=FAILURES_IN_A_ROW, failing_since=NOW - FAILING_FOR)

    assert is_given_up(failing, NOW)
    assert not is_given_up(replace(failing, failures=FAILURES_IN_A_ROW - 1), NOW)
    assert not is_given_up(replace(failing, failing_since=NOW - FAILING_FOR / 2), NOW)
    assert not is_given_up(WEBHOOK, NOW)


def job(status: JobStatus, outcome: Outcome | None = None) -> Job:
    attempts = (AttemptRecord(3, "w", NOW, NOW, outcome),) if outcome else ()
    return Job("e" * 24, WEBHOOK.tenant_id, "c" * 24, "a job", status, 1, NOW, NOW, NOW, "", attempts=attempts)


@pytest.mark.parametrize(
    ("status", "outcome", "found"),
    [
        (JobStatus.COMPLETED, Outcome.COMPLETED, ["job.completed"]),
        (JobStatus.RETRYING, Outcome.FAILED, ["job.failed:3"]),
        (JobStatus.RETRYING, Outcome.SNOOZED, []),
        (JobStatus.RETRYING, Outcome.INTERRUPTED, []),
        (JobStatus.DLQ, Outcome.TIMED_OUT, ["job.failed:3", "job.dead"]),
        (JobStatus.DLQ, None, ["job.dead"]),
        (JobStatus.CANCELLED, Outcome.FAILED, ["job.cancelled"]),
        (JobStatus.SKIPPED, None, ["job.skipped"]),
        (JobStatus.PENDING, Outcome.LOST, []),
        (JobStatus.WAITING, Outcome.WAITING, []),
    ],
)
def test_the_events_of_a_move(status: JobStatus, outcome: Outcome | None, found: list[str]) -> None:
    moved = job(status, outcome)

    assert [entry.id for entry in reported(moved, ALL).outbox] == found
    assert reported(moved, frozenset()) is moved


def test_an_event_has_one_entry_beside_those_of_others() -> None:
    other = OutboxEntry("x", "batch", 0)
    ended = job(JobStatus.COMPLETED, Outcome.COMPLETED).with_(outbox=(other,))

    once = reported(ended, ALL)

    assert [entry.kind for entry in once.outbox] == ["batch", "webhook"]
    assert reported(once, ALL) is once
