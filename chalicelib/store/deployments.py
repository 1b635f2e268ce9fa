"""Collection ``deployments``: the versions of the code that were deployed, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pymongo import DESCENDING
from pymongo.database import Database

from chalicelib.store.client import Document

MAX_TIME_MS: Final = 3_000


@dataclass(frozen=True, slots=True)
class Deployment:
    """A version, and when it was deployed."""

    version: str
    at: datetime


class DeploymentStore:
    """Notes deployments and lists them."""

    def __init__(self, db: Database[Document]) -> None:
        self._deployments = db.deployments

    def note(self, version: str, at: datetime) -> bool:
        """Note a deployment, unless the last one was of the same version; return whether it was another one."""
        last = self._deployments.find_one({}, sort=[("at", DESCENDING)], max_time_ms=MAX_TIME_MS)
        if last is not None and last["version"] == version:
            return False
        self._deployments.insert_one({"version": version, "at": at})
        return True

    def between(self, since: datetime, until: datetime, limit: int) -> list[Deployment]:
        """Return the newest deployments of a range, oldest first."""
        match = {"at": {"$gte": since, "$lt": until}}
        found = self._deployments.find(match).sort("at", DESCENDING).limit(limit).max_time_ms(MAX_TIME_MS)
        return [Deployment(each["version"], each["at"]) for each in found][::-1]
