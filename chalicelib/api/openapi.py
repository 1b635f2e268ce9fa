"""The OpenAPI 3.1 document, generated from the routes and their models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final, Literal, cast

from pydantic import BaseModel, Field, TypeAdapter
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from chalicelib import VERSION
from chalicelib.api.auth import Keys, cookie_name
from chalicelib.api.call import Nothing, Output
from chalicelib.api.routing import Auth, Route
from chalicelib.domain.principals import KeyScope, roles_with

REF: Final = "#/components/schemas/{model}"
#: Calls that accept an idempotency key.
_IDEMPOTENT: Final = frozenset({"create_job", "create_jobs"})
_SAFE: Final = frozenset({"GET", "HEAD"})

Json = dict[str, Any]
#: Model and mode → reference to its schema.
Refs = Mapping[tuple[Any, JsonSchemaMode], Json]


class FieldError(Output):
    """A field that is invalid."""

    field: str
    message: str


class ErrorAnswer(Output):
    """An error. `code` is stable: match on it. `traceId` finds the call in the logs."""

    success: Literal[False] = False
    error: str
    code: str | None = Field(None, description="Left out of the two answers of the limits on job creation.")
    message: str | None = None
    field: str | None = Field(None, description="Dotted path of the field at fault.")
    errors: list[FieldError] | None = None
    trace_id: str | None = Field(None, alias="traceId")
    job_id: str | None = Field(None, alias="jobId", description="The job that holds the unique key.")
    scope: str | None = Field(None, description="The scope that the API key lacks.")
    retry_after: int | None = Field(None, alias="retryAfter", description="Seconds.")


def document(routes: Iterable[Route], stack_name: str) -> Json:
    """Return the document of ``routes``."""
    listed = sorted(routes, key=lambda route: route.handler.__module__)
    schemas, refs = _schemas(listed)
    paths: dict[str, Json] = {}
    for route in sorted(listed, key=lambda route: route.path):
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas, refs)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "QueueCraft",
            "version": VERSION,
            "summary": "A durable job queue on AWS Lambda.",
            "description": _DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "./", "description": "The address of this document"}],
        "tags": [{"name": tag} for tag in dict.fromkeys(route.tag for route in listed)],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "headers": {"X-Trace-Id": {"description": "The id of the request's trace.", "schema": {"type": "string"}}},
            "securitySchemes": _security_schemes(stack_name),
        },
    }


_DESCRIPTION: Final = """\
Sign up with `POST /user/create`, get a token with `POST /login`, send it as `Authorization: Bearer <jwt>`. Services
send an API key (`POST /api-keys`) in its place; each operation says which scope it needs.

