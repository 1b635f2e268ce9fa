"""``admit``: what a tenant may submit, by its own quota or by the settings."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.errors import RateLimited, TooManyOpenJobs, TooManySubmissions
from chalicelib.queue.quotas import Quota, Quotas
from tests.script_harness import OWNER, TENANT, ScriptHarness

pytestmark = pytest.mark.integration
FREE = {"RATE_LIMIT_MAX_REQUESTS": "0", "MAX_ACTIVE_JOBS_PER_USER": "0"}


@pytest.fixture
def env(env: dict[str, str]) -> dict[str, str]:
    """No limits of a user; ten submissions a minute."""
    return {**env, **FREE, "MAX_SUBMISSIONS_PER_MINUTE_PER_TENANT": "10"}


def admit(harness: ScriptHarness, *ids: str, owner: str = OWNER, tenant: str = TENANT, personal: bool = True) -> None:
    harness.container.limits.admit(owner, tenant, ids, active=0, personal=personal)


def quotas(harness: ScriptHarness) -> Quotas:
    return Quotas(harness.redis, harness.keys)


def refused_for(harness: ScriptHarness, *ids: str) -> int:
    """The seconds after which a refused call may be tried again."""
    with pytest.raises(TooManySubmissions) as refused:
        admit(harness, *ids)
    assert refused.value.retry_after_s is not None
    return refused.value.retry_after_s


def test_all_users_and_the_system_share_the_tenants_minute(harness: ScriptHarness) -> None:
    admit(harness, *[f"a{n}" for n in range(4)])
    admit(harness, *[f"b{n}" for n in range(4)], owner="c" * 24)
    admit(harness, "s1", "s2", personal=False)
    for personal in (True, False):
        with pytest.raises(TooManySubmissions):
            admit(harness, "x", owner="d" * 24, personal=personal)
    admit(harness, "y", tenant="e" * 24)


def test_never_more_in_any_minute_than_allowed(harness: ScriptHarness) -> None:
    """The limit is tried each second; what was admitted is looked at afterwards."""
    admitted: list[int] = []
    for second in range(180):
        harness.at(second * 1000)
        for n in range(3):
            try:
                admit(harness, f"{second}-{n}")
            except TooManySubmissions:
                break
            admitted.append(second)
    assert len(admitted) >= 25, "and hardly fewer: a place is free again after 65 s at most"
    for first in range(120):
        assert sum(first <= at < first + 60 for at in admitted) <= 10


def test_it_says_when_there_is_room(harness: ScriptHarness) -> None:
    admit(harness, *[f"a{n}" for n in range(6)])
    harness.at(20_000)
    admit(harness, *[f"b{n}" for n in range(4)])
    wait_s = refused_for(harness, *[f"c{n}" for n in range(6)])
    assert 39 <= wait_s <= 45
    assert refused_for(harness, *[f"c{n}" for n in range(7)]) > wait_s
    assert refused_for(harness, *[f"d{n}" for n in range(11)]) == 60, "never at once"
    harness.at(20_000 + wait_s * 1000)
    admit(harness, *[f"c{n}" for n in range(6)])


def test_a_call_is_admitted_whole_or_not_and_refusals_do_not_count(harness: ScriptHarness) -> None:
    admit(harness, *[f"a{n}" for n in range(8)])
    for _ in range(3):
        refused_for(harness, "b1", "b2", "b3")
    assert "b1|new" not in harness.members(harness.keys.intents)
    admit(harness, "b1", "b2")
    assert harness.counts()["rate_hits"] == 3


def test_a_repeated_call_counts_once(harness: ScriptHarness) -> None:
    for _ in range(3):
        admit(harness, *[f"a{n}" for n in range(5)])
    admit(harness, *[f"b{n}" for n in range(5)])
    refused_for(harness, "c")


def test_a_person_keeps_the_limits_of_a_person(make_harness: Callable[..., ScriptHarness]) -> None:
    harness = make_harness(**{**FREE, "RATE_LIMIT_MAX_REQUESTS": "2"})
    quotas(harness).put({TENANT: Quota(100, 0)})
    admit(harness, "a", "b")
    with pytest.raises(RateLimited):
        admit(harness, "c")
    admit(harness, "c", personal=False)


def test_a_quota_stands_above_the_settings_until_it_is_removed(harness: ScriptHarness) -> None:
    quotas(harness).put({TENANT: Quota(2, 1), "f" * 24: Quota(0, 0)})
    assert quotas(harness).all() == {TENANT: Quota(2, 1), "f" * 24: Quota(0, 0)}
    harness.put(harness.job())
    with pytest.raises(TooManyOpenJobs, match="at most 1 jobs"):
        admit(harness, "a")
    quotas(harness).put({TENANT: Quota(2, 0)})
    admit(harness, "a", "b")
    refused_for(harness, "c")
    admit(harness, *[f"x{n}" for n in range(50)], tenant="f" * 24)
    quotas(harness).remove([TENANT])
    admit(harness, *[f"c{n}" for n in range(8)])
    refused_for(harness, "d")


def test_an_entry_that_cannot_be_read_counts_as_none(harness: ScriptHarness) -> None:
    harness.redis.hset(harness.keys.quotas, TENANT, "many")
    assert quotas(harness).all() == {TENANT: None}
    admit(harness, *[f"a{n}" for n in range(10)])
    refused_for(harness, "b")


def test_parallel_calls_never_exceed_it(harness: ScriptHarness) -> None:
    def attempt(n: int) -> bool:
        try:
            admit(harness, f"p{n}")
        except TooManySubmissions:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(attempt, range(30))) == 10
