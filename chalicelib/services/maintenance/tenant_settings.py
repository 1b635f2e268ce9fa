"""Makes what the queue knows of tenants equal to their records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from chalicelib.services.tenant_settings import TenantSettingsProjection


class TenantSettingsSettlement:
    """Finishes changes whose caller died between MongoDB and Redis, and restores a key that was lost alone."""

    name: Final = "tenant_settings"

    def __init__(self, projection: TenantSettingsProjection) -> None:
        self._projection = projection

    def run(self) -> int:
        """Write what differs to Redis; return the number of tenants."""
        return self._projection.restore()
