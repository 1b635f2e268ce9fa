"""Digests of request bodies, to detect an idempotency key with another body."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from chalicelib.domain.jobs import NewJob, iso

#: Fields of every digest. Later fields are included only if given, so digests of older versions stay equal.
_ALWAYS: Final = frozenset(
    {"name", "task", "queue", "priority", "payload", "tags", "run_at", "delay_s", "max_retries", "timeout_s"}
)
#: Not part of what is asked for: a repeated call is a part of another trace.
_NEVER: Final = frozenset({"idempotency_key", "traceparent"})
#: Names of fields in digests, where they differ.
_NAMES: Final = {"call_digest": "call"}


def digest(new: NewJob) -> str:
    """Return a hex digest that is equal for equal jobs; the order of keys in the payload does not matter."""
    body: dict[str, Any] = {}
    for name, value in new._asdict().items():
        if name not in _NEVER and (name in _ALWAYS or value != NewJob._field_defaults[name]):
            body[_NAMES.get(name, name)] = _plain(value)
    body["payload"] = orjson.loads(new.payload)
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()


def payload_digest(payload: str) -> str:
    """Return a hex digest of JSON text that is equal for equal values; the order of keys does not matter."""
    return hashlib.sha256(orjson.dumps(orjson.loads(payload), option=orjson.OPT_SORT_KEYS)).hexdigest()


def of_many(news: Sequence[NewJob]) -> str:
    """Return a hex digest that is equal for equal jobs in the same order."""
    return hashlib.sha256("".join(digest(new) for new in news).encode()).hexdigest()


def of_call(news: Sequence[NewJob], more: Any) -> str:
    """Return a hex digest that is equal for equal jobs in the same order with an equal JSON value besides."""
    rest = orjson.dumps(more, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(of_many(news).encode() + rest).hexdigest()


def of_one_call(key: str, news: Sequence[NewJob]) -> list[NewJob]:
    """Return ``news`` with keys derived from one key, which no client can send (they have a space), and one digest."""
    whole = of_many(news)
    return [new._replace(idempotency_key=f"{key} {n}", call_digest=whole) for n, new in enumerate(news)]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    return list(value) if isinstance(value, tuple) else value
