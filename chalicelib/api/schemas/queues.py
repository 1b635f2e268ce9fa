"""Models of queue routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from chalicelib.api.call import Input, Output
from chalicelib.api.schemas.fields import Id

if TYPE_CHECKING:
    from chalicelib.services.queues import Queue


class OfTenant(Input):
    """Whose queues; only an operator may name another tenant."""

    tenant: Id | None = None


class QueueOut(Output):
    """A queue.

    ``oldestAgeMs``: time since the oldest waiting job became ready. ``ratePerMin``: jobs ended per minute.
    """

    name: str
    paused: bool
    strict: bool = Field(description="Whether a job of a higher priority is always first.")
    ready: int
    running: int
    blocked: int = Field(description="Jobs that wait for the ends of other jobs.")
    scheduled: int
    retrying: int
    waiting: int = Field(description="Jobs whose tasks wait for a time, an event or another job.")
    oldest_age_ms: int | None = Field(alias="oldestAgeMs")
    rate_per_min: float = Field(alias="ratePerMin")


class QueuesAnswer(Output):
    """Queues by name."""

    success: Literal[True] = True
    queues: list[QueueOut]


class QueuePausedAnswer(Output):
    """The queue's state after this call, and whether the call changed it."""

    success: Literal[True] = True
    name: str
    paused: bool
    changed: bool


class QueueSettings(Input):
    """What of a queue is set. ``strict``: a job of a higher priority is always first, however long others wait."""

    strict: bool


class QueueSettingsAnswer(Output):
    """The queue's settings after this call, and whether the call changed them."""

    success: Literal[True] = True
    name: str
    strict: bool
    changed: bool


def queue_body(queue: Queue) -> dict[str, Any]:
    """Return ``QueueOut`` as a plain dict."""
    return {
        "name": queue.name,
        "paused": queue.paused,
        "strict": queue.strict,
        "ready": queue.ready,
        "running": queue.running,
        "blocked": queue.blocked,
        "scheduled": queue.scheduled,
        "retrying": queue.retrying,
        "waiting": queue.waiting,
        "oldestAgeMs": queue.oldest_age_ms,
        "ratePerMin": queue.rate_per_min,
    }
