"""What users do with jobs that exist: the actions, the states that they change, and their results."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from chalicelib.domain.jobs import CANCELLABLE, TERMINAL, Job, JobStatus
from chalicelib.errors import QueueCraftError


class Action(StrEnum):
    """Actions on many jobs at once. ``RETRY`` also ends waits; two actions are only for the DLQ."""

    CANCEL = "cancel"
    RETRY = "retry"
    REDRIVE = "redrive"
    DELETE = "delete"
    DELETE_DEAD = "delete_dead"
    #: By operations alone.
    REPLAY = "replay"

    @property
    def states(self) -> frozenset[JobStatus]:
        """The states in which the action changes a job."""
        return _CHANGED_IN[self]


_CHANGED_IN: Final = {
    Action.CANCEL: CANCELLABLE,
    Action.RETRY: frozenset({JobStatus.DLQ, JobStatus.SCHEDULED, JobStatus.RETRYING}),
    Action.REDRIVE: frozenset({JobStatus.DLQ}),
    Action.DELETE: TERMINAL,
    Action.DELETE_DEAD: frozenset({JobStatus.DLQ}),
    Action.REPLAY: TERMINAL,
}


class Failed(NamedTuple):
    """A job that could not be changed, and why."""

    id: str
    error: QueueCraftError


class Changed(NamedTuple):
    """The result of an action: the changed jobs, as they are now, and those that failed."""

    jobs: list[Job]
    failed: list[Failed]

    @property
    def changed(self) -> int:
        return len(self.jobs)
