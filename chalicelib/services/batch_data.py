"""Batches as clients see them: in answers and events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.batches import Batch, Callback
from chalicelib.domain.events import Event, EventType
from chalicelib.domain.jobs import OPEN, JobStatus, iso


def batch_data(batch: Batch, counts: Mapping[JobStatus, int]) -> dict[str, Any]:
    """Return a batch. ``counts``: its jobs by state, at its end once it has ended."""
    return {
        "_id": batch.id,
        "tenantId": batch.tenant_id,
        "ownerId": batch.owner_id,
        "name": batch.name,
        "status": batch.status.value,
        **progress_data(batch, counts),
        "cancelRequested": batch.cancel_requested,
        "onComplete": _callback(batch, Callback.ON_COMPLETE),
        "onSuccess": _callback(batch, Callback.ON_SUCCESS),
        "finishedAt": iso(batch.finished_at) if batch.finished_at else None,
        "traceId": batch.trace_id,
        "con": iso(batch.created_at),
        "mon": iso(batch.updated_at),
    }


def progress_data(batch: Batch, counts: Mapping[JobStatus, int]) -> dict[str, int]:
    """Return how many jobs a batch has, in total and by what became of them; items kept by a retry are done."""
    return {
        "total": batch.total,
        "done": counts.get(JobStatus.COMPLETED, 0) + batch.kept,
        "failed": counts.get(JobStatus.DLQ, 0),
        "cancelled": counts.get(JobStatus.CANCELLED, 0),
        "running": counts.get(JobStatus.RUNNING, 0),
        "waiting": sum(counts.get(status, 0) for status in OPEN - {JobStatus.RUNNING}),
    }


def updated(batch: Batch, counts: Mapping[JobStatus, int]) -> Event:
    """Return ``batch:updated`` with the batch."""
    data = batch_data(batch, counts)
    return Event(EventType.BATCH_UPDATED, batch.tenant_id, batch.owner_id, data, batch.updated_at)


def _callback(batch: Batch, callback: Callback) -> str | None:
    """Return the id of the job that a batch submitted when it ended, ``None`` if it did not."""
    return batch.callback_id(callback) if callback in batch.due_callbacks() else None
