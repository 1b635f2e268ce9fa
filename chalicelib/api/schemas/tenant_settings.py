"""Models of the routes of a tenant's settings."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from chalicelib.api.call import Input, Output
from chalicelib.api.schemas.fields import number_only
from chalicelib.domain.tenant_settings import LEAST_WEIGHT, MOST_DAYS, MOST_JOBS, MOST_WEIGHT, TenantSettings
from chalicelib.services.tenant_settings import SettingsView

_Jobs = Annotated[int, BeforeValidator(number_only), Field(ge=0, le=MOST_JOBS)]
_Days = Annotated[int, BeforeValidator(number_only), Field(ge=0, le=MOST_DAYS)]
_Weight = Annotated[float, BeforeValidator(number_only), Field(ge=LEAST_WEIGHT, le=MOST_WEIGHT)]


class ChangeSettings(Input):
    """Values to change. 0 is no limit; for days, jobs are kept for ever. null goes back to the default."""

    submissions_per_minute: _Jobs | None = None
    open_jobs: _Jobs | None = None
    concurrency: _Jobs | None = None
    weight: _Weight | None = None
    keep_completed_days: _Days | None = None
    keep_dlq_days: _Days | None = None
    keep_cancelled_days: _Days | None = None

    def changes(self) -> dict[str, float | None]:
        """Return the values that were sent, by name."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class SettingsOut(Output):
    """Settings of a tenant.

    `submissionsPerMinute`: jobs submitted in any minute, by whomever. `openJobs`: jobs that have not ended.
    `concurrency`: jobs that run at the same time. `weight`: the tenant's share while others wait too. `keep…Days`: for
    how long ended jobs and their logs are kept. 0 is no limit.
    """

    submissions_per_minute: int = Field(alias="submissionsPerMinute")
    open_jobs: int = Field(alias="openJobs")
    concurrency: int
    weight: float
    keep_completed_days: int = Field(alias="keepCompletedDays")
    keep_dlq_days: int = Field(alias="keepDlqDays")
    keep_cancelled_days: int = Field(alias="keepCancelledDays")

    @classmethod
    def of(cls, settings: TenantSettings) -> SettingsOut:
        """Return ``settings`` as clients see them."""
        return cls(**asdict(settings))


class SettingsAnswer(Output):
    """The settings in force, what they are where nothing was chosen, and the most that admins may choose."""

    success: Literal[True] = True
    tenant_id: str = Field(alias="tenantId")
    settings: SettingsOut
    defaults: SettingsOut
    maxima: SettingsOut

    @classmethod
    def of(cls, view: SettingsView) -> SettingsAnswer:
        """Return ``view`` as clients see it."""
        settings, defaults, maxima = (SettingsOut.of(each) for each in (view.settings, view.defaults, view.maxima))
        return cls(tenant_id=view.tenant_id, settings=settings, defaults=defaults, maxima=maxima)
