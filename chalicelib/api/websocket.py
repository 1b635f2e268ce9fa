"""The WebSocket handlers: who may connect, and the actions that clients may request. docs/websocket.md has the
protocol.

A bad frame never closes the connection: the client gets an error frame. Only the end of its session does. Answers are
sent through ``@connections``, as events are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson
from chalice.app import Response
from pydantic import BaseModel

from chalicelib.api import auth, parsing, tracing
from chalicelib.api import container as composition
from chalicelib.api.auditing import Audited, Subject, recorded
from chalicelib.api.container import ApiContainer
from chalicelib.api.errors import InvalidFields, status_of, wrap_dependency_error
from chalicelib.api.job_actions import CANCEL, REPLAY
from chalicelib.api.json_body import json_object
from chalicelib.api.schemas.frames import AskStats, CancelJob, Ping, Subscribe
from chalicelib.api.schemas.submissions import CreateJob
from chalicelib.domain.connections import Connection
from chalicelib.domain.events import EventType, job_data
from chalicelib.domain.jobs import iso
from chalicelib.domain.principals import KeyScope, Permission, Principal
from chalicelib.errors import (
    Forbidden,
    InvalidInput,
    InvalidToken,
    LimitExceeded,
    MissingScope,
    NotFound,
    NotUnique,
    QueueCraftError,
    Unauthenticated,
)
from chalicelib.queue.events import EventId

if TYPE_CHECKING:
    from chalicelib.api.tracing import RequestTrace

MAX_FRAME_BYTES: Final = 128 * 1024
MAX_REQUEST_ID_CHARS: Final = 128

Event = Mapping[str, Any]
RequestId = str | int | None
OK: Final = {"statusCode": 200}


class Ask(NamedTuple):
    """One validated request of a client."""

    container: ApiContainer
    connection: Connection
    body: Any
    request_id: RequestId
    trace_id: str
    trace: RequestTrace | None = None

    @property
    def principal(self) -> Principal:
        """The caller."""
        return self.connection.principal


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer. ``type`` is set where clients know another name than ``<action>:ok``."""

    data: Any
    type: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


# --- connecting ----------------------------------------------------------------------------------------------
def on_connect(event: Event) -> Any:
    """Accept a client with a valid ticket, token or API key: 200, otherwise 401, 403 or 503."""
    container = composition.get_container()
    try:
        _check_origin(event, container.settings.frontend_url)
        query = event.get("queryStringParameters") or {}
        asked = parsing.validate(Subscribe, {name: query[name] for name in ("since", "scope") if name in query})
        principal = _principal(query, container)
        principal.check_scope(KeyScope.JOBS_READ)
        after = EventId.parse(asked.since) if asked.since else None
        container.connections.open(_connection_id(event), principal, asked.scope, after)
        container.authentication.used(principal)
    except Exception as error:
        known = _known(error, container)
        body = {"success": False, "error": known.message, "code": known.code}
        return Response(orjson.dumps(body).decode(), {"Content-Type": "application/json"}, status_of(known))
    container.log.info("connected", event="connect", connectionId=_connection_id(event), userId=principal.user_id)
    return OK


def on_disconnect(event: Event) -> Any:
    """Remove a client that has disconnected."""
    container = composition.get_container()
    try:
        container.connections.close(_connection_id(event))
    except Exception as error:  # its record expires
        _known(error, container)
    return OK


def _check_origin(event: Event, frontend_url: str) -> None:
    # cookies are not read, so a foreign page cannot use a browser's session; this refuses its attempt
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    origin = headers.get("origin")
    if origin and origin.rstrip("/").lower() != frontend_url.rstrip("/").lower():
        raise Forbidden("This origin may not connect")


def _principal(query: Mapping[str, str], container: ApiContainer) -> Principal:
    if ticket := query.get("ticket"):
        return container.tickets.redeem(ticket)
    if token := query.get("token"):
        return container.authentication.open(token)
    raise Unauthenticated("Connect with ?ticket= or ?token=")


# --- messages ------------------------------------------------------------------------------------------------
def on_message(event: Event) -> Any:
    """Execute the action of a frame, and answer it."""
    container = composition.get_container()
    connection_id, request_id = _connection_id(event), None
    try:
        connection = container.connections.touch(connection_id)
    except (InvalidToken, NotFound) as error:
        container.connections.cut(connection_id, _error_frame(error, None))
        return OK
    except Exception as error:
        container.connections.send(connection_id, _error_frame(_known(error, container), None))
        return OK
    try:
        fields = _fields(event)
        request_id = _request_id(fields.pop("requestId", None))
        frame = _serve(container, connection, fields, request_id)
    except Exception as error:
        frame = _error_frame(_known(error, container), request_id)
    if frame is not None:
        container.connections.send(connection_id, frame)
    return OK


def _serve(
    container: ApiContainer, connection: Connection, fields: dict[str, Any], request_id: RequestId
) -> bytes | None:
    name = fields.pop("action", None)
    action = ACTIONS.get(name) if isinstance(name, str) else None
    if action is None:
        raise InvalidInput(f"Unknown action; the actions are: {', '.join(ACTIONS)}", "action")
    auth.check(connection.principal, action.scope, action.needs)
    model = action.model if isinstance(action.model, type) else action.model()
    asked: BaseModel = parsing.validate(model, fields)
    trace_id, trace = tracing.begin_message(container, asked)
    ask = Ask(container, connection, asked, request_id, trace_id, trace)
    subject = Subject(
        container, connection.principal, getattr(ask.body, "jobId", ""), None, ask.body, ask.trace_id
    )  # fmt: skip
    about = {"queuecraft.tenant": connection.principal.tenant_id}
    with nullcontext() if trace is None else trace.ending(str(name), about):
        answer = recorded(action.audit, subject, lambda: action.handle(ask))
    if answer is None:
        return None
    body = {"type": answer.type or f"{name}:ok", "requestId": request_id, **answer.extra, "data": answer.data}
    return orjson.dumps(body)


