"""Alarms: each is raised by what the code, or AWS, writes in trouble, and by nothing less.

A small evaluator replaces CloudWatch here; `make localstack` raises the deployed alarms.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from redis import RedisError

import chalicelib.api.container as composition
from chalicelib.domain.clock import SystemClock
from chalicelib.domain.principals import Principal, Role
from infra.aws import package
from infra.local.deployed.template import Resolver
from infra.localstack.alarms import Trial, embedded, functions, trials
from tests import jobs
from tests.api_client import Api
from tests.container import Container
from tests.deploy.cloudwatch import Written, state
from tests.deploy.test_template import FUNCTION, Tree, of_type, walk

CALLER = Principal("5" * 24, "6" * 24, Role.ADMIN)
Lines = list[str]


# --- what the template says


def references(tree: Any) -> set[str]:
    return {node["Ref"] for node in walk(tree) if isinstance(node, dict) and isinstance(node.get("Ref"), str)}


def test_every_alarm_has_a_topic_and_a_runbook(template: Tree) -> None:
    runbook = (package.ROOT / "docs" / "operations.md").read_text()
    alarms = of_type(template, "AWS::CloudWatch::Alarm")
    pools = [slug.removeprefix("worker-") for slug in functions(template) if slug.startswith("worker-")]
    for name, alarm in alarms.items():
        assert alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}], name
        slug = alarm["AlarmDescription"].rpartition("#")[2]
        named = alarm["AlarmName"]["Fn::Sub"].removeprefix("${AWS::StackName}-")
        of_pool = f"^worker-({'|'.join(pools) or 'default'})-"
        assert re.sub(of_pool, "worker-", named) == slug, "the alarms of all pools share a runbook"
        _, found, section = runbook.partition(f"\n### {slug}\n")
        text = section.partition("\n#")[0].strip()
        assert found and ("](#" in text or len(text.split()) > 25), f"{slug}: says not what it means, or not what to do"


def used_metrics(template: Tree) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(namespace, metric, dimensions) of alarms and of the dashboard's panels."""
    for alarm in of_type(template, "AWS::CloudWatch::Alarm").values():
        name = alarm["MetricName"]
        dimensions = {d["Name"]: d["Value"] for d in alarm.get("Dimensions", [])}
        yield alarm["Namespace"], name if isinstance(name, str) else name["Fn::Sub"], dimensions
    for dashboard in of_type(template, "AWS::CloudWatch::Dashboard").values():
        for widget in json.loads(dashboard["DashboardBody"]["Fn::Sub"][0])["widgets"]:
            previous: list[str] = []
            for row in widget["properties"].get("metrics", []):
                texts = [item for item in row if isinstance(item, str)]
                if not texts:
                    continue
                if texts[0] == "...":
                    texts = [*previous[: len(previous) - len(texts) + 1], *texts[1:]]
                full = [previous[n] if text == "." else text for n, text in enumerate(texts)]
                previous = full
                yield full[0], full[1], dict(zip(full[2::2], full[3::2], strict=True))


#: Metrics that AWS itself emits: names, and the dimension that distinguishes stacks.
OF_AWS = {
    "AWS/Lambda": ({"Errors", "Throttles", "Duration", "ConcurrentExecutions", "AsyncEventsDropped"}, "FunctionName"),
    "AWS/ApiGateway": ({"5XXError"}, "ApiName"),
    "AWS/ElastiCache": ({"ThrottledCmds"}, "clusterId"),
}


def test_alarms_and_panels_refer_to_metrics_that_are_emitted(
    template: Tree, written_metrics: tuple[set[str], set[str]]
) -> None:
    names, dimensions = written_metrics
    used = list(used_metrics(template))
    assert len(used) > 25
    for namespace, metric, by in used:
        if namespace in OF_AWS:
            known, dimension = OF_AWS[namespace]
            assert metric in known and set(by) == {dimension}
        elif metric == "ServerErrors":
            assert set(by) == {"stack", "service"} and by["service"] == "api"
        else:
            assert namespace == "QueueCraft" and metric in names, metric
            assert set(by) == dimensions and by["service"] == "worker", metric


def test_alarms_refer_to_functions_that_exist(template: Tree) -> None:
    for name, alarm in of_type(template, "AWS::CloudWatch::Alarm").items():
        for reference in references(alarm.get("Dimensions", [])) - {"AWS::StackName"}:
            assert template["Resources"][reference]["Type"] in {FUNCTION, "AWS::ElastiCache::ServerlessCache"}, name


def test_no_alarm_depends_on_what_is_logged(template: Tree) -> None:
    assert not of_type(template, "AWS::Logs::MetricFilter")


# --- what raises them


@pytest.fixture
def alarms(template: Tree, deployed: Container) -> Mapping[str, Any]:
    """Properties by slug, with the parameters' defaults."""
    resolver = Resolver(template, {}, deployed.settings.stack_name)
    resolved = [resolver.value(properties) for properties in of_type(template, "AWS::CloudWatch::Alarm").values()]
    return {alarm["AlarmName"].removeprefix(f"{deployed.settings.stack_name}-"): alarm for alarm in resolved}


@pytest.fixture
def log(capsys: pytest.CaptureFixture[str]) -> Callable[[], Lines]:
    """Return what was logged since the last call."""

    def taken() -> Lines:
        return capsys.readouterr().out.splitlines()

    return taken


