"""Lists of records that have an owner and a tenant: schedules, batches, workflows."""

from __future__ import annotations

from typing import Any, Final

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING
from pymongo.collection import Collection

from chalicelib.domain.filters import Visibility
from chalicelib.store.client import Document

MAX_TIME_MS: Final = 5_000


def seen_by(seen: Visibility) -> Document:
    """Return the condition of records that a principal can see."""
    match: Document = {}
    if seen.tenant_id is not None:
        match["tenant_id"] = ObjectId(seen.tenant_id)
    if seen.owner_id is not None:
        match["owner_id"] = ObjectId(seen.owner_id)
    return match


def page_by_id(
    collection: Collection[Document], match: Document, after: str | None, limit: int, *, backwards: bool
) -> list[dict[str, Any]]:
    """Return up to ``limit`` documents, the newest first, after the one with an id, or before it."""
    if after is not None:
        match = {**match, "_id": {"$gt" if backwards else "$lt": ObjectId(after)}}
    order = ASCENDING if backwards else DESCENDING
    found = list(collection.find(match).sort("_id", order).limit(limit).max_time_ms(MAX_TIME_MS))
    return found[::-1] if backwards else found
