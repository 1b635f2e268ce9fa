"""Tickets: let a browser open a WebSocket without putting its session token into a URL."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import orjson

from chalicelib.domain.accounts import Caller, Role
from chalicelib.domain.clock import Ids
from chalicelib.errors import InvalidToken
from chalicelib.services.sessions import Session

if TYPE_CHECKING:
    from chalicelib.queue.tickets import TicketStore

TICKET_TTL_S: Final = 30
_MAX_CHARS: Final = 200


class Tickets:
    """A ticket stands for a session, once, for 30 s."""

    def __init__(self, store: TicketStore, ids: Ids, end_of: Callable[[Session], InvalidToken | None]) -> None:
        self._store = store
        self._ids = ids
        self._end_of = end_of

    def issue(self, session: Session) -> str:
        """A new ticket for ``session``."""
        ticket = self._ids.token() + self._ids.token()
        caller = session.caller
        fields = {
            "user": caller.user_id,
            "tenant": caller.tenant_id,
            "role": caller.role,
            "email": caller.email,
            "token": session.token_id,
            "expires": session.expires_at.timestamp(),
            "version": session.version,
        }
        self._store.put(_digest(ticket), orjson.dumps(fields), TICKET_TTL_S)
        return ticket

    def redeem(self, ticket: str) -> Session:
        """The session of a ticket. Raises ``InvalidToken`` if it is unknown, used or too old, its kinds if the
        session has ended."""
        text = self._store.take(_digest(ticket)) if 0 < len(ticket) <= _MAX_CHARS else None
        if text is None:
            raise InvalidToken("Invalid ticket")
        fields = orjson.loads(text)
        session = Session(
            caller=Caller(fields["user"], fields["tenant"], Role(fields["role"]), fields["email"]),
            token_id=fields["token"],
            expires_at=datetime.fromtimestamp(fields["expires"], UTC),
            version=fields["version"],
        )
        if (ended := self._end_of(session)) is not None:
            raise ended
        return session


def _digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode("utf-8", "surrogatepass")).hexdigest()