@pytest.fixture
def api(deployed: Container, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """The API of a deployed stage that logs nothing below ERROR."""
    with closing(Container(replace(deployed.settings, log_level="ERROR", service_name="api"))) as container:
        monkeypatch.setattr(composition, "get_container", lambda: container)
        yield Api(container)


def fail(api: Api, times: int) -> None:
    """Make the API answer 500."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api.container.health.__class__, "check", lambda _: 1 / 0)
        assert {api.get("/health").status for _ in range(times)} == {500}


@pytest.fixture
def tried(template: Tree, deployed: Container, api: Api, log: Callable[[], Lines]) -> list[Trial]:
    """A trial for each alarm, by what a worker and a failing API log."""
    deployed.vitals.report()
    fail(api, times=1)
    resolver = Resolver(template, {}, deployed.settings.stack_name)
    name = resolver.value(template["Resources"]["RestAPI"]["Properties"]["Name"])
    slugs = functions(template)
    names = {resource: resolver.physical_name(resource) for resource in (*slugs.values(), "RedisCache")}
    return trials(log(), {**names, "RestAPI": name}, slugs)


def test_each_alarm_is_raised_by_its_metric_and_by_nothing_less(alarms: Mapping[str, Any], tried: list[Trial]) -> None:
    assert {trial.alarm for trial in tried} == set(alarms)
    for trial in tried:

        def after(troubled: int, trial: Trial = trial) -> str:
            """Return the state after this many periods of trouble."""
            values = [trial.trouble] * troubled + [trial.healthy] * (trial.periods + 2 - troubled)
            written = [Written(trial.metric, v, (n + 0.5) * trial.period_s) for n, v in enumerate(values)]
            return state(alarms[trial.alarm], written)

        assert after(0) == "OK", trial.alarm
        assert after(trial.periods - 1) == "OK", trial.alarm
        # a metric that is only written in trouble must be missing in all periods that CloudWatch reads
        assert after(trial.periods if trial.trouble else trial.periods + 2) == "ALARM", trial.alarm


def each_minute(lines: Lines, minutes: int) -> list[Written]:
    """Return the lines as if they had been logged in each of the last minutes."""
    return [Written(*sample, 60 * minute + 30) for minute in range(minutes) for sample in embedded(lines)]


def jobs_in_the_dlq(deployed: Container) -> None:
    jobs.prepare(deployed)
    for number in range(11):
        jobs.submit(deployed, replace(CALLER, user_id=f"{number:024x}"))
        (job,) = jobs.start(deployed)
        jobs.finish(deployed, job, jobs.an_error())


def a_job_that_waits(deployed: Container) -> None:
    jobs.prepare(deployed)
    jobs.submit(deployed, CALLER)
    deployed.__dict__["clock"] = Later(timedelta(seconds=301))


def clients_without_a_manager(deployed: Container) -> None:
    deployed.redis.zadd(deployed.keys.connections(0), {"client": deployed.clock.now_ms()})
    deployed.redis.expire(deployed.keys.connections(0), 60)


class Later(SystemClock):
    """A clock that is ahead."""

    def __init__(self, by: timedelta) -> None:
        self._by = by

    def now(self) -> datetime:
        return super().now() + self._by

    def now_ms(self) -> int:
        return super().now_ms() + int(self._by.total_seconds() * 1000)


@pytest.mark.parametrize(
    ("slug", "trouble"),
    [
        ("dlq-depth", jobs_in_the_dlq),
        ("oldest-job", a_job_that_waits),
        ("connection-manager", clients_without_a_manager),
    ],
)
def test_trouble_with_the_queue_raises_its_alarm_after_three_minutes(
    slug: str,
    trouble: Callable[[Container], None],
    alarms: Mapping[str, Any],
    deployed: Container,
    log: Callable[[], Lines],
) -> None:
    # Given the vitals of a worker while all is well, and in trouble
    deployed.vitals.report()
    well = log()
    with closing(Container(deployed.settings)) as container:
        trouble(container)
        container.vitals.report()
    amiss = log()
    # Then the alarm is OK while all is well and for two minutes of trouble
    alarm = alarms[slug]
    assert state(alarm, each_minute(well, 5)) == "OK"
    assert state(alarm, each_minute(amiss, 2)) == "OK"
    assert state(alarm, each_minute(amiss, 3)) == "ALARM"


def test_workers_that_cannot_reach_redis_raise_the_heartbeats_alarm(
    alarms: Mapping[str, Any], deployed: Container, log: Callable[[], Lines]
) -> None:
    deployed.vitals.report()
    well = log()
    nowhere = replace(deployed.settings, redis_url="redis://127.0.0.1:1/0")
    with closing(Container(nowhere)) as cut_off, pytest.raises(RedisError):
        cut_off.vitals.report()
    alarm = alarms["worker-heartbeat"]
    assert state(alarm, each_minute(well, 5)) == "OK"
    assert state(alarm, each_minute(log(), 5)) == "ALARM"


def test_six_answers_of_500_raise_the_alarm_whatever_is_logged(
    alarms: Mapping[str, Any], api: Api, log: Callable[[], Lines]
) -> None:
    fail(api, times=5)
    few = log()
    fail(api, times=1)
    last = log()
    assert state(alarms["server-errors"], each_minute(few, 1)) == "OK"
    assert state(alarms["server-errors"], each_minute([*few, *last], 1)) == "ALARM"