Every answer carries `X-Trace-Id`, the request's or a new one. Errors are `{"success": false, "error", "code",
"traceId"}`, with `field` if one is invalid. Unknown fields and query parameters are refused. Names may
be sent in snake_case as well (`delay_s` for `delayS`). Ids are 24 hexadecimal digits, times ISO 8601 in UTC.

Members see their own jobs, viewers and admins those of their tenant, operators all. What the caller may not see
answers 404. Lists return the caller's jobs unless `scope` is wider."""


def _security_schemes(stack_name: str) -> Json:
    return {
        "token": {"type": "http", "scheme": "bearer", "description": "A session's JWT, or an API key (`qc_…`)."},
        "cookie": {"type": "apiKey", "in": "cookie", "name": cookie_name(stack_name)},
        "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token", "description": "Required with the cookie."},
    }


def _models(routes: list[Route]) -> list[tuple[type[BaseModel], JsonSchemaMode]]:
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(ErrorAnswer, "serialization"): None}
    for route in routes:
        for model in (route.body, route.query):
            if not issubclass(model, Nothing):
                wanted[(model, "validation")] = None
        for answer in (route.answer, *route.also.values()):
            if _is_model(answer):
                wanted[(answer, "serialization")] = None
    return list(wanted)


def _schemas(routes: list[Route]) -> tuple[Json, Refs]:
    refs, definitions = models_json_schema(_models(routes), ref_template=REF)
    return definitions["$defs"], cast("Refs", refs)


def _operation(route: Route, schemas: Json, refs: Refs) -> Json:
    operation: Json = {
        "operationId": route.name,
        "tags": [route.tag],
        "summary": route.summary,
        "description": _described(route),
        "security": _security(route),
        "responses": {str(status): _response(route, status, refs) for status in sorted(route.statuses)},
    }
    if parameters := [*_path_parameters(route), *_query_parameters(route, schemas, refs), *_headers(route)]:
        operation["parameters"] = parameters
    if not issubclass(route.body, Nothing):
        content = {"application/json": {"schema": refs[(route.body, "validation")]}}
        operation["requestBody"] = {"required": _needs_body(route), "content": content}
    return operation


def _described(route: Route) -> str:
    parts = [route.description]
    if route.needs is not None:
        parts.append(f"Roles: {', '.join(sorted(role.value for role in roles_with(route.needs)))}.")
    if route.auth is Auth.USER:
        parts.append(f"API keys: {_keys(route.scope)}.")
    return "\n\n".join(part for part in parts if part)


def _keys(scope: KeyScope | Keys) -> str:
    """Return in words which API keys may call a route."""
    if isinstance(scope, KeyScope):
        return f"with the scope `{scope.value}`"
    return "all" if scope is Keys.ANY else "none, needs a person"


def _security(route: Route) -> list[Json]:
    if route.auth is Auth.NONE:
        return []
    return [{"token": []}, {"cookie": []} if route.method in _SAFE else {"cookie": [], "csrf": []}]


def _needs_body(route: Route) -> bool:
    return any(field.is_required() for field in route.body.model_fields.values())


def _path_parameters(route: Route) -> list[Json]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _PATH_SCHEMAS.get(name, {"type": "string"})}
        for name in route.parameters
    ]


_PATH_SCHEMAS: Final[Json] = {
    "id": {"type": "string", "pattern": "^[0-9a-f]{24}$"},
    "name": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$", "maxLength": 64},
}


def _query_parameters(route: Route, schemas: Json, refs: Refs) -> list[Json]:
    if route.query is Nothing:
        return []
    schema = schemas[refs[(route.query, "validation")]["$ref"].rpartition("/")[2]]
    required = schema.get("required", ())
    return [_parameter(name, "query", field, required=name in required) for name, field in schema["properties"].items()]


def _parameter(name: str, place: str, field: Json, *, required: bool) -> Json:
    """Return a parameter. An optional one is omitted from a query, never null."""
    schema = {key: value for key, value in field.items() if key not in {"description", "title"}}
    options = [option for option in schema.pop("anyOf", ()) if option != {"type": "null"}]
    if len(options) == 1:
        schema = {**options[0], **{key: value for key, value in schema.items() if value is not None}}
    parameter = {"name": name, "in": place, "required": required, "schema": schema}
    described = schema.pop("description", None) or field.get("description")
    return parameter | ({"description": described} if described else {})


def _headers(route: Route) -> list[Json]:
    if route.name not in _IDEMPOTENT:
        return []
    schema = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[\x21-\x7e]+$"}
    return [{"name": "Idempotency-Key", "in": "header", "required": False, "schema": schema}]


def _response(route: Route, status: int, refs: Refs) -> Json:
    response: Json = {
        "description": HTTPStatus(status).phrase,
        "headers": {"X-Trace-Id": {"$ref": "#/components/headers/X-Trace-Id"}},
    }
    error = refs[(ErrorAnswer, "serialization")]
    if status in {429, 503}:
        response["headers"]["Retry-After"] = {"description": "Seconds.", "schema": {"type": "integer"}}
    if status == route.status and route.content_type != "application/json":
        types = (route.content_type, *route.other_types)
        response["content"] = {each: {"schema": _LISTED if each == "application/json" else _TEXT} for each in types}
    elif status != route.status and status not in route.also:
        response["content"] = {"application/json": {"schema": error}}
    elif (answer := _answer(route.answer if status == route.status else route.also[status], refs)) is not None:
        schema = {"anyOf": [answer, error]} if status >= 400 else answer
        response["content"] = {"application/json": {"schema": schema}}
    return response


_TEXT: Final[Json] = {"type": "string"}
#: JSON beside text: a list of what the text has in lines.
_LISTED: Final[Json] = {"type": "array", "items": {"type": "object"}}


def _answer(answer: Any, refs: Refs) -> Json | None:
    if answer is None or answer is type(None):
        return None
    return refs[(answer, "serialization")] if _is_model(answer) else TypeAdapter(answer).json_schema()


def _is_model(answer: Any) -> bool:
    return isinstance(answer, type) and issubclass(answer, BaseModel)
