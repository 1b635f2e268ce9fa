"""Counts of what the routines of maintenance put right, for monitoring.

One document of collection ``meta`` per namespace: ``{_id: "maintenance:<namespace>", mended: {<routine>: n}}``.
"""

from __future__ import annotations

from collections.abc import Mapping

from pymongo.database import Database

from chalicelib.store.client import Document


class RoutineCounts:
    """Cumulative counts; several processes may add at once."""

    def __init__(self, db: Database[Document], namespace: str) -> None:
        self._meta = db.meta
        self._id = f"maintenance:{namespace}"

    def add(self, mended: Mapping[str, int]) -> None:
        """Add to the counts of routines, by name."""
        changes = {f"mended.{name}": count for name, count in mended.items()}
        self._meta.update_one({"_id": self._id}, {"$inc": changes}, upsert=True)

    def read(self) -> dict[str, int]:
        """Return the count of each routine that put anything right."""
        found = self._meta.find_one({"_id": self._id}) or {}
        return dict(found.get("mended", {}))
