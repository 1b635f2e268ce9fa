"""Attempts are summed for the exposition; names of queues show only with a scrape token."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

from prometheus_client.parser import text_string_to_metric_families

from chalicelib.store.totals import Increments
from tests.api_client import Api
from tests.container import Container
from tests.jobs import start, submit
from tests.limited import prepare_limited

MINUTE = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
TOKEN = "a-scrape-token-0123456789-0123456789"


def increments(tenant: str, queue: str, completed: int) -> Increments:
    counts = Counter(started=completed, completed=completed)
    return Increments(
        tenant, queue, "resize", MINUTE, counts, wait=Counter({2: completed}), run=Counter({9: completed})
    )


def samples(text: str) -> dict[tuple[str, str, str], float]:
    return {
        (s.name, s.labels.get("task", ""), s.labels.get("queue", "")): s.value
        for family in text_string_to_metric_families(text)
        for s in family.samples
        if "le" not in s.labels
    }


def test_attempts_are_summed_over_tenants_and_time(api: Api, container: Container) -> None:
    container.rollups.add([increments("one", "photos", 2), increments("two", "photos", 3)])
    container.rollups.add([increments("two", "secret plans", 1)])
    # Without a token, names of queues do not show
    text = api.get("/prometheus/metrics").text
    assert "photos" not in text and "secret plans" not in text
    found = samples(text)
    assert found["queuecraft_task_completed_total", "resize", ""] == 6
    assert found["queuecraft_job_wait_seconds_count", "resize", ""] == 6
    # With a token, they do
    container.settings = replace(container.settings, scrape_token=TOKEN)
    found = samples(api.get("/prometheus/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text)
    assert found["queuecraft_task_completed_total", "resize", "photos"] == 5
    assert found["queuecraft_job_run_seconds_count", "resize", "secret plans"] == 1


def test_workers_are_counted_by_pool(api: Api, container: Container) -> None:
    container.settings = replace(container.settings, pools={"heavy": ["reports"]})
    container.fleet.join("one", 3)
    container.fleet.heartbeat("one", {"running": 2}, {})
    container.fleet.join("two", 1, "removed")
    found = {
        (s.name, s.labels["pool"]): s.value
        for family in text_string_to_metric_families(api.get("/prometheus/metrics").text)
        for s in family.samples
        if "pool" in s.labels
    }
    assert (found["queuecraft_workers", "default"], found["queuecraft_worker_slots", "default"]) == (1, 3)
    assert found["queuecraft_worker_slots_used", "default"] == 2
    assert (found["queuecraft_workers", "heavy"], found["queuecraft_workers", "removed"]) == (0, 1)


def test_the_process_and_its_pools_are_measured(api: Api) -> None:
    families = {f.name: f for f in text_string_to_metric_families(api.get("/prometheus/metrics").text)}
    assert families["queuecraft_process_resident_memory_bytes"].samples[0].value > 1_000_000
    assert families["queuecraft_process_cpu_seconds"].samples[0].value > 0
    pools = {(s.labels["server"], s.labels["state"]): s.value for s in families["queuecraft_pool_connections"].samples}
    assert set(pools) == {("redis", "idle"), ("redis", "used"), ("mongodb", "idle"), ("mongodb", "used")}
    assert pools["mongodb", "idle"] + pools["mongodb", "used"] >= 1


def test_limits_are_gauged_by_name(api: Api, container: Container) -> None:
    prepare_limited(container)
    alice = api.person()
    for account in (1, 1, 2):
        submit(container, alice.principal, task="send", payload=f'{{"account":{account}}}')
    assert len(start(container)) == 2
    families = {f.name: f for f in text_string_to_metric_families(api.get("/prometheus/metrics").text)}
    held = {s.labels["limit"]: s.value for s in families["queuecraft_limit_held"].samples}
    waiting = {s.labels["limit"]: s.value for s in families["queuecraft_limit_waiting_lanes"].samples}
    assert held == {"account": 2, "stripe": 2, "printer": 0}
    assert sum(waiting.values()) == 1
