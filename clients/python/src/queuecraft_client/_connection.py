"""The WebSocket: where it is, how to subscribe, what its messages hold."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from queuecraft_client._io import Socket
from queuecraft_client._request import Request
from queuecraft_client.errors import ApiError, ConnectionFailed, error_of
from queuecraft_client.models import Model

if TYPE_CHECKING:
    from queuecraft_client._session import Session

OPEN_S: Final = 10.0
#: A connection on which nothing came for this long is tried with a ping; if that is not answered either, it is lost.
SILENCE_S: Final = 15.0
PING: Final = '{"action":"ping"}'
_STATUS: Final = {"unauthorized": 401, "forbidden": 403, "not_found": 404, "rate_limited": 429, "throttled": 429}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ticket(Model):
    ticket: str
    url: str = ""


async def address(session: Session, timeout_s: float) -> str | None:
    """Return where to connect, with a ticket, so that no token is in it; ``None`` if that is unknown."""
    asked = Request("POST", "/ws/ticket", _Ticket.parse, repeatable=True)
    answer = await session.send(asked, timeout_s=timeout_s)
    url = session.config.ws_url or answer.url
    return f"{url}{'&' if '?' in url else '?'}ticket={quote(answer.ticket, safe='')}" if url else None


async def subscribed(
    session: Session, url: str, timeout_s: float, **fields: Any
) -> tuple[Socket, list[dict[str, Any]]]:
    """Open a connection that has all events; return it with the frames that came behind the confirmation.

    Raises ``ConnectionFailed``, and the ``ApiError`` that an answer to the subscription means.
    """
    socket = await session.io.open_socket(url, timeout_s)
    try:
        return socket, await _subscribe(session, socket, timeout_s, fields)
    except BaseException:  # also a cancelled task
        await socket.close()
        raise


async def _subscribe(
    session: Session, socket: Socket, timeout_s: float, fields: dict[str, Any]
) -> list[dict[str, Any]]:
    ends = session.io.now() + timeout_s
    await socket.send(json.dumps({"action": "subscribe", "requestId": 1, **fields}, separators=(",", ":")))
    while (left := ends - session.io.now()) > 0:
        text = await socket.receive(left)
        came = [] if text is None else frames(text)
        for n, frame in enumerate(came):
            if frame.get("requestId") == 1:
                if frame.get("type") == "subscribe:ok":
                    return came[n + 1 :]
                raise _refusal(frame)
    raise ConnectionFailed("The WebSocket does not subscribe", sent=True)


def _refusal(frame: dict[str, Any]) -> ApiError:
    code = str(frame.get("code"))
    return error_of(_STATUS.get(code, 400), frame, frame.get("retryAfter"))


def frames(text: str) -> list[dict[str, Any]]:
    """Return the frames of a message: those of a batch, or itself; none if it is no frame."""
    try:
        frame = json.loads(text)
    except ValueError:
        return []
    if not isinstance(frame, dict):
        return []
    if frame.get("type") == "batch" and isinstance(events := frame.get("events"), list):
        return [each for each in events if isinstance(each, dict)]
    return [frame]
