"""Convert what the function returned into an HTTP response, and create the gateway's own responses."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import orjson
from multidict import CIMultiDict

from infra.local.deployed.model import GatewayResponse
from infra.local.http.http1 import Response

#: Status codes of https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
KINDS = {
    "MISSING_AUTHENTICATION_TOKEN": (403, "Missing Authentication Token"),
    "REQUEST_TOO_LARGE": (413, "Request Entity Too Large"),
    "REQUEST_HEADERS_TOO_LARGE": (431, "HTTP header is larger than 10240 bytes."),
    "THROTTLED": (429, "Too Many Requests"),
    "INTEGRATION_FAILURE": (502, "Internal server error"),
    "INTEGRATION_TIMEOUT": (504, "Endpoint request timed out"),
}
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "upgrade"}


class MalformedProxyResponseError(Exception):
    """Raised when the function's result is not a valid proxy response; AWS answers 502."""


def from_function(payload: bytes) -> Response:
    """Return the response that a proxy function described."""
    try:
        answer = orjson.loads(payload)
        status = int(answer.get("statusCode", 200))
        headers = _headers(answer)
        body = answer.get("body")
        content = body.encode() if isinstance(body, str) else b""
        if answer.get("isBase64Encoded"):
            content = base64.b64decode(content, validate=True)
    except (orjson.JSONDecodeError, AttributeError, TypeError, ValueError, binascii.Error) as error:
        raise MalformedProxyResponseError(str(error)) from error
    if not isinstance(body, str | None):
        raise MalformedProxyResponseError("body must be a string")
    return Response(status, headers, content)


def from_gateway(
    kind: str, request_id: str, configured: Mapping[str, GatewayResponse], origin: Mapping[str, str]
) -> Response:
    """Return the gateway's own answer in a situation, as the template's gateway responses configure it.

    `origin` has CORS headers to add if the template has none.
    """
    status, message = KINDS[kind]
    default = f"DEFAULT_{status // 100}XX"
    response = configured.get(kind) or configured.get(default) or GatewayResponse()
    context = {
        "context.requestId": request_id,
        "context.error.message": message,
        "context.error.messageString": orjson.dumps(message).decode(),
        "context.error.responseType": kind,
    }
    headers = CIMultiDict({"Content-Type": "application/json", "x-amzn-RequestId": request_id, **origin})
    headers.update({name: _header_value(value, context) for name, value in response.headers.items()})
    body = response.body or '{"message":$context.error.messageString}'
    for name in sorted(context, key=len, reverse=True):
        body = body.replace(f"${name}", context[name])
    return Response(response.status or status, headers, body.encode())


def _headers(answer: Mapping[str, Any]) -> CIMultiDict[str]:
    headers: CIMultiDict[str] = CIMultiDict()
    multiple = {name.lower() for name in answer.get("multiValueHeaders") or ()}
    for name, value in (answer.get("headers") or {}).items():
        if name.lower() not in HOP_BY_HOP and name.lower() not in multiple:
            headers.add(header_text(name), header_text(value))
    for name, values in (answer.get("multiValueHeaders") or {}).items():
        if name.lower() not in HOP_BY_HOP:
            for value in values:
                headers.add(header_text(name), header_text(value))
    headers.setdefault("Content-Type", "application/json")
    return headers


def header_text(value: Any) -> str:
    """Return a name or value of a header. Raises ValueError if it contains a line break."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if "\n" in text or "\r" in text or "\0" in text:
        raise ValueError("line break in a header")
    return text


def _header_value(value: str, context: Mapping[str, str]) -> str:
    """Return the value of a header: literal if it is in quotes, otherwise that of a variable."""
    if value.startswith("'"):
        return value.strip("'")
    return context.get(value, "")
