"""Saved views of the lists of the dashboard."""

from __future__ import annotations

from typing import Any

from chalicelib.api import auditing
from chalicelib.api.auditing import Audited
from chalicelib.api.call import Call
from chalicelib.api.routing import PERSONS, Routes
from chalicelib.api.schemas.accounts import Done
from chalicelib.api.schemas.views import CreateView, ViewAnswer, ViewsAnswer, view_data

routes = Routes(__name__, tag="Views")


@routes.get("/views", answer=ViewsAnswer, scope=PERSONS)
def list_views(call: Call) -> dict[str, Any]:
    """List the caller's saved views, and those shared with the tenant, oldest first."""
    return {"success": True, "views": [view_data(view) for view in call.container.views.list(call.principal)]}


@routes.post(
    "/views",
    body=CreateView,
    answer=ViewAnswer,
    status=201,
    errors={429},
    scope=PERSONS,
    audit=Audited("view.create", made="view"),
)
def create_view(call: Call[CreateView]) -> dict[str, Any]:
    """Save a view: up to 50 of one's own, and up to 50 that admins share.

    It holds the parameters of the list's address and no right: who opens it sees what the role allows.
    """
    body = call.body
    view = call.container.views.create(call.principal, body.name, body.page, body.query, shared=body.shared)
    return {"success": True, "view": view_data(view)}


@routes.delete("/views/{id}", answer=Done, scope=PERSONS, audit=Audited("view.delete", auditing.view))
def delete_view(call: Call) -> Done:
    """Delete a view of one's own; admins delete any that is shared."""
    call.container.views.delete(call.principal, call.id)
    return Done(message="View deleted")
