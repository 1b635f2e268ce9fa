"""How many spans were dropped, by function: one document of ``meta`` per namespace, ``{_id: "spans:<namespace>",
dropped: {<function>: n}}``.
"""

from __future__ import annotations

from pymongo.database import Database

from chalicelib.store.client import Document


class SpanCounts:
    """Cumulative counts; several processes may add at once."""

    def __init__(self, db: Database[Document], namespace: str) -> None:
        self._meta = db.meta
        self._id = f"spans:{namespace}"

    def add(self, function: str, dropped: int) -> None:
        """Add spans that a function dropped."""
        self._meta.update_one({"_id": self._id}, {"$inc": {f"dropped.{function}": dropped}}, upsert=True)

    def read(self) -> dict[str, int]:
        """Return the spans dropped by each function that dropped some."""
        found = self._meta.find_one({"_id": self._id}) or {}
        return dict(found.get("dropped", {}))
