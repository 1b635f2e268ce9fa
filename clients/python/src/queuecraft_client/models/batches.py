"""Batches as the API answers them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from queuecraft_client.models._model import Model, OpenEnum, named


class BatchStatus(OpenEnum):
    """The state of a batch."""

    SUBMITTING = "submitting"
    RUNNING = "running"
    COMPLETED = "completed"
    #: A job of it is in the dead letter queue.
    FAILED = "failed"
    CANCELLED = "cancelled"
    #: The call that submitted it died, and no other continued it.
    UNDONE = "undone"


_ENDED: Final = frozenset({BatchStatus.COMPLETED, BatchStatus.FAILED, BatchStatus.CANCELLED, BatchStatus.UNDONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch(Model):
    """Jobs that belong together. ``done`` (completed) to ``waiting`` count them."""

    id: str = named("_id")
    name: str
    status: BatchStatus
    owner_id: str = ""
    tenant_id: str = ""
    total: int = 0
    done: int = 0
    failed: int = 0
    cancelled: int = 0
    running: int = 0
    waiting: int = 0
    cancel_requested: bool = False
    #: The jobs that it submitted when it ended.
    on_complete: str | None = None
    on_success: str | None = None
    finished_at: datetime | None = None
    trace_id: str = ""
    created_at: datetime | None = named("con", None)
    modified_at: datetime | None = named("mon", None)

    @property
    def ended(self) -> bool:
        """Whether all its jobs have ended."""
        return self.status in _ENDED
