"""Build the event that a REST API sends to its function.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

import base64
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from infra.local.http.http1 import Request
from infra.local.lambda_.model import ACCOUNT
from infra.local.rest.routes import Match

API_ID = "local"


@dataclass(frozen=True, slots=True)
class Call:
    """A request, and the gateway's additions."""

    request: Request
    #: percent-encoded
    path: str
    query: str
    request_id: str
    trace_id: str
    #: seconds since the epoch
    time: float


def proxy_event(call: Call, match: Match, *, stage: str, binary_types: frozenset[str]) -> dict[str, Any]:
    """Return the proxy event, version 1.0, of a request to the resource it matched."""
    request = call.request
    headers = (*request.headers, *_forwarding_headers(call))
    query = parse_qsl(call.query, keep_blank_values=True) if call.query else []
    body, is_base64 = encode_body(request, binary_types)
    domain = request.lookup.get("host", "localhost")
    return {
        "resource": match.route.path,
        "path": call.path,
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
            "extendedRequestId": call.request_id,
            "httpMethod": request.method,
            "identity": _identity(request),
            "path": f"/{stage}{call.path}",
            "protocol": "HTTP/1.1",
            "requestId": call.request_id,
            "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(call.time)),
            "requestTimeEpoch": int(call.time * 1000),
            "resourceId": "local",
            "resourcePath": match.route.path,
            "stage": stage,
        },
        "body": body,
        "isBase64Encoded": is_base64,
    }


def encode_body(request: Request, binary_types: frozenset[str]) -> tuple[str | None, bool]:
    """Return the body in the form of an event, and whether it is base64, which declared binary media types are."""
    if not request.body:
        return None, False
    content_type = request.lookup.get("content-type", "application/json")
    media_type = content_type.split(";", 1)[0].strip().lower()
    if media_type in binary_types or content_type in binary_types or "*/*" in binary_types:
        return base64.b64encode(request.body).decode(), True
    return request.body.decode(errors="replace"), False


def grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return all values of each name, in order."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


def _forwarding_headers(call: Call) -> tuple[tuple[str, str], ...]:
    lookup, source_ip = call.request.lookup, call.request.source_ip
    forwarded = lookup.get("x-forwarded-for")
    return (
        ("X-Amzn-Trace-Id", call.trace_id),
        ("X-Forwarded-For", f"{forwarded}, {source_ip}" if forwarded else source_ip),
        ("X-Forwarded-Port", lookup.get("host", "").rpartition(":")[2] or "80"),
        ("X-Forwarded-Proto", "http"),
    )


def _identity(request: Request) -> dict[str, str | None]:
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
        "userAgent": request.lookup.get("user-agent"),
        "userArn": None,
    }
