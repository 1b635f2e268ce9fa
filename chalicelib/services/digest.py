"""Tells bodies of one idempotency key apart."""

from __future__ import annotations

import hashlib

import orjson

from chalicelib.domain.jobs import NewJob, iso


def digest(new: NewJob) -> str:
    """Equal for calls that ask for the same job, in hex; the order of keys in the payload does not matter."""
    body = {
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
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()
