"""When ended jobs are deleted (``maintenance/retention.py`` does it)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.domain.jobs import Job
from chalicelib.domain.tenant_settings import expires_at

if TYPE_CHECKING:
    from chalicelib.services.tenant_settings import SettingsRules
    from chalicelib.store.tenant_settings import TenantSettingsStore


class Expiry:
    """Works out the time from the settings of a job's tenant."""

    def __init__(self, store: TenantSettingsStore, rules: SettingsRules) -> None:
        self._store = store
        self._rules = rules

    def at(self, job: Job) -> datetime | None:
        """Return from when on ``job`` is deleted; ``None`` if it has not ended, or is kept for ever."""
        if job.status.is_open or job.finished_at is None:
            return None
        stored = self._store.get(job.tenant_id)
        if stored is None:
            return None
        return expires_at(self._rules.view(stored).settings.days_of(job.status), job.finished_at)
