"""Schedules: put, list, pause, resume, run, preview."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Unpack

from queuecraft_client import _body
from queuecraft_client._blocking import Blocking, blocking, blocking_iterator
from queuecraft_client._request import Request, nothing, one
from queuecraft_client._session import Session
from queuecraft_client.models import Preview, Run, Schedule, ScheduleDetail
from queuecraft_client.options import Payload, ScheduleOptions, Timing, WhoseOptions


class AsyncSchedules:
    """``client.schedules``. A schedule is named; operators may name another ``tenant``."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def put(
        self,
        name: str,
        task: str,
        payload: Payload = None,
        *,
        tenant: str | None = None,
        **options: Unpack[ScheduleOptions],
    ) -> ScheduleDetail:
        """Create a schedule, or replace what it does; a script may repeat it with each deployment.

        When it fires: one of ``cron`` (with ``tz``), ``every_s`` and ``at``. Raises ``BadRequest``, and ``Conflict`` if
        another member has the name.
        """
        given = {"task": task, **options} if payload is None else {"task": task, "payload": payload, **options}
        query = _body.query({"tenant": tenant})
        asked = Request("PUT", _path(name), one(ScheduleDetail, "schedule"), query=query, body=_body.fields(given))
        return await self._session.send(asked)

    async def get(self, name: str, *, tenant: str | None = None) -> ScheduleDetail:
        """Return a schedule with the payload of its jobs."""
        query = _body.query({"tenant": tenant})
        return await self._session.send(Request("GET", _path(name), one(ScheduleDetail, "schedule"), query=query))

    def list(self, *, limit: int | None = None, **options: Unpack[WhoseOptions]) -> AsyncIterator[Schedule]:
        """Iterate over schedules, newest first, at most ``limit``."""
        return self._session.pages(Schedule, "/schedules", "schedules", options, limit)

    async def delete(self, name: str, *, tenant: str | None = None) -> None:
        """Delete a schedule; its jobs stay."""
        query = _body.query({"tenant": tenant})
        await self._session.send(Request("DELETE", _path(name), nothing, query=query))

    async def pause(self, name: str, *, tenant: str | None = None) -> ScheduleDetail:
        """Let a schedule fire no more."""
        return await self._change(name, "pause", tenant)

    async def resume(self, name: str, *, tenant: str | None = None) -> ScheduleDetail:
        """Let a paused schedule fire from now on."""
        return await self._change(name, "resume", tenant)

    async def run(self, name: str, *, tenant: str | None = None) -> Run:
        """Make a job at once, whatever is open."""
        query = _body.query({"tenant": tenant})
        return await self._session.send(Request("POST", _path(name, "run"), one(Run, "run"), query=query))

    def runs(self, name: str, *, tenant: str | None = None, limit: int | None = None) -> AsyncIterator[Run]:
        """Iterate over the fires of a schedule and what became of them, newest first, at most ``limit``."""
        return self._session.pages(Run, _path(name, "runs"), "runs", {"tenant": tenant}, limit)

    async def preview(self, *, start: datetime | None = None, **timing: Unpack[Timing]) -> Preview:
        """Return a timing in words, and its next five fires after ``start``, by default from now on."""
        body = _body.fields(timing)
        if start is not None:
            body["from"] = _body.jsonable(start, "start")
        return await self._session.send(
            Request("POST", "/schedules/preview", Preview.parse, body=body, repeatable=True)
        )

    async def _change(self, name: str, action: str, tenant: str | None) -> ScheduleDetail:
        query = _body.query({"tenant": tenant})
        read = one(ScheduleDetail, "schedule")
        return await self._session.send(Request("POST", _path(name, action), read, query=query, repeatable=True))


class Schedules(Blocking[AsyncSchedules]):
    """``client.schedules``. A schedule is named; operators may name another ``tenant``."""

    put = blocking(AsyncSchedules.put)
    get = blocking(AsyncSchedules.get)
    list = blocking_iterator(AsyncSchedules.list)
    delete = blocking(AsyncSchedules.delete)
    pause = blocking(AsyncSchedules.pause)
    resume = blocking(AsyncSchedules.resume)
    run = blocking(AsyncSchedules.run)
    runs = blocking_iterator(AsyncSchedules.runs)
    preview = blocking(AsyncSchedules.preview)


def _path(name: str, *action: str) -> str:
    return _body.path("schedules", name, *action)
