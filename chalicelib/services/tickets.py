"""Tickets, with which a browser opens a WebSocket without its session token in the URL."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import orjson

from chalicelib.domain.clock import Ids
from chalicelib.domain.principals import Principal, Role, Session, grant_data, grant_of
from chalicelib.errors import InvalidToken
from chalicelib.services.sessions import session_of

if TYPE_CHECKING:
    from chalicelib.queue.tickets import TicketStore

TICKET_TTL_S: Final = 30
_MAX_CHARS: Final = 200


class Tickets:
    """A ticket identifies who got it, with the session or the API key, once, within 30 s."""

    def __init__(self, store: TicketStore, ids: Ids, end_of: Callable[[Principal], InvalidToken | None]) -> None:
        self._store = store
        self._ids = ids
        self._end_of = end_of

    def issue(self, principal: Principal) -> str:
        """Return a new ticket. Raises ``Unauthenticated`` for a principal without a session or a key."""
        ticket = self._ids.token() + self._ids.token()
        fields: dict[str, Any] = {
            "user": principal.user_id,
            "tenant": principal.tenant_id,
            "role": principal.role,
            "email": principal.email,
        }
        if principal.key is not None:
            fields["key"] = grant_data(principal.key)
        else:
            session = session_of(principal)
            fields |= {
                "token": session.token_id, "expires": session.expires_at.timestamp(), "version": session.version,
            }  # fmt: skip
        self._store.put(_digest(ticket), orjson.dumps(fields), TICKET_TTL_S)
        return ticket

    def redeem(self, ticket: str) -> Principal:
        """Return who got a ticket, with the session or the key.

        Raises ``InvalidToken`` if the ticket is unknown, used or too old, a subclass if session or key has ended.
        """
        text = self._store.take(_digest(ticket)) if 0 < len(ticket) <= _MAX_CHARS else None
        if text is None:
            raise InvalidToken("Invalid ticket")
        fields = orjson.loads(text)
        who = fields["user"], fields["tenant"], Role(fields["role"]), fields["email"]
        if (key := grant_of(fields.get("key"))) is not None:
            principal = Principal.service(*who, key)
        else:
            session = Session(fields["token"], datetime.fromtimestamp(fields["expires"], UTC), fields["version"])
            principal = Principal(*who, session=session)
        if (ended := self._end_of(principal)) is not None:
            raise ended
        return principal


def _digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode("utf-8", "surrogatepass")).hexdigest()
