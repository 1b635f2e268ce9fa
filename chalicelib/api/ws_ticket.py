"""POST /ws/ticket: tickets with which browsers open their WebSocket."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from chalicelib.api.call import Call, Output
from chalicelib.api.routing import Routes
from chalicelib.domain.principals import KeyScope
from chalicelib.services.tickets import TICKET_TTL_S

routes = Routes(__name__, tag="WebSocket")


class TicketAnswer(Output):
    """Connect with ``<url>?ticket=<ticket>`` within ``expiresInS`` seconds; it works once."""

    success: Literal[True] = True
    ticket: str
    expires_in_s: int = Field(alias="expiresInS")
    url: str = Field(description="Where to connect; empty if the deployment does not say.")


@routes.post("/ws/ticket", answer=TicketAnswer, scope=KeyScope.JOBS_READ)
def create_ws_ticket(call: Call) -> TicketAnswer:
    """Get a ticket for the WebSocket.

    It is valid once, for the session of this call, so that no token appears in a URL.
    """
    ticket = call.container.tickets.issue(call.principal)
    return TicketAnswer(ticket=ticket, expires_in_s=TICKET_TTL_S, url=call.container.settings.websocket_url)
