"""The clock of the API, for clients that compare their own."""

from __future__ import annotations

from chalicelib.api.call import Call
from chalicelib.api.routing import Auth, Routes

routes = Routes(__name__, tag="System")


@routes.get("/sync", answer=int, auth=Auth.NONE)
def sync(call: Call) -> int:
    """Get the server's epoch milliseconds, as a bare JSON number."""
    return call.container.clock.now_ms()
