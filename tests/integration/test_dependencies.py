"""Jobs that depend on others: over HTTP, in each order of ends and submissions, and in parallel."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from bson import ObjectId

from chalicelib.domain.clock import SystemClock
from chalicelib.domain.dependencies import RunIf
from chalicelib.domain.jobs import Job, JobStatus, NewJob
from chalicelib.domain.principals import Principal, Role
from chalicelib.errors import InvalidTransition
from chalicelib.services.dependencies import MAX_SHOWN
from chalicelib.settings import Settings
from tests.api_client import Api, Person
from tests.audit import audit
from tests.container import Container
from tests.jobs import prepare
from tests.support import wait_until
from tests.timed import ALICE, Timed
from tests.worker_support import OWNER, TENANT, Rig
from worker_fn import DoNotRetry, TaskContext

pytestmark = pytest.mark.integration
LONG = os.environ.get("QUEUECRAFT_TESTS") == "all"


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """Without limits, or with the limit on active jobs that a test names."""
    active = getattr(request, "param", 0)
    return replace(settings, rate_limit_max_requests=0, max_active_jobs_per_user=active)


def waiting(timed: Timed, *needs: Job, run_if: RunIf = RunIf.ALL_OK, **fields: Any) -> Job:
    """A job that depends on ``needs``."""
    return timed.submit(depends_on=tuple(need.id for need in needs), run_if=run_if, **fields)


def run(timed: Timed, *, failed: bool = False) -> list[str]:
    """Run what is ready to its end; return the ids in order."""
    return [timed.conclude(running, failed=failed).id for running in timed.start()]


def begin_now(timed: Timed) -> None:
    """Set the clock to the time that ids of jobs have, and make the tenant, for retention."""
    timed.clock.at = SystemClock().now()
    timed.travel(0)
    timed.container.tenant_store.add(ALICE.tenant_id, "a tenant", timed.clock.now())
    timed.container.retention.pause = lambda _: None


# --- over HTTP ------------------------------------------------------------------------------------------------
class TestHttp:
    @pytest.fixture(autouse=True)
    def catalogue(self, container: Container) -> None:
        prepare(container)

    def create(self, api: Api, by: Person, **fields: Any) -> Any:
        return api.post("/job/create", {"name": "a job", **fields}, by=by)

    def test_a_dependent_is_blocked_and_both_say_so(self, api: Api, alice: Person) -> None:
        first = self.create(api, alice, name="first").json["job"]
        answer = self.create(api, alice, name="second", dependsOn=[first["_id"]], runIf="any_ok")
        assert (answer.status, answer.json["job"]["status"]) == (201, "blocked")

        second = api.get(f"/job/{answer.json['job']['_id']}", by=alice).json["job"]
        assert (second["dependsOn"], second["runIf"]) == ([first["_id"]], "any_ok")
        assert second["needs"] == [{"_id": first["_id"], "name": "first", "status": "pending"}]
        shown = api.get(f"/job/{first['_id']}", by=alice).json["job"]
        assert shown["dependents"] == [{"_id": second["_id"], "name": "second", "status": "blocked"}]
        assert (shown["dependsOn"], shown["runIf"], shown["needs"]) == ([], None, [])
        assert shown["moreDependents"] is False
        assert api.get("/job/stats", by=alice).json["stats"]["pending"] == 2
        [listed] = api.get("/job", query={"status": "blocked"}, by=alice).json["jobs"]
        assert listed["_id"] == second["_id"]
        [queue] = api.get("/queues", by=alice).json["queues"]
        assert (queue["blocked"], queue["ready"]) == (1, 1)

    def test_jobs_that_cannot_be_waited_for_are_a_400_that_names_the_field(self, api: Api, alice: Person) -> None:
        mine = self.create(api, alice).json["job"]["_id"]
        stranger = api.person()
        theirs = self.create(api, stranger).json["job"]["_id"]
        for needs, field in (
            ([mine, "0" * 24], "dependsOn.1"),
            ([theirs], "dependsOn.0"),
            (["no id"], "dependsOn.0"),
            ([mine] * 101, "dependsOn"),
        ):
            answer = self.create(api, alice, dependsOn=needs)
            assert (answer.status, answer.json["field"]) == (400, field), answer.text
        bulk = {"jobs": [{"name": "a"}, {"name": "b", "dependsOn": [mine, "0" * 24]}]}
        answer = api.post("/job/bulk", bulk, by=alice)
        assert (answer.status, answer.json["field"]) == (400, "jobs.1.dependsOn.1")
        assert self.create(api, alice, runIf="all_ok").status == 400
        assert self.create(api, alice, dependsOn=[mine], runIf="never").json["field"] == "runIf"

    def test_a_deleted_job_cannot_be_waited_for(self, api: Api, alice: Person) -> None:
        mine = self.create(api, alice).json["job"]["_id"]
        api.post(f"/job/{mine}/cancel", by=alice)
        assert api.call("DELETE", f"/job/{mine}", by=alice).status == 200
        assert self.create(api, alice, dependsOn=[mine]).status == 400

    def test_a_need_with_an_open_dependent_cannot_be_deleted(self, api: Api, alice: Person) -> None:
        done, is_open = (self.create(api, alice).json["job"]["_id"] for _ in range(2))
        api.post(f"/job/{done}/cancel", by=alice)
        second = self.create(api, alice, dependsOn=[done, is_open], runIf="all_done").json["job"]["_id"]
        assert api.call("DELETE", f"/job/{done}", by=alice).status == 409

        api.post(f"/job/{second}/cancel", by=alice)
        assert api.call("DELETE", f"/job/{done}", by=alice).status == 200
        shown = api.get(f"/job/{second}", by=alice).json["job"]["needs"]
        assert shown[0] == {"_id": done, "name": None, "status": None}

    def test_names_of_jobs_of_others_are_not_shown(self, api: Api, alice: Person) -> None:
        first = self.create(api, alice, name="secret").json["job"]["_id"]
        second = self.create(api, alice, dependsOn=[first]).json["job"]["_id"]
        member = api.person(Role.MEMBER, tenant_id=alice.user.tenant_id)
        api.container.db.jobs.update_one({"_id": ObjectId(second)}, {"$set": {"owner_id": ObjectId(member.id)}})
        [need] = api.get(f"/job/{second}", by=member).json["job"]["needs"]
        assert (need["_id"], need["name"], need["status"]) == (first, None, "pending")

    def test_a_repeated_call_with_a_key_has_the_same_answer(self, api: Api, alice: Person) -> None:
        first = self.create(api, alice).json["job"]["_id"]
        made = [self.create(api, alice, dependsOn=[first], idempotencyKey="k") for _ in range(2)]
        assert [answer.status for answer in made] == [201, 200]
        assert made[0].json["job"]["_id"] == made[1].json["job"]["_id"]
        assert self.create(api, alice, dependsOn=[first], runIf="any_ok", idempotencyKey="k").status == 409

    def test_a_unique_job_may_depend_on_others_unless_it_replaces_one(self, api: Api, alice: Person) -> None:
        first = self.create(api, alice).json["job"]["_id"]
        made = [self.create(api, alice, dependsOn=[first], unique={"key": "u"}) for _ in range(2)]
        assert [answer.json["duplicate"] for answer in made] == [False, True]
        for how in ("replace", "run_after"):
            answer = self.create(api, alice, dependsOn=[first], unique={"key": "u", "onConflict": how})
            assert (answer.status, answer.json["field"]) == (400, "dependsOn")


# --- ends -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("run_if", RunIf)
@pytest.mark.parametrize("fails", [False, True])
def test_a_dependent_runs_or_is_skipped_when_its_need_ends(timed: Timed, run_if: RunIf, fails: bool) -> None:
    first = timed.submit(max_retries=0)
    second = waiting(timed, first, run_if=run_if)
    assert run(timed, failed=fails) == [first.id]

    runs = run_if is RunIf.ALL_DONE or fails is (run_if is RunIf.ANY_FAILED)
    after = timed.job(second)
    assert after.status is (JobStatus.PENDING if runs else JobStatus.SKIPPED)
    if not runs:
        assert after.error is not None and run_if.value in after.error.message
        assert timed.event_types()[-1] == ("job:skipped", "")
    assert run(timed) == ([second.id] if runs else [])


def test_a_job_waits_for_all_its_needs_also_if_the_first_one_failed(timed: Timed) -> None:
    first, second = timed.submit(max_retries=0), timed.submit(delay_s=60)
    third = waiting(timed, first, second)
    run(timed, failed=True)
    assert timed.status(third) is JobStatus.BLOCKED

    timed.container.jobs.redrive(ALICE, first.id)
    run(timed)
    timed.travel(61)
    timed.container.sweeper.sweep()
    run(timed)
    assert timed.status(third) is JobStatus.PENDING


def test_needs_that_ended_before_do_not_block(timed: Timed) -> None:
    first = timed.submit()
    run(timed)
    assert waiting(timed, first).status is JobStatus.PENDING
    is_skipped = waiting(timed, first, run_if=RunIf.ANY_FAILED)
    assert is_skipped.status is JobStatus.SKIPPED
    assert timed.container.engine.counts("all")["skipped"] == 1


def test_what_is_skipped_is_spread_along_a_chain_without_deep_calls(timed: Timed) -> None:
    first = before = timed.submit(delay_s=60)
    chain = [before := waiting(timed, before) for _ in range(100)]
    last = waiting(timed, before, run_if=RunIf.ANY_FAILED)

    timed.container.jobs.cancel(ALICE, first.id)

    assert {timed.status(job) for job in chain} == {JobStatus.SKIPPED}
    assert timed.status(last) is JobStatus.PENDING
    assert timed.container.db.jobs.count_documents({"outbox": {"$exists": True}}) == 0


def test_a_dependent_of_many_runs_once_after_the_last(timed: Timed) -> None:
    needs = [timed.submit() for _ in range(100)]
    last = waiting(timed, *needs)
    while ended := run(timed):
        if timed.status(last) is not JobStatus.BLOCKED:
            break
    assert ended
    assert run(timed) == [last.id]


def test_many_dependents_of_one_all_run(timed: Timed) -> None:
    first = timed.submit()
    for _ in range(3):
        news = [NewJob(f"{n}", depends_on=(first.id,)) for n in range(150)]
        timed.container.jobs.submit(ALICE, news, "trace")
    run(timed)
    assert timed.container.engine.counts("all").get("blocked", 0) == 0
    assert timed.container.engine.counts("all")["pending"] == 450
    relations = timed.container.dependencies.relations(ALICE, timed.job(first))
    assert (len(relations.dependents), relations.has_more) == (MAX_SHOWN, True)


@pytest.mark.parametrize("settings", [1], indirect=True)
def test_a_due_time_and_the_limit_on_active_jobs_hold_after_the_wait(timed: Timed) -> None:
    first = timed.submit()
    later, held = waiting(timed, first, delay_s=300), waiting(timed, first)
    other = waiting(timed, first)
    run(timed)
    assert timed.status(later) is JobStatus.SCHEDULED
    assert sorted((timed.status(held), timed.status(other))) == [JobStatus.PENDING, JobStatus.SCHEDULED]
    timed.run_all()
    assert timed.status(later) is JobStatus.COMPLETED


def test_a_blocked_job_is_cancelled_and_not_retried(timed: Timed) -> None:
    first = timed.submit()
    second = waiting(timed, first)
    third = waiting(timed, second, run_if=RunIf.ANY_FAILED)
    with pytest.raises(InvalidTransition):
        timed.container.jobs.retry(ALICE, second.id)

    timed.container.jobs.cancel(ALICE, second.id)
    assert timed.status(second) is JobStatus.CANCELLED
    assert timed.status(third) is JobStatus.PENDING


def test_a_need_is_kept_by_the_retention(timed: Timed) -> None:
    begin_now(timed)
    first, second = timed.submit(), timed.submit(delay_s=300 * 86_400)
    run(timed)
    third = waiting(timed, first, second)
    timed.travel(40 * 86_400)
    timed.container.sweeper.tidy()
    assert timed.status(first) is JobStatus.COMPLETED

    timed.container.jobs.cancel(ALICE, third.id)
    timed.travel(86_400)
    timed.container.sweeper.tidy()
    assert timed.container.db.jobs.count_documents({"_id": ObjectId(first.id)}) == 0


def test_skipped_jobs_expire_as_cancelled_ones_do(timed: Timed) -> None:
    begin_now(timed)
    first = timed.submit()
    second = waiting(timed, first)
    timed.container.jobs.cancel(ALICE, first.id)
    assert timed.status(second) is JobStatus.SKIPPED
    timed.travel(40 * 86_400)
    timed.container.sweeper.tidy()
    assert timed.container.db.jobs.count_documents({}) == 0
    assert timed.container.engine.counts("all")["skipped"] == 0


def test_a_need_that_is_deleted_during_the_submission_counts_as_not_ok(
    timed: Timed, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = timed.submit()
    timed.container.jobs.cancel(ALICE, first.id)
    insert = timed.container.job_store.insert

    def delete_first(jobs: Any, **options: Any) -> Any:
        timed.container.jobs.delete(ALICE, first.id)
        return insert(jobs, **options)

    monkeypatch.setattr(timed.container.job_store, "insert", delete_first)
    assert waiting(timed, first).status is JobStatus.SKIPPED


def test_a_rebuild_brings_blocked_jobs_back(timed: Timed) -> None:
    first = timed.submit()
    second = waiting(timed, first)
    is_skipped = waiting(timed, second, run_if=RunIf.ANY_FAILED)
    redis: Any = timed.container.redis
    redis.delete(*redis.scan_iter(match=timed.container.keys.prefix + "*", count=1000))
    timed.container.rebuilder.ensure_open()
    assert timed.container.engine.counts("all")["blocked"] == 2
    timed.run_all()
    assert [timed.status(job) for job in (second, is_skipped)] == [JobStatus.COMPLETED, JobStatus.SKIPPED]


def test_ends_of_workers_that_know_nothing_of_dependents_are_found_by_the_sweep(timed: Timed) -> None:
    """A worker of an older version writes an end without the mark."""
    first = timed.submit()
    second = waiting(timed, first)
    (running,) = timed.start()
    end = {"status": "completed", "rev": running.rev + 1, "lease": None, "finished_at": timed.clock.now()}
    timed.container.db.jobs.update_one({"_id": ObjectId(first.id)}, {"$set": end, "$unset": {"open": ""}})
    timed.tell_end(timed.job(first))

    timed.container.sweeper.sweep()
    assert timed.status(second) is JobStatus.PENDING
    assert timed.container.sweeper.totals()["dependencies"].mended == 1


def test_the_lists_are_read_by_their_indexes(timed: Timed) -> None:
    first = timed.submit()
    for _ in range(3):
        timed.submit()
    waiting(timed, first)
    jobs = timed.container.db.jobs
    for match, hint in (
        ({"depends_on": ObjectId(first.id), "open": True}, "depends_on"),
        ({"status": "blocked"}, "blocked"),
    ):
        stats = jobs.find(match).hint(hint).explain()["executionStats"]
        assert (stats["totalKeysExamined"], stats["totalDocsExamined"]) == (1, 1)
    sizes = jobs.aggregate([{"$indexStats": {}}])
    assert {"depends_on", "blocked"} <= {each["name"] for each in sizes}


# --- in parallel ----------------------------------------------------------------------------------------------
def test_two_needs_that_end_in_the_same_moment(container: Container) -> None:
    """Whoever comes second sees both ends; both may ask, and one moves the job."""
    prepare(container)
    pairs = []
    for _ in range(1_000 if LONG else 25):
        needs = [each.job for each in container.jobs.submit(ALICE, [NewJob("a"), NewJob("b")], "t")]
        (made,) = container.jobs.submit(ALICE, [NewJob("c", depends_on=tuple(n.id for n in needs))], "t")
        pairs.append((needs, made.job))
    together = Barrier(2, timeout=60)

    def end(need: Job) -> None:
        together.wait()
        container.jobs.cancel(ALICE, need.id)

    with ThreadPoolExecutor(2) as pool:
        for needs, last in pairs:
            for done in [pool.submit(end, need) for need in needs]:
                done.result()
            assert container.job_store.get(last.id).status is JobStatus.SKIPPED
    assert audit(container) == []


def is_in(container: Container, job: Job, status: JobStatus) -> bool:
    return container.job_store.get(job.id).status is status


def test_dependents_submitted_while_their_need_ends(container: Container) -> None:
    prepare(container)
    with ThreadPoolExecutor(4) as pool:
        for n in range(100 if LONG else 25):
            (first,) = container.jobs.submit(ALICE, [NewJob("first")], "t")
            new = NewJob("second", depends_on=(first.job.id,), run_if=list(RunIf)[n % 4])
            made = [pool.submit(container.jobs.submit, ALICE, [new], "t") for _ in range(2)]
            pool.submit(container.jobs.cancel, ALICE, first.job.id).result()
            expected = {RunIf.ALL_DONE: JobStatus.PENDING, RunIf.ANY_FAILED: JobStatus.PENDING}
            for each in made:
                job = each.result()[0].job
                status = expected.get(new.run_if, JobStatus.SKIPPED)
                wait_until(partial(is_in, container, job, status))
    assert audit(container) == []


def test_a_worker_lets_dependents_run_that_were_submitted_while_it_ran(container: Container) -> None:
    """The mark comes after the worker has read the job."""
    with Rig(container) as rig:
        seen: list[str] = []

        @rig.task("first")
        def first(ctx: TaskContext, payload: dict[str, Any]) -> None:
            new = NewJob("x", task="second", depends_on=(ctx.job_id,), run_if=RunIf.ALL_DONE)
            seen.append(container.jobs.submit(Principal(OWNER, TENANT, Role.MEMBER), [new], "t")[0].job.id)
            if payload.get("fails"):
                raise DoNotRetry("no")

        @rig.task("second")
        def second(ctx: TaskContext, payload: dict[str, Any]) -> None:
            seen.append(ctx.job_id)

        container.catalogue.register([task.spec for task in rig.registry.tasks.values()])
        rig.submit("first")
        rig.submit("first", {"fails": True})
        rig.run()
        assert sorted(seen) == sorted([*set(seen)] * 2)
        assert container.db.jobs.count_documents({"status": "completed", "task": "second"}) == 2
