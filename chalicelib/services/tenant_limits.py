"""The concurrency of a tenant as a limit: how many of its jobs run under it, and how many wait for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.queue.lanes import CAP

if TYPE_CHECKING:
    from chalicelib.queue.limit_instances import LimitScripts, LimitState
    from chalicelib.services.tenant_settings import SettingsRules
    from chalicelib.store.tenant_settings import TenantSettingsStore


@dataclass(frozen=True, slots=True)
class TenantLimit:
    """The limit of all jobs of a tenant. Without one, its running jobs are not counted."""

    #: Jobs that may run at once, ``None`` = any number; then there is no state.
    concurrency: int | None
    state: LimitState | None


class TenantLimits:
    """Reads what stands and what it does; it is changed by the settings of the tenant."""

    def __init__(self, store: TenantSettingsStore, rules: SettingsRules, scripts: LimitScripts) -> None:
        self._store = store
        self._rules = rules
        self._scripts = scripts

    def get(self, tenant_id: str) -> TenantLimit:
        """Return the limit of a tenant; one that does not exist has none. Who may see it is for the caller to check."""
        stored = self._store.get(tenant_id)
        concurrency = self._rules.share(stored).cap if stored else 0
        if not concurrency:
            return TenantLimit(None, None)
        [state] = self._scripts.states(tenant_id, [CAP])
        return TenantLimit(concurrency, state)
