"""Operations on all jobs that match a filter: start, look at, cancel, wait."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Literal

from queuecraft_client import _body
from queuecraft_client._blocking import Blocking, blocking, blocking_iterator
from queuecraft_client._request import Request, one
from queuecraft_client._session import Session
from queuecraft_client._waiting import until_ended
from queuecraft_client.errors import OperationNotCompleted
from queuecraft_client.models import JobStatus, Matched, Operation
from queuecraft_client.options import DlqFilter, Ref, ReplayChanges, id_of
from queuecraft_client.resources.jobs import WAIT_S

BulkAction = Literal["cancel", "retry", "redrive", "delete", "replay"]


class AsyncOperations:
    """``client.operations``. An operation is named by its id or by what a call returned."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def start(
        self,
        action: BulkAction,
        *,
        filter: DlqFilter,
        name: str | None = None,
        rate_per_min: int | None = None,
        changes: ReplayChanges | None = None,
    ) -> Operation:
        """Cancel, retry, redrive, delete or replay all jobs that match, however many; at most ``rate_per_min`` in a
        minute.

        It changes no job that was submitted after it, and runs none again twice. ``replay`` runs ended jobs again as
        new ones, with ``changes`` if given. Raises ``BadRequest`` if their payloads would not fit.
        """
        body = _asked(action, filter, name=name, rate_per_min=rate_per_min, changes=changes)
        return await self._session.send(Request("POST", "/operations", one(Operation, "operation"), body=body))

    async def count(self, action: BulkAction, *, filter: DlqFilter, changes: ReplayChanges | None = None) -> Matched:
        """Return how many jobs ``start`` would change, and the oldest ten; change none."""
        body = _asked(action, filter, dry_run=True, changes=changes)
        return await self._session.send(Request("POST", "/operations", Matched.parse, body=body))

    async def get(self, operation: Ref) -> Operation:
        """Return an operation of one's own."""
        return await self._session.send(_operation(operation))

    def list(self, *, kind: str | None = None, limit: int | None = None) -> AsyncIterator[Operation]:
        """Iterate over one's operations, newest first, at most ``limit``; pages are read as they are needed."""
        options = {} if kind is None else {"kind": kind}
        return self._session.pages(Operation, "/operations", "operations", options, limit)

    async def cancel(self, operation: Ref) -> Operation:
        """Cancel an operation; what it has done stays. Raises ``Conflict`` if it has ended."""
        path = _body.path("operations", id_of(operation), "cancel")
        return await self._session.send(Request("POST", path, one(Operation, "operation")))

    async def wait(self, operation: Ref, *, timeout: float = WAIT_S) -> Operation:
        """Wait until an operation has completed.

        Raises ``OperationNotCompleted`` if it failed or was cancelled, and ``WaitTimeout`` after ``timeout`` seconds.
        """
        done = await until_ended(self._session, _operation(operation), id_of(operation), timeout)
        if done.status != JobStatus.COMPLETED:
            raise OperationNotCompleted(done)
        return done


class Operations(Blocking[AsyncOperations]):
    """``client.operations``. An operation is named by its id or by what a call returned."""

    start = blocking(AsyncOperations.start)
    count = blocking(AsyncOperations.count)
    get = blocking(AsyncOperations.get)
    list = blocking_iterator(AsyncOperations.list)
    cancel = blocking(AsyncOperations.cancel)
    wait = blocking(AsyncOperations.wait)


def _operation(operation: Ref) -> Request[Operation]:
    return Request("GET", _body.path("operations", id_of(operation)), one(Operation, "operation"))


def _asked(action: BulkAction, narrowed: DlqFilter, **options: Any) -> dict[str, Any]:
    given = {name: value for name, value in options.items() if value is not None}
    return _body.fields({"action": action, "filter": narrowed, **given})
