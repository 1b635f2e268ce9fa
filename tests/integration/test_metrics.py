"""Metrics and charts over the API, and what Prometheus scrapes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from chalicelib.domain.histogram import bucket as bucket_of
from chalicelib.domain.jobs import iso
from chalicelib.domain.principals import Role
from chalicelib.domain.rollups import SPAN_S, Span, Window, frame, span_start
from chalicelib.services.series import SeriesService
from chalicelib.store.rollups import Increments
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import InvocationLog, an_error, finish, prepare, start, submit
from tests.support import ManualClock

pytestmark = pytest.mark.integration
TOKEN = "a-token-for-scrapers-0123456789abcdef"


@pytest.fixture(autouse=True)
def invocations(container: Container) -> InvocationLog:
    return prepare(container)


@pytest.fixture
def worked(api: Api, alice: Person, container: Container) -> None:
    """Alice: 4 submitted, 2 done, 1 in the DLQ, 1 running; a stranger: 1 scheduled."""
    for _ in range(4):
        submit(container, alice.principal)
    running = start(container)
    finish(container, running[0])
    finish(container, running[1])
    finish(container, running[2], an_error())
    submit(container, api.person().principal, delay_s=60.0)


@pytest.mark.usefixtures("worked")
def test_metrics_of_ones_tenant(api: Api, alice: Person) -> None:
    answer = api.get("/metrics", by=alice).json
    assert answer["metrics"] == {
        "jobs:total": 4,
        "jobs:submitted": 4,
        "jobs:pending": 0,
        "jobs:running": 1,
        "jobs:completed": 2,
        "jobs:failed": 1,
        "jobs:retries": 0,
        "jobs:dlq": 1,
        "jobs:active": 1,
        "jobs:waiting": 0,
        "rate_limit:hits": 0,
        "jobs:success_rate": 66.67,
        "jobs:failure_rate": 33.33,
    }
    assert answer["timestamp"].endswith("Z")
    assert api.get("/metrics", by=api.person()).json["metrics"]["jobs:total"] == 0
    assert api.get("/metrics", by=api.person(Role.OPERATOR)).json["metrics"]["jobs:total"] == 5


@pytest.mark.usefixtures("worked")
def test_only_an_operator_resets(api: Api, alice: Person) -> None:
    for role in (Role.ADMIN, Role.MEMBER, Role.VIEWER):
        assert api.post("/metrics/reset", by=api.person(role, tenant_id=alice.user.tenant_id)).status == 403
    answer = api.post("/metrics/reset", by=api.person(Role.OPERATOR))
    assert answer.json == {"success": True, "message": "All metrics reset"}
    for who in (alice, api.person(Role.OPERATOR)):
        metrics = api.get("/metrics", by=who).json["metrics"]
        assert metrics["jobs:submitted"] == metrics["jobs:completed"] == metrics["jobs:failed"] == 0
        assert metrics["jobs:success_rate"] == metrics["jobs:failure_rate"] == 0
        assert (metrics["jobs:running"], metrics["jobs:dlq"]) == (1, 1), "jobs that exist stay counted"


# --- series --------------------------------------------------------------------------------------------------


def roll(
    container: Container, tenant: str, at: datetime, *, queue: str = "default", task: str = "t", **how: Any
) -> None:
    """Count ``completed`` jobs that each waited and ran for ``ms``."""
    count, ms = how.get("completed", 1), how.get("ms", 100)
    histogram = Counter({bucket_of(ms): count})
    counts = Counter({"completed": count, "started": count, "failed": how.get("failed", 0)})
    container.rollups.add([Increments(tenant, queue, task, span_start(at, Span.MINUTE), counts, histogram, histogram)])


@pytest.fixture
def now(container: Container) -> datetime:
    """The time of the series, which is stopped, so that no minute ends during a test."""
    clock = ManualClock(container.clock.now())
    container.__dict__["series"] = SeriesService(container.series_store, clock)
    return clock.now()


def test_a_chart_has_no_gaps_and_ends_now(api: Api, alice: Person, container: Container, now: datetime) -> None:
    for minutes, count in ((0, 3), (1, 2), (30, 5), (90, 7)):
        roll(container, alice.user.tenant_id, now - timedelta(minutes=minutes), completed=count)
    series = api.get("/metrics/series", by=alice).json
    assert (series["window"], series["bucketS"], len(series["buckets"])) == ("hour", 60, 60)
    assert [bucket["t"] for bucket in series["buckets"]] == [iso(t) for t in frame(Window.HOUR, now).starts]
    completed = [bucket["completed"] for bucket in series["buckets"]]
    assert (completed[-1], completed[-2], completed[-31], sum(completed)) == (3, 2, 5, 10)
    assert series["buckets"][0]["wait"] == {"p50": None, "p95": None, "p99": None}
    assert series["buckets"][-1]["run"]["p50"] == pytest.approx(100, rel=0.1)


@pytest.mark.parametrize(("window", "count", "bucket_s"), [("day", 96, 900), ("week", 84, 7200)])
def test_longer_windows(
    api: Api, alice: Person, container: Container, now: datetime, window: str, count: int, bucket_s: int
) -> None:
    for ago_s in (0, bucket_s, bucket_s * (count - 1), bucket_s * count):
        roll(container, alice.user.tenant_id, now - timedelta(seconds=ago_s))
    series = api.get("/metrics/series", by=alice, query={"window": window}).json
    completed = [bucket["completed"] for bucket in series["buckets"]]
    assert (series["bucketS"], len(completed), sum(completed)) == (bucket_s, count, 3)
    assert completed[0] == completed[-2] == completed[-1] == 1


def test_totals_per_task_and_queue_and_narrowing(api: Api, alice: Person, container: Container, now: datetime) -> None:
    tenant = alice.user.tenant_id
    roll(container, tenant, now, queue="images", task="resize", completed=3, ms=50)
    roll(container, tenant, now, queue="images", task="crop", completed=1, ms=500, failed=2)
    roll(container, tenant, now, queue="default", task="crop", completed=1, ms=500)
    roll(container, api.person().user.tenant_id, now, completed=9)
    series = api.get("/metrics/series", by=alice).json
    assert [(task["name"], task["completed"], task["failed"]) for task in series["tasks"]] == [
        ("crop", 2, 2),
        ("resize", 3, 0),
    ]
    assert [(queue["name"], queue["completed"]) for queue in series["queues"]] == [("default", 1), ("images", 4)]
    assert series["total"]["completed"] == 5
    assert series["total"]["wait"]["p50"] == pytest.approx(50, rel=0.1)
    assert series["total"]["wait"]["p99"] == pytest.approx(500, rel=0.1)
    crop = api.get("/metrics/series", by=alice, query={"task": "crop", "queue": "images"}).json
    assert (crop["total"]["completed"], [task["name"] for task in crop["tasks"]]) == (1, ["crop"])
    everything = api.get("/metrics/series", by=api.person(Role.OPERATOR)).json
    assert everything["total"]["completed"] == 14


def test_a_frame_ends_with_the_running_span() -> None:
    now = ManualClock().now() + timedelta(minutes=7, seconds=30)
    for window, span in ((Window.HOUR, Span.MINUTE), (Window.DAY, Span.QUARTER), (Window.WEEK, Span.TWO_HOURS)):
        shown = frame(window, now)
        assert shown.span is span
        assert shown.starts[-1] <= now < shown.starts[-1] + timedelta(seconds=SPAN_S[span])


def test_series_are_read_by_index(container: Container) -> None:
    shown = frame(Window.WEEK, container.clock.now())
    query = {"span": shown.span.value, "tenant_id": "a" * 24, "start": {"$gte": shown.first}}
    plan = container.db.rollups.find(query).explain()["queryPlanner"]["winningPlan"]
    assert plan["inputStage"]["indexName"] == "tenant_span"


# --- prometheus ----------------------------------------------------------------------------------------------


def scraped(text: str) -> dict[str, tuple[str, float]]:
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            assert not {"tenant", "owner", "user"} & set(sample.labels), "no label names a tenant"
            if not sample.labels:
                found[sample.name] = (family.type, sample.value)
    return found


@pytest.mark.usefixtures("worked")
def test_the_exposition_parses_and_has_the_known_names(api: Api) -> None:
    answer = api.get("/prometheus/metrics")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    found = scraped(answer.text)
    known: dict[str, tuple[str, float]] = {
        "queuecraft_jobs_total": ("counter", 5),
        "queuecraft_jobs_submitted_total": ("counter", 5),
        "queuecraft_jobs_completed_total": ("counter", 2),
        "queuecraft_jobs_failed_total": ("counter", 1),
        "queuecraft_jobs_retries_total": ("counter", 0),
        "queuecraft_rate_limit_hits_total": ("counter", 0),
        "queuecraft_jobs_pending": ("gauge", 1),
        "queuecraft_jobs_running": ("gauge", 1),
        "queuecraft_jobs_active": ("gauge", 1),
        "queuecraft_jobs_waiting": ("gauge", 0),
        "queuecraft_jobs_dlq": ("gauge", 1),
        "queuecraft_jobs_success_rate": ("gauge", 66.67),
        "queuecraft_jobs_failure_rate": ("gauge", 33.33),
    }
    assert {name: found[name] for name in known} == known


def test_a_scrape_token_is_required_when_set(api: Api, container: Container) -> None:
    container.settings = replace(container.settings, scrape_token=TOKEN)
    for headers in ({}, {"Authorization": "Bearer nope"}, {"Authorization": "Bearer é"}):
        assert api.get("/prometheus/metrics", headers=headers).status == 401
    assert api.get("/prometheus/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status == 200
