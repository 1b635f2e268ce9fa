"""What is sent: JSON bodies, queries and paths, made of Python values."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from queuecraft_client._reference import Reference
from queuecraft_client.models._model import Model, camel
from queuecraft_client.options import id_of

#: Options whose names in the API are others.
_NAMES: Final = {"created_from": "from", "created_to": "to", "source": "from", "job_name": "name"}
#: Options with options in them.
_NESTED: Final = frozenset({"unique", "map", "filter"})
#: Options that name something by its id.
_REFS: Final = frozenset({"batch"})


def fields(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options as a JSON object with the names of the API. Raises ``TypeError`` for what is no JSON."""
    body = {}
    for name, value in options.items():
        if name in _NESTED and isinstance(value, Mapping):
            made: Any = fields(value)
        elif name == "depends_on":
            made = [id_of(each) for each in value]
        elif name in _REFS:
            made = id_of(value)
        else:
            made = jsonable(value, name)
        body[_NAMES.get(name, camel(name))] = made
    return body


def jsonable(value: Any, at: str = "") -> Any:
    """Return ``value`` with JSON values only. Raises ``TypeError`` that says where something else is, as ``at``."""
    if isinstance(value, Mapping):
        return {_key(name, at): jsonable(inner, f"{at}.{name}") for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(inner, f"{at}.{n}") for n, inner in enumerate(value)]
    if isinstance(value, Enum):
        return jsonable(value.value, at)
    if value is None or isinstance(value, bool | int | float):
        return value
    return _of_object(value, at) if (text := _text(value, at)) is None else text


def _text(value: Any, at: str) -> str | None:
    """Return what is written as text, or ``None`` if ``value`` is not."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError(f"{at}: a time needs a time zone, such as datetime.UTC")
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str | UUID) else None


def _key(name: Any, at: str) -> str:
    if not isinstance(name, str):
        raise TypeError(f"{at}: names in an object are text, not {name!r}")
    return name


def _of_object(value: Any, at: str) -> Any:
    if isinstance(value, Reference):
        return value.to_json()
    if callable(dump := getattr(value, "model_dump", None)):  # pydantic
        return dump(mode="json", by_alias=True)
    if dataclasses.is_dataclass(value) and not isinstance(value, type | Model):
        return {
            each.name: jsonable(getattr(value, each.name), f"{at}.{each.name}") for each in dataclasses.fields(value)
        }
    raise TypeError(f"{at}: {type(value).__name__} is no JSON")


def encoded(body: Any) -> bytes:
    """Return a body as JSON text. Raises ``ValueError`` for infinite numbers and NaN."""
    return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def query(options: Mapping[str, Any]) -> dict[str, str]:
    """Return options as query parameters, without those that are ``None``."""
    found = fields({name: value for name, value in options.items() if value is not None})
    return {name: _parameter(value) for name, value in found.items()}


def _parameter(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(str(each) for each in value) if isinstance(value, list) else str(value)


def path(*parts: str) -> str:
    """Return a path of the API. Raises ``ValueError`` for an empty part, which would mean another route."""
    if not all(parts) or any(part in {".", ".."} for part in parts):
        raise ValueError("An id or a name is empty, or . or ..")
    return "/" + "/".join(quote(part, safe="") for part in parts)
