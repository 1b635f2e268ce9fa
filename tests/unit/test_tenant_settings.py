"""What holds for a tenant: choices, defaults and maxima."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.jobs import TERMINAL
from chalicelib.domain.tenant_settings import (
    NAMES,
    TenantSettings,
    camel,
    check_within,
    expires_before,
    in_force,
)
from chalicelib.errors import InvalidInput

FREE = TenantSettings(0, 0, 0, 0, 0, 0, 0)
DEFAULTS = TenantSettings(100, 50, 0, 1, 30, 90, 30)


def test_a_choice_stands_before_the_default_and_below_the_maximum() -> None:
    maxima = replace(FREE, open_jobs=40, keep_dlq_days=10)
    assert in_force({"open_jobs": 7}, FREE, DEFAULTS) == replace(DEFAULTS, open_jobs=7)
    held = in_force({"submissions_per_minute": 0, "open_jobs": 0}, maxima, DEFAULTS)
    assert (held.submissions_per_minute, held.open_jobs, held.keep_dlq_days) == (0, 40, 10)


@pytest.mark.parametrize(("value", "most", "fits"), [(5, 5, True), (6, 5, False), (0, 5, False), (0, 0, True)])
def test_no_limit_is_over_every_maximum(value: int, most: int, fits: bool) -> None:
    maxima = replace(FREE, keep_dlq_days=most)
    if fits:
        check_within({"keep_dlq_days": value}, maxima)
        return
    with pytest.raises(InvalidInput) as refused:
        check_within({"keep_dlq_days": value}, maxima)
    assert refused.value.field == "keepDlqDays"


def test_jobs_expire_at_midnight() -> None:
    now = datetime(2026, 5, 31, 23, 59, tzinfo=UTC)
    assert expires_before(30, now) == expires_before(30, now - timedelta(hours=23)) == datetime(2026, 5, 1, tzinfo=UTC)
    assert expires_before(30, now + timedelta(minutes=1)) == datetime(2026, 5, 2, tzinfo=UTC)
    assert expires_before(0, now) is None


def test_every_state_in_which_jobs_end_has_days() -> None:
    assert {status: DEFAULTS.days_of(status) for status in TERMINAL}.keys() == TERMINAL


def test_names() -> None:
    assert {camel(name) for name in NAMES} >= {"openJobs", "keepCompletedDays", "weight"}
