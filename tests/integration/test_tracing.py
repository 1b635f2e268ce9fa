"""Traces: from the request through attempts, steps and invoked jobs to the webhook, as a collector gets them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.principals import Role
from chalicelib.domain.retry import Retry, Snooze
from chalicelib.settings import Settings
from tests.api_client import Api, Person
from tests.collector import Collector
from tests.container import Container
from tests.durable import run_until_ended
from tests.receiver import Receiver
from tests.webhooks import subscribe
from tests.worker_support import QUICK, TENANT, Rig
from worker_fn import TaskContext

pytestmark = pytest.mark.integration

CALLER = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{CALLER}-00f067aa0ba902b7-01"
UNSAMPLED = f"00-{CALLER}-00f067aa0ba902b7-00"
SERVER, CLIENT, PRODUCER, CONSUMER = 2, 3, 4, 5


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as collector:
        yield collector


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def exporting() -> bool:
    return True


@pytest.fixture
def container(settings: Settings, collector: Collector, exporting: bool) -> Iterator[Container]:
    url = f"{collector.url}/v1/traces" if exporting else ""
    made = replace(settings, **QUICK, http_allow_private=True, otlp_url=url, trace_url="https://traces/{traceId}")
    container = Container(made)
    container.rebuilder.ensure_open()
    yield container
    container.redis.delete(*container.redis.scan_iter(match=container.keys.prefix + "*", count=1000))
    container.close()


@pytest.fixture
def admin(api: Api) -> Person:
    api.container.tenant_store.add(TENANT, "a tenant", api.container.clock.now())
    return api.person(Role.ADMIN, tenant_id=TENANT)


@pytest.fixture
def seen() -> dict[str, Any]:
    """What tasks saw of their trace."""
    return {}


@pytest.fixture
def rig(container: Container, seen: dict[str, Any]) -> Iterator[Rig]:
    with Rig(container) as rig:

        @rig.task("order", retries=1)
        async def order(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            seen["order"] = ctx.traceparent

            def charge() -> int:
                seen["charge"] = ctx.traceparent
                return 1

            async def ship() -> int:
                seen["ship"] = ctx.traceparent
                return 2

            await ctx.step("charge", charge)
            await ctx.step("ship", ship)
            return await ctx.invoke("bill", "bill")

        @rig.task("bill")
        def bill(ctx: TaskContext, payload: dict[str, Any]) -> None:
            seen["bill"] = ctx.traceparent
            ctx.logger.info("billed")

        _failing(rig)
        container.catalogue.register([task.spec for task in rig.registry.tasks.values()])
        yield rig


def _failing(rig: Rig) -> None:
    @rig.task("fails-once", retries=1)
    def fails_once(ctx: TaskContext, payload: dict[str, Any]) -> None:
        if ctx.attempt == 1:
            raise Retry("out of stock", delay_s=0)

    @rig.task("snoozes")
    def snoozes(ctx: TaskContext, payload: dict[str, Any]) -> None:
        if ctx.attempt == 1:
            raise Snooze(delay_s=0)

    @rig.task("step-fails", retries=0)
    def step_fails(ctx: TaskContext, payload: dict[str, Any]) -> None:
        def break_down() -> None:
            raise ValueError("no paper")

        ctx.step("print", break_down)


def submit(api: Api, by: Person, task: str, **headers: str) -> str:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = api.post("/job/create", {"name": "a job", "task": task}, by=by, headers=sent)
    assert answer.status == 201, answer.text
    return str(answer.json["job"]["_id"])


def ended(rig: Rig, job_id: str) -> Any:
    return run_until_ended(rig, rig.container.job_store.get(job_id))


class TestFromRequestToWebhook:
    def test_parents_and_links(
        self, api: Api, admin: Person, rig: Rig, receiver: Receiver, collector: Collector, seen: dict[str, Any]
    ) -> None:
        subscribe(api, admin, receiver.url(), "job.completed")
        job_id = submit(api, admin, "order", traceparent=TRACEPARENT)
        job = ended(rig, job_id)
        assert job.status is JobStatus.COMPLETED, job.error
        rig.start()
        receiver.wait(2)
        collector.wait("POST", 2)
        collector.wait("process order", 2)
        rig.close()

        [request] = [each for each in collector.named("POST /job/create") if each.trace_id == CALLER]
        [publish] = [each for each in collector.named("publish") if each.trace_id == CALLER]
        assert (request.kind, request.parent) == (SERVER, "00f067aa0ba902b7")
        assert (publish.kind, publish.parent) == (PRODUCER, request.id)
        assert request.attributes["http.response.status_code"] == 201
        assert job.traceparent == publish.traceparent

        first, last = sorted(collector.named("process order"), key=lambda each: each.attributes["queuecraft.attempt"])
        assert (first.kind, first.parent, first.links) == (CONSUMER, "", [publish.context])
        assert last.links == [publish.context, first.context]
        assert len({CALLER, first.trace_id, last.trace_id}) == 3
        assert first.attributes["messaging.message.id"] == job_id
        assert first.attributes["queuecraft.outcome"] == "waiting"
        assert last.attributes["queuecraft.outcome"] == "completed"
        assert not first.has_failed
        assert not last.has_failed

        [charge], [ship] = collector.named("step charge"), collector.named("step ship")
        assert [(each.parent, each.trace_id) for each in (charge, ship)] == [(first.id, first.trace_id)] * 2
        assert (seen["charge"], seen["ship"]) == (charge.traceparent, ship.traceparent)
        assert seen["order"] == last.traceparent

        [invoke] = [each for each in collector.named("publish") if each.parent == first.id]
        [bill] = collector.named("process bill")
        assert (invoke.kind, bill.links, seen["bill"]) == (PRODUCER, [invoke.context], bill.traceparent)

        delivered = {each.parent: each for each in collector.named("POST")}
        assert delivered.keys() == {last.id, bill.id}
        assert {each.kind for each in delivered.values()} == {CLIENT}
        assert {each.traceparent for each in delivered.values()} == {
            each.headers["traceparent"] for each in receiver.received
        }
        assert collector.paths[0] == "/v1/traces"

    def test_lines_that_a_task_logs_name_its_span(
        self, api: Api, admin: Person, rig: Rig, collector: Collector, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("INFO")
        ended(rig, submit(api, admin, "bill"))
        [span] = collector.wait("process bill")
        [fields] = [vars(record)["fields"] for record in caplog.records if record.message == "billed"]
        assert (fields["trace_id"], fields["span_id"]) == span.context
        assert fields["traceId"] == collector.named("publish")[0].trace_id

    def test_the_page_of_a_job_links_to_its_traces(
        self, api: Api, admin: Person, rig: Rig, collector: Collector
    ) -> None:
        job_id = submit(api, admin, "fails-once", traceparent=TRACEPARENT)
        ended(rig, job_id)
        shown = api.get(f"/job/{job_id}", by=admin).json["job"]
        spans = collector.wait("process fails-once", 2)
        assert shown["traceUrl"] == f"https://traces/{CALLER}"
        assert shown["traceId"] == CALLER
        assert [each["traceId"] for each in shown["attempts"]] == [each.trace_id for each in spans]
        assert [each["traceUrl"] for each in shown["attempts"]] == [f"https://traces/{each.trace_id}" for each in spans]
        listed = api.get(f"/job/{job_id}/attempts", by=admin).json["attempts"]
        assert listed == shown["attempts"]


class TestWhatIsAnError:
    def test_a_failed_attempt_is_one(self, api: Api, admin: Person, rig: Rig, collector: Collector) -> None:
        ended(rig, submit(api, admin, "fails-once"))
        failed, completed = collector.wait("process fails-once", 2)
        assert failed.raw["status"] == {"code": 2, "message": "out of stock"}
        assert failed.attributes["error.type"] == "Retry"
        [event] = failed.raw["events"]
        assert event["name"] == "exception"
        assert not completed.has_failed

    def test_a_snooze_is_none(self, api: Api, admin: Person, rig: Rig, collector: Collector) -> None:
        ended(rig, submit(api, admin, "snoozes"))
        first, second = collector.wait("process snoozes", 2)
        assert first.attributes["queuecraft.outcome"] == "snoozed"
        assert not first.has_failed
        assert not second.has_failed

    def test_a_failed_step_is_one(self, api: Api, admin: Person, rig: Rig, collector: Collector) -> None:
        ended(rig, submit(api, admin, "step-fails"))
        [attempt] = collector.wait("process step-fails")
        [step] = collector.named("step print")
        assert step.raw["status"] == {"code": 2, "message": "ValueError: no paper"}
        assert attempt.has_failed

    def test_a_refused_request_is_none(self, api: Api, admin: Person, collector: Collector) -> None:
        assert api.post("/job/create", {"name": "x", "task": "unknown"}, by=admin).status == 400
        [request] = collector.named("POST /job/create")
        assert not request.has_failed
        assert collector.named("publish") == []


class TestWhoDecides:
    def test_a_caller_that_records_nothing(self, api: Api, admin: Person, rig: Rig, collector: Collector) -> None:
        job_id = submit(api, admin, "order", traceparent=UNSAMPLED)
        job = ended(rig, job_id)
        api.container.flush_spans()
        assert job.traceparent is not None
        assert re.fullmatch(rf"00-{CALLER}-[0-9a-f]{{16}}-00", job.traceparent)
        assert not [each.name for each in collector.spans if each.trace_id == CALLER]
        assert [collector.named(name) for name in ("process order", "step charge", "process bill")] == [[], [], []]
        assert "traceId" not in api.get(f"/job/{job_id}", by=admin).json["job"]["attempts"][0]

    def test_a_field_of_a_job_stays_as_it_is(self, api: Api, admin: Person, rig: Rig, collector: Collector) -> None:
        other = f"00-{'ab' * 16}-{'cd' * 8}-01"
        jobs = [{"name": "a", "task": "bill", "traceparent": other}, {"name": "b", "task": "bill"}]
        made = api.post("/job/bulk", {"jobs": jobs}, by=admin, headers={"traceparent": TRACEPARENT}).json["jobs"]
        [publish] = collector.named("publish")
        assert [job["traceparent"] for job in made] == [other, publish.traceparent]

    @pytest.mark.parametrize("bad", ["00-" + "0" * 32 + "-00f067aa0ba902b7-01", "nonsense", f"ff{TRACEPARENT[2:]}"])
    def test_a_bad_header_is_ignored_and_a_bad_field_refused(
        self, api: Api, admin: Person, rig: Rig, collector: Collector, bad: str
    ) -> None:
        submit(api, admin, "bill", traceparent=bad)
        [request] = collector.named("POST /job/create")
        assert request.parent == ""
        assert request.trace_id not in bad
        refused = api.post("/job/create", {"name": "x", "task": "bill", "traceparent": bad}, by=admin)
        assert (refused.status, refused.json["field"]) == (400, "traceparent")

    def test_a_repeated_call_may_be_of_another_trace(self, api: Api, admin: Person, rig: Rig) -> None:
        body = {"name": "x", "task": "bill", "idempotencyKey": "once"}
        first = api.post("/job/create", body, by=admin, headers={"traceparent": TRACEPARENT})
        again = api.post("/job/create", body, by=admin, headers={"traceparent": f"00-{'ab' * 16}-{'cd' * 8}-01"})
        assert (first.status, again.status) == (201, 200)
        assert again.json["job"]["traceparent"] == first.json["job"]["traceparent"]


class TestWhatBelongsToOthers:
    def test_members_and_callbacks_of_a_batch(self, api: Api, admin: Person, rig: Rig, collector: Collector) -> None:
        body = {"name": "b", "jobs": [{"name": "m", "task": "bill"}], "onComplete": {"name": "end", "task": "bill"}}
        answer = api.post("/batches", body, by=admin, headers={"traceparent": TRACEPARENT})
        assert answer.status == 201, answer.text
        [publish] = collector.named("publish")
        rig.start()
        spans = collector.wait("process bill", 2)
        assert [each.links for each in spans] == [[publish.context]] * 2

    def test_nodes_of_a_workflow(self, api: Api, admin: Person, rig: Rig, collector: Collector) -> None:
        nodes = [{"id": "a", "task": "bill"}, {"id": "b", "task": "bill", "needs": ["a"]}]
        answer = api.post("/workflows", {"name": "w", "nodes": nodes}, by=admin, headers={"traceparent": TRACEPARENT})
        assert answer.status == 201, answer.text
        [publish] = collector.named("publish")
        rig.start()
        spans = collector.wait("process bill", 2)
        assert [each.links for each in spans] == [[publish.context]] * 2

    def test_a_fire_of_a_schedule_begins_a_trace(self, api: Api, admin: Person, rig: Rig, collector: Collector) -> None:
        at = (api.container.clock.now() + timedelta(hours=1)).isoformat()
        assert api.put("/schedules/nightly", {"at": at, "name": "n", "task": "bill"}, by=admin).status == 201
        assert api.post("/schedules/nightly/run", {}, by=admin).status in {200, 201}
        [job] = api.get("/job", by=admin).json["jobs"]
        ended(rig, job["_id"])
        [span] = collector.wait("process bill")
        [publish] = [each for each in collector.named("publish default") if each.context in span.links]
        assert (publish.kind, publish.parent, publish.trace_id) == (PRODUCER, "", job["traceId"])
        assert job["traceparent"] == publish.traceparent


class TestWithoutAnExporter:
    @pytest.fixture
    def exporting(self) -> bool:
        return False

    def test_the_header_is_kept_and_passed_on(
        self, api: Api, admin: Person, rig: Rig, receiver: Receiver, collector: Collector, seen: dict[str, Any]
    ) -> None:
        subscribe(api, admin, receiver.url(), "job.completed")
        job_id = submit(api, admin, "order", traceparent=TRACEPARENT)
        job = ended(rig, job_id)
        rig.start()
        receiver.wait(2)
        assert (job.traceparent, job.trace_id) == (TRACEPARENT, CALLER)
        assert set(seen.values()) == {TRACEPARENT}
        assert {each.headers["traceparent"] for each in receiver.received} == {TRACEPARENT}
        assert collector.headers == []
        shown = api.get(f"/job/{job_id}", by=admin).json["job"]
        assert shown["traceUrl"] == f"https://traces/{CALLER}"
        assert "traceId" not in shown["attempts"][0]

    def test_a_plain_job_has_no_trace(
        self, api: Api, admin: Person, rig: Rig, receiver: Receiver, seen: dict[str, Any]
    ) -> None:
        subscribe(api, admin, receiver.url(), "job.completed")
        job_id = submit(api, admin, "bill")
        job = ended(rig, job_id)
        rig.start()
        receiver.wait(1)
        assert (job.traceparent, seen["bill"]) == (None, None)
        assert "traceparent" not in receiver.received[0].headers
        assert "traceparent" not in api.get(f"/job/{job_id}", by=admin).json["job"]
        assert api.container.db.jobs.count_documents({"traceparent": {"$exists": True}}) == 0
