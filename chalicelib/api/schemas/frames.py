"""Frames that a WebSocket client may send: JSON objects whose ``action`` determines the other fields."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from chalicelib.api.call import Input
from chalicelib.api.schemas.fields import Id
from chalicelib.domain.principals import Scope

EventIdText = Annotated[str, Field(pattern=r"^[0-9]{1,19}-[0-9]{1,19}$", examples=["7-1042"])]


class Subscribe(Input):
    """Subscribe to events of ``scope`` after ``since``, or from now on."""

    since: EventIdText | None = None
    scope: Scope = Scope.OWN


class CancelJob(Input):
    """Cancel a job."""

    jobId: Id  # noqa: N815 - as in events


class AskStats(Input):
    """Ask for the counts of ``scope``."""

    scope: Scope = Scope.OWN


class Ping(Input):
    """No fields; the answer is ``pong``."""
