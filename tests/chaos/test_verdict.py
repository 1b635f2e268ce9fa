"""The verdict can fail: each kind of wrong that chaos looks for is done once on a calm system, and is reported."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pymongo
import pytest
from pymongo.errors import PyMongoError

from chalicelib.domain.events import Event, EventType
from tests.chaos.__main__ import Plan, Scene, main, run
from tests.chaos.bodies import Body, read
from tests.chaos.limited import ROUNDS, completed_attempts, outdated, too_fast
from tests.chaos.people import CALLER
from tests.chaos.report import KINDS, Verdict
from tests.chaos.watch import applied, faults_of
from tests.chaos.world import World
from tests.support import wait_until

pytestmark = pytest.mark.integration

CALM = Plan(120, seed=1, workers=2, every_s=0, over_s=0, patience_s=240)


class Wrongs:
    """Does wrong to one job after another; ``done``: kind of wrong → the job, or the text, that the report names."""

    def __init__(self) -> None:
        self.done: dict[str, str] = {}

    def __call__(self, scene: Scene) -> None:
        self.scene = scene
        self.jobs = scene.container.db.jobs
        completed = self.jobs.find({"status": "completed"}).sort("_id", 1).limit(6)
        self.complete_again(next(completed))
        self.lose(next(completed))
        self.leave_open(next(completed))
        self.write_under_an_old_token(next(completed))
        self.keep_an_event_back()
        self.tell_nobody(next(completed))
        self.miscount()
        self.exceed_a_limit()

    def complete_again(self, job: dict[str, Any]) -> None:
        again = {"$set": {"status": "completed"}, "$inc": {"rev": 1}, "$push": {"attempts": job["attempts"][-1]}}
        self.jobs.update_one({"_id": job["_id"]}, again)
        self.done["doubled"] = str(job["_id"])

    def lose(self, job: dict[str, Any]) -> None:
        self.jobs.delete_one({"_id": job["_id"]})
        assert str(job["_id"]) in self.scene.people.accepted
        self.scene.people.maybe_deleted.discard(str(job["_id"]))
        self.done["lost"] = str(job["_id"])

    def leave_open(self, job: dict[str, Any]) -> None:
        # as if it were written in an hour: recovery leaves it alone until then
        left = {"status": "running", "open": True, "updated_at": _now(self.scene) + timedelta(hours=1)}
        self.jobs.update_one({"_id": job["_id"]}, {"$set": left, "$inc": {"rev": 1}})
        self.done["stuck"] = str(job["_id"])

    def write_under_an_old_token(self, job: dict[str, Any]) -> None:
        """A write that did not compare ``rev``: it goes back."""
        self.jobs.update_one({"_id": job["_id"]}, {"$set": {"rev": job["rev"] - 1}})
        self.done["stale_writes"] = str(job["_id"])

    def keep_an_event_back(self) -> None:
        """Two events, of which one client gets only the second, as if it were live all the time."""
        log, endpoint = self.scene.container.event_log, self.scene.endpoint
        number = "client-1.1"
        for said in ("kept back", "delivered"):
            before = list(endpoint.posts[number])
            data = {"jobId": "0" * 24, "said": said}
            log.publish([Event(EventType.PROGRESS, CALLER.tenant_id, CALLER.user_id, data, _now(self.scene))])
            wait_until(lambda: any(said.encode() in post for post in list(endpoint.posts[number])), 20)  # noqa: B023
            if said == "kept back":
                inbox: Any = endpoint.posts[number]
                del inbox[len(before) :]
                del inbox.at[len(before) :]
        self.done["gaps"] = "client-1 did not get"

    def tell_nobody(self, job: dict[str, Any]) -> None:
        """A change of a record whose event never comes."""
        self.jobs.update_one({"_id": job["_id"]}, {"$inc": {"rev": 1}, "$set": {"status": "completed"}})
        self.done["undelivered"] = f"client-2 knows {job['_id']} at rev {job['rev']} of {job['rev'] + 1}"

    def miscount(self) -> None:
        container = self.scene.container
        container.redis.hincrby(container.keys.counts("all"), "submitted", 1)
        self.done["books"] = "submitted is"

    def exceed_a_limit(self) -> None:
        """Two attempts under a limit of 1 that ran at once, in the file of bodies; both completed their jobs."""
        path, sure = self.scene.world.bodies, set(completed_attempts(self.scene.container))
        under_a = [each for each in read(path) if each.task == "single" and each.payload["key"] == "a"]
        first, second = [each for each in under_a if (each.job_id, each.attempt) in sure][:2]
        assert first.ended is not None
        text = path.read_text().replace(f'"at": {second.began}', f'"at": {first.ended - 0.001}')
        path.write_text(text)
        self.done["over_limits"] = f"single:a: 2 at once, {first.job_id}"


def _now(scene: Scene) -> Any:
    return scene.container.clock.now()


def test_every_kind_of_wrong_is_found_and_its_traces_are_kept(tmp_path: Path) -> None:
    wrongs = Wrongs()
    report = run(tmp_path, CALM, tamper=wrongs)
    assert not report.good
    for kind, text in wrongs.done.items():
        found = report.gaps if kind == "undelivered" else getattr(report, kind)
        assert any(text in each for each in found), f"{kind}: no {text!r} in {found}"
    assert not report.broken
    assert (report.verdict, report.show().splitlines()[0]) == (Verdict.WRONG, "The engine went wrong.")
    histories = json.loads((tmp_path / "histories.json").read_text())
    for kind in ("doubled", "stuck", "stale_writes"):
        assert any("completed" in step for step in histories[wrongs.done[kind]])
    assert wrongs.done["doubled"] in (tmp_path / "report.txt").read_text()
    assert (tmp_path / "faults.txt").exists()


def test_a_calm_run_is_found_good(tmp_path: Path) -> None:
    report = run(tmp_path, CALM)
    assert report.good, report.show()
    assert report.verdict is Verdict.GOOD
    assert report.figures["jobs"] >= CALM.jobs + 2 * ROUNDS  # those under limits, and some of the unique ones
    assert report.figures["under limits"] >= 2 * ROUNDS
    assert all(report.data()[kind] == 0 for kind in KINDS)


def test_a_fault_that_cannot_be_undone_fails_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.chaos.faults import Faults

    def fails(self: Faults, chance: object) -> str:
        raise RuntimeError("the server does not come back")

    for kind in ("kill_worker", "stop_worker", "skew_clock", "fill_slots", "drop_client", "end_managers"):
        monkeypatch.setattr(Faults, kind, fails)
    as_ever = Faults.__init__

    def with_one_that_never_comes(self: Faults, *args: Any) -> None:
        as_ever(self, *args)
        self.series.append([meteor])

    def meteor(chance: object) -> str:
        raise AssertionError("no thread makes this one")

    monkeypatch.setattr(Faults, "__init__", with_one_that_never_comes)
    plan = Plan(200, seed=1, workers=2, every_s=0.5, over_s=3, submitted_within_s=60, patience_s=30, kinds_within_s=2)
    report = run(tmp_path, plan)
    assert not report.good
    assert any("does not come back" in each for each in report.broken)
    assert "meteor never came" in report.broken
    assert (report.verdict, report.show().split(":")[0]) == (Verdict.NONE, "No verdict")


def test_a_step_down_during_the_last_sweeps_is_waited_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a primary that still steps down, as on a busy machine, when the books are to be balanced."""
    as_ever, away = World.await_servers, []

    def step_down_first(world: World, timeout_s: float) -> None:
        with pymongo.MongoClient[dict[str, Any]](world.mongo.uri) as client, suppress(PyMongoError):
            client.admin.command("replSetStepDown", 2, force=True)
        with pytest.raises(PyMongoError), pymongo.timeout(0.5):
            world.producers[0].meta.touch()
        away.append(True)
        as_ever(world, timeout_s)

    monkeypatch.setattr(World, "await_servers", step_down_first)
    report = run(tmp_path, CALM)
    assert (report.verdict, away) == (Verdict.GOOD, [True]), report.show()


