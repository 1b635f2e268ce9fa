"""What the scripts of the engine answer."""

from __future__ import annotations

from typing import NamedTuple

from chalicelib.domain.pauses import PausedBy


class Enqueued(NamedTuple):
    """``added``: number of jobs enqueued; ``wake``: pools whose workers do not listen, invoke one of each.

    ``refused``: ids that were enqueued before, or whose permit Redis lost (``ProjectionRebuilder.requeue``).
    """

    added: int
    wake: tuple[str, ...]
    refused: tuple[str, ...] = ()


class Missing(NamedTuple):
    """Jobs that the queue does not have, each with a permit: id → when the permit was noted, in ms."""

    noted_ms: dict[str, int]

    @property
    def ids(self) -> list[str]:
        return list(self.noted_ms)


class Claim(NamedTuple):
    """Jobs leased by one claim."""

    ids: list[str]
    #: Groups of the pool that still have lanes in the rotation.
    groups_left: int
    #: Due time of the next scheduled or retrying job, or end of a lease.
    next_due_ms: int | None
    #: When a rate allows the next job of a parked lane: claim again.
    next_token_ms: int | None = None
    #: Whether the claim ended at a job with a rate, because none of the free slots was left.
    is_cut: bool = False
    #: Whether anything is paused: the tasks of the jobs may be.
    is_pausing: bool = False


class Wait(NamedTuple):
    """Ready jobs of a queue or lane.

    ``since_ms``: since when the oldest is ready, ``None`` if none is; exact for jobs of the default priority and in
    strict queues, else within the age that the priority is worth. ``is_cut``: it has more lanes than were counted.
    """

    ready: int
    paused: PausedBy
    since_ms: int | None
    is_cut: bool = False
