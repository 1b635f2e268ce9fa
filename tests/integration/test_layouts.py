"""Redis with another layout than today's: an older one is rebuilt with nothing lost, a newer one is left alone.

``layouts/layout2.json`` and ``layout3.json`` are what the last versions of these layouts left in both stores: jobs
that are ready in several queues, scheduled, retrying, running, claimed, held back, in a paused queue, ended, deleted,
and in layout 2 one whose call died before the queue had it. In them ``NAMESPACE`` stands for the namespace.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from bson import json_util

from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.domain.principals import Role
from chalicelib.errors import QueueClosed, QueueOutdated
from chalicelib.queue.keys import LAYOUT
from chalicelib.queue.rebuild import Rebuild
from chalicelib.services import rebuilder
from chalicelib.settings import Settings
from tests.audit import audit
from tests.conftest import undeclared_keys
from tests.container import Container
from tests.script_harness import ScriptHarness
from tests.support import ManualClock
from tests.timed import ALICE, Timed
from tests.worker_support import Rig

pytestmark = pytest.mark.integration
FOLDER = Path(__file__).parent / "layouts"
LAYOUT_2, LAYOUT_3 = (json_util.loads((FOLDER / f"layout{number}.json").read_text()) for number in (2, 3))
#: What the queue did not have yet, and gets by the upgrade.
NEVER_ENQUEUED = {2: {"pending": 1, "submitted": 1}, 3: {}}


def put_back(container: Container, dump: dict[str, Any]) -> None:
    """Fill both stores from a dump."""
    redis: Any = container.redis
    for name, (kind, value, *ttl) in dump["redis"].items():
        key = container.keys.prefix + name
        if kind == "string":
            redis.set(key, value)
        elif kind == "hash":
            redis.hset(key, mapping=value)
        elif kind == "zset":
            redis.zadd(key, {member.encode("latin-1"): score for member, score in value.items()})
        elif kind == "set":
            redis.sadd(key, *value)
        elif kind == "list":
            redis.rpush(key, *value)
        else:
            for entry_id, fields in value:
                redis.xadd(key, fields, id=entry_id)
        if ttl:
            redis.pexpire(key, ttl[0])
    namespace = container.settings.redis_namespace
    for name, documents in json_util.loads(json_util.dumps(dump["mongodb"]).replace("NAMESPACE", namespace)).items():
        container.db[name].insert_many(documents)


@pytest.fixture(params=[LAYOUT_2, LAYOUT_3], ids=["layout 2", "layout 3"])
def old(settings: Settings, request: pytest.FixtureRequest) -> Iterator[Timed]:
    """A process of this version on a stack of an older layout."""
    settings = replace(settings, rate_limit_max_requests=0, max_active_jobs_per_user=12)
    container = Container(settings, clock=ManualClock(datetime.fromisoformat(request.param["at"])))
    put_back(container, request.param)
    yield Timed(container)
    wrong, left = audit(container), undeclared_keys(container.redis, container.keys)
    container.redis.delete(*container.redis.scan_iter(match=container.keys.pattern, count=1000))
    container.close()
    assert not wrong
    assert not left


def recorded(shop: Timed) -> dict[str, JobStatus]:
    return {document["name"]: JobStatus(document["status"]) for document in shop.container.db.jobs.find()}


def test_a_stack_of_an_older_layout_with_work_in_it_is_upgraded_with_nothing_lost(old: Timed) -> None:
    container = old.container
    before = recorded(old)
    since_then = {JobStatus.BLOCKED, JobStatus.SKIPPED, JobStatus.WAITING}
    assert set(before.values()) == set(JobStatus) - since_then, "jobs in every state"
    assert container.redis.zcard(container.keys.held) == 4
    old_counts: Any = container.redis.hgetall(container.keys.all_counts)
    never_enqueued = NEVER_ENQUEUED[container.engine.layout()]

    container.rebuilder.ensure_open()

    assert container.engine.layout() == LAYOUT
    assert recorded(old) == before
    assert container.engine.paused_lanes() == {f"{ALICE.tenant_id}/quiet"}
    counts = container.engine.counts("all")
    for name, number in old_counts.items():
        if name != b"since":
            assert counts[name.decode()] == int(number) + never_enqueued.get(name.decode(), 0), name
    assert audit(container) == []
    container.queues.set_paused(replace(ALICE, role=Role.ADMIN), "quiet", paused=False)
    old.run_all()
    ended = recorded(old)
    assert ended.keys() == before.keys()
    expected = {name: status if not status.is_open else JobStatus.COMPLETED for name, status in before.items()}
    expected["to stop"] = JobStatus.CANCELLED
    assert ended == expected


def test_processes_of_layout_2_find_the_queue_closed_and_do_not_rebuild_it(old: Timed) -> None:
    """Their scripts do not read the layout, but the key of their epoch; a rebuild takes their lock."""
    container = old.container
    container.rebuilder.ensure_open()
    redis, prefix = container.redis, container.keys.prefix
    assert not redis.exists(f"{prefix}epoch")
    assert not redis.set(f"{prefix}rebuild", "token", nx=True, px=15_000)
    assert redis.ttl(f"{prefix}rebuild") == -1
    assert not list(redis.scan_iter(match=f"{prefix}ready:*"))


def test_processes_of_layout_3_find_the_queue_closed_and_do_not_rebuild_it(
    old: Timed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their scripts compare layouts. They stay out from the beginning of the rebuild, not only from its end."""
    container = old.container
    earlier = Container(container.settings)
    earlier.scripts.constants["layout"] = 3

    def stays_out() -> None:
        before = keys_of(container)
        with monkeypatch.context() as patch:
            patch.setattr(rebuilder, "LAYOUT", 3)
            with pytest.raises(QueueClosed):
                earlier.engine.claim("token", 5)
            with pytest.raises(QueueOutdated):
                earlier.rebuilder.ensure_open(timeout_s=30)
        assert keys_of(container) == before

    rebuild = Rebuild(container.redis, container.scripts, "token")
    assert rebuild.begin()
    rebuild.wipe([])
    rebuild.abandon()
    stays_out()
    container.rebuilder.ensure_open()
    stays_out()
    earlier.close()