def test_a_server_that_stays_away_is_the_harness_s_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    as_ever = World.await_servers

    def kill_first(world: World, timeout_s: float) -> None:
        world.valkey.kill()
        as_ever(world, 0.0)

    monkeypatch.setattr(World, "await_servers", kill_first)
    monkeypatch.setattr(sys, "argv", ["chaos", "--jobs", "20", "--every", "0", "--over", "0", "--keep", str(tmp_path)])
    assert main() == Verdict.NONE
    assert "No verdict: the harness failed, which says nothing about the engine." in capsys.readouterr().out


BEFORE: dict[str, Any] = {
    "rev": 4,
    "status": "running",
    "lease": {"token": "t", "worker": "w1"},
    "attempts": [{"worker": "w1"}],
}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"rev": 5, "status": "completed", "lease": None, "attempts.0.outcome": "completed"}, None),
        ({"rev": 4, "status": "completed", "lease": None, "attempts.0.outcome": "completed"}, "went from"),
        ({"rev": 5, "status": "scheduled", "lease": None, "attempts.0.outcome": "completed"}, "went from"),
        ({"rev": 5, "status": "completed", "attempts": [{"worker": "w2", "outcome": "completed"}]}, "ended by w2"),
        ({"rev": 5, "status": "completed", "lease": None}, "without an outcome"),
        ({"rev": 5, "status": "running", "lease": {"token": "u", "worker": "w2"}}, "leased to"),
    ],
)
def test_one_write_is_judged(changes: dict[str, Any], wrong: str | None) -> None:
    found = faults_of(BEFORE, applied(BEFORE, {"updatedFields": changes}))
    assert found == [] if wrong is None else any(wrong in each for each in found)


