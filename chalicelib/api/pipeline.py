"""The steps of every request, in order: trace id, session, role, parsing, handler, answer, log line."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson
from chalice.app import Response
from pydantic import BaseModel

from chalicelib.api import auth, parsing, tracing
from chalicelib.api import container as composition
from chalicelib.api.answers import fits
from chalicelib.api.auditing import Subject, recorded
from chalicelib.api.call import Call, Ignored, Nothing, Reply
from chalicelib.api.errors import present, wrap_dependency_error
from chalicelib.api.source import viewer_address
from chalicelib.errors import QueueCraftError, TooLarge

if TYPE_CHECKING:
    from chalicelib.api.container import ApiContainer
    from chalicelib.api.routing import Route
    from chalicelib.api.tracing import RequestTrace
    from chalicelib.domain.principals import Principal
    from chalicelib.telemetry.logger import Log

Event = Mapping[str, Any]
JSON_TYPE = "application/json"
TRACE_HEADER = "X-Trace-Id"
_BASE_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def serve(route: Route, event: Event) -> Response:
    """Answer one API Gateway proxy event (REST, version 1) by ``route``. Never raises."""
    begun = time.perf_counter()
    container = composition.get_container()
    headers = {name.lower(): value for name, value in (event["headers"] or {}).items()}
    trace_id, trace = tracing.begin(container, headers, route.path)
    principal: Principal | None = None
    with container.tracing.span(f"{route.method} {route.path}") as note:
        try:
            principal, via_cookie = auth.principal_of(route, headers, container)
            call = _call(route, event, headers, container, (trace_id, trace), (principal, via_cookie))
            response = _response(route, _handled(route, call))
            if principal:
                container.authentication.used(principal)
                container.waker.check_often()
        except Exception as error:
            response = _error_response(error, trace_id, route, container.log)
        note("traceId", trace_id)
        note("status", response.status_code)
    response.headers[TRACE_HEADER] = trace_id
    _log(route.method, route.path, event, response, begun, trace_id, principal)
    if trace is not None:
        status = response.status_code
        about = {
            "http.request.method": route.method, "http.route": route.path, "url.path": event.get("path"),
            "http.response.status_code": status, "queuecraft.trace_id": trace_id,
            "queuecraft.tenant": principal.tenant_id if principal else None,
        }  # fmt: skip
        trace.end(f"{route.method} {route.path}", str(status) if status >= 500 else "", about, ok=status < 400)
    return response


def _handled(route: Route, call: Call[Any, Any]) -> Any:
    if route.audit is None:
        return route.handler(call)
    ref = call.params.get("id") or call.params.get("name") or route.audit.own_id(call.principal)
    tenant = getattr(call.query, "tenant", None)
    asked = call.query if route.body is Nothing else call.body
    subject = Subject(call.container, call.principal, ref, tenant, asked, call.trace_id)
    return recorded(route.audit, subject, lambda: route.handler(call))


def _call(
    route: Route,
    event: Event,
    headers: Mapping[str, str],
    container: ApiContainer,
    trace: tuple[str, RequestTrace | None],
    known: tuple[Principal | None, bool],
) -> Call[Any, Any]:
    raw = parsing.raw_body(event["body"], is_base64=bool(event.get("isBase64Encoded")), limit=route.max_body_bytes)
    context = event["requestContext"]
    peer = context.get("identity", {}).get("sourceIp") or ""
    return Call(
        container=container,
        params=parsing.parse_params(event["pathParameters"]),
        query=parsing.parse_query(route.query, event["multiValueQueryStringParameters"]),
        body=_body(route, raw, headers),
        headers=headers,
        source_ip=viewer_address(peer, headers, container.settings.edge_secret),
        trace_id=trace[0],
        request_id=context.get("requestId", ""),
        known=known[0],
        via_cookie=known[1],
        trace=trace[1],
    )


def tidy(request: Any, get_response: Any) -> Response:
    """Add the trace id and the log line to what ``serve`` has not answered. Chalice middleware.

    An answer of a plain ``@app.route`` stays as it is. Errors that Chalice makes, and those that such a route raises
    (``NotFoundError`` and the like), get our format.
    """
    begun = time.perf_counter()
    response: Response = get_response(request)
    if TRACE_HEADER in response.headers:
        return response
    event = request.to_original_event() if request else {"headers": {}, "requestContext": {}}
    headers = {name.lower(): value for name, value in (event["headers"] or {}).items()}
    trace_id = parsing.trace_id_of(headers) or composition.get_container().ids.trace_id()
    if _is_error_of_chalice(response):
        response = _in_our_shape(response, trace_id)
    response.headers[TRACE_HEADER] = trace_id
    context = event["requestContext"]
    _log(context.get("httpMethod", "?"), context.get("resourcePath", "?"), event, response, begun, trace_id, None)
    return response


#: Chalice's own errors, by its names for them.
_BY_CHALICE = {
    "MethodNotAllowedError": ("method_not_allowed", "This method is not allowed here"),
    "InternalServerError": ("internal", "Internal error"),
}


def _is_error_of_chalice(response: Response) -> bool:
    return response.status_code >= 400 and isinstance(response.body, dict) and set(response.body) == {"Code", "Message"}


def _in_our_shape(response: Response, trace_id: str) -> Response:
    name, message = response.body["Code"], response.body["Message"]
    snake = re.sub(r"(?<!^)(?=[A-Z])", "_", name.removesuffix("Error")).lower()
    code, text = _BY_CHALICE.get(name, (snake, message))
    body = {"success": False, "error": text, "code": code, "traceId": trace_id}
    kept = {name: value for name, value in response.headers.items() if name.lower() != "content-type"}
    headers = {**kept, **_BASE_HEADERS, "Content-Type": JSON_TYPE}
    return Response(orjson.dumps(body).decode(), headers, response.status_code)


def _log(
    method: str, resource: str, event: Event, response: Response, begun: float, trace_id: str, who: Principal | None
) -> None:
    container, duration_ms = composition.get_container(), round((time.perf_counter() - begun) * 1000, 3)
    container.api_metrics.request(f"{method} {resource}", response.status_code, duration_ms)
    container.log.info(
        f"{method} {resource}",
        event="request",
        traceId=trace_id,
        userId=who.user_id if who else None,
        **({"keyId": who.key.id} if who and who.key else {}),
        method=method,
        path=event.get("path"),
        status=response.status_code,
        duration_ms=duration_ms,
    )


def _body(route: Route, raw: bytes, headers: Mapping[str, str]) -> BaseModel:
    if route.body is Ignored:
        return Ignored()
    if route.body is Nothing and not raw.strip():
        return Nothing()
    kind, encoding = headers.get("content-type", ""), headers.get("content-encoding", "")
    return parsing.parse_body(route.body, raw, kind, encoding)


def _response(route: Route, result: Any) -> Response:
    reply = result if isinstance(result, Reply) else Reply(result)
    headers: dict[str, Any] = {
        **_BASE_HEADERS,
        "Content-Type": reply.content_type or route.content_type,
        **reply.headers,
    }
    body = _encode(reply.body, headers["Content-Type"])
    if not fits(body):
        raise TooLarge("The answer is too large to return; ask for less")
    return Response(body, headers, reply.status or route.status)


def _encode(body: Any, content_type: str) -> str | bytes:
    # bytes would make the answer unserializable in awslambdaric unless Chalice converts them to base64,
    # which it does for its list of binary types only
    if isinstance(body, BaseModel):
        return body.model_dump_json(by_alias=True)
    if isinstance(body, str | bytes) and content_type != JSON_TYPE:
        return body
    return orjson.dumps(body).decode()


def _error_response(error: Exception, trace_id: str, route: Route, log: Log) -> Response:
    known = error if isinstance(error, QueueCraftError) else wrap_dependency_error(error)
    if known is None or known is not error:
        log.error(
            str(error) or type(error).__name__,
            event="error",
            traceId=trace_id,
            path=route.path,
            exc_info=True,
        )
    status, body, headers = present(known or QueueCraftError(), trace_id)
    return Response(orjson.dumps(body).decode(), {**_BASE_HEADERS, "Content-Type": JSON_TYPE, **headers}, status)
