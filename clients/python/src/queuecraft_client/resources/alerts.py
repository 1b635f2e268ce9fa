"""Alert rules: create, change, mute, delete, and what fired."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Unpack

from queuecraft_client import _body
from queuecraft_client._blocking import Blocking, blocking, blocking_iterator
from queuecraft_client._request import Request, many, nothing, one
from queuecraft_client._session import Session
from queuecraft_client.models import Alert, Firing, Reading
from queuecraft_client.options import AlertChange, AlertCondition, AlertKind, AlertOptions, Ref, id_of


class AsyncAlerts:
    """``client.alerts``, of admins; viewers read. A rule is named by its id or by what a call returned."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def create(self, name: str, kind: AlertKind, threshold: float, **options: Unpack[AlertOptions]) -> Alert:
        """Create a rule, which is evaluated about once a minute."""
        body = _body.fields({"name": name, "kind": kind, "threshold": threshold, **options})
        return await self._session.send(Request("POST", "/alerts", one(Alert, "alert"), body=body))

    async def list(self) -> Sequence[Alert]:
        """Return the rules of the tenant with their states, newest first."""
        return await self._session.send(Request("GET", "/alerts", many(Alert, "alerts")))

    async def get(self, alert: Ref) -> Alert:
        """Return a rule with its state."""
        return await self._session.send(Request("GET", _path(alert), one(Alert, "alert")))

    async def change(self, alert: Ref, **changes: Unpack[AlertChange]) -> Alert:
        """Change a rule. What is left out stays; ``None`` for queue, task or schedule means any."""
        return await self._send("PATCH", _path(alert), _body.fields(changes))

    async def delete(self, alert: Ref) -> None:
        """Delete a rule with its history."""
        await self._session.send(Request("DELETE", _path(alert), nothing))

    async def mute(self, alert: Ref, *, for_s: int | None = None, until: datetime | None = None) -> Alert:
        """Send no notices when a rule fires, for some seconds or until a time."""
        given = {name: value for name, value in {"for_s": for_s, "until": until}.items() if value is not None}
        return await self._send("POST", _path(alert, "mute"), _body.fields(given))

    async def unmute(self, alert: Ref) -> Alert:
        """End the mute of a rule."""
        return await self._send("POST", _path(alert, "unmute"))

    async def preview(self, kind: AlertKind, threshold: float, **condition: Unpack[AlertCondition]) -> Reading:
        """Measure now what a rule would measure."""
        body = _body.fields({"kind": kind, "threshold": threshold, **condition})
        asked = Request("POST", "/alerts/preview", one(Reading, "preview"), body=body, repeatable=True)
        return await self._session.send(asked)

    def firings(self, alert: Ref | None = None, *, limit: int | None = None) -> AsyncIterator[Firing]:
        """Iterate over firings of the last 90 days, newest first, of all rules or of one; at most ``limit``."""
        options = {} if alert is None else {"rule": id_of(alert)}
        return self._session.pages(Firing, "/alerts/firings", "firings", options, limit)

    async def _send(self, method: str, path: str, body: Any = None) -> Alert:
        return await self._session.send(Request(method, path, one(Alert, "alert"), body=body, repeatable=True))


class Alerts(Blocking[AsyncAlerts]):
    """``client.alerts``, of admins; viewers read. A rule is named by its id or by what a call returned."""

    create = blocking(AsyncAlerts.create)
    list = blocking(AsyncAlerts.list)
    get = blocking(AsyncAlerts.get)
    change = blocking(AsyncAlerts.change)
    delete = blocking(AsyncAlerts.delete)
    mute = blocking(AsyncAlerts.mute)
    unmute = blocking(AsyncAlerts.unmute)
    preview = blocking(AsyncAlerts.preview)
    firings = blocking_iterator(AsyncAlerts.firings)


def _path(alert: Ref, *action: str) -> str:
    return _body.path("alerts", id_of(alert), *action)
