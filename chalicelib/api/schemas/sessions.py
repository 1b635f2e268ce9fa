"""Models of sessions."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from chalicelib.api.call import Output
from chalicelib.domain.jobs import iso
from chalicelib.domain.sessions import OpenSession


class SessionOut(Output):
    """A session. `device` is what the browser says it is; `usedAt` is up to five minutes old."""

    id: str = Field(alias="_id")
    device: str
    used_at: str = Field(alias="usedAt")
    expires_at: str = Field(alias="expiresAt")
    current: bool
    con: str


class SessionsAnswer(Output):
    """The sessions of the caller."""

    success: Literal[True] = True
    sessions: list[SessionOut]


def session_data(opened: OpenSession, *, current: bool) -> dict[str, Any]:
    """Return a session as its person sees it."""
    return {
        "_id": opened.id,
        "device": opened.device,
        "usedAt": iso(opened.used_at),
        "expiresAt": iso(opened.expires_at),
        "current": current,
        "con": iso(opened.created_at),
    }
