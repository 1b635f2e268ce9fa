"""What a WebSocket client may send: JSON objects with an ``action``, which says what else they hold."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from chalicelib.api.call import Input
from chalicelib.api.schemas.fields import Id
from chalicelib.domain.principals import Scope

EventIdText = Annotated[str, Field(pattern=r"^[0-9]{1,19}-[0-9]{1,19}$", examples=["7-1042"])]


class Subscribe(Input):
    """Events after ``since``, or from now on, of ``scope``."""

    since: EventIdText | None = None
    scope: Scope = Scope.OWN


class CancelJob(Input):
    """Stop a job."""

    jobId: Id  # noqa: N815 - as in events


class AskStats(Input):
    """The numbers of ``scope``."""

    scope: Scope = Scope.OWN


class Ping(Input):
    """Nothing; the answer is ``pong``."""
