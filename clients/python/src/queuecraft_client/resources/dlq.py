"""The dead letter queue: list, groups, redrive, delete."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any, Unpack

from queuecraft_client import _body
from queuecraft_client._blocking import Blocking, blocking, blocking_iterator
from queuecraft_client._request import Request, many, one
from queuecraft_client._session import Session
from queuecraft_client.models import Action, DlqGroup, Job
from queuecraft_client.options import DlqFilter, DlqList, Payload, Ref, Scope, WhoseOptions, id_of


class AsyncDlq:
    """``client.dlq``."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self, *, limit: int | None = None, **options: Unpack[DlqList]) -> AsyncIterator[Job]:
        """Iterate over dead jobs, newest first, at most ``limit``; pages are read as they are needed."""
        return self._session.pages(Job, "/dlq", "jobs", options, limit)

    async def groups(self, **options: Unpack[WhoseOptions]) -> Sequence[DlqGroup]:
        """Return groups of jobs whose errors are alike, the largest first, at most 100."""
        asked = Request("GET", "/dlq/groups", many(DlqGroup, "groups"), query=_body.query(options))
        return await self._session.send(asked)

    async def redrive(self, job: Ref, payload: Payload = None) -> Job:
        """Run a dead job again, with another payload if one is given. Raises ``Conflict`` if it is not dead."""
        body = {} if payload is None else {"payload": _body.jsonable(payload, "payload")}
        path = _body.path("dlq", id_of(job), "redrive")
        return await self._session.send(Request("POST", path, one(Job, "job"), body=body))

    async def redrive_many(
        self,
        *,
        ids: Sequence[Ref] | None = None,
        filter: DlqFilter | None = None,
        group: str | None = None,
        scope: Scope | None = None,
        dry_run: bool = False,
    ) -> Action:
        """Run dead jobs again, by ``ids`` (up to 1,000), ``filter`` or ``group`` (of ``scope``), however many match.

        A dry run only counts. If it fails in between, call it again: what was redriven matches no more.
        """
        return await self._act("/dlq/redrive", _choice(ids, filter, group, scope, dry_run))

    async def delete_many(
        self,
        *,
        ids: Sequence[Ref] | None = None,
        filter: DlqFilter | None = None,
        group: str | None = None,
        scope: Scope | None = None,
        dry_run: bool = False,
    ) -> Action:
        """Delete dead jobs, selected as for ``redrive_many``."""
        return await self._act("/dlq/delete", _choice(ids, filter, group, scope, dry_run))

    async def _act(self, path: str, body: dict[str, Any]) -> Action:
        """Act on all jobs that match, 1,000 a call, and add the answers up."""
        done = await self._session.send(Request("POST", path, Action.parse, body=body))
        matched, changed, failed, dry_run = done.matched, done.changed, list(done.failed), done.dry_run
        while done.next_after is not None and not dry_run:
            asked = Request("POST", path, Action.parse, body={**body, "after": done.next_after})
            done = await self._session.send(asked)
            changed += done.changed
            failed += done.failed
        return Action(matched=matched, changed=changed, failed=tuple(failed), dry_run=dry_run)


class Dlq(Blocking[AsyncDlq]):
    """``client.dlq``."""

    list = blocking_iterator(AsyncDlq.list)
    groups = blocking(AsyncDlq.groups)
    redrive = blocking(AsyncDlq.redrive)
    redrive_many = blocking(AsyncDlq.redrive_many)
    delete_many = blocking(AsyncDlq.delete_many)


def _choice(
    ids: Sequence[Ref] | None, narrowed: DlqFilter | None, group: str | None, scope: Scope | None, dry_run: bool
) -> dict[str, Any]:
    given = {
        "ids": None if ids is None else [id_of(each) for each in ids],
        "filter": narrowed,
        "group": group,
        "scope": scope,
        "dry_run": dry_run,
    }
    return _body.fields({name: value for name, value in given.items() if value is not None})
