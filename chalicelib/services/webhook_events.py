"""Makes deliveries of what happened: the handler of outbox entries of jobs, and ends of batches and workflows.

Each is made once for each webhook, under a key of what it reports, however often these functions are called.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import orjson

from chalicelib.domain.batches import Batch, BatchStatus
from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.events import job_data
from chalicelib.domain.jobs import Job, OutboxEntry, iso
from chalicelib.domain.webhooks import Delivery, Webhook, WebhookEvent, delivery_key, event_of
from chalicelib.domain.workflows import Workflow, WorkflowStatus
from chalicelib.services.batch_data import batch_data
from chalicelib.services.workflow_data import workflow_data

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.services.subscriptions import Subscriptions
    from chalicelib.store.webhook_deliveries import DeliveryStore
    from chalicelib.store.webhooks import WebhookStore

_OF_BATCH: Final = {
    BatchStatus.COMPLETED: WebhookEvent.BATCH_COMPLETED,
    BatchStatus.FAILED: WebhookEvent.BATCH_FAILED,
    BatchStatus.CANCELLED: WebhookEvent.BATCH_CANCELLED,
}
_OF_WORKFLOW: Final = {
    WorkflowStatus.COMPLETED: WebhookEvent.WORKFLOW_COMPLETED,
    WorkflowStatus.FAILED: WebhookEvent.WORKFLOW_FAILED,
    WorkflowStatus.CANCELLED: WebhookEvent.WORKFLOW_CANCELLED,
}
#: Bytes of the data of a message; longer ones are sent without their error's message and their tags.
MAX_DATA_BYTES: Final = 16 * 1024


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that a tenant's webhooks may report."""

    tenant_id: str
    type: str
    subject: str
    #: Tells it from others of its type and subject, such as the number of an attempt.
    number: str
    at: datetime
    data: dict[str, Any]
    #: The W3C trace context of what happened.
    traceparent: str | None = None


class WebhookEvents:
    """``on_due`` is called when deliveries were made: somebody must send them.

    ``trace_ratio``: as in ``attempt_context``; ``None`` where no spans are exported.
    """

    def __init__(
        self, *, webhooks: WebhookStore, deliveries: DeliveryStore, subscriptions: Subscriptions, clock: Clock,
        ids: Ids, trace_ratio: float | None = None,
    ) -> None:  # fmt: skip
        self._webhooks = webhooks
        self._deliveries = deliveries
        self._subscriptions = subscriptions
        self._clock = clock
        self._ids = ids
        self._trace_ratio = trace_ratio
        self.on_due: Callable[[], object] = lambda: None

    def follow(self, entries: Sequence[tuple[Job, OutboxEntry]]) -> None:
        """Make the deliveries of outbox entries."""
        self.report([self._of_job(job, entry) for job, entry in entries])

    def batch_ended(self, batch: Batch) -> None:
        """Make the deliveries of the end of a batch."""
        kind = _OF_BATCH.get(batch.status)
        if kind is not None and kind.value in self._subscriptions.of(batch.tenant_id):
            at, data = batch.finished_at or batch.updated_at, batch_data(batch, batch.counts or {})
            self.report([Occurrence(batch.tenant_id, kind.value, f"batch:{batch.id}", "", at, data, batch.traceparent)])

    def workflow_ended(self, workflow: Workflow) -> None:
        """Make the deliveries of the end of a run of a workflow."""
        kind = _OF_WORKFLOW.get(workflow.status)
        if kind is not None and kind.value in self._subscriptions.of(workflow.tenant_id):
            at, data = workflow.finished_at or workflow.updated_at, workflow_data(workflow)
            run = str(workflow.run)
            subject = f"workflow:{workflow.id}"
            self.report([Occurrence(workflow.tenant_id, kind.value, subject, run, at, data, workflow.traceparent)])

    def report(self, occurrences: Iterable[Occurrence]) -> int:
        """Make a delivery of each for each active webhook of its tenant that reports it; return how many."""
        found = list(occurrences)
        by_tenant: dict[str, list[Webhook]] = defaultdict(list)
        for webhook in self._webhooks.active_of({each.tenant_id for each in found}):
            by_tenant[webhook.tenant_id].append(webhook)
        made = [
            self.delivery(webhook, each)
            for each in found
            for webhook in by_tenant[each.tenant_id]
            if each.type in webhook.events
        ]
        if made:
            self._deliveries.add(made)
            self.on_due()
        return len(made)

    def delivery(self, webhook: Webhook, what: Occurrence) -> Delivery:
        """Return a delivery that is due now."""
        now = self._clock.now()
        return Delivery(
            id=self._ids.object_id(),
            webhook_id=webhook.id,
            tenant_id=webhook.tenant_id,
            type=what.type,
            subject=what.subject,
            body=_body(what),
            created_at=now,
            updated_at=now,
            next_at=now,
            key=delivery_key(webhook.id, what.subject, f"{what.type}/{what.number}"),
            traceparent=what.traceparent,
        )

    def _of_job(self, job: Job, entry: OutboxEntry) -> Occurrence:
        attempt = entry.id.partition(":")[2]
        return Occurrence(
            job.tenant_id, event_of(entry.id), f"job:{job.id}", f"{entry.series}/{attempt}", job.updated_at,
            job_data(job), self._traceparent(job, int(attempt) if attempt.isdigit() else job.attempt),
        )  # fmt: skip

    def _traceparent(self, job: Job, attempt: int) -> str | None:
        """Return the context of an attempt, so that deliveries are its children; without one, the submission's."""
        if self._trace_ratio is None or attempt == 0:
            return job.traceparent
        from chalicelib.domain.traces import attempt_context  # noqa: PLC0415 - only with an exporter

        return attempt_context(job, attempt, self._trace_ratio).traceparent


def _body(what: Occurrence) -> str:
    """Return the message as JSON text."""
    data = what.data
    if len(orjson.dumps(data)) > MAX_DATA_BYTES:
        error = data.get("error")
        data = {**data, "tags": [], "error": {**error, "message": ""} if error else None}
    return orjson.dumps({"type": what.type, "timestamp": iso(what.at), "data": data}).decode()
