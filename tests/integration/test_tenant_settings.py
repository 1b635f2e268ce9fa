"""Settings of tenants: who changes them, within which maxima, and that they hold at once."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from chalicelib.domain.principals import Role
from chalicelib.domain.tenant_settings import StoredSettings
from chalicelib.queue.quotas import Quota
from chalicelib.services.throttles import SETTINGS_PER_MINUTE
from tests.api_client import Answer, Api, Person
from tests.container import Container
from tests.crash import crash
from tests.jobs import prepare

pytestmark = pytest.mark.integration
JOB = {"name": "x", "delay_s": 600}


@pytest.fixture
def env(env: dict[str, str]) -> dict[str, str]:
    """The limits of a tenant alone."""
    return {
        **env,
        "RATE_LIMIT_MAX_REQUESTS": "0",
        "MAX_ACTIVE_JOBS_PER_USER": "0",
        "MAX_SUBMISSIONS_PER_MINUTE_PER_TENANT": "100",
        "MAX_OPEN_JOBS_PER_TENANT": "50",
    }


@pytest.fixture
def operator(api: Api) -> Person:
    prepare(api.container)
    return api.person(Role.OPERATOR)


def put(api: Api, by: Person, body: dict[str, Any], of: str | None = None, what: str = "settings") -> Answer:
    return api.call("PUT", f"/tenants/{of}/{what}" if of else "/tenant/settings", body, by=by)


def get(api: Api, by: Person, of: str | None = None) -> dict[str, Any]:
    answer = api.get(f"/tenants/{of}/settings" if of else "/tenant/settings", by=by)
    assert answer.status == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def create(api: Api, by: Person, number: int = 1) -> Answer:
    return api.post("/job/bulk", {"jobs": [JOB] * number}, by=by)


def test_everything_has_a_default(api: Api, alice: Person) -> None:
    found = get(api, alice)
    assert found["tenantId"] == alice.user.tenant_id
    assert found["settings"] == found["defaults"] == {
        "submissionsPerMinute": 100, "openJobs": 50, "concurrency": 0, "weight": 1,
        "keepCompletedDays": 30, "keepDlqDays": 90, "keepCancelledDays": 30,
    }  # fmt: skip
    assert found["maxima"] == found["defaults"] | {
        "keepCompletedDays": 0, "keepDlqDays": 0, "keepCancelledDays": 0
    }  # fmt: skip


def test_what_is_left_out_stays_and_null_goes_back(api: Api, operator: Person, alice: Person) -> None:
    assert put(api, alice, {"openJobs": 7, "keepDlqDays": 0}).status == 200
    answer = put(api, alice, {"keep_completed_days": 3, "weight": 0.5})
    assert answer.json["settings"] == get(api, alice)["settings"]
    settings = get(api, alice, of=alice.user.tenant_id)["settings"]
    assert (settings["openJobs"], settings["keepCompletedDays"], settings["weight"]) == (7, 3, 0.5)
    assert settings["keepDlqDays"] == 0, "kept for ever"
    assert put(api, alice, {"openJobs": None}).json["settings"]["openJobs"] == 50
    assert get(api, operator)["settings"]["openJobs"] == 50, "each tenant has its own"


def test_a_quota_holds_from_the_next_submission_on(api: Api, operator: Person, alice: Person) -> None:
    bob = api.person(Role.MEMBER, tenant_id=alice.user.tenant_id)
    put(api, alice, {"submissionsPerMinute": 3})
    assert create(api, alice, 2).status == 201
    assert create(api, bob).status == 201
    answer = create(api, bob)
    assert (answer.status, answer.json["code"]) == (429, "too_many_submissions")
    assert 0 < int(answer.headers["Retry-After"]) == answer.json["retryAfter"] <= 65
    assert "3 jobs a minute" in answer.json["error"]
    put(api, alice, {"submissionsPerMinute": 5, "openJobs": 4})
    assert create(api, bob).status == 201
    assert create(api, bob).json["code"] == "too_many_open_jobs"


def test_admins_stay_within_the_maxima_of_the_operator(api: Api, operator: Person, alice: Person) -> None:
    of = alice.user.tenant_id
    for value in (101, 0):
        answer = put(api, alice, {"submissionsPerMinute": value})
        assert (answer.status, answer.json["field"]) == (400, "submissionsPerMinute")
    assert put(api, operator, {"submissionsPerMinute": 101}, of).status == 400, "nor does an operator pass them"
    assert put(api, operator, {"submissionsPerMinute": 500, "keepDlqDays": 10}, of, "maxima").status == 200
    assert put(api, alice, {"submissionsPerMinute": 400}).json["settings"]["submissionsPerMinute"] == 400
    assert get(api, alice)["settings"]["keepDlqDays"] == 10, "the default is above the maximum"
    lowered = put(api, operator, {"submissionsPerMinute": 2}, of, "maxima").json
    assert lowered["settings"]["submissionsPerMinute"] == 2
    assert create(api, alice, 3).status == 429
    raised = put(api, operator, {"submissionsPerMinute": 0}, of, "maxima").json
    assert raised["settings"]["submissionsPerMinute"] == 400, "what was chosen stands again"
    assert put(api, alice, {"submissionsPerMinute": 0}).status == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("submissionsPerMinute", -1),
        ("openJobs", "7"),
        ("openJobs", True),
        ("concurrency", 1.5),
        ("weight", 0),
        ("weight", 101),
        ("keepCompletedDays", 10_000),
        ("keepDlqDays", []),
        ("keepForever", 1),
    ],
)
def test_bad_input_is_named(api: Api, alice: Person, field: str, value: Any) -> None:
    answer = put(api, alice, {field: value})
    assert answer.status == 400
    assert answer.json["field"] == field


def test_a_tenant_of_weight_3_has_three_turns_for_one_of_another(api: Api, operator: Person, alice: Person) -> None:
    """All jobs are expected to take equally long."""
    stranger, heavy = api.person(), alice.user.tenant_id
    put(api, operator, {"weight": 5}, heavy, "maxima")
    put(api, alice, {"weight": 3})
    for who in (stranger, alice):
        assert api.post("/job/bulk", {"jobs": [{"name": "x"}] * 50}, by=who).status == 201
    ids = [job_id for n in range(60) for job_id in api.container.engine.claim(f"t{n}", 1).ids]
    began, _ = api.container.job_store.get_many(ids, light=True)
    turns = Counter(job.tenant_id for job in began)
    assert turns.total() == 60
    assert turns[heavy] == pytest.approx(45, rel=0.1)
    assert turns[stranger.user.tenant_id] == pytest.approx(15, rel=0.1)


def test_tenants_are_out_of_reach_of_others(api: Api, operator: Person, alice: Person) -> None:
    stranger = api.person()
    of = alice.user.tenant_id
    assert put(api, stranger, {"openJobs": 1}, of).status == 404
    assert api.get(f"/tenants/{of}/settings", by=stranger).status == 404
    assert put(api, alice, {"openJobs": 1}, of, "maxima").status == 403
    for what in ("settings", "maxima"):
        assert put(api, operator, {"openJobs": 1}, "f" * 24, what).status == 404


def test_changes_are_throttled(api: Api, alice: Person) -> None:
    api.container.throttles.change_settings(alice.user.tenant_id)
    key = api.container.keys.throttle("settings", alice.user.tenant_id)
    api.container.redis.set(key, SETTINGS_PER_MINUTE, keepttl=True)
    assert put(api, alice, {"openJobs": 1}).json["code"] == "throttled"


class TestRedis:
    """Redis follows the records."""

    def test_it_has_what_differs_from_the_deployment(self, api: Api, operator: Person, alice: Person) -> None:
        quotas = api.container.quotas
        put(api, alice, {"keepDlqDays": 1})
        assert quotas.all() == {}
        put(api, alice, {"openJobs": 3})
        assert quotas.all() == {alice.user.tenant_id: Quota(100, 3)}
        put(api, alice, {"openJobs": None})
        assert quotas.all() == {}

    def test_a_change_that_did_not_reach_it(
        self, api: Api, operator: Person, alice: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        container: Container = api.container
        with monkeypatch.context() as patched:
            patched.setattr(container.quotas, "put", crash)
            put(api, alice, {"openJobs": 3})
        container.quotas.put({"f" * 24: Quota(1, 1)})
        assert container.tenant_settings_settlement.run() == 2
        assert container.quotas.all() == {alice.user.tenant_id: Quota(100, 3)}
        assert container.tenant_settings_settlement.run() == 0

    @pytest.mark.parametrize("left", [b"3", b"rubbish", None])
    def test_a_weight_that_is_not_the_recorded_one(
        self, api: Api, operator: Person, alice: Person, left: bytes | None
    ) -> None:
        container: Container = api.container
        put(api, alice, {"weight": 0.5})
        costs, tenant = container.keys.costs, alice.user.tenant_id
        assert container.redis.hget(costs, tenant) == b"0.5"
        if left is None:
            container.redis.delete(costs)
        else:
            container.redis.hset(costs, tenant, left)
        assert container.tenant_settings_settlement.run() == 1
        assert container.redis.hget(costs, tenant) == b"0.5"
        assert container.tenant_settings_settlement.run() == 0
        put(api, alice, {"weight": None})
        assert container.redis.hget(costs, tenant) is None

    def test_two_changes_at_once_leave_the_last_one(
        self, api: Api, operator: Person, alice: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Given a change that another follows between its write to MongoDB and that to Redis."""
        container: Container = api.container
        write = container.tenant_settings_projection.write

        def overtaken(stored: StoredSettings) -> None:
            monkeypatch.setattr(container.tenant_settings_projection, "write", write)
            put(api, alice, {"weight": 0.25})
            write(stored)

        monkeypatch.setattr(container.tenant_settings_projection, "write", overtaken)
        put(api, alice, {"weight": 0.5})
        assert container.redis.hget(container.keys.costs, alice.user.tenant_id) == b"0.25"

    def test_a_rebuild_brings_it_back_before_the_queue_opens(self, api: Api, operator: Person, alice: Person) -> None:
        container: Container = api.container
        put(api, alice, {"openJobs": 3, "weight": 0.5})
        container.redis.delete(*container.redis.scan_iter(match=container.keys.pattern, count=1000))
        container.rebuilder.ensure_open()
        assert container.quotas.all() == {alice.user.tenant_id: Quota(100, 3)}
        assert container.redis.hget(container.keys.costs, alice.user.tenant_id) == b"0.5"
