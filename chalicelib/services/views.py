"""Saved views of a person, and those that admins share with their tenant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.events import Event, EventType
from chalicelib.domain.jobs import iso
from chalicelib.domain.principals import Permission, Principal
from chalicelib.domain.views import MAX_VIEWS, View, ViewPage
from chalicelib.errors import Forbidden, NotFound, TooManyViews

if TYPE_CHECKING:
    from pymongo.client_session import ClientSession

    from chalicelib.queue.events import EventLog
    from chalicelib.services.projection import Projection
    from chalicelib.services.throttles import Throttles
    from chalicelib.store.tenants import TenantStore
    from chalicelib.store.views import ViewStore


class Views:
    """A view holds a filter, and no right: who opens it sees what the role allows."""

    def __init__(
        self, *, store: ViewStore, tenants: TenantStore, throttles: Throttles, event_log: EventLog,
        projection: Projection, clock: Clock, ids: Ids,
    ) -> None:  # fmt: skip
        self._store = store
        self._tenants = tenants
        self._throttles = throttles
        self._event_log = event_log
        self._projection = projection
        self._clock = clock
        self._ids = ids

    def list(self, principal: Principal) -> list[View]:
        """Return the caller's views and those shared with the tenant, oldest first."""
        return self._store.of(principal.tenant_id, principal.user_id, 2 * MAX_VIEWS)

    def get(self, principal: Principal, view_id: str) -> View:
        """Return a view of the caller, or one that is shared. Raises ``NotFound``."""
        view = self._store.get(view_id)
        if view is None or view.tenant_id != principal.tenant_id:
            raise NotFound("There is no such view")
        if view.owner_id != principal.user_id and not view.shared:
            raise NotFound("There is no such view")
        return view

    def create(
        self, principal: Principal, name: str, page: ViewPage, query: Mapping[str, str], *, shared: bool
    ) -> View:
        """Save a view. Raises ``Forbidden`` if the caller may not share it, ``TooManyViews``, ``Throttled``."""
        if shared and not principal.may(Permission.MANAGE_SETTINGS):
            raise Forbidden("Only admins share views")
        self._throttles.save_view(principal)
        now = self._clock.now()
        view = View(self._ids.object_id(), principal.tenant_id, principal.user_id, name, page, dict(query), shared, now)

        def check_room(session: ClientSession) -> None:
            # because of this write, a transaction that sees room for another view conflicts
            self._tenants.touch(view.tenant_id, now, session)
            if self._store.count(view, session) >= MAX_VIEWS:
                whose = "A workspace shares" if shared else "A person has"
                raise TooManyViews(f"{whose} at most {MAX_VIEWS} views")

        self._store.add(view, check_room)
        self._publish(view)
        return view

    def delete(self, principal: Principal, view_id: str) -> None:
        """Delete a view of the caller; admins delete any shared one. Raises ``NotFound``, ``Forbidden``."""
        view = self.get(principal, view_id)
        if view.owner_id != principal.user_id and not principal.may(Permission.MANAGE_SETTINGS):
            raise Forbidden("A shared view is deleted by an admin, or by who saved it")
        if not self._store.remove(view_id):
            raise NotFound("There is no such view")
        self._publish(view)

    def _publish(self, view: View) -> None:
        now = self._clock.now()
        data = {"viewId": view.id, "page": view.page.value, "at": iso(now)}
        event = Event(EventType.VIEW_UPDATED, view.tenant_id, "" if view.shared else view.owner_id, data, now)
        self._projection.follow(lambda: self._event_log.publish([event]))
