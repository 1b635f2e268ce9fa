"""Tells bodies of one idempotency key apart."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson

from chalicelib.domain.jobs import NewJob, iso


def digest(new: NewJob) -> str:
    """Equal for calls that ask for the same job, in hex; the order of keys in the payload does not matter."""
    body: dict[str, Any] = {
        "name": new.name,
        "task": new.task,
        "queue": new.queue,
        "priority": new.priority,
        "payload": orjson.loads(new.payload),
        "tags": list(new.tags),
        "run_at": iso(new.run_at) if new.run_at else None,
        "delay_s": new.delay_s,
        "max_retries": new.max_retries,
        "timeout_s": new.timeout_s,
    }
    if new.call_digest:
        body["call"] = new.call_digest
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()


def of_one_call(key: str, news: Sequence[NewJob]) -> list[NewJob]:
    """``news`` under one key: each has its own, which no client can give (it has a space), and knows all others."""
    whole = hashlib.sha256("".join(digest(new) for new in news).encode()).hexdigest()
    return [replace(new, idempotency_key=f"{key} {n}", call_digest=whole) for n, new in enumerate(news)]
