"""Errors of pydantic without the values, which may be secret: more people read errors than payloads."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any


def explained(error: BaseException) -> str:
    """Return where a value is wrong, and why; empty if ``error`` is not a ``ValidationError`` of pydantic."""
    if not _is_refusal(error):
        return ""
    return "; ".join(f"{_place(each)}: {_message(each)}" for each in _errors(error))


def without_values(text: str, error: BaseException) -> str:
    """Return the formatted traceback of ``error`` without values in it or in the errors that caused it."""
    for each in _chain(error, set()):
        if _is_refusal(each):
            lines = [line for line in str(each).splitlines() if " [type=" in line]
            for line, refusal in zip(lines, _errors(each), strict=False):
                text = text.replace(line.strip(), _message(refusal))
    return text


def _is_refusal(error: BaseException) -> bool:
    pydantic = sys.modules.get("pydantic_core")  # a worker without models does not load it
    return pydantic is not None and isinstance(error, pydantic.ValidationError)


def _errors(error: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = error.errors(include_url=False, include_input=False)
    return found


def _place(error: dict[str, Any]) -> str:
    return ".".join(str(part) for part in error["loc"]) or "payload"


def _message(error: dict[str, Any]) -> str:
    if error["type"] == "union_tag_invalid":  # the only one that repeats what was given
        return f"Input tag found using {error['ctx']['discriminator']} is none of {error['ctx']['expected_tags']}"
    return str(error["msg"])


def _chain(error: BaseException | None, seen: set[int]) -> Iterator[BaseException]:
    """Yield ``error``, its causes and contexts, and the members of groups."""
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    yield error
    yield from _chain(error.__cause__, seen)
    yield from _chain(error.__context__, seen)
    if isinstance(error, BaseExceptionGroup):
        for member in error.exceptions:
            yield from _chain(member, seen)
