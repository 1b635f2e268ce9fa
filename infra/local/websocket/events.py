"""Build the events that a WebSocket API sends to its functions.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
"""

import base64
import time
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from infra.local.rest.events import grouped

API_ID = "localws"


@dataclass(frozen=True, slots=True)
class Client:
    """A connected client, and since when."""

    connection_id: str
    domain: str
    stage: str
    source_ip: str
    user_agent: str | None
    #: milliseconds since the epoch
    connected_at: int


def connect_event(client: Client, headers: list[tuple[str, str]], query: str) -> dict[str, Any]:
    """Return the event of `$connect`."""
    parameters = parse_qsl(query, keep_blank_values=True)
    event: dict[str, Any] = {
        "headers": dict(headers),
        "multiValueHeaders": grouped(headers),
        "requestContext": _context(client, "$connect", "CONNECT"),
        "isBase64Encoded": False,
    }
    if parameters:
        event["queryStringParameters"] = dict(parameters)
        event["multiValueQueryStringParameters"] = grouped(parameters)
    return event


def message_event(client: Client, message: str | bytes, route_key: str) -> dict[str, Any]:
    """Return the event of a message; a binary one is base64."""
    is_binary = isinstance(message, bytes)
    return {
        "requestContext": {
            **_context(client, route_key, "MESSAGE"),
            "messageId": _short_id(),
        },
        "body": base64.b64encode(message).decode() if isinstance(message, bytes) else message,
        "isBase64Encoded": is_binary,
    }


def disconnect_event(client: Client, status_code: int, reason: str) -> dict[str, Any]:
    """Return the event of `$disconnect`, with close code and reason."""
    headers = {"Host": client.domain, "x-api-key": "", "X-Forwarded-For": "", "x-restapi": ""}
    return {
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "requestContext": {
            **_context(client, "$disconnect", "DISCONNECT"),
            "disconnectStatusCode": status_code,
            "disconnectReason": reason,
        },
        "isBase64Encoded": False,
    }


def _context(client: Client, route_key: str, event_type: str) -> dict[str, Any]:
    now = time.time()
    return {
        "routeKey": route_key,
        "eventType": event_type,
        "extendedRequestId": _short_id(),
        "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
        "messageDirection": "IN",
        "stage": client.stage,
        "connectedAt": client.connected_at,
        "requestTimeEpoch": int(now * 1000),
        "identity": {"sourceIp": client.source_ip, "userAgent": client.user_agent},
        "requestId": str(uuid.uuid4()),
        "domainName": client.domain,
        "connectionId": client.connection_id,
        "apiId": API_ID,
    }


def _short_id() -> str:
    return base64.b64encode(uuid.uuid4().bytes[:11]).decode()
