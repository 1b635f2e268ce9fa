"""The audit log: records changes around the call that makes them, and lists them for admins.

An entry is written before its change, so no change is made without one, and closed after it. An entry that stays open
belongs to a call that died: whether its change was made is not known. A change that is refused leaves no entry.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import orjson

from chalicelib.domain.audit import Actor, AuditEntry, AuditFilter, State
from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.filters import Start
from chalicelib.domain.principals import Permission, Principal, Scope
from chalicelib.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    LimitExceeded,
    NotFound,
    TooLarge,
    Unauthenticated,
)
from chalicelib.telemetry.logger import Log

if TYPE_CHECKING:
    from chalicelib.store.audit import AuditStore

T = TypeVar("T")
#: The largest state that is kept, as JSON.
MAX_STATE_BYTES: Final = 8 * 1024
#: Errors that say that a change was not made. After others it may have been made.
_REFUSALS: Final = (InvalidInput, Unauthenticated, Forbidden, NotFound, Conflict, LimitExceeded, TooLarge)


class Change(NamedTuple):
    """A change that is about to be made: what, to what, and how that is before. It is listed for the admins of
    ``tenant_id``, by default the caller's.
    """

    action: str
    target: str
    before: State
    trace_id: str
    tenant_id: str | None = None


class Made(NamedTuple):
    """What came of a change: its target and state. ``made`` is false if nothing was changed."""

    target: str
    state: State
    made: bool = True


class AuditPage(NamedTuple):
    """Entries, the newest first, and whether there are others after and before them."""

    entries: list[AuditEntry]
    after: bool
    before: bool


class AuditLog:
    """The only writer of entries."""

    def __init__(self, store: AuditStore, clock: Clock, ids: Ids, log: Log) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._log = log

    def record(
        self,
        principal: Principal,
        change: Change,
        work: Callable[[], T],
        outcome: Callable[[T], Made],
    ) -> T:
        """Call ``work``, record it as ``change``, and return its result.

        ``outcome`` reads what came of it; if it fails, the entry stays open. Raises what ``work`` raises, and errors of
        the database before it is called.
        """
        entry = AuditEntry(
            id=self._ids.object_id(),
            tenant_id=change.tenant_id or principal.tenant_id,
            at=self._clock.now(),
            actor=Actor.of(principal),
            action=change.action,
            target=change.target,
            before=_bounded(change.before),
            after=None,
            trace_id=change.trace_id,
        )
        self._store.begin(entry)
        try:
            result = work()
        except _REFUSALS:
            self._close(entry, lambda: Made(change.target, None, made=False))
            raise
        self._close(entry, lambda: outcome(result))
        return result

    def page(self, principal: Principal, which: AuditFilter, start: Start | None, limit: int) -> AuditPage:
        """Return entries: those of the caller's tenant, for operators those of all unless ``which`` names one.

        Raises ``Forbidden``.
        """
        found = self._store.page(self._visible(principal, which), start, limit + 1)
        more = len(found) > limit
        if start is not None and start.backwards:
            return AuditPage(found[-limit:], after=True, before=more)
        return AuditPage(found[:limit], after=more, before=start is not None)

    @staticmethod
    def _visible(principal: Principal, which: AuditFilter) -> AuditFilter:
        if not principal.may(Permission.READ_AUDIT):
            raise Forbidden("Your role may not read the audit log")
        if principal.may_read(Scope.ALL):
            return which
        if which.tenant_id not in {None, principal.tenant_id}:
            raise Forbidden("Only an operator reads the audit log of other tenants")
        return which._replace(tenant_id=principal.tenant_id)

    def _close(self, entry: AuditEntry, outcome: Callable[[], Made]) -> None:
        """Close or withdraw an entry. A failure leaves it open, and is no error of the call."""
        try:
            made = outcome()
            if made.made:
                self._store.end(entry.id, made.target, _bounded(made.state))
            else:
                self._store.withdraw(entry.id)
        except Exception as error:
            self._log.error(
                "an entry of the audit log stays open", event="audit_open", entryId=entry.id, action=entry.action,
                target=entry.target, error=repr(error)[:500],
            )  # fmt: skip


def unseen_as_none(read: Callable[[], dict[str, Any]]) -> State:
    """Return what ``read`` returns, ``None`` if the caller may not see it or it does not exist."""
    try:
        return read()
    except (NotFound, Forbidden, InvalidInput):
        return None


def _bounded(state: State) -> State:
    if state is None:
        return None
    size = len(orjson.dumps(state))
    return state if size <= MAX_STATE_BYTES else {"truncated": True, "bytes": size}
