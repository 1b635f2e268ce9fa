"""Encodes results as JSON, exactly or not at all."""

from __future__ import annotations

import dataclasses
import math
from enum import Enum
from typing import Any

import orjson


def encode(result: Any) -> bytes:
    """Encode ``result`` as JSON. Raises ``TypeError`` that says what cannot be encoded, and where.

    orjson writes NaN and infinities as null, and lets equal keys (1 and "1") collide. Only a result with a null, or
    with a key that is not text, needs the exact check; others are encoded in one pass.
    """
    try:
        encoded = orjson.dumps(result, default=_dump)
    except TypeError:
        return _exactly(result)
    return _exactly(result) if b"null" in encoded else encoded


def _exactly(result: Any) -> bytes:
    try:
        return orjson.dumps(_plain(result, "result"), default=_dump)
    except RecursionError:
        raise TypeError("it nests too deep") from None


def _plain(value: Any, at: str) -> Any:
    """Return ``value`` with text keys. Raises ``TypeError`` for values that JSON does not have."""
    if isinstance(value, float) and not math.isfinite(value):
        raise TypeError(f"{at} is {value}")
    if isinstance(value, Enum):
        return _plain(value.value, at)
    if isinstance(value, list) or type(value) is tuple:
        return [_plain(item, f"{at}.{index}") for index, item in enumerate(value)]
    if isinstance(value, dict):
        return _with_text_keys(value, at)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        shown = [field.name for field in dataclasses.fields(value) if not field.name.startswith("_")]
        return {name: _plain(getattr(value, name), f"{at}.{name}") for name in shown}
    if hasattr(value, "model_dump") or isinstance(value, set | frozenset):
        return _plain(_dump(value), at)
    return value


def _with_text_keys(value: dict[Any, Any], at: str) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(key, float) and not math.isfinite(key):
            raise TypeError(f"a key of {at} is {key}")
        [text] = [key] if type(key) is str else orjson.loads(orjson.dumps({key: 0}, option=orjson.OPT_NON_STR_KEYS))
        if text in plain:
            raise TypeError(f"two keys of {at} are both written as {text!r}")
        plain[text] = _plain(item, f"{at}.{text}")
    return plain


def _dump(value: Any) -> Any:
    """Convert values that orjson does not support: pydantic models, sets."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if isinstance(value, set | frozenset):
        return sorted(value, key=repr)
    raise TypeError(f"{type(value).__name__} is not JSON")
