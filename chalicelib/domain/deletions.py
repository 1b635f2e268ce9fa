"""Deletions that were asked for: of a person's account, or of a tenant, with all data. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

#: The id that stands for who was deleted, where counts and the audit log must stay.
NOBODY: Final = "0" * 24
#: How long the work waits at least: submissions that were under way have ended, and tombstones are gone.
SETTLED: Final = timedelta(minutes=4)


class DeletionKind(StrEnum):
    """What is deleted."""

    ACCOUNT = "account"
    TENANT = "tenant"


@dataclass(frozen=True, slots=True)
class Deletion:
    """Work that is left after nobody can log in any more. ``id``: the user, or the tenant."""

    id: str
    kind: DeletionKind
    tenant_id: str
    #: All persons whose data are deleted.
    user_ids: tuple[str, ...]
    asked_at: datetime

    def may_finish(self, now: datetime) -> bool:
        """Return whether nothing can appear any more."""
        return now >= self.asked_at + SETTLED
