"""Build the event that a REST API sends to its function.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

import base64
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from infra.local.lambda_.model import ACCOUNT
from infra.local.rest.routes import Match

API_ID = "local"


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What the gateway knows of a request."""

    method: str
    #: percent-encoded, without query
    path: str
    query: str
    #: names as the client wrote them, in order
    headers: tuple[tuple[str, str], ...]
    body: bytes
    source_ip: str
    request_id: str
    trace_id: str
    #: seconds since the epoch
    time: float

    def header(self, name: str) -> str | None:
        """The last value of a header, in whatever case it was sent."""
        name = name.lower()
        return next((value for key, value in reversed(self.headers) if key.lower() == name), None)


def proxy_event(request: HttpRequest, match: Match, *, stage: str, binary_types: frozenset[str]) -> dict[str, Any]:
    """The proxy event, version 1.0, of a request to the resource it matched."""
    headers = (*request.headers, *_forwarding_headers(request))
    query = parse_qsl(request.query, keep_blank_values=True) if request.query else []
    body, is_base64 = encode_body(request, binary_types)
    domain = request.header("host") or "localhost"
    return {
        "resource": match.route.path,
        "path": request.path,
        "httpMethod": request.method,
        "headers": dict(headers),
        "multiValueHeaders": grouped(headers),
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": grouped(query) or None,
        "pathParameters": match.parameters or None,
        "stageVariables": None,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": API_ID,
            "domainName": domain,
            "domainPrefix": domain.split(".", 1)[0],
            "extendedRequestId": request.request_id,
            "httpMethod": request.method,
            "identity": _identity(request),
            "path": f"/{stage}{request.path}",
            "protocol": "HTTP/1.1",
            "requestId": request.request_id,
            "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(request.time)),
            "requestTimeEpoch": int(request.time * 1000),
            "resourceId": "local",
            "resourcePath": match.route.path,
            "stage": stage,
        },
        "body": body,
        "isBase64Encoded": is_base64,
    }


def encode_body(request: HttpRequest, binary_types: frozenset[str]) -> tuple[str | None, bool]:
    """The body as an event carries it, and whether it is base64: media types declared binary are."""
    if not request.body:
        return None, False
    content_type = request.header("content-type") or "application/json"
    media_type = content_type.split(";", 1)[0].strip().lower()
    if media_type in binary_types or content_type in binary_types or "*/*" in binary_types:
        return base64.b64encode(request.body).decode(), True
    return request.body.decode(errors="replace"), False


def grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """All values of each name, in order."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


def _forwarding_headers(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    forwarded = request.header("x-forwarded-for")
    return (
        ("X-Amzn-Trace-Id", request.trace_id),
        ("X-Forwarded-For", f"{forwarded}, {request.source_ip}" if forwarded else request.source_ip),
        ("X-Forwarded-Port", (request.header("host") or "").rpartition(":")[2] or "80"),
        ("X-Forwarded-Proto", "http"),
    )


def _identity(request: HttpRequest) -> dict[str, str | None]:
    return {
        "accessKey": None,
        "accountId": None,
        "caller": None,
        "cognitoAuthenticationProvider": None,
        "cognitoAuthenticationType": None,
        "cognitoIdentityId": None,
        "cognitoIdentityPoolId": None,
        "principalOrgId": None,
        "sourceIp": request.source_ip,
        "user": None,
        "userAgent": request.header("user-agent"),
        "userArn": None,
    }
