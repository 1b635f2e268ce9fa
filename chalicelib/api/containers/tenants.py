"""Services of the routes of tenants: their settings, quotas and caps."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.containers.connections import ConnectionParts
from chalicelib.containers.maintenance import MaintenanceParts

if TYPE_CHECKING:
    from chalicelib.services.expiry import Expiry
    from chalicelib.services.tenant_limits import TenantLimits
    from chalicelib.services.tenant_redaction import TenantRedaction
    from chalicelib.services.tenant_settings import TenantSettingsService
    from chalicelib.services.tenants import TenantService
    from chalicelib.store.tenants import TenantStore


class TenantServices(MaintenanceParts, ConnectionParts):
    """Tenants."""

    @cached_property
    def tenants(self) -> TenantService:
        from chalicelib.services.tenants import TenantService

        return TenantService(self.tenant_store, self.engine)

    @cached_property
    def tenant_store(self) -> TenantStore:
        from chalicelib.store.tenants import TenantStore

        return TenantStore(self.db)

    @cached_property
    def tenant_settings(self) -> TenantSettingsService:
        from chalicelib.services.tenant_settings import TenantSettingsService

        return TenantSettingsService(
            store=self.tenant_settings_store,
            rules=self.settings_rules,
            in_queue=self.tenant_settings_projection,
            projection=self.projection,
            event_log=self.event_log,
            throttles=self.throttles,
            clock=self.clock,
        )

    @cached_property
    def tenant_redaction(self) -> TenantRedaction:
        from chalicelib.services.tenant_redaction import TenantRedaction

        return TenantRedaction(self.redaction_store, self.subscriptions, self.throttles, self.clock)

    @cached_property
    def expiry(self) -> Expiry:
        from chalicelib.services.expiry import Expiry

        return Expiry(self.tenant_settings_store, self.settings_rules)

    @cached_property
    def tenant_limits(self) -> TenantLimits:
        from chalicelib.services.tenant_limits import TenantLimits

        return TenantLimits(self.tenant_settings_store, self.settings_rules, self.limit_scripts)