def keys_of(container: Container) -> dict[bytes, Any]:
    redis: Any = container.redis
    return {key: redis.dump(key) for key in sorted(redis.scan_iter(match=container.keys.pattern, count=1000))}


def test_a_running_job_of_an_older_layout_may_end_before_its_lease_does(old: Timed) -> None:
    """Given a worker of that version that wrote an end and could not publish it, the end is kept and published once."""
    container = old.container
    (running,) = [job for job in jobs(container) if job.name == "running"]
    ended = old.record_end(running)
    assert ended is not None
    container.rebuilder.ensure_open()
    old.travel(60)
    container.sweeper.sweep()
    assert old.status(running) is JobStatus.COMPLETED


def jobs(container: Container) -> list[Job]:
    ids = [str(document["_id"]) for document in container.db.jobs.find({}, {"_id": 1})]
    return container.job_store.get_many(ids)[0]


# --- a newer layout than this version's ------------------------------------------------------------------------------
def test_a_queue_of_a_newer_layout_is_closed_and_is_not_rebuilt(harness: ScriptHarness) -> None:
    harness.put(*harness.jobs(2))
    harness.redis.set(harness.keys.layout, LAYOUT + 1)
    before = harness.dump()
    with pytest.raises(QueueClosed):
        harness.claim()
    with pytest.raises(QueueOutdated):
        harness.container.rebuilder.ensure_open()
    assert harness.dump() == before


def test_a_worker_leaves_when_a_newer_version_takes_the_queue(rig: Rig) -> None:
    """Given running jobs, when the layout changes, the worker gives them up and ends; their leases expire."""
    begun, release = threading.Event(), threading.Event()

    @rig.task("long")
    def long(ctx: Any, payload: dict[str, Any]) -> None:
        begun.set()
        release.wait(60)

    rig.submit("long")
    worker = rig.start()
    assert begun.wait(30)
    redis, keys = rig.container.redis, rig.container.keys
    redis.set(keys.layout, LAYOUT + 1)
    release.set()
    assert worker.join().reason == "the queue is a newer version's"
    assert redis.get(keys.layout) == str(LAYOUT + 1).encode(), "it was not rebuilt"
    redis.set(keys.layout, LAYOUT)
