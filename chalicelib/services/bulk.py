"""Bulk operations: cancel, retry, redrive, delete or replay all jobs that match a filter, page by page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.filters import JobFilter, Visibility
from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.operations import MAX_JOBS, PAGE, REPLAYS_PAGE, Operation, OperationKind
from chalicelib.domain.principals import KeyScope, Permission, Principal
from chalicelib.errors import MissingScope
from chalicelib.services.job_actions import Action, Failed

if TYPE_CHECKING:
    from chalicelib.services.bulk_replay import BulkReplay
    from chalicelib.services.job_changes import JobChanges
    from chalicelib.services.operations import OperationRuns
    from chalicelib.store.job_search import JobSearch

_MINUTE: Final = timedelta(minutes=1)
_ACTIONS: Final = {
    OperationKind.CANCEL: Action.CANCEL,
    OperationKind.RETRY: Action.RETRY,
    OperationKind.REDRIVE: Action.REDRIVE,
    OperationKind.DELETE: Action.DELETE,
    OperationKind.REPLAY: Action.REPLAY,
}
#: Jobs that these change may match again: those that changed after the operation began are left out.
_REPEATABLE: Final = frozenset({OperationKind.RETRY, OperationKind.REDRIVE})


@dataclass(frozen=True, slots=True)
class Reached:
    """How far an operation is."""

    #: The id of the last job.
    after: str | None = None
    #: Jobs before it that were changed, and that were refused.
    changed: int = 0
    failed: int = 0
    #: The jobs of a step that has begun.
    page: tuple[str, ...] = ()
    #: When the current minute of a paced operation began, and the jobs of its steps.
    minute_at: datetime | None = None
    in_minute: int = 0
    #: When the step began, or the one before it.
    begun_at: datetime | None = None

    @classmethod
    def of(cls, operation: Operation) -> Reached:
        """Return how far an operation is."""
        found = operation.reached or {}
        return cls(**{**found, "page": tuple(found.get("page", ()))})

    @property
    def done(self) -> int:
        """The number of jobs that were looked at."""
        return self.changed + self.failed

    @property
    def data(self) -> Mapping[str, Any]:
        """What is kept of it."""
        return {**asdict(self), "page": list(self.page)}

    def room(self, rate: int | None, now: datetime) -> int:
        """Return how many jobs the next step may change; 0 in a minute whose jobs are done."""
        left = min(PAGE, MAX_JOBS - self.done)
        if rate is None:
            return left
        same = self.minute_at is not None and now < self.minute_at + _MINUTE
        return min(left, rate - self.in_minute if same else rate)

    def begun(self, page: tuple[str, ...], now: datetime) -> Reached:
        """Return it with the jobs of the next step."""
        if self.minute_at is not None and now < self.minute_at + _MINUTE:
            return replace(self, page=page, in_minute=self.in_minute + len(page), begun_at=now)
        return replace(self, page=page, minute_at=now, in_minute=len(page), begun_at=now)

    def ended(self, failed: int) -> Reached:
        """Return it after its step, in which ``failed`` jobs were refused."""
        changed = self.changed + len(self.page) - failed
        return replace(self, after=self.page[-1], changed=changed, failed=self.failed + failed, page=())


@dataclass(frozen=True, slots=True)
class Step:
    """What is reached after a step, and the jobs that it could not change.

    ``more``: there may be others. ``wait_s``: when the next step may begin, in a paced operation.
    """

    reached: Reached
    failed: list[Failed]
    more: bool
    wait_s: float = 0.0


def action_of(kind: OperationKind) -> Action:
    """Return what a bulk operation does."""
    return _ACTIONS[kind]


def permitted(principal: Principal, kind: OperationKind, wanted: JobFilter) -> JobFilter | None:
    """Return the jobs of a filter that ``principal`` may change at all; ``None`` if there cannot be any.

    The operation runs with the rights of a person, so what an API key may not do is left out here. Raises
    ``MissingScope`` if nothing else was asked for.
    """
    if principal.may(Permission.CHANGE_DEAD) or kind is OperationKind.REPLAY:  # which leaves them as they are
        return wanted
    if kind is OperationKind.REDRIVE:
        raise MissingScope(KeyScope.DLQ_WRITE.value)
    return wanted.among(frozenset(JobStatus) - {JobStatus.DLQ})


class BulkWork:
    """Changes jobs with the rights of the operation's owner.

    The jobs of a step are noted before it begins. If it is interrupted, the next attempt changes those that still
    match; the others were changed.
    """

    def __init__(
        self, search: JobSearch, changes: JobChanges, replays: Callable[[], BulkReplay], runs: OperationRuns,
        clock: Clock,
    ) -> None:  # fmt: skip
        self._search = search
        self._changes = changes
        self._replays = replays
        self._runs = runs
        self._clock = clock

    def step(self, operation: Operation, owner: Principal, seen: Visibility, reached: Reached) -> Step:
        """Change the next jobs, oldest first, or the rest of those of a step that was interrupted."""
        rate: int | None = operation.options.get("ratePerMin")
        wanted, now = _able(operation), self._clock.now()
        if wanted is None:
            return Step(reached, [], more=False)
        room = reached.room(rate, now)
        if operation.kind is OperationKind.REPLAY:
            room = min(room, REPLAYS_PAGE)
        if reached.page:
            ids = self._search.matching(seen, wanted, reached.page)
        else:
            ids = self._search.ids(seen, wanted, room, reached.after) if room > 0 else []
            if not ids:
                return self._none(operation, reached, room, now)
            reached = reached.begun(tuple(ids), now)
            self._runs.reach(operation, reached.data)
        failed, wait_s = self._apply(operation, owner, ids, reached.begun_at or now)
        if wait_s:
            return Step(reached, [], more=True, wait_s=wait_s)
        reached = reached.ended(len(failed))
        self._runs.reach(operation, reached.data)
        return Step(reached, failed, more=True)

    def _apply(
        self, operation: Operation, owner: Principal, ids: list[str], begun_at: datetime
    ) -> tuple[list[Failed], float]:
        """Change jobs; return those that it could not change, and for how long a limit lets none be submitted."""
        if operation.kind is OperationKind.REPLAY:
            done = self._replays().replay(operation, owner, ids, begun_at)
            return done.failed, done.wait_s
        return self._changes.act(owner, action_of(operation.kind), ids, _since(operation)).failed, 0.0

    @staticmethod
    def _none(operation: Operation, reached: Reached, room: int, now: datetime) -> Step:
        """Return why a step has no jobs: there are no more, or the minute is over first."""
        if room > 0 or reached.done >= MAX_JOBS or reached.minute_at is None:
            return Step(reached, [], more=False)
        return Step(reached, [], more=True, wait_s=(reached.minute_at + _MINUTE - now).total_seconds())


def _able(operation: Operation) -> JobFilter | None:
    """Return the jobs of an operation in a state that it can change; ``None`` if there cannot be any."""
    action = action_of(operation.kind)
    among = operation.wanted.among(action.states) if operation.wanted is not None else None
    if among is None:
        return None
    return replace(among, unless_cancelling=action is Action.CANCEL, unchanged_since=_since(operation))


def _since(operation: Operation) -> datetime | None:
    return operation.created_at if operation.kind in _REPEATABLE else None
