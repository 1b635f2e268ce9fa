"""The concurrency of a tenant as a limit: how many of its jobs run under it, and how many wait for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.principals import Principal
from chalicelib.queue.keys import CAP

if TYPE_CHECKING:
    from chalicelib.queue.limit_instances import LimitScripts, LimitState
    from chalicelib.services.tenant_settings import TenantSettingsService


@dataclass(frozen=True, slots=True)
class TenantLimit:
    """The limit of all jobs of a tenant. Without one, its running jobs are not counted."""

    #: Jobs that may run at once, ``None`` = any number; then there is no state.
    concurrency: int | None
    state: LimitState | None


class TenantLimits:
    """Reads what stands and what it does; it is changed by the settings of the tenant."""

    def __init__(self, settings: TenantSettingsService, scripts: LimitScripts) -> None:
        self._settings = settings
        self._scripts = scripts

    def get(self, principal: Principal, tenant_id: str | None = None) -> TenantLimit:
        """Return the limit of the caller's tenant, or of another. Raises ``NotFound`` for one not to be seen."""
        tenant = tenant_id or principal.tenant_id
        concurrency = self._settings.get(principal, tenant).settings.concurrency
        if not concurrency:
            return TenantLimit(None, None)
        [state] = self._scripts.states(tenant, [CAP])
        return TenantLimit(concurrency, state)
