"""Whether alert rules are due, without all that evaluates them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pymongo.database import Database

from chalicelib.store.client import Document

MAX_TIME_MS: Final = 5_000


class DueAlerts:
    """Reads an index that is empty while there are no rules."""

    def __init__(self, db: Database[Document]) -> None:
        self._rules = db.alert_rules

    def any(self, now: datetime) -> bool:
        """Return whether a rule is to be evaluated."""
        due = {"due_at": {"$lte": now}}
        return self._rules.find_one(due, {"_id": 1}, hint="due", max_time_ms=MAX_TIME_MS) is not None
