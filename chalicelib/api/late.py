"""Routes whose modules a function imports at their first call: their models take longer than all else that it loads.

The others, which most clients call first, are imported when the function starts. Tools import all.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from chalice.app import Chalice

#: Module → how the paths of its routes begin.
LATE: Final = {
    "alerts": ("/alerts",),
    "analytics": ("/analytics",),
    "api_keys": ("/api-keys",),
    "audit": ("/audit",),
    "batches": ("/batches",),
    "comments": ("/comments", "/dlq/groups/{name}/", "/job/{id}/comments"),
    "deletions": ("/me/delete", "/tenant/delete"),
    "docs": ("/docs", "/openapi.json"),
    "exports": ("/job/export",),
    "invitations": ("/invitations",),
    "limits": ("/limits",),
    "members": ("/members",),
    "notifications": ("/me/notifications", "/unsubscribe"),
    "operations": ("/operations",),
    "outbox": ("/outbox",),
    "passwords": ("/password",),
    "pauses": ("/pause", "/resume", "/tasks/{name}/"),
    "payloads": ("/dlq/payloads", "/job/payloads"),
    "prometheus": ("/prometheus",),
    "replays": ("/job/{id}/replay",),
    "schedules": ("/schedules",),
    "sessions": ("/me/sessions",),
    "steps": ("/callbacks", "/job/{id}/events", "/job/{id}/steps"),
    "tenants": ("/tenant/pause", "/tenant/redaction", "/tenant/resume", "/tenant/settings", "/tenants"),
    "views": ("/views",),
    "webhooks": ("/webhooks",),
    "workflows": ("/workflows",),
}


class LateRoutes(dict[str, dict[str, Any]]):
    """Chalice's table of routes, by path and method. Looking up a path for the first time imports its module."""

    def __init__(self, app: Chalice) -> None:
        super().__init__(app.routes)
        self._app = app
        self._left = dict(LATE)

    def __missing__(self, path: str) -> dict[str, Any]:
        methods = self[path] = {}
        for name in [name for name, begins in self._left.items() if path.startswith(begins)]:
            del self._left[name]  # the registration looks its paths up too
            self._app.register_blueprint(_module(name).routes.blueprint)
        return methods


def declare_all() -> None:
    """Import all late modules, so that ``ROUTES`` is complete."""
    for name in LATE:
        _module(name)


def _module(name: str) -> Any:
    return import_module(f"chalicelib.api.{name}")
