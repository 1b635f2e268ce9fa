"""Models of limit routes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from chalicelib.api.call import Input, Output
from chalicelib.api.schemas.fields import Id, number_only
from chalicelib.domain.jobs import iso
from chalicelib.domain.limits import MAX_BURST, MAX_CONCURRENCY, RATE_PATTERN
from chalicelib.services.limits import LimitDetail, StandingLimit, bounds_data
from chalicelib.services.tenant_limits import TenantLimit

Concurrency = Annotated[int, BeforeValidator(number_only), Field(ge=1, le=MAX_CONCURRENCY)]
Burst = Annotated[int, BeforeValidator(number_only), Field(ge=1, le=MAX_BURST)]
Rate = Annotated[str, Field(max_length=16, pattern=RATE_PATTERN, examples=["30/min"])]


class OfTenant(Input):
    """Whose limits; only an operator may name another tenant."""

    tenant: Id | None = None


class ChangeLimit(Input):
    """New bounds. Fields that are left out stay; null lifts a bound."""

    concurrency: Concurrency | None = None
    rate: Rate | None = Field(None, description="Starts per s, min or h, such as 100/s, 30/min or 5/h.")
    burst: Burst | None = None
    total: Concurrency | None = None

    def bounds(self) -> dict[str, Any]:
        """Return the fields that were given. A rate that is lifted takes its burst with it."""
        given = {name: getattr(self, name) for name in self.model_fields_set}
        return {"burst": None, **given} if given.get("rate", "") is None else given


class BoundsOut(Output):
    """Bounds of a limit; null is unlimited."""

    concurrency: int | None
    rate: str | None
    burst: int | None
    total: int | None


class LimitOut(BoundsOut):
    """A limit as it stands for a tenant.

    ``declared``: what code says. ``source``: who set what stands: the code, the tenant or the operators. ``held``: jobs
    that hold it; ``waiting``: ready jobs that wait for it, at least so many if ``waitingIsExact`` is false.
    """

    name: str
    per: str | None
    shared: bool
    tasks: list[str]
    paused: bool
    declared: BoundsOut
    source: Literal["code", "tenant", "operators"]
    changed_at: str | None = Field(alias="changedAt")
    held: int
    waiting: int
    waiting_is_exact: bool = Field(alias="waitingIsExact")


class LimitKeyOut(Output):
    """A key with its numbers of jobs that hold the limit and that wait for it."""

    key: str
    held: int
    waiting: int


class LimitDetailOut(LimitOut):
    """A limit with its busiest keys, and ids of jobs that hold it and that the caller may see; at most 100 of each."""

    keys: list[LimitKeyOut]
    holders: list[str]


class TenantLimitOut(Output):
    """The concurrency in the settings of a tenant, as a limit of all its jobs; null is unlimited.

    ``held``: jobs that run under it, null without a limit; ``waiting`` as of other limits.
    """

    concurrency: int | None
    held: int | None
    waiting: int
    waiting_is_exact: bool = Field(alias="waitingIsExact")


class LimitsAnswer(Output):
    """Limits by name, and that of all jobs of the tenant."""

    success: Literal[True] = True
    limits: list[LimitOut]
    tenant: TenantLimitOut


class LimitAnswer(Output):
    """One limit."""

    success: Literal[True] = True
    limit: LimitOut


class LimitDetailAnswer(Output):
    """One limit in full."""

    success: Literal[True] = True
    limit: LimitDetailOut


def limit_body(standing: StandingLimit) -> dict[str, Any]:
    """Return ``LimitOut`` as a plain dict."""
    limit, declared = standing.limit, bounds_data(standing.limit.bounds)
    del declared["paused"]
    return {
        "name": limit.name,
        "per": limit.per,
        "shared": limit.shared,
        "tasks": list(standing.tasks),
        **bounds_data(standing.bounds),
        "declared": declared,
        "source": standing.source,
        "changedAt": iso(standing.changed.at) if standing.changed else None,
        "held": standing.state.held,
        "waiting": standing.state.waiting,
        "waitingIsExact": not standing.state.is_cut,
    }


def tenant_limit_body(limit: TenantLimit) -> dict[str, Any]:
    """Return ``TenantLimitOut`` as a plain dict."""
    state = limit.state
    return {
        "concurrency": limit.concurrency,
        "held": state.held if state else None,
        "waiting": state.waiting if state else 0,
        "waitingIsExact": not (state and state.is_cut),
    }


def limit_detail_body(detail: LimitDetail) -> dict[str, Any]:
    """Return ``LimitDetailOut`` as a plain dict."""
    keys = [{"key": each.key, "held": each.held, "waiting": each.waiting} for each in detail.keys]
    return {**limit_body(detail.standing), "keys": keys, "holders": list(detail.holders)}
