"""``close``, ``restore``, ``recount``, ``open``: fenced by the lock, so that a slow rebuild harms none after it."""

from __future__ import annotations

import pytest

from chalicelib.errors import QueueClosed
from chalicelib.queue.keys import lane
from chalicelib.queue.rebuild import Place, Rebuild
from tests.desk import NOW_MS, OWNER, TENANT, Desk


def begun(desk: Desk, token: str = "mine") -> Rebuild:
    rebuild = Rebuild(desk.container.redis, desk.container.scripts, token)
    assert rebuild.begin()
    return rebuild


def place(job_id: str, state: str, *, at_ms: int = NOW_MS, stop: bool = False) -> Place:
    return Place(job_id, TENANT, "default", OWNER, state, 77, at_ms, "lease", stop)


def test_a_rebuild_from_begin_to_end(desk: Desk) -> None:
    desk.put(*desk.jobs(3))
    rebuild = begun(desk)
    rebuild.wipe([lane(TENANT, "held")])
    assert desk.ready() == []
    places = [place("p", "pending"), place("s", "scheduled"), place("t", "retrying"), place("r", "running", stop=True)]
    assert rebuild.restore(places, limited=True) == 4
    assert rebuild.restore(places, limited=True) == 0, "a replay changes nothing"
    rebuild.add_totals([(OWNER, TENANT, {"completed": 7, "done": 9})])
    rebuild.forget(["gone"], NOW_MS)
    rebuild.open(2)

    assert desk.ready() == ["p"] and desk.lanes() == {lane(TENANT, "default")}
    assert desk.members(desk.keys.scheduled) == {"s": NOW_MS}
    assert desk.members(desk.keys.retrying) == {"t": NOW_MS}
    assert desk.members(desk.keys.leases) == desk.members(desk.keys.cancels) == {"r": NOW_MS}
    assert desk.redis.hgetall(desk.keys.tokens) == {b"r": f"lease|r|77|{lane(TENANT, 'default')}".encode()}
    expected = {"pending": 1, "scheduled": 1, "retrying": 1, "running": 1, "completed": 7, "done": 9}
    assert desk.counts() == desk.counts(f"o:{OWNER}") == expected
    assert set(desk.members(desk.keys.active(OWNER))) == {"p", "t", "r"}
    assert desk.engine.paused_lanes() == {lane(TENANT, "held")}
    assert set(desk.members(desk.keys.forgotten)) == {"gone"}
    assert (desk.container.scripts.epoch, desk.container.scripts.seq) == (2, 0)


def test_one_rebuilds_at_a_time(desk: Desk) -> None:
    rebuild = begun(desk)
    assert not Rebuild(desk.container.redis, desk.container.scripts, "other").begin()
    rebuild.abandon()
    begun(desk, "other")
    rebuild.abandon()
    assert desk.redis.get(desk.keys.rebuild) == b"other"


def test_whoever_lost_the_lock_changes_nothing(desk: Desk) -> None:
    slow = begun(desk)
    slow.wipe([])
    desk.redis.delete(desk.keys.rebuild)
    fast = begun(desk, "fast")
    fast.wipe([])
    fast.restore([place("p", "pending")], limited=False)
    fast.open(2)
    before = desk.dump()
    for step in (
        slow.keep,
        lambda: slow.wipe([]),
        lambda: slow.restore([place("x", "pending")], limited=False),
        lambda: slow.add_totals([(OWNER, TENANT, {"done": 1})]),
        lambda: slow.open(3),
    ):
        with pytest.raises(QueueClosed):
            step()
    assert desk.dump() == before


def test_notes_and_licences_of_before_are_void(desk: Desk) -> None:
    job = desk.job()
    desk.license([job])
    rebuild = begun(desk)
    rebuild.wipe([])
    rebuild.open(2)
    assert desk.enqueue(job).refused == (job.id,)
