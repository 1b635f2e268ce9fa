"""Queues and limits: list, pause, resume, change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

from queuecraft_client import _body
from queuecraft_client._blocking import Blocking, blocking
from queuecraft_client._request import Request, many, nothing, one
from queuecraft_client._session import Session
from queuecraft_client.models import Limit, LimitDetail, Queue
from queuecraft_client.options import BoundsChange


class AsyncQueues:
    """``client.queues``. Operators may name another ``tenant``."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def list(self, *, tenant: str | None = None) -> Sequence[Queue]:
        """Return queues that have open jobs, are paused, or had jobs in the last day."""
        asked = Request("GET", "/queues", many(Queue, "queues"), query=_body.query({"tenant": tenant}))
        return await self._session.send(asked)

    async def pause(self, name: str, *, tenant: str | None = None) -> None:
        """Let no job of a queue start; running ones go on."""
        await self._change(name, "pause", tenant)

    async def resume(self, name: str, *, tenant: str | None = None) -> None:
        """Let the jobs of a paused queue start."""
        await self._change(name, "resume", tenant)

    async def set_strict(self, name: str, strict: bool, *, tenant: str | None = None) -> None:
        """Say whether, of jobs created from now on, one of a higher priority is always first."""
        query = _body.query({"tenant": tenant})
        asked = Request("PUT", _body.path("queues", name), nothing, query=query, body={"strict": strict})
        await self._session.send(asked)

    async def _change(self, name: str, action: str, tenant: str | None) -> None:
        query = _body.query({"tenant": tenant})
        path = _body.path("queues", name, action)
        await self._session.send(Request("POST", path, nothing, query=query, repeatable=True))


class Queues(Blocking[AsyncQueues]):
    """``client.queues``. Operators may name another ``tenant``."""

    list = blocking(AsyncQueues.list)
    pause = blocking(AsyncQueues.pause)
    resume = blocking(AsyncQueues.resume)
    set_strict = blocking(AsyncQueues.set_strict)


class AsyncLimits:
    """``client.limits``. Admins change those of their tenant; operators all, or those of one ``tenant``."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def list(self, *, tenant: str | None = None) -> Sequence[Limit]:
        """Return the limits that tasks declare, as they stand for the tenant."""
        asked = Request("GET", "/limits", many(Limit, "limits"), query=_body.query({"tenant": tenant}))
        return await self._session.send(asked)

    async def get(self, name: str, *, tenant: str | None = None) -> LimitDetail:
        """Return a limit with its busiest keys and the running jobs that hold it."""
        path, query = _body.path("limits", name), _body.query({"tenant": tenant})
        return await self._session.send(Request("GET", path, one(LimitDetail, "limit"), query=query))

    async def change(self, name: str, *, tenant: str | None = None, **bounds: Unpack[BoundsChange]) -> Limit:
        """Change bounds of a limit until it is reset. What is left out stays; ``None`` lifts a bound."""
        return await self._send("PUT", name, tenant, body=_body.fields(bounds))

    async def pause(self, name: str, *, tenant: str | None = None) -> Limit:
        """Let no job that falls under a limit start; running ones go on."""
        return await self._send("POST", name, tenant, "pause")

    async def resume(self, name: str, *, tenant: str | None = None) -> Limit:
        """End the pause of a limit."""
        return await self._send("POST", name, tenant, "resume")

    async def reset(self, name: str, *, tenant: str | None = None) -> Limit:
        """Return to what the code declares, not paused, with fresh rates."""
        return await self._send("POST", name, tenant, "reset")

    async def _send(self, method: str, name: str, tenant: str | None, *action: str, body: Any = None) -> Limit:
        asked = Request(
            method,
            _body.path("limits", name, *action),
            one(Limit, "limit"),
            query=_body.query({"tenant": tenant}),
            body=body,
            repeatable=True,
        )
        return await self._session.send(asked)


class Limits(Blocking[AsyncLimits]):
    """``client.limits``. Admins change those of their tenant; operators all, or those of one ``tenant``."""

    list = blocking(AsyncLimits.list)
    get = blocking(AsyncLimits.get)
    change = blocking(AsyncLimits.change)
    pause = blocking(AsyncLimits.pause)
    resume = blocking(AsyncLimits.resume)
    reset = blocking(AsyncLimits.reset)
