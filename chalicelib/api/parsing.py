"""From the text of a request to checked models. Whatever a client sends, the worst answer is a 400 or 413."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, TypeVar, get_args, get_origin
from urllib.parse import unquote

import orjson
from pydantic import BaseModel, ValidationError

from chalicelib.api.errors import InvalidFields
from chalicelib.errors import InvalidInput, NotFound, TooLarge

#: How deep arrays and objects of a body may nest; below what any JSON library on the job's path can take.
MAX_DEPTH: Final = 64
#: Errors listed in one answer.
MAX_ERRORS: Final = 20

M = TypeVar("M", bound=BaseModel)
_ID: Final = re.compile(r"[0-9a-f]{24}")
_NAME: Final = re.compile(r"[^\x00-\x1f\x7f/]{1,200}")
_TRACE_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")


def trace_id_of(headers: Mapping[str, str]) -> str | None:
    """The request's ``X-Trace-Id``, if it is fit for logs and headers."""
    given = headers.get("x-trace-id", "")
    return given if _TRACE_ID.fullmatch(given) else None


def raw_body(body: str | None, *, is_base64: bool, limit: int) -> bytes:
    """The bytes of a body. Raises ``TooLarge`` over ``limit`` bytes, ``InvalidInput`` for bad base64."""
    if body is None:
        return b""
    if len(body) > limit * 2:  # before any copy: base64 adds a third, UTF-8 never shrinks
        raise TooLarge(f"The body may have at most {limit} bytes")
    try:
        raw = base64.b64decode(body, validate=True) if is_base64 else body.encode()
    except (binascii.Error, UnicodeEncodeError):
        raise InvalidInput("The body cannot be read") from None
    if len(raw) > limit:
        raise TooLarge(f"The body may have at most {limit} bytes")
    return raw


def parse_body(model: type[M], raw: bytes, content_type: str) -> M:
    """A JSON object as ``model``. Raises ``InvalidInput`` naming what does not fit."""
    media_type = content_type.partition(";")[0].strip().lower()
    if not media_type == "application/json" and not (media_type == "" and not raw):
        raise InvalidInput("The body must be JSON, with Content-Type: application/json")
    return validate(model, json_object(raw) if raw else {})


def json_object(raw: bytes) -> dict[str, Any]:
    """A JSON object that nests at most ``MAX_DEPTH`` levels. Raises ``InvalidInput``."""
    try:
        data = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"The body is not valid JSON: {error.msg} at {error.lineno}:{error.colno}") from None
    if not isinstance(data, dict):
        raise InvalidInput("The body must be a JSON object")
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH and _too_deep(data):
        raise InvalidInput(f"The body may nest at most {MAX_DEPTH} levels")
    return data


def parse_query(model: type[M], query: Mapping[str, Sequence[str]] | None) -> M:
    """Query parameters as ``model``; only fields that are lists may come more than once."""
    if not query:
        return validate(model, {})
    repeatable = _list_fields(model)
    data: dict[str, Any] = {}
    for name, values in query.items():
        if name in repeatable:
            data[name] = list(values)
        elif len(values) > 1:
            raise InvalidInput(f"{name} may be given once", name)
        else:
            data[name] = values[0] if values else ""
    return validate(model, data)


def parse_params(params: Mapping[str, str] | None) -> dict[str, str]:
    """Path parameters. ``id`` and ``…_id`` must be 24 hex digits; nothing else exists, hence ``NotFound``."""
    checked: dict[str, str] = {}
    for name, value in (params or {}).items():
        if name == "id" or name.endswith("_id"):
            checked[name], pattern = value.lower(), _ID
        else:
            checked[name], pattern = unquote(value), _NAME
        if not pattern.fullmatch(checked[name]):
            raise NotFound("There is no such thing")
    return checked


def validate(model: type[M], data: dict[str, Any]) -> M:
    """``data`` as ``model``. Raises ``InvalidFields``."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InvalidFields(_field_errors(error)) from None


def _field_errors(error: ValidationError) -> list[dict[str, str]]:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [
        {"field": ".".join(_path(item["loc"])), "message": item["msg"].removeprefix("Value error, ")}
        for item in found[:MAX_ERRORS]
    ]


def _path(loc: tuple[int | str, ...]) -> list[str]:
    # pydantic adds the branch of a union to the path, as ``function-after[…]`` or a type; clients know none
    return [str(part) for part in loc if not (isinstance(part, str) and ("[" in part or "(" in part))]


def _too_deep(data: Any) -> bool:
    level = [data]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


@cache
def _list_fields(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(
        field.alias or name
        for name, field in model.model_fields.items()
        if any(
            get_origin(part) in {list, tuple, set, frozenset}
            for part in (field.annotation, *get_args(field.annotation))
        )
    )
