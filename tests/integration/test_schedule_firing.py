"""Fires of schedules: each one run and one job, in time, late, missed, overlapping, and after crashes."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.jobs import JobStatus, to_ms
from chalicelib.domain.schedules import Missed, Overlap, Run, Schedule, Skip, Timing
from chalicelib.services.firing import FIRES_AT_ONCE
from chalicelib.services.maintenance.schedule_runs import OVERDUE_S
from tests.crash import CrashError, crash
from tests.schedules import jobs, put, runs
from tests.timed import ALICE, Timed

pytestmark = pytest.mark.integration


def stored(timed: Timed, name: str = "nightly") -> Schedule:
    return timed.container.schedules.get(ALICE, name)


def outcomes(timed: Timed, name: str = "nightly") -> list[str]:
    def of(run: Run) -> str:
        return "waits" if run.waiting else run.skipped or "job"

    return [of(run) for run in runs(timed.container, name)]


def test_a_fire_makes_one_job_and_sets_the_next(timed: Timed) -> None:
    made = put(timed.container, task="resize", payload='{"width":3}', tags=("a",), priority=8)
    assert made.next_at == timed.clock.at + timedelta(seconds=60)
    assert timed.container.sweeper.catch_up() == 0

    timed.travel(61)
    assert timed.container.sweeper.catch_up() == 1
    assert timed.container.sweeper.catch_up() == 0

    [job] = jobs(timed.container)
    assert (job["name"], job["task"], job["queue"], job["priority"]) == ("a job", "resize", "images", 8)
    assert (job["payload"], job["tags"], job["status"]) == ('{"width":3}', ["a"], "pending")
    assert (str(job["owner_id"]), str(job["tenant_id"])) == (ALICE.user_id, ALICE.tenant_id)
    assert job["_id"].generation_time.timestamp() == to_ms(timed.clock.at) // 1000, "a time is read from ids"
    [run] = runs(timed.container)
    assert (run.at, run.job_id, run.skipped, run.open) == (made.next_at, str(job["_id"]), None, False)
    after = stored(timed)
    assert after.next_at == made.next_at + timedelta(seconds=60)
    assert after.last is not None
    assert (after.last.at, after.last.job_id) == (made.next_at, str(job["_id"]))
    assert ("schedule:run", "") in timed.event_types()
    assert ("job:created", "") in timed.event_types()


def test_a_schedule_outlives_its_last_fire(timed: Timed) -> None:
    put(timed.container, at=timed.clock.at + timedelta(minutes=5))
    timed.travel(301)
    timed.container.sweeper.sweep()
    assert outcomes(timed) == ["job"]
    assert stored(timed).state == "ended"
    assert timed.container.schedule_store.next_due_at() is None
    assert timed.container.schedule_store.count_without_next(10) == 0


def off_for_an_hour(timed: Timed, **fields: Any) -> list[str]:
    """A schedule of each minute, and nobody there for an hour."""
    put(timed.container, **fields)
    timed.travel(3600 + 30)
    timed.container.sweeper.sweep()
    return outcomes(timed)


def test_off_for_an_hour_and_missed_skip(timed: Timed) -> None:
    assert off_for_an_hour(timed, missed=Missed.SKIP) == [Skip.MISSED] * 59 + ["job"], "the last is in time"


def test_off_for_an_hour_and_missed_once(timed: Timed) -> None:
    assert off_for_an_hour(timed, missed=Missed.ONCE) == [Skip.MISSED] * 59 + ["job"]
    assert len(jobs(timed.container)) == 1


def test_off_for_an_hour_and_missed_all(timed: Timed) -> None:
    assert off_for_an_hour(timed, missed=Missed.ALL, overlap=Overlap.ALLOW) == ["job"] * 60
    assert len(jobs(timed.container)) == 60


def test_off_for_an_hour_and_missed_all_one_after_another(timed: Timed) -> None:
    assert off_for_an_hour(timed, missed=Missed.ALL) == ["job"] + ["waits"] * 59
    for done in range(1, 61):
        [running] = timed.start()
        after = timed.finish(running)
        timed.container.dispatcher.dispatch([after])
        assert outcomes(timed) == ["job"] * min(60, done + 1) + ["waits"] * (59 - done)
    assert timed.start() == []
    assert len({job["_id"] for job in jobs(timed.container)}) == 60


def test_off_for_longer_than_the_catch_up(timed: Timed) -> None:
    found = off_for_an_hour(timed, missed=Missed.ALL, overlap=Overlap.ALLOW, catchup_s=600)
    assert found == [Skip.TOO_OLD] * 50 + ["job"] * 10


def test_more_missed_than_one_step_makes(timed: Timed) -> None:
    put(timed.container, every_s=1, missed=Missed.ONCE)
    timed.travel(FIRES_AT_ONCE * 2 + 500)
    timed.container.sweeper.sweep()
    assert outcomes(timed) == [Skip.MISSED] * (FIRES_AT_ONCE * 2 + 499) + ["job"]
    assert stored(timed).next_at == timed.clock.at + timedelta(seconds=1)


def test_overlap(timed: Timed) -> None:
    policies = {
        Overlap.SKIP: ["job", Skip.OVERLAP, Skip.OVERLAP],
        Overlap.ALLOW: ["job", "job", "job"],
        Overlap.QUEUE_ONE: ["job", "waits", Skip.OVERLAP],
        Overlap.CANCEL_RUNNING: ["job", "job", "job"],
    }
    for overlap in policies:
        put(timed.container, overlap.replace("_", "-"), overlap=overlap)
    for n in range(3):
        timed.travel(60)
        timed.container.firing.make_due()  # no lease is looked at
        if n == 0:
            assert len(timed.start()) == 4
    assert {overlap: outcomes(timed, overlap.replace("_", "-")) for overlap in policies} == policies
    cancelling = jobs(timed.container, "cancel-running")
    assert [job["status"] for job in cancelling] == ["running", "cancelled", "pending"]
    assert cancelling[0]["cancel_requested"], "its worker ends it"


def test_a_run_that_waits_begins_when_the_job_before_it_ends(timed: Timed) -> None:
    put(timed.container, overlap=Overlap.QUEUE_ONE)
    timed.travel(60)
    timed.container.firing.make_due()  # no lease is looked at
    [running] = timed.start()
    timed.travel(60)
    timed.container.firing.make_due()  # no lease is looked at
    assert outcomes(timed) == ["job", "waits"]

    timed.travel(30)
    timed.container.dispatcher.dispatch([timed.finish(running)])

    assert outcomes(timed) == ["job", "job"]
    [second] = timed.start()
    assert second.created_at == timed.clock.at, "its id says when it was made"
    timed.container.dispatcher.dispatch([timed.finish(second)])
    assert len(jobs(timed.container)) == 2


def test_a_run_whose_predecessor_nobody_followed_is_begun_by_the_sweep(timed: Timed) -> None:
    put(timed.container, overlap=Overlap.ALLOW)
    timed.travel(60)
    timed.container.firing.make_due()  # no lease is looked at
    [running] = timed.start()
    put(timed.container, overlap=Overlap.QUEUE_ONE)
    timed.travel(60)
    timed.container.firing.make_due()  # no lease is looked at
    timed.finish(running)
    assert outcomes(timed) == ["job", "waits"]
    timed.container.firing.finish(OVERDUE_S)
    assert outcomes(timed) == ["job", "job"]


@pytest.mark.parametrize("how", ["paused", "deleted"])
def test_a_run_that_waits_for_nothing_any_more(timed: Timed, how: str) -> None:
    put(timed.container, overlap=Overlap.QUEUE_ONE)
    for _ in range(2):
        timed.travel(60)
        timed.container.firing.make_due()  # no lease is looked at
        timed.start()
    if how == "paused":
        timed.container.schedules.set_paused(ALICE, "nightly", paused=True)
    else:
        timed.container.schedules.delete(ALICE, "nightly")
    timed.container.jobs.cancel(ALICE, str(jobs(timed.container)[0]["_id"]))
    timed.run_all()
    [row] = timed.container.db.schedule_runs.find({"skipped": {"$exists": True}})
    assert row["skipped"] == how
    assert timed.container.db.schedule_runs.count_documents({"open": True}) == 0


def test_a_tenant_without_room(timed: Timed) -> None:
    timed.container.__dict__.pop("firing", None)
    object.__setattr__(timed.container.settings, "max_open_jobs_per_tenant", 2)
    for n in range(4):
        put(timed.container, f"s{n}", queue=f"q{n}")
    timed.travel(60)
    timed.container.sweeper.catch_up()
    found = sorted(outcome for n in range(4) for outcome in outcomes(timed, f"s{n}"))
    assert found == ["job", "job", Skip.TOO_MANY_OPEN_JOBS, Skip.TOO_MANY_OPEN_JOBS]


@pytest.mark.parametrize("step", ["job_store.insert", "engine.enqueue", "run_store.close", "schedule_store.advance"])
def test_a_crash_between_two_steps_loses_nothing_and_repeats_nothing(
    timed: Timed, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    put(timed.container, overlap=Overlap.ALLOW)
    timed.travel(60)
    part, _, name = step.partition(".")
    with monkeypatch.context() as patched:
        patched.setattr(getattr(timed.container, part), name, crash)
        with suppress(CrashError):
            timed.container.firing.make_due()
    timed.container.sweeper.catch_up()
    timed.travel(40)  # what MongoDB has and Redis lacks is put right later
    timed.container.sweeper.sweep()
    assert outcomes(timed) == ["job"]
    assert len(jobs(timed.container)) == 1
    assert len(timed.start()) == 1
    assert timed.container.db.schedule_runs.count_documents({"open": True}) == 0


def test_a_run_left_by_a_crash_is_finished_though_the_schedule_has_moved_on(
    timed: Timed, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(timed.container)
    timed.travel(60)
    with monkeypatch.context() as patched:
        patched.setattr(timed.container.submitter, "submit", crash)
        with pytest.raises(CrashError):
            timed.container.firing.make_due()
    put(timed.container, cron="0 0 1 1 *")
    timed.travel(OVERDUE_S + 1)
    timed.container.sweeper.sweep()
    assert outcomes(timed) == ["job"]
    assert len(jobs(timed.container)) == 1


def test_a_process_that_thaws_adds_nothing(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    """It read what is due, and froze; meanwhile others made the fire, and its job ran and was deleted."""
    put(timed.container, overlap=Overlap.ALLOW)
    timed.travel(60)
    due = timed.container.schedule_store.due(timed.clock.at, 10)
    timed.container.sweeper.catch_up()
    [running] = timed.start()
    timed.finish(running)
    timed.container.jobs.delete(ALICE, running.id)
    timed.travel(600)
    before = stored(timed)

    timed.container.firing._make(due)

    assert jobs(timed.container)[:1] == [] or all(job["created_at"] >= timed.clock.at for job in jobs(timed.container))
    found = [run for run in runs(timed.container) if run.at == due[0].next_at]
    assert len(found) == 1
    assert stored(timed).next_at == before.next_at


def test_a_schedule_that_cannot_fire_holds_up_no_other(timed: Timed) -> None:
    put(timed.container, "broken")
    put(timed.container, "well")
    change = {"$set": {"cron": "0 0 * * *", "every_s": None, "tz": "Europe/Atlantis"}}
    timed.container.db.schedules.update_one({"name": "broken"}, change)
    timed.travel(60)
    timed.container.sweeper.catch_up()
    assert outcomes(timed, "well") == ["job"]
    timed.travel(600)
    timed.container.sweeper.catch_up()
    assert timed.container.schedule_store.count_due(timed.clock.at - timedelta(seconds=300), 10) == 1


def test_a_schedule_without_next_fire_is_counted(timed: Timed) -> None:
    put(timed.container)
    put(timed.container, "paused", paused=True)
    assert timed.container.schedule_store.count_without_next(10) == 0
    timed.container.db.schedules.update_one({"name": "nightly"}, {"$unset": {"due_at": ""}})
    assert timed.container.schedule_store.count_without_next(10) == 1


def test_jitter_makes_a_fire_late_and_moves_no_other(timed: Timed) -> None:
    made = put(timed.container, every_s=600, jitter_s=300)
    assert made.next_at is not None
    assert made.due_at is not None
    assert made.next_at < made.due_at < made.next_at + timedelta(seconds=300)
    timed.travel((made.due_at - timed.clock.at).total_seconds() - 0.001)
    timed.container.sweeper.catch_up()
    assert runs(timed.container) == []
    timed.travel(0.002)
    timed.container.sweeper.catch_up()
    assert [run.at for run in runs(timed.container)] == [made.next_at]
    assert stored(timed).next_at == made.next_at + timedelta(seconds=600)


def test_a_task_that_no_worker_has_now(timed: Timed) -> None:
    put(timed.container, task="resize", payload='{"width":1}')
    timed.container.catalogue.register([spec for spec in timed.container.catalogue.all() if spec.name != "resize"])
    timed.travel(60)
    timed.container.sweeper.catch_up()
    [job] = jobs(timed.container)
    assert (job["task"], job["queue"]) == ("resize", "default"), "its job waits for a worker that has it"


def test_a_lost_redis(timed: Timed) -> None:
    put(timed.container)
    timed.container.redis.delete(*timed.container.redis.scan_iter(match=timed.container.keys.prefix + "*"))
    timed.travel(60)
    timed.container.sweeper.sweep()
    assert outcomes(timed) == ["job"]
    [running] = timed.start()
    assert timed.status(running) is JobStatus.RUNNING


def test_the_same_timing_keeps_phase_and_next_fire(timed: Timed) -> None:
    made = put(timed.container, every_s=86_400)
    for _ in range(20):
        timed.travel(3600)
        again = put(timed.container, every_s=86_400, payload='{"a":1}')
        assert (again.anchor, again.next_at) == (made.anchor, made.next_at)
    timed.travel(4 * 3600)
    timed.container.sweeper.sweep()
    [run] = runs(timed.container)
    assert run.at == made.anchor + timedelta(days=1)
    changed = put(timed.container, every_s=3600)
    assert changed.anchor == timed.clock.at
    assert changed.spec.timing == Timing(every_s=3600)
