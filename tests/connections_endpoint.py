"""A real HTTP server that answers as API Gateway's ``@connections``, and remembers what it was sent."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter, defaultdict
from types import TracebackType
from typing import Any
from urllib.parse import unquote

import orjson
from aiohttp import web


class Endpoint:
    """Runs in a thread of its own. ``status`` and ``delay_s`` decide what a connection answers, and when."""

    def __init__(self) -> None:
        self.posts: dict[str, list[bytes]] = defaultdict(list)
        self.deleted: list[str] = []
        self.status: dict[str, int] = {}
        self.delay_s: dict[str, float] = {}
        self.asked: Counter[str] = Counter()
        self.headers: list[dict[str, str]] = []
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="endpoint", daemon=True)
        self.url = ""

    def __enter__(self) -> Endpoint:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def events(self, connection_id: str) -> list[dict[str, Any]]:
        """Return the events that the client received; batches are split."""
        found: list[dict[str, Any]] = []
        for post in list(self.posts[connection_id]):
            frame = orjson.loads(post)
            found += frame["events"] if frame["type"] == "batch" else [frame]
        return found

    def ids(self, connection_id: str) -> list[int]:
        """Sequences of the job events that the client got."""
        return [int(e["id"].split("-")[1]) for e in self.events(connection_id) if "id" in e and e["type"] != "resync"]

    def types(self, connection_id: str) -> list[str]:
        return [event["type"] for event in self.events(connection_id)]

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        runner = web.ServerRunner(web.Server(self._answer), handle_signals=False)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, backlog=512)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api"
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        connection_id = unquote(request.path_qs.rpartition("/")[2])
        body = await request.read()
        self.asked[connection_id] += 1
        if connection_id in self.delay_s:
            await asyncio.sleep(self.delay_s[connection_id])
        status = self.status.get(connection_id, 200)
        if request.method == "DELETE":
            self.deleted.append(connection_id)
            return web.Response(status=204)
        if status == 200 and request.method == "POST":
            self.headers.append(dict(request.headers))
            self.posts[connection_id].append(body)
        return web.Response(status=status)
