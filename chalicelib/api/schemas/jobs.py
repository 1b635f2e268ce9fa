"""What job routes take and give."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

MAX_BULK: Final = 1_000
MAX_PAGE: Final = 200
DEFAULT_PAGE: Final = 50
#: Words of a search that count.
MAX_SEARCH_WORDS: Final = 8
_KEY_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9._:-]*$"
_QUEUE_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
_FIRST_TIME: Final = datetime(1970, 1, 2, tzinfo=UTC)
_LAST_TIME: Final = datetime(2100, 1, 1, tzinfo=UTC)


def _no_text(value: Any) -> Any:
    if isinstance(value, bool | str):
        raise ValueError("Input should be a number")
    return value


def _text_only(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("Input should be a time in ISO 8601")
    return value


def _in_range(at: datetime) -> datetime:
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if not _FIRST_TIME <= at <= _LAST_TIME:
        raise ValueError("Input should be a time between 1970 and 2100")
    return at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("Input should not be blank")
    return text
