"""Queues and limits as the API answers them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queuecraft_client.models._model import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue(Model):
    """A queue, with its open jobs by state."""

    name: str
    paused: bool = False
    #: Whether a job of a higher priority is always first.
    strict: bool = False
    ready: int = 0
    running: int = 0
    blocked: int = 0
    scheduled: int = 0
    retrying: int = 0
    #: How long the oldest ready job has waited, in milliseconds.
    oldest_age_ms: int | None = None
    rate_per_min: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds(Model):
    """Bounds of a limit; ``None`` is unlimited."""

    concurrency: int | None = None
    #: Starts, such as 100/s, 30/min or 5/h.
    rate: str | None = None
    burst: int | None = None
    #: Concurrency of all keys together.
    total: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit(Bounds):
    """A limit as it stands for a tenant. ``held`` jobs run under it, ``waiting`` ones wait for it."""

    name: str
    per: str | None = None
    shared: bool = False
    tasks: tuple[str, ...] = ()
    paused: bool = False
    declared: Bounds | None = None
    #: Who set what stands: code, tenant or operators.
    source: str = ""
    changed_at: datetime | None = None
    held: int = 0
    waiting: int = 0
    waiting_is_exact: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitKey(Model):
    """A key of a limit, with its numbers of jobs."""

    key: str
    held: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitDetail(Limit):
    """A limit with its busiest keys, and ids of running jobs; at most 100 of each."""

    keys: tuple[LimitKey, ...] = ()
    holders: tuple[str, ...] = ()
