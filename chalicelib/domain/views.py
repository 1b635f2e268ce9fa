"""Saved views: named filters of the lists of the dashboard. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

MAX_NAME_CHARS: Final = 60
#: Views of one person, and shared ones of one tenant.
MAX_VIEWS: Final = 50
MAX_PARAMETERS: Final = 20
MAX_VALUE_CHARS: Final = 300
PARAMETER_PATTERN: Final = r"^[a-zA-Z]{1,20}$"


class ViewPage(StrEnum):
    """The list that a view is of."""

    JOBS = "jobs"
    DLQ = "dlq"


@dataclass(frozen=True, slots=True)
class View:
    """The parameters of a list's address under a name: a person's, or ``shared`` with the tenant."""

    id: str
    tenant_id: str
    owner_id: str
    name: str
    page: ViewPage
    query: Mapping[str, str]
    shared: bool
    created_at: datetime