def test_paths_of_the_change_stream_are_followed() -> None:
    update = {
        "updatedFields": {"attempts.1": {"worker": "w2"}, "lease.worker": "w2", "name": "n"},
        "truncatedArrays": [{"field": "attempts", "newSize": 1}],
    }
    old = {**BEFORE, "attempts": [{"worker": "w1"}, {"worker": "x"}]}
    new = applied(old, update)
    assert new["attempts"] == [{"worker": "w1"}, {"worker": "w2"}]
    assert new["lease"] == {"token": "t", "worker": "w2"}
    assert old["attempts"][1] == {"worker": "x"}


def paced(*claims: float) -> list[Body]:
    return [Body(str(n), 1, "paced", {"key": "a"}, (at, at), at, at) for n, at in enumerate(claims)]


def test_a_rate_that_is_exceeded_is_found() -> None:
    # 5 at once, then 20 a second
    allowed = [0.0] * 5 + [0.05 * n for n in range(1, 40)]
    assert too_fast(paced(*allowed), []) == []
    assert "began within" in too_fast(paced(*allowed, 1.0, 1.0), [])[0]
    # a loss of Redis allows one burst more, once
    assert too_fast(paced(*allowed, *[1.0] * 5), [(0.9, 0.95)]) == []
    assert too_fast(paced(*allowed, *[1.0] * 10), [(0.9, 0.95)])


def test_an_older_payload_that_ran_last_is_found() -> None:
    bodies = [Body(str(n), 1, "newest", {"key": "u", "n": n}, (n, n), n, n) for n in range(3)]
    completed = [(body.job_id, 1) for body in bodies]
    assert outdated(bodies, completed, {"u": 2}) == []
    assert outdated(bodies, completed, {"u": 3}) == ["u: 2 ran last, not 3"]
    assert outdated(bodies, completed[:2], {"u": 2}) == ["u: 1 ran last, not 2"]
