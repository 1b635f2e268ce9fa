"""Limits as they were changed at run time.

MongoDB collection ``limits``: ``{_id: "<scope>/<name>", scope, name, bounds: {…}, paused, at, by}``; the scope is a
tenant's id, or ``*`` for every tenant. What code declares is in the catalogue of tasks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from pymongo import ReturnDocument
from pymongo.database import Database

from chalicelib.domain.limits import Change
from chalicelib.domain.tenants import EVERY_TENANT
from chalicelib.store.client import Document

MAX_TIME_MS: Final = 3_000


@dataclass(frozen=True, slots=True)
class Changed:
    """A change with who made it last, and when."""

    change: Change
    by: str
    at: datetime


class LimitStore:
    """The record of changes. Workers obey the definitions in Redis, which are made from here and from the catalogue."""

    def __init__(self, db: Database[Document]) -> None:
        self._limits = db.limits

    def get(self, scope: str, name: str) -> Changed | None:
        """Return what was changed of a limit for ``scope``."""
        found = self._limits.find_one({"_id": _id(scope, name)}, max_time_ms=MAX_TIME_MS)
        return _changed(found) if found else None

    def change(
        self,
        scope: str,
        name: str,
        bounds: Mapping[str, Any],
        *,
        paused: bool | None = None,
        by: str,
        at: datetime,
    ) -> Changed:
        """Set ``bounds``, and ``paused`` if given; the others stay. Returns the whole change."""
        values: Document = {f"bounds.{field}": value for field, value in bounds.items()}
        values |= {"scope": scope, "name": name, "by": by, "at": at}
        update: Document = {"$set": values}
        if paused is not None:
            values["paused"] = paused
        else:
            update["$setOnInsert"] = {"paused": False}
        found = self._limits.find_one_and_update(
            {"_id": _id(scope, name)}, update, upsert=True, return_document=ReturnDocument.AFTER
        )
        assert found is not None, "an upsert returns the document"  # noqa: S101 - for the type checker
        return _changed(found)

    def reset(self, scope: str, name: str) -> bool:
        """Delete what was changed; return whether there was anything."""
        return self._limits.delete_one({"_id": _id(scope, name)}).deleted_count == 1

    def of_tenant(self, tenant_id: str) -> dict[str, list[Changed]]:
        """Return by name what was changed for every tenant, then what was changed for this one."""
        found: dict[str, list[Changed]] = {}
        for scope in (EVERY_TENANT, tenant_id):
            for each in self._limits.find({"scope": scope}).max_time_ms(MAX_TIME_MS):
                found.setdefault(each["name"], []).append(_changed(each))
        return found

    def of_name(self, name: str) -> list[Change]:
        """Return what was changed of one limit, in all scopes."""
        return [_changed(each).change for each in self._limits.find({"name": name}).max_time_ms(MAX_TIME_MS)]

    def all(self) -> Iterator[Change]:
        """Return all changes."""
        return (_changed(each).change for each in self._limits.find({}))


def _id(scope: str, name: str) -> str:
    return f"{scope}/{name}"


def _changed(found: Document) -> Changed:
    change = Change(found["scope"], found["name"], found.get("bounds", {}), bool(found.get("paused")))
    return Changed(change, found["by"], found["at"].replace(tzinfo=UTC))
