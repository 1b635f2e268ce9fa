"""``close``, ``restore``, ``recount``, ``open``: fenced by the lock: a slow rebuild cannot change a later one."""

from __future__ import annotations

import pytest

from chalicelib.errors import QueueClosed
from chalicelib.queue.lanes import lane, queue_of
from chalicelib.queue.rebuild import Place, Rebuild
from tests.script_harness import NOW_MS, OWNER, TENANT, ScriptHarness


def begun(harness: ScriptHarness, token: str = "mine") -> Rebuild:
    rebuild = Rebuild(harness.container.redis, harness.container.scripts, token)
    assert rebuild.begin()
    return rebuild


def place(job_id: str, state: str, *, at_ms: int = NOW_MS, stop: bool = False) -> Place:
    return Place(job_id, TENANT, lane(TENANT, "default"), OWNER, state, 77, at_ms, "lease", stop)


def test_a_complete_rebuild(harness: ScriptHarness) -> None:
    harness.put(*harness.jobs(3))
    rebuild = begun(harness)
    rebuild.wipe([queue_of(TENANT, "held")])
    assert harness.ready() == []
    places = [place("p", "pending"), place("s", "scheduled"), place("t", "retrying"), place("r", "running", stop=True)]
    assert rebuild.restore(places, limited=True) == 4
    assert rebuild.restore(places, limited=True) == 0, "a replay changes nothing"
    rebuild.add_totals([(OWNER, TENANT, {"completed": 7, "done": 9})])
    rebuild.forget(["gone"], NOW_MS)
    rebuild.open(2)

    assert harness.ready() == ["p"] and harness.lanes() == {lane(TENANT, "default")}
    assert harness.members(harness.keys.scheduled) == {"s": NOW_MS}
    assert harness.members(harness.keys.retrying) == {"t": NOW_MS}
    assert harness.members(harness.keys.leases) == harness.members(harness.keys.cancels) == {"r": NOW_MS}
    assert harness.redis.hgetall(harness.keys.tokens) == {b"r": f"lease|r|77|0|{lane(TENANT, 'default')}".encode()}
    expected = {"pending": 1, "scheduled": 1, "retrying": 1, "running": 1, "completed": 7, "done": 9}
    assert harness.counts() == harness.counts(f"o:{OWNER}") == expected
    assert set(harness.members(harness.keys.active(OWNER))) == {"p", "t", "r"}
    assert harness.engine.paused_lanes() == {queue_of(TENANT, "held")}
    assert set(harness.members(harness.keys.forgotten)) == {"gone"}
    assert (harness.container.scripts.epoch, harness.container.scripts.seq) == (2, 0)


def test_only_one_process_rebuilds_at_a_time(harness: ScriptHarness) -> None:
    rebuild = begun(harness)
    assert not Rebuild(harness.container.redis, harness.container.scripts, "other").begin()
    rebuild.abandon()
    begun(harness, "other")
    rebuild.abandon()
    assert harness.redis.get(harness.keys.rebuild) == b"other"


def test_a_process_that_lost_the_lock_changes_nothing(harness: ScriptHarness) -> None:
    slow = begun(harness)
    slow.wipe([])
    harness.redis.delete(harness.keys.rebuild)
    fast = begun(harness, "fast")
    fast.wipe([])
    fast.restore([place("p", "pending")], limited=False)
    fast.open(2)
    before = harness.dump()
    for step in (
        slow.extend_lock,
        lambda: slow.wipe([]),
        lambda: slow.restore([place("x", "pending")], limited=False),
        lambda: slow.add_totals([(OWNER, TENANT, {"done": 1})]),
        lambda: slow.open(3),
    ):
        with pytest.raises(QueueClosed):
            step()
    assert harness.dump() == before


def test_earlier_intents_and_permits_are_deleted(harness: ScriptHarness) -> None:
    job = harness.job()
    harness.permit([job])
    rebuild = begun(harness)
    rebuild.wipe([])
    rebuild.open(2)
    assert harness.enqueue(job).refused == (job.id,)
