"""The databases of a stack: started together, and restarted when they die, on the same port with the same data."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.local import children, files
from infra.local.databases import DatabaseError, DatabaseServer, MongoServer, ValkeyServer
from infra.local.settings import LocalSettings

POLL_S = 0.05


class DataServices:
    """MongoDB and Valkey, unless they run elsewhere."""

    def __init__(
        self, settings: LocalSettings, note: Callable[[str, str], None], on_change: Callable[[], None]
    ) -> None:
        ports = _remembered_ports(settings.home)
        self.servers: list[DatabaseServer] = []
        self.mongodb_uri = settings.mongodb_uri or ""
        self.redis_url = settings.redis_url or ""
        if not settings.mongodb_uri:
            mongo = MongoServer(settings.home / "mongodb", ports["mongodb"])
            self.mongodb_uri = mongo.uri
            self.servers.append(mongo)
        if not settings.redis_url:
            valkey = ValkeyServer(settings.home / "valkey", ports["valkey"])
            self.redis_url = valkey.uri
            self.servers.append(valkey)
        for server in self.servers:
            server.log = settings.logs / f"{server.name}.log"
        self._note = note
        self._on_change = on_change
        self._watches: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start both in parallel. Raises DatabaseError if one fails."""
        await asyncio.gather(*(self._start(server) for server in self.servers))
        self._watches = [asyncio.create_task(self._keep(server)) for server in self.servers]

    async def stop(self) -> None:
        """Shut both down in order."""
        for watch in self._watches:
            watch.cancel()
        await asyncio.gather(*self._watches, return_exceptions=True)
        await asyncio.gather(*(asyncio.to_thread(server.stop) for server in self.servers))

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


def _remembered_ports(home: Path) -> dict[str, int]:
    """Return the ports of the last run if they are free, else new ones, so that clients keep their addresses."""
    path = home / "ports.json"
    known: Any = None
    with contextlib.suppress(OSError, ValueError):
        known = json.loads(path.read_bytes())
    if not isinstance(known, dict):
        known = {}
    ports = {name: _port(known.get(name)) or children.free_port() for name in ("mongodb", "valkey")}
    if ports != known:
        files.write(path, json.dumps(ports))
    return ports


def _port(known: object) -> int | None:
    """Return a remembered port, if it is valid and free."""
    if not isinstance(known, int) or known not in children.LISTENING_PORTS:
        return None
    return known if children.port_is_free(known) else None
