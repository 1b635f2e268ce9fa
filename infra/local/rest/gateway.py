"""The REST API's server: from an HTTP request to the function and back."""

import re
import time

import orjson
from multidict import CIMultiDict

from infra.local.deployed.model import Deployment
from infra.local.http.connection import HttpConnection
from infra.local.http.guard import Guard
from infra.local.http.http1 import Request, Response
from infra.local.lambda_.model import LambdaServiceError, RequestTooLargeError, ThrottledError, new_id, new_trace_id
from infra.local.lambda_.service import LambdaService
from infra.local.rest import responses
from infra.local.rest.events import Call, proxy_event
from infra.local.rest.responses import MalformedProxyResponseError
from infra.local.rest.routes import RouteTable

TIMEOUT_S = 29.0
MAX_BODY_BYTES = 10 * 1024 * 1024
#: Request line and header values: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
MAX_HEAD_BYTES = 10_240
TRACE_ID = re.compile(r"^[\x21-\x7e]{1,128}$")


class RestGateway:
    """Serves the API of the current deployment; `deploy` replaces it between requests."""

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

    def connection(self, guard: Guard | None = None) -> HttpConnection:
        """Return a protocol for a new connection."""
        return HttpConnection(self.respond, MAX_BODY_BYTES, guard)

    async def respond(self, request: Request) -> Response:
        """Answer a request to the API."""
        if len(request.target) + sum(len(value) for _, value in request.headers) > MAX_HEAD_BYTES:
            return self._refuse("REQUEST_HEADERS_TOO_LARGE", request)
        path, _, query = request.target.partition("?")
        match = self._routes.find(path)
        deployment = self._deployment
        if match is not None and request.method == "OPTIONS" and match.route.preflight is not None:
            headers = CIMultiDict({"Content-Type": "application/json", **match.route.preflight})
            return Response(200, headers, b"")
        if match is None or request.method not in match.route.methods or deployment is None:
            return self._refuse("MISSING_AUTHENTICATION_TOKEN", request)
        if request.body is None:
            return self._refuse("REQUEST_TOO_LARGE", request)
        call = Call(
            request, path, query, new_id(), request.lookup.get("x-amzn-trace-id") or new_trace_id(), time.time()
        )
        event = proxy_event(call, match, stage=deployment.api_stage, binary_types=deployment.binary_types)
        return await self._invoke(deployment.api_function, request, orjson.dumps(event), call.trace_id)

    async def _invoke(self, function: str, request: Request, event: bytes, trace_id: str) -> Response:
        try:
            outcome = await self._functions.invoke(
                function, event, wait_for_capacity_s=self._timeout_s, answer_within_s=self._timeout_s, trace_id=trace_id
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

    def _refuse(self, kind: str, request: Request) -> Response:
        """Return the gateway's own answer. Its request id is the caller's trace id, if there is one."""
        given = request.lookup.get("x-trace-id", "")
        request_id = given if TRACE_ID.match(given) else new_id()
        configured = self._deployment.gateway_responses if self._deployment else {}
        answer = responses.from_gateway(kind, _json_safe(request_id), configured, self._cors)
        answer.headers.setdefault("X-Trace-Id", request_id)
        return answer


def _shared_cors(deployment: Deployment) -> dict[str, str]:
    """Return the CORS headers of any route, without those of preflights."""
    preflight = next((route.preflight for route in deployment.routes if route.preflight), None) or {}
    names = ("Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers")
    return {name: preflight[name] for name in names if name in preflight}


def _json_safe(text: str) -> str:
    return orjson.dumps(text).decode()[1:-1]
