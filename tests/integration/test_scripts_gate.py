"""Every script that changes the queue refuses while the queue is closed, and then changes nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.domain.events import Event, EventType
from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.retention import ExpiredPage
from chalicelib.errors import QueueClosed
from chalicelib.queue import signatures
from chalicelib.queue.census import Census
from chalicelib.queue.engine import Settlement
from chalicelib.queue.limit_instances import Definition
from chalicelib.queue.shares import Share
from tests.script_harness import NOW, NOW_MS, OWNER, TENANT, ScriptHarness

CALLS: dict[str, Callable[[ScriptHarness], object]] = {
    "admit": lambda d: d.container.limits.admit(OWNER, TENANT, ["x"], active=1),
    "intend": lambda d: d.permit([d.job()]),
    "missing": lambda d: d.engine.missing([d.job()]),
    "enqueue": lambda d: d.enqueue(d.job()),
    "claim": lambda d: d.claim(),
    "reserve": lambda d: d.engine.reserve([d.job()]),
    "held_owners": lambda d: d.engine.release_held("", 1, 1),
    "started": lambda d: d.start(d.job()),
    "settle": lambda d: d.engine.settle([Settlement(d.job(), "token")]),
    "pass_on": lambda d: d.engine.pass_on([(d.job(), "token")]),
    "takeover": lambda d: d.engine.take_over("token", 5),
    "unblock": lambda d: d.engine.unblock([d.job()], [[]]),
    "promote": lambda d: d.engine.promote([d.job()], [NOW_MS], [[]]),
    "withdraw": lambda d: d.engine.withdraw([d.job()], [[]]),
    "stop": lambda d: d.engine.stop("x", "w1"),
    "forget": lambda d: d.engine.forget([d.job(JobStatus.COMPLETED)], [[]]),
    "lingering": lambda d: d.container.expired_jobs.lingering([d.job(JobStatus.COMPLETED)]),
    "expire": lambda d: d.container.expired_jobs.forget(
        ExpiredPage("p" * 24, TENANT, JobStatus.COMPLETED, NOW, {OWNER: 2})
    ),
    "pause": lambda d: d.engine.pause(TENANT, "default", paused=True, events=[]),
    "heartbeat": lambda d: d.fleet.heartbeat("w1", {}, {}),
    "needs_worker": lambda d: d.fleet.needs_worker(),
    "kick_due": lambda d: d.engine.kick_due(),
    "kick_parked": lambda d: d.container.limit_scripts.kick_parked(""),
    "drop_emptied": lambda d: d.container.limit_scripts.drop_emptied(b""),
    "unattended_rate": lambda d: d.container.limit_scripts.unattended_rate_ms(NOW_MS),
    "define": lambda d: d.container.limit_scripts.define([Definition("*", "x", concurrency=1)]),
    "reset_rate": lambda d: d.container.limit_scripts.reset(TENANT, "x"),
    "weigh": lambda d: d.container.shares.put({TENANT: Share(2)}),
    "count_leases": lambda d: d.container.shares._count_leases([TENANT]),
    "blocks": lambda d: d.container.limit_scripts.blocked_by(d.job(limits=("x",))),
    "limit_states": lambda d: d.container.limit_scripts.states(TENANT, ["x"]),
    "limit_instances": lambda d: d.container.limit_scripts.instances(TENANT, "x", 10),
    "census": lambda d: Census(d.container.redis, d.container.scripts).differences(),
    "publish": lambda d: d.container.event_log.publish([Event(EventType.LOG, TENANT, OWNER, {}, NOW)]),
}


def test_every_gated_script_is_listed() -> None:
    gated = {name for name in signatures.names() if "gate" in signatures.signature(name).includes}
    assert gated - {"release_held"} == set(CALLS), "release_held is called with what held_owners found"


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("why", ["emptied", "older sequence", "older epoch"])
def test_closed(harness: ScriptHarness, name: str, why: str) -> None:
    harness.put(*harness.jobs(2))
    harness.claim(1)
    if why == "emptied":
        harness.close()
    elif why == "older sequence":
        harness.redis.set(harness.keys.seq, "1")
    else:
        harness.container.scripts.note_newest(2, 0)
    before = harness.dump()
    with pytest.raises(QueueClosed):
        CALLS[name](harness)
    assert harness.dump() == before


def test_counts_of_a_lost_queue_are_refused(harness: ScriptHarness) -> None:
    harness.close()
    with pytest.raises(QueueClosed):
        harness.engine.counts("all")


def test_threads_that_note_event_ids_in_parallel_never_mix_them(harness: ScriptHarness) -> None:
    """A pair mixed from two threads would be newer than every event, and look like a loss of data."""
    scripts = harness.container.scripts
    scripts.note_newest(1, 500)
    scripts.note_newest(2, 3)
    scripts.note_newest(1, 900)
    assert scripts.newest == (2, 3)
