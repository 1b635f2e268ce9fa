"""The OpenAPI document, and a page that shows it. The page loads nothing from other hosts."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson

from chalicelib.api import late
from chalicelib.api.call import Call, Reply
from chalicelib.api.openapi import document
from chalicelib.api.routing import ROUTES, Auth, Routes
from chalicelib.errors import NotFound

routes = Routes(__name__, tag="System")

_ASSETS: Final = Path(__file__).parent / "assets"
_HTML: Final = "text/html; charset=utf-8"
_SCRIPT: Final = "text/javascript; charset=utf-8"
#: The page runs scripts of its own origin only. RapiDoc sets style attributes.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_FILES: Final = {"rapidoc-min.js": ("rapidoc/rapidoc-min.js.gz", _SCRIPT)}


@routes.get("/openapi.json", answer=dict[str, Any], auth=Auth.NONE)
def openapi(call: Call) -> Reply:
    """Get this document."""
    text = _document(call.container.settings.stack_name)
    return Reply(orjson.Fragment(text), headers={"Cache-Control": "public, max-age=300"})


@routes.get("/docs", auth=Auth.NONE, content_type=_HTML)
def docs(call: Call) -> Reply:
    """Get a page to read this document and to try calls."""
    headers = {"Cache-Control": "public, max-age=300", "Content-Security-Policy": _POLICY}
    return Reply((_ASSETS / "docs.html").read_text(), headers=headers)


@routes.get("/docs/{file}", auth=Auth.NONE, content_type=_SCRIPT)
def docs_file(call: Call) -> Reply:
    """Get a file of the page."""
    if call.params["file"] not in _FILES:
        raise NotFound("There is no such file")
    path, content_type = _FILES[call.params["file"]]
    return Reply(_unpacked(path), content_type=content_type, headers={"Cache-Control": "public, max-age=86400"})


@cache
def _document(stack_name: str) -> bytes:
    late.declare_all()
    return orjson.dumps(document(ROUTES, stack_name))


@cache
def _unpacked(path: str) -> str:
    return gzip.decompress((_ASSETS / path).read_bytes()).decode()
