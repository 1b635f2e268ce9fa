"""Log lines, roll-ups and the catalogue in MongoDB; the handler's other events."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest
from pymongo.errors import NotPrimaryError

from chalicelib.domain.job_logs import LogLine, log_line_data, seq_of
from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.limits import Limit
from chalicelib.domain.tasks import TaskSpec
from chalicelib.errors import InvalidInput
from chalicelib.services.tasks import Catalogue
from chalicelib.store.rollups import Increments
from chalicelib.store.tasks import TaskStore
from tests.container import Container
from tests.support import ManualClock
from tests.worker_support import Rig
from worker_fn import handler
from worker_fn.container import get_container
from worker_fn.recycle import Recycler

pytestmark = pytest.mark.integration
JOB = "c" * 24
AT = datetime(2026, 1, 1, tzinfo=UTC)
SIZE = TaskSpec(
    "resize",
    {
        "type": "object",
        "properties": {"size": {"$ref": "#/$defs/s"}},
        "required": ["size"],
        "$defs": {"s": {"type": "integer"}},
    },
    max_retries=1,
    queue="images",
)


def _lines(first: int, last: int, attempt: int = 1) -> list[LogLine]:
    return [LogLine(JOB, seq_of(attempt, n), attempt, AT, "info", f"line {n}") for n in range(first, last + 1)]


def test_the_last_lines_of_a_job_are_kept_in_order(container: Container) -> None:
    logs = container.job_logs
    logs.append(_lines(1, 600))
    logs.append(_lines(590, 620))  # again: a write whose response was lost
    logs.trim(JOB)
    kept = logs.read(JOB)
    assert (len(kept), kept[0].message, kept[-1].message) == (500, "line 121", "line 620")
    logs.append(_lines(1, 3, attempt=2))
    assert [line.message for line in logs.read(JOB, after=kept[-1].seq)] == ["line 1", "line 2", "line 3"]
    assert [line.message for line in logs.read(JOB, after=kept[0].seq, limit=2)] == ["line 122", "line 123"]
    assert log_line_data(kept[0]) == {
        "seq": seq_of(1, 121), "attempt": 1, "at": "2026-01-01T00:00:00.000Z", "level": "info", "message": "line 121"
    }  # fmt: skip
    assert logs.read("d" * 24) == []
    logs.append([])


def test_roll_ups_add_up_over_calls_and_spans(container: Container) -> None:
    each = Increments("t", "q", "k", AT)
    each.counts.update({"started": 2, "completed": 1})
    each.wait.update({0: 1, 7: 1})
    container.rollups.add([each])
    container.rollups.add([each])
    container.rollups.add([])
    found = {doc["span"]: doc for doc in container.db.rollups.find()}
    assert set(found) == {"1m", "15m", "2h", "1d"}
    assert (found["2h"]["started"], found["2h"]["wait"]) == (4, {"0": 2, "7": 2})
    assert found["1m"]["expires_at"] > found["1m"]["start"]


def test_the_catalogue_changes_only_when_tasks_do(container: Container) -> None:
    catalogue = container.catalogue
    other = TaskSpec("other", {"type": "object"})
    assert catalogue.register([SIZE, other])
    assert not catalogue.register([other, SIZE])
    assert catalogue.all() == [other, SIZE]
    assert catalogue.register([SIZE])
    assert [spec.name for spec in catalogue.all()] == ["resize"]


def test_the_catalogue_has_the_limits_of_tasks(container: Container) -> None:
    catalogue = container.catalogue
    every = Limit("every", concurrency=2, rate="30/min", burst=5, per="payload.width", total=9, shared=True)
    plain = Limit("plain", rate="5/h")
    tasks = [SIZE._replace(limits=(every, plain)), TaskSpec("a", {"type": "object"}, limits=(plain,))]
    assert catalogue.register(tasks)
    assert not catalogue.register(tasks)
    assert catalogue.get("resize").limits == (every, plain)
    assert catalogue.limits() == {"every": (every, ("resize",)), "plain": (plain, ("a", "resize"))}
    assert catalogue.register([SIZE._replace(limits=(every,))])
    assert list(catalogue.limits()) == ["every"]


def test_the_catalogue_keeps_tasks_of_modules_that_failed_to_load(container: Container) -> None:
    catalogue = container.catalogue
    old = TaskSpec("old", {"type": "object"})  # registered by a version that did not store modules
    mine, gone = SIZE._replace(module="tasks.pictures"), TaskSpec("gone", {"type": "object"}, module="tasks.reports")
    inner = TaskSpec("inner", {"type": "object"}, module="tasks.media.resize")
    catalogue.register([old, mine, gone, inner])
    assert catalogue.register([], failed={"tasks.pictures", "tasks.media"})
    assert [spec.name for spec in catalogue.all()] == ["inner", "old", "resize"]
    assert not catalogue.register([], failed={"tasks.pictures", "tasks.media"})
    assert catalogue.register([mine])
    assert catalogue.all() == [mine]


def test_a_worker_that_starts_removes_no_task_from_the_catalogue(container: Container) -> None:
    """It may be of an older version than the last deployment."""
    catalogue = container.catalogue
    added = TaskSpec("added", {"type": "object"})
    catalogue.register([SIZE, added])
    assert not catalogue.register([SIZE], whole=False)
    assert catalogue.register([SIZE._replace(max_retries=9)], whole=False)
    assert [(spec.name, spec.max_retries) for spec in catalogue.all()] == [("added", 3), ("resize", 9)]
    assert catalogue.register([SIZE])
    assert catalogue.all() == [SIZE]


def test_submissions_are_checked_against_the_schema(container: Container) -> None:
    container.catalogue.register([SIZE])
    assert container.payloads.check("resize", '{"size": 1}') == SIZE
    for payload, field in [
        ('{"size": "secret"}', "payload.size"),
        ("{}", "payload.size"),
        ("[]", "payload"),
        ("{", "payload"),
    ]:
        with pytest.raises(InvalidInput) as raised:
            container.payloads.check("resize", payload)
        assert raised.value.field == field
        assert "secret" not in raised.value.message
    with pytest.raises(InvalidInput, match="There is no task named 'nowhere'"):
        container.payloads.check("nowhere", "{}")


def test_a_schema_that_cannot_be_used_leaves_the_check_to_the_worker(container: Container) -> None:
    unusable = TaskSpec("odd", {"properties": {"a": {"$ref": "http://127.0.0.1:1/schema.json"}}})
    slow = TaskSpec("slow", {"properties": {"a": {"pattern": r"^(a|a)+(?=b)\1$"}, "b": {"type": "integer"}}})
    container.catalogue.register([unusable, slow])
    for _ in range(2):
        assert container.payloads.check("odd", '{"a": 1}') == unusable
    assert container.payloads.check("slow", orjson.dumps({"a": "a" * 60_000}).decode()) == slow
    with pytest.raises(InvalidInput):
        container.payloads.check("slow", orjson.dumps({"a": "a" * 60_000, "b": "x"}).decode())


def test_a_new_task_is_seen_before_the_cache_ends(container: Container) -> None:
    clock = ManualClock()
    catalogue = Catalogue(TaskStore(container.db), clock)
    assert catalogue.all() == []
    container.catalogue.register([SIZE])
    with pytest.raises(InvalidInput):
        catalogue.get("resize")
    clock.advance(0.6)
    assert catalogue.get("resize") == SIZE


@pytest.fixture
def started(container: Container, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    """The handler on the container of this test."""
    container.settings = replace(container.settings, worker_linger_s=0.01, simulated_job_s=0.01)
    monkeypatch.setattr(handler, "get_container", lambda: container)
    _forget_start()
    with Rig(container) as rig:
        yield rig
    _forget_start()
    get_container.cache_clear()


def _forget_start() -> None:
    handler._start.cache_clear()
    handler._offered.cache_clear()


def test_a_tick_without_work_ends_at_once(started: Rig) -> None:
    assert handler.handle({"source": "schedule"}, None) == {"left": "nothing to do"}
    assert {"http_request", "simulated"} <= {spec.name for spec in started.container.catalogue.all()}


def test_a_tick_with_due_jobs_runs_them(started: Rig) -> None:
    job = started.submit("simulated")
    assert handler.handle({"source": "schedule"}, None) == {"left": "no work", "stuck": 0}
    done = started.job(job)
    assert (done.status, done.progress and done.progress.percent) == (JobStatus.COMPLETED, 100)


def test_a_start_without_a_primary_registers_at_the_next_event(started: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a process that starts during an election, its tasks are known once there is a primary again."""

    def not_primary(*_: object, **__: object) -> bool:
        raise NotPrimaryError("not primary")

    with monkeypatch.context() as election:
        election.setattr(Catalogue, "register", not_primary)
        handler.handle({"source": "schedule"}, None)
    assert started.container.catalogue.all() == []
    handler.handle({"source": "schedule"}, None)
    assert TaskStore(started.container.db).all() != []


def test_tasks_can_be_registered_on_their_own(started: Rig) -> None:
    answer = handler.handle({"action": "register-tasks"}, None)
    assert answer["changed"] is False
    assert "simulated" in answer["tasks"]


def test_a_process_being_recycled_answers_its_caller_before_it_ends(
    started: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = threading.Event()
    recycler = Recycler(left.set, exit_after_s=0.01)
    monkeypatch.setattr(handler, "_recycler", recycler)
    slow = threading.Event()

    def act(*_: object) -> dict[str, bool]:
        recycler.recycle()
        assert not slow.wait(0.05), "its timer has fired"
        assert not left.is_set()
        return {"done": True}

    monkeypatch.setattr(handler, "act", act)
    assert handler.handle({"action": "register-tasks"}, None) == {"done": True}
    assert left.wait(10)


def test_an_operator_is_created_once(started: Rig) -> None:
    made = handler.handle({"action": "create-operator"}, None)
    assert made["created"] and made["email"] and made["password"]
    assert handler.handle({"action": "create-operator"}, None) == {"created": False}


def test_an_unknown_action_is_refused(started: Rig) -> None:
    with pytest.raises(InvalidInput):
        handler.handle({"action": "explode"}, None)
