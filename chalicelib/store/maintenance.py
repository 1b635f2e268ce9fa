"""Counts of what the maintenance routines repaired, and of their failures, for monitoring.

One document of collection ``meta`` per namespace: ``{_id: "maintenance:<namespace>", mended: {<routine>: n}, failed:
{<routine>: n}}``.
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

    def add(self, mended: Mapping[str, int], failed: Mapping[str, int]) -> None:
        """Add to the counts of routines, by name: repairs, and failed runs. At least one must be given."""
        changes = {f"mended.{name}": count for name, count in mended.items()}
        changes |= {f"failed.{name}": count for name, count in failed.items()}
        self._meta.update_one({"_id": self._id}, {"$inc": changes}, upsert=True)

    def read(self) -> tuple[dict[str, int], dict[str, int]]:
        """Return the repairs and the failed runs by routine, without those that have none."""
        found = self._meta.find_one({"_id": self._id}) or {}
        return dict(found.get("mended", {})), dict(found.get("failed", {}))
