"""Tickets, with which a browser opens a WebSocket without its session token in the URL."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import orjson

from chalicelib.domain.clock import Ids
from chalicelib.domain.principals import Principal, Role, Session
from chalicelib.errors import InvalidToken
from chalicelib.services.sessions import session_of

if TYPE_CHECKING:
    from chalicelib.queue.tickets import TicketStore

TICKET_TTL_S: Final = 30
_MAX_CHARS: Final = 200


class Tickets:
    """A ticket identifies a person and its session, once, within 30 s."""

    def __init__(self, store: TicketStore, ids: Ids, end_of: Callable[[Principal], InvalidToken | None]) -> None:
        self._store = store
        self._ids = ids
        self._end_of = end_of

    def issue(self, principal: Principal) -> str:
        """Return a new ticket for a person. Raises ``Unauthenticated`` without a session."""
        session = session_of(principal)
        ticket = self._ids.token() + self._ids.token()
        fields = {
            "user": principal.user_id,
            "tenant": principal.tenant_id,
            "role": principal.role,
            "email": principal.email,
            "token": session.token_id,
            "expires": session.expires_at.timestamp(),
            "version": session.version,
        }
        self._store.put(_digest(ticket), orjson.dumps(fields), TICKET_TTL_S)
        return ticket

    def redeem(self, ticket: str) -> Principal:
        """Return the person of a ticket, with the session.

        Raises ``InvalidToken`` if the ticket is unknown, used or too old, a subclass if the session has ended.
        """
        text = self._store.take(_digest(ticket)) if 0 < len(ticket) <= _MAX_CHARS else None
        if text is None:
            raise InvalidToken("Invalid ticket")
        fields = orjson.loads(text)
        session = Session(fields["token"], datetime.fromtimestamp(fields["expires"], UTC), fields["version"])
        role = Role(fields["role"])
        principal = Principal(fields["user"], fields["tenant"], role, fields["email"], session=session)
        if (ended := self._end_of(principal)) is not None:
            raise ended
        return principal


def _digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode("utf-8", "surrogatepass")).hexdigest()
