"""Events and callbacks of durable tasks, redrives of these, and their routes."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from bson import ObjectId

from chalicelib.domain.jobs import Job, JobStatus, Outcome
from chalicelib.domain.steps import StepEvent, StepKey, StepKind, StepRecord, StepStatus
from chalicelib.settings import Settings
from tests.api_client import Api, Person
from tests.durable import make_due, run_until_ended
from tests.jobs import TASKS
from tests.worker_support import QUICK, Rig
from worker_fn import TaskContext

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, **QUICK, api_url="https://api.example.com")


def send(rig: Rig, job: Job, name: str, data: Any) -> StepEvent:
    """Send an event as the API does, without its checks of rights."""
    return rig.container.steps._send(rig.job(job), name, data, rig.container.ids.object_id())


def shown(rig: Rig, job: Job) -> list[tuple[str, StepKey | None]]:
    return [(each.name, each.taken_by) for each in rig.container.step_events.of_job(job.id, "", 100)]


class TestEvents:
    def task(self, rig: Rig, kind: str) -> None:
        @rig.task("sync")
        def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            return ctx.wait_for_event("approval", payload.get("timeout"))

        @rig.task("async")
        async def run_async(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            return await ctx.wait_for_event("approval", payload.get("timeout"))

    @pytest.mark.parametrize("kind", ["sync", "async"])
    def test_an_event_ends_the_wait(self, rig: Rig, kind: str) -> None:
        self.task(rig, kind)
        job = rig.submit(kind)
        rig.run()
        waiting = rig.job(job)
        assert (waiting.status, waiting.waits_for) == (JobStatus.WAITING, ("event:approval",))
        send(rig, job, "other", 1)
        assert rig.job(job).status is JobStatus.WAITING
        send(rig, job, "approval", {"by": "ada"})
        resumed = rig.job(job)
        assert (resumed.status, resumed.waits_for) == (JobStatus.PENDING, ())
        rig.run()
        assert rig.wait(job).result == '{"by":"ada"}'
        assert shown(rig, job) == [("other", None), ("approval", StepKey("approval", 1))]

    def test_an_event_may_come_before_its_wait(self, rig: Rig) -> None:
        self.task(rig, "sync")
        job = rig.submit("sync")
        send(rig, job, "approval", [1, 2])
        rig.run()
        done = rig.wait(job)
        assert (done.result, [a.outcome for a in done.attempts]) == ("[1,2]", [Outcome.COMPLETED])

    def test_two_events_are_for_two_waits_in_order(self, rig: Rig) -> None:
        @rig.task("two")
        async def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            first = await ctx.wait_for_event("e")
            return [first, *await asyncio.gather(ctx.wait_for_event("e"), ctx.wait_for_event("f"))]

        job = rig.submit("two")
        send(rig, job, "e", "one")
        rig.run()
        for name, data in (("f", "three"), ("e", "two"), ("e", "four")):
            send(rig, job, name, data)
            rig.run()
            if not rig.job(job).status.is_open:
                break
        assert rig.wait(job).result == '["one","two","three"]'
        assert [name for name, by in shown(rig, job) if by is None] == []

    def test_without_an_event_the_wait_ends_with_its_time(self, rig: Rig) -> None:
        self.task(rig, "sync")
        job = rig.submit("sync", {"timeout": 3600})
        rig.run()
        make_due(rig, job)
        rig.run()
        assert rig.wait(job).result == "null"

    def test_an_event_in_the_instant_of_the_time_out_counts_once(self, rig: Rig) -> None:
        self.task(rig, "sync")
        job = rig.submit("sync", {"timeout": 3600})
        rig.run()
        make_due(rig, job)
        send(rig, job, "approval", 1)  # both have ended the wait now; the task looks for the event first
        rig.container.promotion.run()
        rig.run()
        done = rig.wait(job)
        assert (done.result, done.attempt) == ("1", 2)
        assert shown(rig, job) == [("approval", StepKey("approval", 1))]

    def test_an_event_that_came_too_late_is_shown(self, rig: Rig) -> None:
        @rig.task("late")
        def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            found = ctx.wait_for_event("approval", 0)
            ctx.sleep("hour", 3600)
            return found

        job = rig.submit("late")
        rig.run()
        send(rig, job, "approval", 1)
        make_due(rig, job)
        rig.run()
        assert rig.wait(job).result == "null"
        assert shown(rig, job) == [("approval", None)]

    def test_an_event_between_the_two_stores_of_a_suspension_is_seen(
        self, rig: Rig, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.task(rig, "sync")
        settle = rig.container.engine.settle

        def send_first(settlements: Any) -> Any:
            for each in settlements:
                if each.job.status is JobStatus.WAITING:
                    send(rig, each.job, "approval", "early")
            return settle(settlements)

        monkeypatch.setattr(rig.container.engine, "settle", send_first)
        job = rig.submit("sync")
        assert run_until_ended(rig, job).result == '"early"'

    def test_an_event_while_the_task_is_about_to_wait_is_seen(self, rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
        self.task(rig, "sync")
        take = rig.container.step_events.take
        sent: list[StepEvent] = []

        def take_then_send(job_id: str, *args: Any) -> Any:
            found = take(job_id, *args)
            if not sent:
                sent.append(send(rig, job, "approval", "just now"))
            return found

        monkeypatch.setattr(rig.container.step_events, "take", take_then_send)
        job = rig.submit("sync")
        assert run_until_ended(rig, job).result == '"just now"'


class TestValues:
    def test_time_chance_and_keys_stay_the_same(self, rig: Rig) -> None:
        seen: list[tuple[Any, ...]] = []

        @rig.task("values")
        def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            key = ctx.step("pay", lambda: ctx.step_key)
            values = (ctx.now(), ctx.uuid(), ctx.uuid(), key, ctx.callback_url("a"), ctx.callback_url("a"))
            seen.append(values)
            ctx.sleep("hour", 3600)

        job = rig.submit("values")
        rig.run()
        make_due(rig, job)
        rig.run()
        rig.wait(job)
        assert len(seen) == 2 and seen[0] == seen[1]
        now, one, two, key, first, second = seen[0]
        assert isinstance(one, UUID) and one != two and now.tzinfo == UTC
        assert key.startswith(job.id)
        assert first.startswith("https://api.example.com/callbacks/") and first != second

    def test_a_checkpoint_is_what_a_later_attempt_begins_with(self, rig: Rig) -> None:
        @rig.task("pages", retries=2)
        def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            cursor = ctx.checkpoint().get("cursor", 0)
            for page in range(cursor, cursor + 3):
                ctx.checkpoint(cursor=page + 1, last=f"page {page}")
            if ctx.attempt < 3:
                raise ValueError("again")
            return ctx.checkpoint()

        job = rig.submit("pages")
        rig.run()
        assert rig.wait(job).result == '{"cursor":9,"last":"page 8"}'


class TestRedrives:
    def dead(self, rig: Rig, calls: Counter[str]) -> Job:
        @rig.task("import", retries=0)
        def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            for name in ("a", "b", "c"):
                ctx.step(name, lambda name=name: calls.update([name]))
            event = ctx.wait_for_event("e")
            if calls["fixed"] == 0:
                ctx.step("fail", lambda: 1 / 0)
            return event

        rig.container.catalogue.register([task.spec for task in rig.registry.tasks.values()])
        job = rig.submit("import")
        send(rig, job, "e", "x")
        rig.run()
        assert rig.wait(job).status is JobStatus.DLQ
        calls["fixed"] = 1
        return rig.job(job)

    @pytest.mark.parametrize(
        ("options", "called"),
        [({}, (1, 1, 1)), ({"from_step": "b"}, (1, 2, 2)), ({"payload": "{}"}, (2, 2, 2))],
    )
    def test_a_redrive_keeps_steps(self, rig: Rig, options: dict[str, Any], called: tuple[int, ...]) -> None:
        calls: Counter[str] = Counter()
        job = self.dead(rig, calls)
        [done] = rig.container.job_retries.retry([job], **options).values()
        assert isinstance(done, Job) and done.redrives == 1
        rig.run()
        assert rig.wait(job).result == '"x"'
        assert tuple(calls[name] for name in "abc") == called


class TestHttp:
    def job(self, api: Api, person: Person) -> str:
        api.container.catalogue.register(TASKS)
        return str(api.call("POST", "/job/create", {"name": "x", "delayS": 3600}, by=person).json["job"]["_id"])

    def test_events_are_sent_and_shown(self, api: Api, alice: Person) -> None:
        job = self.job(api, alice)
        for data in ({"by": "ada"}, [1], "text", 7, False):
            answer = api.call("POST", f"/job/{job}/events/approval", data, by=alice)
            assert answer.status == 200, answer.text
            assert answer.json["event"]["name"] == "approval"
        steps = api.call("GET", f"/job/{job}/steps", by=alice).json
        assert (steps["steps"], steps["nextAfter"]) == ([], None)
        assert [each["step"] for each in steps["events"]] == [None] * 5
        stored = api.container.step_events.of_job(job, "", 10)
        assert [orjson.loads(each.data) for each in stored] == [{"by": "ada"}, [1], "text", 7, False]

    def test_steps_are_read_with_their_results(self, api: Api, alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("chalicelib.services.steps.MAX_RESULTS_BYTES", 30_000)
        job = self.job(api, alice)
        series = api.container.job_store.get(job).submission_id
        at = api.container.clock.now()
        values = [{"n": 1}, "x" * 20_000, "y" * 20_000, None]
        for n, value in enumerate(values):
            text = orjson.dumps(value).decode()
            record = StepRecord(
                job, series, StepKey("s", n + 1), StepKind.STEP, StepStatus.COMPLETED, 1, "f", 1, "t",
                at + timedelta(seconds=n), at, result=text, size=len(text),
            )  # fmt: skip
            api.container.step_store.write([record])
        plain = api.call("GET", f"/job/{job}/steps", by=alice).json
        assert [each.get("result") for each in plain["steps"]] == [None] * 4
        found: list[Any] = []
        after: int | None = 0
        pages = 0
        while after is not None:
            asked = {"results": "true", "after": str(after)}
            page = api.call("GET", f"/job/{job}/steps", by=alice, query=asked).json
            found += [each["result"] for each in page["steps"]]
            after, pages = page["nextAfter"], pages + 1
        assert (found, pages) == (values, 2)

    @pytest.mark.parametrize("name", ["a b", "x" * 65, "-a", "%20"])
    def test_names_are_checked(self, api: Api, alice: Person, name: str) -> None:
        answer = api.call("POST", f"/job/{self.job(api, alice)}/events/{name}", {}, by=alice)
        assert answer.status in {400, 404}

    def test_a_callback_works_once_without_a_session(self, api: Api, alice: Person) -> None:
        job = self.job(api, alice)
        token = api.container.callbacks.token(job, "paid", 1, "")
        assert api.call("POST", f"/callbacks/{token}", {"ok": True}).status == 200
        assert api.call("POST", f"/callbacks/{token}", {"ok": True}).status == 409
        assert api.call("POST", f"/callbacks/{token[:-1]}", {"ok": True}).status == 404
        assert api.call("POST", "/callbacks/nonsense", {"ok": True}).status == 404
        [event] = api.container.step_events.of_job(job, "", 10)
        assert (event.name, event.data) == ("paid", '{"ok":true}')

    def test_an_ended_job_takes_no_event_and_its_traces_go_with_it(self, api: Api, alice: Person) -> None:
        job = self.job(api, alice)
        api.call("POST", f"/job/{job}/events/a", {}, by=alice)
        assert api.call("POST", f"/job/{job}/cancel", by=alice).status == 200
        assert api.call("POST", f"/job/{job}/events/a", {}, by=alice).status == 409
        assert api.call("DELETE", f"/job/{job}", by=alice).status == 200
        assert api.container.db.job_events.count_documents({"job_id": ObjectId(job)}) == 0

    def test_from_step_names_a_recorded_step(self, api: Api, alice: Person) -> None:
        job = self.job(api, alice)
        api.container.db.jobs.update_one(
            {"_id": ObjectId(job)}, {"$set": {"status": "dlq", "finished_at": datetime.now(UTC)}}
        )
        answer = api.call("POST", f"/job/{job}/retry", {"fromStep": "load"}, by=alice)
        assert (answer.status, answer.json["field"]) == (400, "fromStep"), answer.text
        both = api.call("POST", f"/job/{job}/retry", {"fromStep": "load", "payload": {}}, by=alice)
        assert both.status == 400
        api.container.db.jobs.delete_one({"_id": ObjectId(job)})
        api.container.rebuilder.rebuild()
