"""The databases of a stack: started together, and restarted when they die, on the same port with the same data."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.local import children, files
from infra.local.databases import DatabaseError, DatabaseServer, MongoServer, PortTakenError, ValkeyServer
from infra.local.settings import LocalSettings

POLL_S = 0.05
#: How many ports are tried for a database: between the choice of one and its use, another process may take it.
STARTS = 3


class DataServices:
    """MongoDB and Valkey, unless they run elsewhere."""

    def __init__(
        self, settings: LocalSettings, note: Callable[[str, str], None], on_change: Callable[[], None]
    ) -> None:
        self._remembered = settings.home / "ports.json"
        ports = _remembered_ports(self._remembered)
        self._mongo = None if settings.mongodb_uri else MongoServer(settings.home / "mongodb", ports["mongodb"])
        self._valkey = None if settings.redis_url else ValkeyServer(settings.home / "valkey", ports["valkey"])
        self.servers: list[DatabaseServer] = [server for server in (self._mongo, self._valkey) if server is not None]
        self._elsewhere = settings.mongodb_uri or "", settings.redis_url or ""
        for server in self.servers:
            server.log = settings.logs / f"{server.name}.log"
        self._note = note
        self._on_change = on_change
        self._watches: list[asyncio.Task[None]] = []

    @property
    def mongodb_uri(self) -> str:
        """The address of MongoDB, with the password; another one after `start` if its port was taken."""
        return self._elsewhere[0] if self._mongo is None else self._mongo.uri

    @property
    def redis_url(self) -> str:
        """The address of Valkey, with the password; another one after `start` if its port was taken."""
        return self._elsewhere[1] if self._valkey is None else self._valkey.uri

    async def start(self) -> None:
        """Start both in parallel, on other ports if theirs are taken. Raises DatabaseError if one fails."""
        await asyncio.gather(*(self._start_somewhere(server) for server in self.servers))
        self._watches = [asyncio.create_task(self._keep(server)) for server in self.servers]

    async def stop(self) -> None:
        """Shut both down in order."""
        for watch in self._watches:
            watch.cancel()
        await asyncio.gather(*self._watches, return_exceptions=True)
        await asyncio.gather(*(asyncio.to_thread(server.stop) for server in self.servers))

    async def _start_somewhere(self, server: DatabaseServer) -> None:
        for _ in range(STARTS - 1):
            try:
                return await self._start(server)
            except PortTakenError as error:
                server.port = children.free_port()
                _remember(self._remembered, {server.name: server.port})
                self._note(server.name, f"{error} Starting it on port {server.port}.")
        return await self._start(server)

    async def _start(self, server: DatabaseServer) -> None:
        await asyncio.to_thread(server.start)
        while server.remarks:
            self._note(server.name, server.remarks.pop())

    async def _keep(self, server: DatabaseServer) -> None:
        while True:
            await asyncio.sleep(POLL_S)
            if server.pid is not None:
                continue
            self._note(server.name, "crashed; restarting it")
            try:
                await asyncio.shield(self._start(server))
                self._on_change()
                self._note(server.name, f"restarted on port {server.port}")
            except DatabaseError as error:
                self._note(server.name, str(error))
                await asyncio.sleep(1)


def _remembered_ports(path: Path) -> dict[str, int]:
    """Return the ports of the last run if they are free, else new ones, so that clients keep their addresses."""
    known = _known(path)
    ports = {name: _port(known.get(name)) or children.free_port() for name in ("mongodb", "valkey")}
    _remember(path, ports)
    return ports


def _remember(path: Path, ports: dict[str, int]) -> None:
    known = _known(path)
    if known | ports != known:
        files.write(path, json.dumps(known | ports))


def _known(path: Path) -> dict[str, Any]:
    with contextlib.suppress(OSError, ValueError):
        known = json.loads(path.read_bytes())
        if isinstance(known, dict):
            return known
    return {}


def _port(known: object) -> int | None:
    """Return a remembered port, if it is valid and free."""
    if not isinstance(known, int) or known not in children.LISTENING_PORTS:
        return None
    return known if children.port_is_free(known) else None
