"""Tenants: groups of users who share queues, and see each other's jobs if their role allows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from itertools import islice
from typing import Final, TypeVar

from bson import ObjectId
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from chalicelib.store.client import Document

T = TypeVar("T")
#: Time limit of a search, in ms.
MAX_TIME_MS: Final = 3_000


class TenantStore:
    """Reads and writes tenants, and runs the transactions that span tenants and users."""

    def __init__(self, db: Database[Document]) -> None:
        self._db = db
        self._tenants = db["tenants"]

    def add(self, tenant_id: str, name: str, at: datetime, session: ClientSession | None = None) -> None:
        """Insert a tenant."""
        document = {"_id": ObjectId(tenant_id), "name": name, "created_at": at, "updated_at": at}
        self._tenants.insert_one(document, session=session)

    def touch(self, tenant_id: str, at: datetime, session: ClientSession) -> bool:
        """Write to the tenant, so that of two transactions that change its members or keys only one can commit.

        Returns whether there is such a tenant.

        The count makes each write differ: one that changes nothing, at the same time as another, is no conflict.
        """
        change = {"$set": {"updated_at": at}, "$inc": {"touched": 1}}
        return self._tenants.update_one({"_id": ObjectId(tenant_id)}, change, session=session).matched_count == 1

    def names(self, tenant_ids: Collection[str]) -> dict[str, str]:
        """Return the name of each of these tenants that exists."""
        found = self._tenants.find({"_id": {"$in": [ObjectId(tenant_id) for tenant_id in tenant_ids]}}, {"name": 1})
        return {str(document["_id"]): document["name"] for document in found}

    def named(self, part: str, limit: int) -> dict[str, str]:
        """Return names by id of tenants with ``part`` in their name, or as their id; the newest ``limit``."""
        among: Document = {"name": {"$regex": re.escape(part), "$options": "i"}}
        if ObjectId.is_valid(part):
            among = {"$or": [among, {"_id": ObjectId(part)}]}
        found = self._tenants.find(among if part else {}, {"name": 1}).sort("_id", -1).limit(limit)
        return {str(document["_id"]): document["name"] for document in found.max_time_ms(MAX_TIME_MS)}

    def id_batches(self, size: int = 500) -> Iterator[list[str]]:
        """Yield the ids of all tenants, ``size`` at a time."""
        found = self._tenants.find({}, {"_id": 1}).sort("_id").batch_size(size)
        while batch := [str(tenant["_id"]) for tenant in islice(found, size)]:
            yield batch

    def transact(self, work: Callable[[ClientSession], T]) -> T:
        """Run ``work`` in one transaction, again if it conflicts with another transaction."""
        with self._db.client.start_session() as session:
            return session.with_transaction(
                work, read_concern=ReadConcern("snapshot"), write_concern=WriteConcern(w="majority", j=True)
            )
