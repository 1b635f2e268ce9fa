"""Collection ``operations``: what is to be done, and what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from bson import ObjectId
from pymongo.database import Database

from chalicelib.domain.filters import JobFilter, Visibility, Whose
from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.operations import KEPT, Operation, OperationKind
from chalicelib.domain.principals import Scope
from chalicelib.store.client import Document
from chalicelib.store.owned import page_by_id, seen_by

MAX_TIME_MS: Final = 5_000


class OperationStore:
    """Reads and writes operations."""

    def __init__(self, db: Database[Document]) -> None:
        self._operations = db.operations

    def insert(self, operation: Operation) -> None:
        """Record a new operation."""
        self._operations.insert_one(_document(operation))

    def get(self, operation_id: str) -> Operation | None:
        """Return an operation."""
        found = self._operations.find_one({"_id": ObjectId(operation_id)}, max_time_ms=MAX_TIME_MS)
        return _operation(found) if found else None

    def open(self, tenant_id: str, limit: int) -> list[str]:
        """Return the ids of operations of a tenant that have not ended."""
        match = {"tenant_id": ObjectId(tenant_id), "open": True}
        found = self._operations.find(match, {"_id": 1}).limit(limit).max_time_ms(MAX_TIME_MS)
        return [str(each["_id"]) for each in found]

    def end(self, operation_id: str, outcome: Mapping[str, Any] | None) -> None:
        """Note what an operation did (``None``: not known), and that it has ended."""
        change: Document = {"$unset": {"open": ""}}
        if outcome is not None:
            change["$set"] = {"outcome": dict(outcome)}
        self._operations.update_one({"_id": ObjectId(operation_id)}, change)

    def reach(self, operation_id: str, reached: Mapping[str, Any]) -> None:
        """Note how far an operation is."""
        self._operations.update_one({"_id": ObjectId(operation_id)}, {"$set": {"reached": dict(reached)}})

    def page(
        self,
        seen: Visibility,
        after: str | None,
        limit: int,
        *,
        backwards: bool = False,
        kind: OperationKind | None = None,
    ) -> list[Operation]:
        """Return up to ``limit`` operations, the newest first, after the one with an id, or before it."""
        match: Document = seen_by(seen)
        if kind is not None:
            match["kind"] = kind.value
        return [_operation(each) for each in page_by_id(self._operations, match, after, limit, backwards=backwards)]


def _document(operation: Operation) -> Document:
    whose = operation.whose
    return {
        "_id": ObjectId(operation.id),
        "kind": operation.kind.value,
        "tenant_id": ObjectId(operation.tenant_id),
        "owner_id": ObjectId(operation.owner_id),
        "name": operation.name,
        "whose": {"scope": whose.scope.value, "owner_id": whose.owner_id, "tenant_id": whose.tenant_id},
        "wanted": None if operation.wanted is None else filter_document(operation.wanted),
        "created_at": operation.created_at,
        "expires_at": operation.created_at + KEPT,
        "trace_id": operation.trace_id,
        "options": dict(operation.options),
        "matched": operation.matched,
        "open": True,
    }


def _operation(found: Mapping[str, Any]) -> Operation:
    whose = found["whose"]
    return Operation(
        id=str(found["_id"]),
        kind=OperationKind(found["kind"]),
        tenant_id=str(found["tenant_id"]),
        owner_id=str(found["owner_id"]),
        name=found["name"],
        whose=Whose(Scope(whose["scope"]), whose["owner_id"], whose["tenant_id"]),
        wanted=None if found["wanted"] is None else filter_of(found["wanted"]),
        created_at=found["created_at"],
        trace_id=found["trace_id"],
        options=found["options"],
        matched=found["matched"],
        reached=found.get("reached"),
        outcome=found.get("outcome"),
    )


def filter_document(wanted: JobFilter) -> Document:
    """Return the conditions of a filter that are set."""
    given = {each.name: getattr(wanted, each.name) for each in fields(wanted)}
    shown = {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
    return {name: value for name, value in shown.items() if value not in (None, [], False)}


def filter_of(found: Mapping[str, Any]) -> JobFilter:
    """Return the filter in a document."""
    given: dict[str, Any] = {name: value for name, value in found.items() if name in _NAMES}
    if "statuses" in given:
        given["statuses"] = tuple(JobStatus(status) for status in given["statuses"])
    if "words" in given:
        given["words"] = tuple(given["words"])
    return JobFilter(**given)


_NAMES: Final = frozenset(each.name for each in fields(JobFilter))
