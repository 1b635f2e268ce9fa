"""Collection ``views``: named filters of lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.write_concern import WriteConcern

from chalicelib.domain.views import View, ViewPage
from chalicelib.store.client import Document

MAX_TIME_MS: Final = 3_000


class ViewStore:
    """Views are never changed."""

    def __init__(self, db: Database[Document]) -> None:
        self._client = db.client
        self._views = db.views

    def get(self, view_id: str) -> View | None:
        """Return a view."""
        found = self._views.find_one({"_id": ObjectId(view_id)}, max_time_ms=MAX_TIME_MS)
        return None if found is None else _view(found)

    def of(self, tenant_id: str, owner_id: str, limit: int) -> list[View]:
        """Return the views of a person, and those shared with the tenant, oldest first."""
        match = {"tenant_id": ObjectId(tenant_id), "$or": [{"owner_id": ObjectId(owner_id)}, {"shared": True}]}
        found = self._views.find(match).sort("_id", ASCENDING).limit(limit)
        return [_view(document) for document in found.max_time_ms(MAX_TIME_MS)]

    def count(self, view: View, session: ClientSession) -> int:
        """Return how many views its owner has or, if it is shared, its tenant shares."""
        whose: Document = {"shared": True} if view.shared else {"owner_id": ObjectId(view.owner_id), "shared": False}
        return self._views.count_documents({"tenant_id": ObjectId(view.tenant_id), **whose}, session=session)

    def add(self, view: View, check: Callable[[ClientSession], object]) -> None:
        """Insert a view in a transaction, in which ``check`` is called first."""

        def work(session: ClientSession) -> None:
            check(session)
            self._views.insert_one(_document(view), session=session)

        with self._client.start_session() as session:
            session.with_transaction(work, write_concern=WriteConcern(w="majority", j=True))

    def remove(self, view_id: str) -> bool:
        """Delete a view; return whether it was there."""
        return self._views.delete_one({"_id": ObjectId(view_id)}).deleted_count == 1


def _document(view: View) -> Document:
    return {
        "_id": ObjectId(view.id), "tenant_id": ObjectId(view.tenant_id), "owner_id": ObjectId(view.owner_id),
        "name": view.name, "page": view.page.value, "query": dict(view.query), "shared": view.shared,
        "created_at": view.created_at,
    }  # fmt: skip


def _view(found: Mapping[str, Any]) -> View:
    return View(
        str(found["_id"]), str(found["tenant_id"]), str(found["owner_id"]), found["name"], ViewPage(found["page"]),
        found["query"], found["shared"], found["created_at"],
    )  # fmt: skip
