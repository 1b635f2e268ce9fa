"""Idempotency keys of calls whose record is the key's row: batches and workflows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from chalicelib.domain.batches import Batch
from chalicelib.domain.workflows import Workflow
from chalicelib.errors import IdempotencyMismatch

if TYPE_CHECKING:
    from chalicelib.store.calls import CallStore

#: How long a key identifies its job, batch or workflow.
KEY_TTL: Final = timedelta(hours=24)
R = TypeVar("R", Batch, Workflow)


def known_call(store: CallStore[R], owner_id: str, key: str | None, digest: str, now: datetime) -> R | None:
    """Return the record that an earlier call with the same key made; the key of one older than ``KEY_TTL`` is dropped.

    Raises ``IdempotencyMismatch`` if that call had another body.
    """
    found = store.by_key(owner_id, key) if key is not None else None
    if found is None:
        return None
    if found.created_at + KEY_TTL <= now:
        store.drop_key(found)
        return None
    if found.digest != digest:
        raise IdempotencyMismatch("This idempotency key was used with another body")
    return found
