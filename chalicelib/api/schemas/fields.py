"""Field types that several models share: strict where JSON is strict, and bounded."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from chalicelib.domain.jobs import (
    MAX_DELAY_S,
    MAX_NAME_CHARS,
    MAX_PRIORITY,
    MAX_QUEUE_CHARS,
    MAX_RETRIES,
    MAX_TASK_CHARS,
    MAX_TIMEOUT_S,
    MIN_PRIORITY,
    QUEUE_PATTERN,
    TASK_PATTERN,
)
from chalicelib.domain.limits import LIMIT_PATTERN, MAX_KEY_CHARS, MAX_LIMIT_CHARS

ID_PATTERN: Final = r"^[0-9a-f]{24}$"
TRACE_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$"
GROUP_PATTERN: Final = r"^[0-9a-f]+$"
MAX_TAG_CHARS: Final = 50
MAX_TRACE_CHARS: Final = 128
MAX_GROUP_CHARS: Final = 64
_FIRST_TIME: Final = datetime(1970, 1, 2, tzinfo=UTC)
_LAST_TIME: Final = datetime(2100, 1, 1, tzinfo=UTC)


def number_only(value: Any) -> Any:
    """Refuse text and booleans, which pydantic would take as numbers."""
    if isinstance(value, bool | str):
        raise ValueError("Input should be a number")
    return value


def _text_only(value: Any) -> Any:
    if not isinstance(value, str) or "T" not in value.upper():
        raise ValueError("Input should be a time in ISO 8601, such as 2030-01-31T12:00:00Z")
    return value


def _time(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("Input should name its time zone, such as Z")
    if not _FIRST_TIME <= at <= _LAST_TIME:
        raise ValueError("Input should be a time between 1970 and 2100")
    at = at.astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("Input should not be blank")
    return text


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("Input should have printable characters only")
    return text


Time = Annotated[
    datetime,
    BeforeValidator(_text_only),
    AfterValidator(_time),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2030-01-31T12:00:00Z"]}),
]
Id = Annotated[str, Field(pattern=ID_PATTERN, examples=["66f2a1b3c4d5e6f708192a3b"])]
JobName = Annotated[
    str, Field(min_length=1, max_length=MAX_NAME_CHARS, examples=["Monthly report"]), AfterValidator(_not_blank)
]
TaskName = Annotated[str, Field(min_length=1, max_length=MAX_TASK_CHARS, pattern=TASK_PATTERN, examples=["simulated"])]
LimitName = Annotated[str, Field(min_length=1, max_length=MAX_LIMIT_CHARS, pattern=LIMIT_PATTERN, examples=["stripe"])]
LimitKey = Annotated[
    str, Field(min_length=1, max_length=MAX_KEY_CHARS, examples=["customer-7"]), AfterValidator(_printable)
]
QueueName = Annotated[str, Field(min_length=1, max_length=MAX_QUEUE_CHARS, pattern=QUEUE_PATTERN, examples=["default"])]
Tag = Annotated[str, Field(min_length=1, max_length=MAX_TAG_CHARS, examples=["customer-7"]), AfterValidator(_not_blank)]


def _traceparent(text: str) -> str:
    from chalicelib.domain import traces  # noqa: PLC0415 - for calls with a trace

    context = traces.parse(text)
    if context is None:
        raise ValueError("not a W3C traceparent: ids of zeros, and version ff, are invalid")
    return context.traceparent


#: A W3C trace context.
Traceparent = Annotated[
    str,
    Field(pattern=r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"),
    AfterValidator(_traceparent),
]
TraceId = Annotated[
    str,
    Field(max_length=MAX_TRACE_CHARS, pattern=TRACE_PATTERN, examples=["0b94a2a4-6d3e-4b6e-9a54-0d7f6a6a2f11"]),
]
GroupKey = Annotated[
    str, Field(min_length=1, max_length=MAX_GROUP_CHARS, pattern=GROUP_PATTERN, examples=["9f2c41d07be3a865"])
]
Priority = Annotated[int, BeforeValidator(number_only), Field(ge=MIN_PRIORITY, le=MAX_PRIORITY)]
Retries = Annotated[int, BeforeValidator(number_only), Field(ge=0, le=MAX_RETRIES)]
TimeoutS = Annotated[int, BeforeValidator(number_only), Field(ge=1, le=MAX_TIMEOUT_S)]
DelayS = Annotated[float, BeforeValidator(number_only), Field(ge=0, le=MAX_DELAY_S)]
