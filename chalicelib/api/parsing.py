"""From the text of a request to validated models. Bad input is always a 400 or 413."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from email.message import Message
from functools import cache, lru_cache
from typing import Any, Final, TypeVar, get_args, get_origin
from urllib.parse import unquote

from pydantic import BaseModel, ValidationError
from pydantic.alias_generators import to_camel

from chalicelib.api.call import AnyJson
from chalicelib.api.errors import InvalidFields
from chalicelib.api.json_body import REPLACED, json_object, json_value
from chalicelib.errors import InvalidInput, NotFound, TooLarge

#: Maximum number of errors in one answer.
MAX_ERRORS: Final = 20

M = TypeVar("M", bound=BaseModel)
#: JSON is UTF-8, and so is ASCII.
_UTF_8: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
_ID: Final = re.compile(r"[0-9a-f]{24}")
_NAME: Final = re.compile(r"[^\x00-\x1f\x7f/\ud800-\udfff]{1,200}")
_TRACE_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")


def trace_id_of(headers: Mapping[str, str]) -> str | None:
    """Return the request's ``X-Trace-Id``, if it is safe for logs and headers."""
    given = headers.get("x-trace-id", "")
    return given if _TRACE_ID.fullmatch(given) else None


def raw_body(body: str | None, *, is_base64: bool, limit: int) -> bytes:
    """Return the bytes of a body. Raises ``TooLarge`` over ``limit`` bytes, ``InvalidInput`` for bad base64."""
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


def parse_body(model: type[M], raw: bytes, content_type: str, content_encoding: str = "") -> M:
    """Parse a JSON object as ``model``, or any JSON as ``AnyJson``. Raises ``InvalidInput`` with the invalid fields."""
    media_type, _, parameters = content_type.partition(";")
    media_type = media_type.strip().lower()
    if not media_type == "application/json" and not (media_type == "" and not raw):
        raise InvalidInput("The body must be JSON, with Content-Type: application/json")
    charset = _charset(parameters)
    if charset not in _UTF_8:
        raise InvalidInput("The body must be UTF-8, as JSON is", "Content-Type")
    if content_encoding.strip().lower() not in {"", "identity"}:
        raise InvalidInput("The body must be sent without Content-Encoding", "Content-Encoding")
    if issubclass(model, AnyJson):
        return model(value=json_value(raw) if raw else {})
    return validate(model, json_object(raw) if raw else {})


@lru_cache(maxsize=64)
def _charset(parameters: str) -> str:
    message = Message()
    message["Content-Type"] = f"application/json;{parameters}"
    return str(message.get_content_charset("utf-8"))


def parse_query(model: type[M], query: Mapping[str, Sequence[str]] | None) -> M:
    """Parse query parameters as ``model``; only fields that are lists may occur more than once."""
    if not query:
        return validate(model, {})
    repeatable = _list_fields(model)
    data: dict[str, Any] = {}
    for name, values in query.items():
        if any(REPLACED in text for text in (name, *values)):
            raise InvalidInput("A query must be UTF-8", name)
        if name in repeatable:
            data[name] = list(values)
        elif len(values) > 1:
            raise InvalidInput(f"{name} may be given once", name)
        else:
            data[name] = values[0] if values else ""
    return validate(model, data)


def parse_params(params: Mapping[str, str] | None) -> dict[str, str]:
    """Return the path parameters. Raises ``NotFound`` if ``id`` or ``…_id`` is not 24 hex digits, and for a name that
    nothing can have: of another length, with controls or lone surrogates.
    """
    checked: dict[str, str] = {}
    for name, value in (params or {}).items():
        if name == "id" or name.endswith("_id"):
            checked[name], pattern = value.lower(), _ID
        else:
            checked[name], pattern = unquote(value), _NAME
        if not pattern.fullmatch(checked[name]):
            raise NotFound("Not found")
    return checked


def validate(model: type[M], data: dict[str, Any]) -> M:
    """Return ``data`` as ``model``. Raises ``InvalidFields``."""
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
    # pydantic adds the branch of a union to the path, as ``function-after[…]`` or a type; clients do not know them
    return [str(part) for part in loc if not (isinstance(part, str) and ("[" in part or "(" in part))]


@cache
def _list_fields(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(
        spelling
        for name, field in model.model_fields.items()
        if any(
            get_origin(part) in {list, tuple, set, frozenset}
            for part in (field.annotation, *get_args(field.annotation))
        )
        for spelling in (field.alias or name, to_camel(name))
    )