def _fields(event: Event) -> dict[str, Any]:
    raw = parsing.raw_body(event.get("body"), is_base64=bool(event.get("isBase64Encoded")), limit=MAX_FRAME_BYTES)
    return json_object(raw)


def _request_id(value: Any) -> RequestId:
    if isinstance(value, bool) or not isinstance(value, str | int | None):
        raise InvalidInput("requestId must be text or a whole number", "requestId")
    if isinstance(value, str) and len(value) > MAX_REQUEST_ID_CHARS:
        raise InvalidInput(f"requestId may have at most {MAX_REQUEST_ID_CHARS} characters", "requestId")
    return value


# --- actions -------------------------------------------------------------------------------------------------
def _subscribe(ask: Ask) -> None:
    body: Subscribe = ask.body
    after = EventId.parse(body.since) if body.since else None
    ask.container.connections.subscribe(ask.connection, body.scope, after, ask.request_id)


def _create_job(ask: Ask) -> Answer:
    body: CreateJob = ask.body
    new = body.new_job(ask.container.clock)
    if ask.trace is not None and new.traceparent is None:
        new = new._replace(traceparent=ask.trace.submission())
    submitted = ask.container.jobs.submit(ask.principal, [new], ask.trace_id)[0]
    data = {"job": job_data(submitted.job), "created": submitted.created, "duplicate": submitted.duplicate}
    return Answer(data)


def _cancel_job(ask: Ask) -> Answer:
    return Answer({"job": job_data(ask.container.jobs.cancel(ask.principal, ask.body.jobId))})


def _replay_frame() -> type[BaseModel]:
    from chalicelib.api.schemas.replays import ReplayFrame  # noqa: PLC0415 - loads at the first such frame

    return ReplayFrame


def _replay_job(ask: Ask) -> Answer:
    changes = ask.body.changes(ask.container.clock)
    submitted = ask.container.replays.replay(ask.principal, ask.body.jobId, changes, ask.trace_id)
    return Answer({"job": job_data(submitted.job), "created": submitted.created})


def _stats(ask: Ask) -> Answer:
    stats = ask.container.stats.stats(ask.principal, ask.body.scope)
    return Answer(asdict(stats), EventType.STATS.value, _now(ask))


def _ping(ask: Ask) -> Answer:
    newest, delivered = ask.container.connections.progress(ask.connection.id)
    data = {"lastEventId": newest and str(newest), "deliveredEventId": delivered and str(delivered)}
    return Answer(data, "pong", _now(ask))


def _now(ask: Ask) -> dict[str, str]:
    return {"timestamp": iso(ask.container.clock.now())}


class Action(NamedTuple):
    """The model of its frames, its handler, and the scope and permission that it requires, if any.

    ``model`` may be a function that imports it at the first such frame.
    """

    model: type[BaseModel] | Callable[[], type[BaseModel]]
    handle: Callable[[Ask], Answer | None]
    #: What an API key needs; ``None``: nothing.
    scope: KeyScope | None
    needs: Permission | None = None
    audit: Audited | None = None


ACTIONS: Final[Mapping[str, Action]] = {
    "subscribe": Action(Subscribe, _subscribe, KeyScope.JOBS_READ),
    "job:create": Action(CreateJob, _create_job, KeyScope.JOBS_WRITE, needs=Permission.WRITE_OWN),
    "job:cancel": Action(CancelJob, _cancel_job, KeyScope.JOBS_WRITE, Permission.WRITE_OWN, CANCEL),
    "job:replay": Action(_replay_frame, _replay_job, KeyScope.JOBS_WRITE, Permission.WRITE_OWN, REPLAY),
    "request:stats": Action(AskStats, _stats, KeyScope.JOBS_READ),
    "ping": Action(Ping, _ping, None),
}


# --- errors --------------------------------------------------------------------------------------------------
def _known(error: Exception, container: ApiContainer) -> QueueCraftError:
    if isinstance(error, QueueCraftError) and status_of(error) < 500:
        return error
    known = error if isinstance(error, QueueCraftError) else wrap_dependency_error(error)
    if known is None or known is not error:
        container.log.error(str(error) or type(error).__name__, event="error", exc_info=True)
    return known or QueueCraftError("Internal error")


def _error_frame(error: QueueCraftError, request_id: RequestId) -> bytes:
    body: dict[str, Any] = {"type": "error", "requestId": request_id, "code": error.code, "error": error.message}
    if isinstance(error, InvalidInput) and error.field is not None:
        body["field"] = error.field
    if isinstance(error, InvalidFields):
        body["errors"] = error.errors
    if isinstance(error, NotUnique) and error.job_id is not None:
        body["jobId"] = error.job_id
    if isinstance(error, MissingScope):
        body["scope"] = error.scope
    if isinstance(error, LimitExceeded) and error.retry_after_s is not None:
        body["retryAfter"] = error.retry_after_s
    return orjson.dumps(body)


def _connection_id(event: Event) -> str:
    return str(event["requestContext"]["connectionId"])
