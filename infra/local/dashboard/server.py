"""Serve the built dashboard, `/api/*` and `/config.json`; `/ws` is handled where the port is opened."""

import mimetypes
import re
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from multidict import CIMultiDict

from infra.local.http.connection import HttpConnection
from infra.local.http.guard import Guard
from infra.local.http.http1 import Request, Response
from infra.local.rest.gateway import MAX_BODY_BYTES

#: Vite writes `name-HASH.ext`; such a file never changes.
HASHED = re.compile(r"-[\w-]{8,}\.\w+$")
NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>QueueCraft</title>
<h1>QueueCraft is running</h1>
<p>The dashboard has not been built yet. Build it and reload this page:</p>
<pre>make ui</pre>
<p>The API answers under <a href="/api/sync">/api</a>, its documentation is at <a href="/api/docs">/api/docs</a>.</p>
"""


#: Names of this machine that a browser on it may use.
NAMES = {"localhost", "127.0.0.1", "::1"}


class Api(Protocol):
    """The API below `/api`: our gateway, or that of another AWS."""

    def respond(self, request: Request) -> Response | Awaitable[Response]:
        """Answer a request; its target has no `/api` prefix."""


class Dashboard:
    """Serves the files in `dist`, with the security headers of a public page."""

    def __init__(self, dist: Path, api: Api, config: Mapping[str, str], ws_port: int, frontend_url: str = "") -> None:
        """Serve `dist`.

        `frontend_url` is the one origin whose pages may connect; other names of this machine are redirected to it.
        """
        self._origin = urlsplit(frontend_url)
        self._dist = dist.resolve()
        self._api = api
        self._config = dict(config)
        self._headers = security_headers(ws_port)

    def connection(self, guard: Guard | None = None) -> HttpConnection:
        """Return a protocol for a new connection."""
        return HttpConnection(self.respond, MAX_BODY_BYTES, guard)

    def respond(self, request: Request) -> Response | Awaitable[Response]:
        """Answer a request to the dashboard's port."""
        path = request.target.partition("?")[0]
        if path == "/api" or path.startswith("/api/"):
            return self._api.respond(replace(request, target=request.target.removeprefix("/api") or "/"))
        if request.method not in {"GET", "HEAD"}:
            return Response.text(405, headers={"Allow": "GET, HEAD", **self._headers})
        if path == "/config.json":
            return Response.json(self._config, headers={"Cache-Control": "no-store", **self._headers})
        if (elsewhere := self._one_address(request)) is not None:
            return elsewhere
        return self._file(unquote(path))

    def _one_address(self, request: Request) -> Response | None:
        """Return a redirect for a page that was requested by another name of this machine: it could not connect."""
        asked = urlsplit(f"//{request.lookup.get('host', '')}")
        own = self._origin
        if asked.hostname not in NAMES or own.hostname not in NAMES or asked.hostname == own.hostname:
            return None
        if asked.port != own.port or "text/html" not in request.lookup.get("accept", ""):
            return None
        return Response.text(307, headers={"Location": f"{own.scheme}://{own.netloc}{request.target}"})

    def _file(self, path: str) -> Response:
        """Return a file of the build; for any other path the page itself, which has its own routes."""
        index = self._dist / "index.html"
        if not index.is_file():
            return Response.text(200, NOT_BUILT, self._headers, "text/html")
        file = (self._dist / path.lstrip("/").replace("\0", "")).resolve()
        if not file.is_relative_to(self._dist) or not file.is_file():
            if path.startswith("/assets/"):
                return Response.text(404, headers=self._headers)
            file = index
        is_hashed = HASHED.search(file.name) is not None
        cache = "public, max-age=31536000, immutable" if is_hashed else "no-cache"
        content_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        headers = CIMultiDict({"Cache-Control": cache, "Content-Type": content_type, **self._headers})
        return Response(200, headers, file.read_bytes())


def security_headers(ws_port: int) -> dict[str, str]:
    """Return the headers of all answers except the API's. nginx and CloudFront send the same; a test compares them."""
    policy = (
        "default-src 'self'; "
        f"connect-src 'self' ws://127.0.0.1:{ws_port} ws://localhost:{ws_port}; "
        "img-src 'self' data:; style-src 'self'; script-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "DENY",
    }
