"""Serve the built dashboard, `/api/*` and `/config.json`; `/ws` is handled where the port is opened."""

import mimetypes
import re
from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

from infra.local.http import MAX_BODY_BYTES, json_response, read_body
from infra.local.rest.gateway import RestGateway
from infra.local.rest.http1 import Request

#: Vite writes `name-HASH.ext`; such a file never changes.
HASHED = re.compile(r"-[\w-]{8,}\.\w+$")
NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>QueueCraft</title>
<style>body{font:16px/1.6 system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem}</style>
<h1>QueueCraft is running</h1>
<p>The dashboard has not been built yet. Build it and reload this page:</p>
<pre>make ui</pre>
<p>The API answers under <a href="/api/sync">/api</a>, its documentation is at <a href="/api/docs">/api/docs</a>.</p>
"""


class Dashboard:
    """The files in `dist`, with the headers that a page in public needs."""

    def __init__(self, dist: Path, api: RestGateway, config: Mapping[str, str], ws_port: int) -> None:
        self._dist = dist.resolve()
        self._api = api
        self._config = dict(config)
        self._headers = security_headers(ws_port)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request to the dashboard's port."""
        path = request.raw_path
        if path.startswith("/api/") or path.partition("?")[0] == "/api":
            return await self._ask_api(request, path.removeprefix("/api") or "/")
        if request.method not in {"GET", "HEAD"}:
            return web.Response(status=405, headers={"Allow": "GET, HEAD", **self._headers})
        if request.path == "/config.json":
            return json_response(self._config, headers={"Cache-Control": "no-store", **self._headers})
        return self._file(request.path)

    async def _ask_api(self, request: web.BaseRequest, target: str) -> web.StreamResponse:
        headers = [(str(name), value) for name, value in request.headers.items()]
        asked = Request(
            method=request.method,
            target=target,
            headers=headers,
            lookup={name.lower(): value for name, value in headers},
            body=await read_body(request, MAX_BODY_BYTES),
            source_ip=request.remote or "127.0.0.1",
        )
        answer = await self._api.respond(asked)
        return web.Response(status=answer.status, headers=answer.headers, body=answer.body)

    def _file(self, path: str) -> web.StreamResponse:
        """A file of the build; any other path is the page itself, which has routes of its own."""
        index = self._dist / "index.html"
        if not index.is_file():
            return web.Response(text=NOT_BUILT, content_type="text/html", headers=self._headers)
        file = (self._dist / path.lstrip("/")).resolve()
        if not file.is_relative_to(self._dist) or not file.is_file():
            if path.startswith("/assets/"):
                return web.Response(status=404, headers=self._headers)
            file = index
        is_hashed = HASHED.search(file.name) is not None
        cache = "public, max-age=31536000, immutable" if is_hashed else "no-cache"
        content_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        headers = {"Cache-Control": cache, "Content-Type": content_type, **self._headers}
        return web.Response(body=file.read_bytes(), headers=headers)


def security_headers(ws_port: int) -> dict[str, str]:
    """The headers of every answer that is not the API's."""
    policy = (
        "default-src 'self'; "
        f"connect-src 'self' ws://127.0.0.1:{ws_port} ws://localhost:{ws_port}; "
        "img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
