"""The REST API's server side: from an HTTP request to the function and back."""

import asyncio
import re
import time
import uuid
from collections.abc import Mapping

import orjson
from aiohttp import web
from multidict import CIMultiDict

from infra.local.deployed.model import Deployment
from infra.local.http import MAX_BODY_BYTES, read_body
from infra.local.lambda_.model import LambdaServiceError, Outcome, RequestTooLargeError, ThrottledError, new_trace_id
from infra.local.lambda_.service import LambdaService
from infra.local.rest import responses
from infra.local.rest.events import HttpRequest, proxy_event
from infra.local.rest.responses import HttpResponse, MalformedProxyResponseError
from infra.local.rest.routes import RouteTable

TIMEOUT_S = 29.0
TRACE_ID = re.compile(r"^[\x21-\x7e]{1,128}$")


class RestGateway:
    """Serves the API of the current deployment; `deploy` swaps it between requests."""

    def __init__(self, functions: LambdaService, *, timeout_s: float = TIMEOUT_S) -> None:
        self._functions = functions
        self._timeout_s = timeout_s
        self._routes = RouteTable(())
        self._deployment: Deployment | None = None
        self._cors: dict[str, str] = {}

    def deploy(self, deployment: Deployment) -> None:
        """Serve these routes from now on."""
        self._deployment = deployment
        self._routes = RouteTable(deployment.routes)
        self._cors = _shared_cors(deployment)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request to the API."""
        return await self.answer(request, request.raw_path, {})

    async def answer(
        self, request: web.BaseRequest, raw_path: str, added_headers: Mapping[str, str]
    ) -> web.StreamResponse:
        """Answer a request as if it were for `raw_path`, with further headers."""
        path, _, query = raw_path.partition("?")
        response = await self._respond(request, path, query, added_headers)
        return web.Response(status=response.status, headers=response.headers, body=response.body)

    async def _respond(
        self, request: web.BaseRequest, path: str, query: str, added_headers: Mapping[str, str]
    ) -> HttpResponse:
        match = self._routes.find(path)
        if match is not None and request.method == "OPTIONS" and match.route.preflight is not None:
            headers = CIMultiDict({"Content-Type": "application/json", **match.route.preflight})
            return HttpResponse(200, headers, b"")
        if match is None or request.method not in match.route.methods or self._deployment is None:
            return self._refuse("MISSING_AUTHENTICATION_TOKEN", request)
        body = await read_body(request, MAX_BODY_BYTES)
        if body is None:
            return self._refuse("REQUEST_TOO_LARGE", request)
        described = describe(request, path, query, body, added_headers)
        event = proxy_event(
            described, match, stage=self._deployment.api_stage, binary_types=self._deployment.binary_types
        )
        return await self._invoke(request, orjson.dumps(event), described.trace_id)

    async def _invoke(self, request: web.BaseRequest, event: bytes, trace_id: str) -> HttpResponse:
        try:
            async with asyncio.timeout(self._timeout_s):
                outcome: Outcome = await self._functions.invoke(
                    self._deployment.api_function if self._deployment else "",
                    event,
                    wait_for_capacity_s=self._timeout_s,
                    trace_id=trace_id,
                )
            if outcome.function_error is not None:
                return self._refuse("INTEGRATION_FAILURE", request)
            return responses.from_function(outcome.payload)
        except TimeoutError:
            return self._refuse("INTEGRATION_TIMEOUT", request)
        except ThrottledError:
            return self._refuse("THROTTLED", request)
        except RequestTooLargeError:
            return self._refuse("REQUEST_TOO_LARGE", request)
        except (MalformedProxyResponseError, LambdaServiceError):
            return self._refuse("INTEGRATION_FAILURE", request)

    def _refuse(self, kind: str, request: web.BaseRequest) -> HttpResponse:
        """The gateway's own answer. Its request id is the caller's trace id, where there is one."""
        given = request.headers.get("X-Trace-Id", "")
        request_id = given if TRACE_ID.match(given) else str(uuid.uuid4())
        configured = self._deployment.gateway_responses if self._deployment else {}
        answer = responses.from_gateway(kind, _json_safe(request_id), configured, self._cors)
        answer.headers.setdefault("X-Trace-Id", request_id)
        return answer


def describe(
    request: web.BaseRequest, path: str, query: str, body: bytes, added_headers: Mapping[str, str]
) -> HttpRequest:
    """The request as event builders see it."""
    headers = [(str(name), value) for name, value in request.headers.items()]
    if added_headers:
        replaced = {name.lower() for name in added_headers}
        headers = [header for header in headers if header[0].lower() not in replaced]
        headers += added_headers.items()
    return HttpRequest(
        method=request.method,
        path=path,
        query=query,
        headers=tuple(headers),
        body=body,
        source_ip=request.remote or "127.0.0.1",
        request_id=str(uuid.uuid4()),
        trace_id=request.headers.get("X-Amzn-Trace-Id") or new_trace_id(),
        time=time.time(),
    )


def _shared_cors(deployment: Deployment) -> dict[str, str]:
    """CORS headers of any route, without those that only a preflight has."""
    preflight = next((route.preflight for route in deployment.routes if route.preflight), None) or {}
    names = ("Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers")
    return {name: preflight[name] for name in names if name in preflight}


def _json_safe(text: str) -> str:
    return orjson.dumps(text).decode()[1:-1]
