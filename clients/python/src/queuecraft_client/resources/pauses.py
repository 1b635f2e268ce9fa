"""Pauses of tasks, of a tenant, of everything. Those of queues are ``client.queues``."""

from __future__ import annotations

from queuecraft_client import _body
from queuecraft_client._blocking import Blocking, blocking
from queuecraft_client._request import Request, nothing
from queuecraft_client._session import Session
from queuecraft_client.models import Pauses as Standing


class AsyncPauses:
    """``client.pauses``, of admins for their tenant and of operators for all. Running jobs go on."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, *, tenant: str | None = None) -> Standing:
        """Return the pauses that hold for the tenant, besides those of its queues."""
        query = _body.query({"tenant": tenant})
        return await self._session.send(Request("GET", "/pauses", Standing.parse, query=query))

    async def pause_task(self, name: str, *, tenant: str | None = None, every_tenant: bool = False) -> None:
        """Let no job of a task start, whatever its queue."""
        await self._task(name, "pause", tenant, every_tenant)

    async def resume_task(self, name: str, *, tenant: str | None = None, every_tenant: bool = False) -> None:
        """Let the jobs of a paused task start."""
        await self._task(name, "resume", tenant, every_tenant)

    async def pause_tenant(self, *, tenant: str | None = None) -> None:
        """Let no job of the tenant start; operators may name another."""
        await self._tenant("pause", tenant)

    async def resume_tenant(self, *, tenant: str | None = None) -> None:
        """End the pause of the tenant."""
        await self._tenant("resume", tenant)

    async def pause_everything(self) -> None:
        """Let no job of any tenant start; for operators."""
        await self._send("/pause")

    async def resume_everything(self) -> None:
        """End the pause of everything; for operators."""
        await self._send("/resume")

    async def _task(self, name: str, action: str, tenant: str | None, every_tenant: bool) -> None:
        query = _body.query({"tenant": tenant, "scope": "all" if every_tenant else None})
        path = _body.path("tasks", name, action)
        await self._session.send(Request("POST", path, nothing, query=query, repeatable=True))

    async def _tenant(self, action: str, tenant: str | None) -> None:
        await self._send(f"/tenant/{action}" if tenant is None else _body.path("tenants", tenant, action))

    async def _send(self, path: str) -> None:
        await self._session.send(Request("POST", path, nothing, repeatable=True))


class Pauses(Blocking[AsyncPauses]):
    """``client.pauses``, of admins for their tenant and of operators for all. Running jobs go on."""

    get = blocking(AsyncPauses.get)
    pause_task = blocking(AsyncPauses.pause_task)
    resume_task = blocking(AsyncPauses.resume_task)
    pause_tenant = blocking(AsyncPauses.pause_tenant)
    resume_tenant = blocking(AsyncPauses.resume_tenant)
    pause_everything = blocking(AsyncPauses.pause_everything)
    resume_everything = blocking(AsyncPauses.resume_everything)
