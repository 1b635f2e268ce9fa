"""Lists that are read by id, the newest first: schedules, batches, workflows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from chalicelib.api import cursor
from chalicelib.api.call import Call, Nothing
from chalicelib.api.schemas.job_lists import ListById
from chalicelib.domain.batches import Batch
from chalicelib.domain.filters import Place, Start
from chalicelib.domain.principals import Scope
from chalicelib.domain.schedules import Schedule
from chalicelib.domain.workflows import Workflow
from chalicelib.services.pages import Page

T = TypeVar("T", Batch, Schedule, Workflow)
Asked = TypeVar("Asked", bound=ListById)


def page_for(call: Call[Nothing, Asked], read: Callable[..., Page[T]]) -> Page[T]:
    """Return the page that a call asks for; ``read`` is ``page`` of a service.

    Raises ``InvalidInput`` for a cursor of another list, ``Forbidden``.
    """
    asked = call.query
    start = cursor.decode(asked.cursor, asked)
    after, backwards = (start.place.job_id, start.backwards) if start else (None, False)
    return read(call.principal, asked.whose(), after, asked.limit, backwards=backwards)


def page_body(call: Call[Nothing, Asked], page: Page[T], name: str, shown: Sequence[Any]) -> dict[str, Any]:
    """Return the body of the answer; ``shown`` are the records of the page as they are sent, under ``name``."""
    asked, container = call.query, call.container
    named = asked.scope is not Scope.OWN
    first, last = page.items[:1], page.items[-1:]
    before = cursor.encode(Start(Place(first[0].id), backwards=True), asked) if first and page.before else None
    return {
        "success": True,
        name: shown,
        "nextCursor": cursor.encode(Start(Place(last[0].id)), asked) if last and page.after else None,
        "prevCursor": before,
        "owners": container.user_store.names({each.owner_id for each in page.items}) if named else {},
        "tenants": container.tenant_store.names({each.tenant_id for each in page.items}) if named else {},
    }
