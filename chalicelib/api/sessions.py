"""The caller's sessions: list them, log one out, or all."""

from __future__ import annotations

from typing import Any

from chalicelib.api.auditing import Audited
from chalicelib.api.call import Call
from chalicelib.api.routing import PERSONS, Routes
from chalicelib.api.schemas.accounts import Done
from chalicelib.api.schemas.sessions import SessionsAnswer, session_data
from chalicelib.services.sessions import session_of

routes = Routes(__name__, tag="Accounts")


@routes.get("/me/sessions", answer=SessionsAnswer, scope=PERSONS)
def list_sessions(call: Call) -> dict[str, Any]:
    """List the caller's sessions, the one that was used last first; `current` is that of this call."""
    own = session_of(call.principal).token_id
    found = call.container.sessions.list(call.principal)
    return {"success": True, "sessions": [session_data(each, current=each.token_id == own) for each in found]}


@routes.delete("/me/sessions/{id}", answer=Done, scope=PERSONS, audit=Audited("session.end"))
def end_session(call: Call) -> Done:
    """Log one of the caller's sessions out. Its token becomes void at once."""
    call.container.sessions.end(call.principal, call.id)
    return Done(message="Logged out")


@routes.post("/me/sessions/end", answer=Done, scope=PERSONS, audit=Audited("session.end-all", own="user_id"))
def end_sessions(call: Call) -> Done:
    """Log all of the caller's sessions out, also this one. API keys stay."""
    call.container.sessions.end_all(call.principal)
    return Done(message="Logged out everywhere")
