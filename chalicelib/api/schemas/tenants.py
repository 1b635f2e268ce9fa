"""Models of the route of tenants."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from chalicelib.api.call import Input, Output
from chalicelib.services.tenants import BusyTenants

MAX_LISTED: Final = 200
MAX_PART_CHARS: Final = 100
#: No control characters, which no name has.
PART_PATTERN: Final = r"^[^\x00-\x1f\x7f]*$"


class FindTenants(Input):
    """Which tenants; ``q`` is a part of the name, or the id."""

    q: Annotated[str, Field(max_length=MAX_PART_CHARS, pattern=PART_PATTERN)] = ""
    limit: Annotated[int, Field(ge=1, le=MAX_LISTED)] = 20


class TenantOut(Output):
    """A tenant and its jobs. ``pending``: all that wait. ``failed``: in the DLQ."""

    id: str
    name: str
    pending: int
    running: int
    failed: int


class TenantsAnswer(Output):
    """Tenants, those with most open jobs first.

    ``total`` is the number of matches. If ``totalIsExact`` is false there are more, and the newest 2,000 were
    compared.
    """

    success: Literal[True] = True
    tenants: list[TenantOut]
    total: int
    total_is_exact: bool = Field(alias="totalIsExact")


def tenants_body(found: BusyTenants) -> dict[str, Any]:
    """Return ``TenantsAnswer`` as a plain dict."""
    tenants = [
        {
            "id": tenant.id,
            "name": tenant.name,
            "pending": tenant.stats.pending,
            "running": tenant.stats.running,
            "failed": tenant.stats.failed,
        }
        for tenant in found.tenants
    ]
    return {"success": True, "tenants": tenants, "total": found.total, "totalIsExact": found.exact}
