"""The client and the API's document fit together: each call is a route, its fields are known, its answers are read.

Each call of the client is made here once (a new one without an example fails). The server is played by the document: it
refuses what is not in it, and answers with an example of the route's answer, in which every field is given.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from jsonschema import Draft202012Validator

from app import app
from chalicelib.api.openapi import document
from chalicelib.api.routing import ROUTES
from queuecraft_client import Workflow, models
from queuecraft_client._blocking import run
from queuecraft_client._io import Answer, Exchange
from queuecraft_client.client import _Calls
from queuecraft_client.models._model import Model, aliases
from tests.client.fake_io import JOB_ID, SUBSCRIBED, FakeIo, calls

assert app.routes
DOCUMENT = document(ROUTES, "queuecraft")
SCHEMAS = DOCUMENT["components"]["schemas"]
#: The text of examples: times are text too.
TEXT = "2030-01-31T12:00:00Z"
EXAMPLES = {"string": TEXT, "integer": 3, "number": 1.5, "boolean": True}
AT = datetime(2030, 1, 31, 12, tzinfo=UTC)
SOME_JOB: Any = {"task": "simulated", "name": "a", "payload": {"x": 1}, "queue": "q", "priority": 3, "max_retries": 1}
PLAIN: Any = {**SOME_JOB, "timeout_s": 5, "tags": ["t"], "delay_s": 1.5, "limit_keys": {"account": "7"}}
OWN_KEY: Any = {**PLAIN, "idempotency_key": "k"}
UNIQUE: Any = {
    "key": "k",
    "states": ["pending"],
    "period_s": 60,
    "on_conflict": "push_back",
    "max_wait_s": 9,
}
CALLBACK: Any = {**SOME_JOB, "timeout_s": 5, "tags": ["t"]}
WHOSE: Any = {"scope": "all", "owner": JOB_ID, "tenant": JOB_ID}
FILTER: Any = WHOSE | {
    "status": ["dlq", "cancelled"], "task": "t", "queue": "q", "tag": "x", "trace": "t1", "batch": JOB_ID, "q": "ord",
    "created_from": AT, "created_to": AT,
}  # fmt: skip
DEAD: Any = FILTER | {"group": "9f2c", "finished_from": AT, "finished_to": AT}


def flow() -> Workflow:
    made = Workflow("w")
    first = made.node("a", **PLAIN)
    made.node("b", "t", {"x": first.result}, run_if="all_done", run_at=AT, map=first.result["list"])
    return made


CALLS: dict[str, Callable[[_Calls], Any]] = {
    "wait": lambda c: c.wait(JOB_ID),
    "jobs.submit": lambda c: c.jobs.submit(
        **{**PLAIN, "unique": UNIQUE, "depends_on": [JOB_ID], "run_if": "any_ok", "idempotency_key": "k"}
    ),
    "jobs.submit_many": lambda c: c.jobs.submit_many([OWN_KEY, {"task": "t", "run_at": AT}]),
    "jobs.get": lambda c: c.jobs.get(JOB_ID),
    "jobs.list": lambda c: c.jobs.list(**FILTER, sort="created", payload="a.b=1", limit=3),
    "jobs.stats": lambda c: c.jobs.stats("tenant"),
    "jobs.cancel": lambda c: c.jobs.cancel(JOB_ID),
    "stream": lambda c: c.stream(scope="own", since="1-2", timeout=3.0),
    "jobs.retry": lambda c: c.jobs.retry(JOB_ID, {"x": 2}, from_step="load"),
    "jobs.replay": lambda c: c.jobs.replay(
        JOB_ID, {"x": 2}, name="n", queue="q", priority=3, max_retries=1, timeout_s=5, tags=["t"], run_at=AT
    ),
    "jobs.steps": lambda c: c.jobs.steps(JOB_ID, results=True),
    "jobs.events": lambda c: c.jobs.events(JOB_ID),
    "jobs.send_event": lambda c: c.jobs.send_event(JOB_ID, "approval", {"by": "ada"}),
    "jobs.delete": lambda c: c.jobs.delete(JOB_ID),
    "jobs.logs": lambda c: c.jobs.logs(JOB_ID, after=3),
    "jobs.wait": lambda c: c.jobs.wait(JOB_ID),
    "dlq.list": lambda c: c.dlq.list(**DEAD, sort="-finished", payload="a~b", limit=3),
    "dlq.groups": lambda c: c.dlq.groups(**WHOSE),
    "dlq.redrive": lambda c: c.dlq.redrive(JOB_ID, {"x": 2}),
    "dlq.redrive_many": lambda c: c.dlq.redrive_many(filter=DEAD, dry_run=True),
    "dlq.delete_many": lambda c: c.dlq.delete_many(group="9f2c", scope="tenant"),
    "queues.list": lambda c: c.queues.list(tenant=JOB_ID),
    "queues.pause": lambda c: c.queues.pause("default", tenant=JOB_ID),
    "queues.resume": lambda c: c.queues.resume("default", tenant=JOB_ID),
    "queues.set_strict": lambda c: c.queues.set_strict("default", True, tenant=JOB_ID),
    "limits.list": lambda c: c.limits.list(tenant=JOB_ID),
    "limits.get": lambda c: c.limits.get("stripe", tenant=JOB_ID),
    "limits.change": lambda c: c.limits.change(
        "stripe", tenant=JOB_ID, concurrency=3, rate="30/min", burst=2, total=None
    ),
    "limits.pause": lambda c: c.limits.pause("stripe", tenant=JOB_ID),
    "limits.resume": lambda c: c.limits.resume("stripe", tenant=JOB_ID),
    "limits.reset": lambda c: c.limits.reset("stripe", tenant=JOB_ID),
    "schedules.put": lambda c: c.schedules.put(
        "report", "simulated", {"x": 1}, tenant=JOB_ID, cron="0 7 * * *", tz="UTC", job_name="n", queue="q", priority=3,
        max_retries=1, timeout_s=5, tags=["t"], missed="once", catchup_s=5, overlap="skip", jitter_s=1, paused=False,
    ),
    "schedules.get": lambda c: c.schedules.get("report", tenant=JOB_ID),
    "schedules.list": lambda c: c.schedules.list(**WHOSE, limit=3),
    "schedules.delete": lambda c: c.schedules.delete("report", tenant=JOB_ID),
    "schedules.pause": lambda c: c.schedules.pause("report", tenant=JOB_ID),
    "schedules.resume": lambda c: c.schedules.resume("report", tenant=JOB_ID),
    "schedules.run": lambda c: c.schedules.run("report", tenant=JOB_ID),
    "schedules.runs": lambda c: c.schedules.runs("report", tenant=JOB_ID, limit=3),
    "schedules.preview": lambda c: c.schedules.preview(start=AT, every_s=60),
    "batches.submit": lambda c: c.batches.submit("b", [PLAIN], on_complete=CALLBACK, on_success=CALLBACK),
    "batches.get": lambda c: c.batches.get(JOB_ID),
    "batches.list": lambda c: c.batches.list(**WHOSE, limit=3),
    "batches.jobs": lambda c: c.batches.jobs(JOB_ID, status="dlq", limit=3),
    "batches.cancel": lambda c: c.batches.cancel(JOB_ID),
    "batches.wait": lambda c: c.batches.wait(JOB_ID),
    "workflows.submit": lambda c: c.workflows.submit(flow()),
    "workflows.get": lambda c: c.workflows.get(JOB_ID),
    "workflows.list": lambda c: c.workflows.list(**WHOSE, limit=3),
    "workflows.cancel": lambda c: c.workflows.cancel(JOB_ID),
    "workflows.retry": lambda c: c.workflows.retry(JOB_ID, node="a"),
    "workflows.job": lambda c: c.workflows.job(JOB_ID, TEXT),
    "workflows.wait": lambda c: c.workflows.wait(JOB_ID),
    "operations.start": lambda c: c.operations.start("redrive", filter=DEAD, name="n", rate_per_min=60),
    "operations.count": lambda c: c.operations.count(
        "replay", filter=FILTER, changes={"merge": {"a_b": None}, "queue": "q", "priority": 3}
    ),
    "operations.get": lambda c: c.operations.get(JOB_ID),
    "operations.list": lambda c: c.operations.list(kind="export", limit=3),
    "operations.cancel": lambda c: c.operations.cancel(JOB_ID),
    "operations.wait": lambda c: c.operations.wait(JOB_ID),
    "pauses.get": lambda c: c.pauses.get(tenant=JOB_ID),
    "pauses.pause_task": lambda c: c.pauses.pause_task("simulated", every_tenant=True),
    "pauses.resume_task": lambda c: c.pauses.resume_task("simulated", tenant=JOB_ID),
    "pauses.pause_tenant": lambda c: c.pauses.pause_tenant(),
    "pauses.resume_tenant": lambda c: c.pauses.resume_tenant(tenant=JOB_ID),
    "pauses.pause_everything": lambda c: c.pauses.pause_everything(),
    "pauses.resume_everything": lambda c: c.pauses.resume_everything(),
    "alerts.create": lambda c: c.alerts.create(
        "Stuck", "failure_rate", 50, window_s=900, min_jobs=5, queue="q", task="t", scope="all", for_s=60,
        repeat_s=3600, severity="critical", enabled=False,
    ),
    "alerts.list": lambda c: c.alerts.list(),
    "alerts.get": lambda c: c.alerts.get(JOB_ID),
    "alerts.change": lambda c: c.alerts.change(
        JOB_ID, name="n", threshold=1.5, window_s=900, min_jobs=5, queue=None, task="t", schedule=None, for_s=0,
        repeat_s=0, severity="warning", enabled=True,
    ),
    "alerts.delete": lambda c: c.alerts.delete(JOB_ID),
    "alerts.mute": lambda c: c.alerts.mute(JOB_ID, until=AT),
    "alerts.unmute": lambda c: c.alerts.unmute(JOB_ID),
    "alerts.preview": lambda c: c.alerts.preview("schedule_overdue", 60, schedule="report"),
    "alerts.firings": lambda c: c.alerts.firings(JOB_ID, limit=3),
    "webhooks.create": lambda c: c.webhooks.create("https://example.com/", ["job.dead"], description="d"),
    "webhooks.list": lambda c: c.webhooks.list(),
    "webhooks.get": lambda c: c.webhooks.get(JOB_ID),
    "webhooks.change": lambda c: c.webhooks.change(
        JOB_ID, url="https://example.com/", events=["job.dead"], description=""
    ),
    "webhooks.delete": lambda c: c.webhooks.delete(JOB_ID),
    "webhooks.rotate": lambda c: c.webhooks.rotate(JOB_ID, overlap_s=60),
    "webhooks.pause": lambda c: c.webhooks.pause(JOB_ID),
    "webhooks.resume": lambda c: c.webhooks.resume(JOB_ID),
    "webhooks.test": lambda c: c.webhooks.test(JOB_ID),
    "webhooks.deliveries": lambda c: c.webhooks.deliveries(JOB_ID, status="failed", limit=3),
    "webhooks.redeliver": lambda c: c.webhooks.redeliver(JOB_ID, JOB_ID),
    "comments.on_job": lambda c: c.comments.on_job(JOB_ID, "x"),
    "comments.on_group": lambda c: c.comments.on_group("9f2c", "x", tenant=JOB_ID),
    "comments.of_job": lambda c: c.comments.of_job(JOB_ID, limit=3),
    "comments.of_group": lambda c: c.comments.of_group("9f2c", tenant=JOB_ID, limit=3),
    "comments.delete": lambda c: c.comments.delete(JOB_ID),
}  # fmt: skip


class Documented(FakeIo):
    """Plays the server by its document: fails on what is not in it, and answers with an example in full."""

    async def exchange(self, exchange: Exchange) -> Answer:
        self.asked.append(exchange)
        path, item = found(urlsplit(exchange.url).path)
        operation = item[exchange.method.lower()]
        known = {each["name"]: each["schema"] for each in operation.get("parameters", ())}
        assert set(exchange.query) <= set(known), path
        for name, value in exchange.query.items():
            checked(known[name], parse_qs(f"x={value}")["x"][0] if known[name].get("type") == "array" else value)
        if "requestBody" in operation:
            [content] = operation["requestBody"]["content"].values()
            assert self.body() is not None or not operation["requestBody"].get("required"), path
            problems = [error.message for error in validator(content["schema"]).iter_errors(self.body() or {})]
            assert problems == [], path
        else:
            assert exchange.body is None, path
        statuses = [status for status in operation["responses"] if status < "300"]
        dry = bool((self.body() or {}).get("dryRun"))
        good = min(statuses) if dry or "202" not in statuses else "202"
        [content] = operation["responses"][good]["content"].values()
        body = example(content["schema"])
        if len(self.asked) > 1 and "nextAfter" in body:
            body["nextAfter"] = None  # the last part
        return Answer(int(good), {}, json.dumps(body).encode())


def found(path: str) -> tuple[str, dict[str, Any]]:
    """Return the route of a path; one without parameters goes first."""
    for template in sorted(DOCUMENT["paths"], key=lambda each: each.count("{")):
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), unquote(path)):
            return template, DOCUMENT["paths"][template]
    raise AssertionError(f"{path} is no route")


def validator(schema: Any) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def checked(schema: Any, value: str) -> None:
    """Assert that a parameter is one of those that its schema allows, where it names them."""
    if "enum" in (schema := resolved(schema)):
        assert value in schema["enum"]


def resolved(schema: Any) -> Any:
    return SCHEMAS[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def example(schema: Any) -> Any:
    """Return a value of a schema with every field, every list with one element."""
    schema = resolved(schema)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if "anyOf" in schema:
        return example(next(each for each in schema["anyOf"] if each.get("type") != "null"))
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        return {name: example(each) for name, each in schema.get("properties", {}).items()}
    if kind == "array":
        return [example(schema.get("items", {}))]
    return EXAMPLES.get(kind)


def public(client: _Calls) -> set[str]:
    """Return the names of all calls of a client."""
    resources = {name: each for name, each in vars(client).items() if not name.startswith("_")}
    names = {f"{noun}.{name}" for noun, each in resources.items() for name in methods(each)}
    return names | set(methods(client))


def methods(of: object) -> list[str]:
    return [name for name, _ in inspect.getmembers(of, inspect.ismethod) if not name.startswith("_")]


async def all_of(made: Awaitable[Any] | AsyncIterator[Any]) -> Any:
    return [each async for each in made] if isinstance(made, AsyncIterator) else await made


def test_every_call_has_an_example() -> None:
    assert public(calls(FakeIo())) == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_a_call_is_as_the_document_says(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models.Job, "ended", True)
    for kind in (models.Batch, models.WorkflowSummary):
        monkeypatch.setattr(kind, "ended", True)
    io = Documented(sockets=[[SUBSCRIBED]])
    made = CALLS[name](calls(io))
    if name.endswith("wait"):  # the example has not completed
        with pytest.raises(Exception, match="ended as"):
            run(all_of(made))
    else:
        run(all_of(made))
    assert io.asked


READ_AS: dict[str, list[type[Model]]] = {
    "JobOut": [models.Job], "JobDetailOut": [models.JobDetail], "JobsCreatedAnswer": [models.SubmittedJobs],
    "ErrorOut": [models.JobError], "ProgressOut": [models.Progress], "PartOut": [models.Part],
    "AttemptOut": [models.Attempt], "BlockOut": [models.Block], "RelatedOut": [models.Related],
    "LogLineOut": [models.LogLine], "StatsOut": [models.JobStats], "DlqGroupOut": [models.DlqGroup],
    "FailedAction": [models.Refused], "ActionAnswer": [models.Action], "BatchOut": [models.Batch],
    "WorkflowOut": [models.WorkflowSummary], "WorkflowDetailOut": [models.WorkflowDetail],
    "NodeOut": [models.NodeState], "EdgeOut": [models.Edge], "QueueOut": [models.Queue], "BoundsOut": [models.Bounds],
    "LimitOut": [models.Limit], "LimitDetailOut": [models.LimitDetail], "LimitKeyOut": [models.LimitKey],
    "ScheduleOut": [models.Schedule], "ScheduleDetailOut": [models.ScheduleDetail], "RunOut": [models.Run],
    "PreviewAnswer": [models.Preview],
    "OperationOut": [models.Operation], "MatchedAnswer": [models.Matched], "MergedPayloadOut": [models.MergedPayload],
    "StepOut": [models.StepRecord],
    "EventOut": [models.JobEvent],
    "AlertOut": [models.Alert], "AlertPreviewOut": [models.Reading], "FiringOut": [models.Firing],
    "PauseOut": [models.Pause], "TaskPauseOut": [models.TaskPause], "PausesAnswer": [models.Pauses],
    "WebhookOut": [models.Webhook], "SecretAnswer": [models.NewSecret], "DeliveryOut": [models.Delivery],
    "DeliveryAttemptOut": [models.DeliveryAttempt], "CommentOut": [models.Comment],
}  # fmt: skip
#: Fields that another part of the answer fills.
BESIDE = {("JobOut", "duplicate"), ("JobDetailOut", "duplicate")}


@pytest.mark.parametrize("name", READ_AS)
def test_answers_have_the_fields_that_models_read(name: str) -> None:
    [model] = READ_AS[name]
    there = set(SCHEMAS[name]["properties"])
    assert {alias for alias in aliases(model).values() if (name, alias) not in BESIDE} <= there


def test_every_model_is_held_against_an_answer() -> None:
    known = {model for [model] in READ_AS.values()} | {models.StreamEvent}  # not of HTTP
    assert {each for each in vars(models).values() if isinstance(each, type) and issubclass(each, Model)} - known == {
        Model
    }


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("JobStatus", models.JobStatus),
        ("BatchStatus", models.BatchStatus),
        ("WorkflowStatus", models.WorkflowStatus),
        ("State", models.ScheduleState),
    ],
)
def test_states_are_known(name: str, known: Any) -> None:
    assert set(SCHEMAS[name]["enum"]) == {each.value for each in known}
