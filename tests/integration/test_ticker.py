"""The ticker: waits for what is due soon, makes it, and ends when nothing is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from redis.exceptions import RedisError

from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.domain.limits import Limit
from chalicelib.domain.schedules import Overlap
from chalicelib.domain.tasks import TaskSpec
from chalicelib.services.ticking import HORIZON_S
from tests.schedules import jobs, put, runs
from tests.timed import Timed
from worker_fn import ticker
from worker_fn.ticker import MANY, PATIENCE_S, Ticker

pytestmark = pytest.mark.integration
POOLS = ("default", "big")


class Ticking:
    """A ticker whose waits move the clock."""

    def __init__(self, timed: Timed, *, remaining_s: float = 900) -> None:
        self.timed = timed
        self.waits: list[float] = []
        self.began = timed.clock.monotonic()
        self.remaining_s = remaining_s
        self.ticker = Ticker(timed.container, self.left_s, self.pause)

    def left_s(self) -> float:
        return self.remaining_s - (self.timed.clock.monotonic() - self.began)

    def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        assert len(self.waits) < 3_000, "it never ends"
        self.timed.travel(seconds)

    def run(self) -> str:
        return self.ticker.run()


def invoked(timed: Timed) -> list[str]:
    names = {timed.container.settings.worker_function: "worker", timed.container.settings.ticker_function: "ticker"}
    return [names[name] for name, _ in timed.invocations.made]


def test_an_idle_stack_with_a_schedule_of_tomorrow_runs_nothing(timed: Timed) -> None:
    put(timed.container, every_s=86_400)
    timed.container.ticking.look()
    assert invoked(timed) == []
    assert Ticking(timed).run() == "nothing is due soon"
    assert not timed.container.ticker_lease.is_held()


def test_it_waits_for_a_fire_and_makes_it_in_time(timed: Timed) -> None:
    made = put(timed.container, at=timed.clock.at + timedelta(seconds=30))
    assert invoked(timed) == ["ticker"]
    running = Ticking(timed)
    assert running.run() == "nothing is due soon"
    [run] = runs(timed.container)
    assert run.at == made.next_at
    assert run.created_at - run.at < timedelta(milliseconds=10)
    assert max(running.waits) <= 1, "what becomes due earlier is seen within a second"
    assert "worker" in invoked(timed), "the pool is woken for the job"


def test_it_stays_for_a_schedule_of_each_minute(timed: Timed) -> None:
    put(timed.container, every_s=60, overlap=Overlap.ALLOW)
    assert Ticking(timed, remaining_s=300).run() == "the invocation's time is nearly over"
    assert len(jobs(timed.container)) == 4
    assert invoked(timed)[-1] == "ticker", "its successor"


def test_it_promotes_jobs_that_wait(timed: Timed) -> None:
    job = timed.submit(delay_s=20.0)
    timed.container.ticking.look()
    assert invoked(timed) == ["ticker"]
    Ticking(timed).run()
    assert timed.status(job) is JobStatus.PENDING
    assert "worker" in invoked(timed)


def wait_for_rate(timed: Timed, rate: str) -> dict[str, Job]:
    """Pool → a job that its rate makes wait, since another has just begun."""
    container = timed.container
    for pool in POOLS:
        spec = TaskSpec(f"rated {pool}", {}, limits=(Limit(f"r-{pool}", rate=rate),))
        container.catalogue.register([spec], pool=pool, pools=POOLS)
    container.limit_definitions.repair()
    waiting = {}
    for pool in POOLS:
        first, waiting[pool] = (timed.submit(task=f"rated {pool}") for _ in range(2))
        assert container.engine.claim("token", 2, pool=pool).ids == [first.id]
        running = timed.record_start(first)
        assert running is not None and timed.tell_start(running)
        timed.finish(running)
    timed.invocations.made.clear()
    return waiting


def test_it_waits_for_a_start_that_a_rate_allows(timed: Timed) -> None:
    """With a rate of 3 a minute no worker waits, and the minute's tick would be too late for two of three."""
    waiting = wait_for_rate(timed, "3/min")
    timed.container.ticking.look()
    assert invoked(timed) == ["ticker"]
    began = timed.clock.at
    assert Ticking(timed).run() == "nothing is due soon"
    assert timedelta(seconds=19) < timed.clock.at - began < timedelta(seconds=21)
    assert invoked(timed).count("worker") == len(POOLS)
    for pool, job in waiting.items():
        assert timed.container.engine.claim("t", 5, pool=pool).ids == [job.id]


def test_a_rate_that_a_worker_waits_for_is_left_to_it(timed: Timed) -> None:
    wait_for_rate(timed, "1/min")
    fleet, ticking = timed.container.fleet, timed.container.ticking
    for pool in POOLS:
        assert ticking.next_due_ms() is not None
        assert fleet.join(pool, 1, pool) == 1
        assert fleet.listen(pool, 600, pool)
    assert ticking.next_due_ms() is None
    timed.container.redis.zadd(timed.container.keys.workers, {"big": timed.clock.now_ms()})
    assert ticking.next_due_ms() is not None, "that worker died"


def test_one_ticks_at_a_time(timed: Timed) -> None:
    put(timed.container, at=timed.clock.at + timedelta(seconds=HORIZON_S / 2))
    assert timed.container.ticker_lease.take("another")
    assert Ticking(timed).run() == "another one ticks"
    assert timed.container.ticker_lease.is_held()
    timed.invocations.made.clear()
    timed.container.ticking.look()
    assert invoked(timed) == []


def test_a_worker_makes_many(timed: Timed) -> None:
    for n in range(MANY + 1):
        put(timed.container, f"s{n}", at=timed.clock.at + timedelta(seconds=10))
    timed.invocations.made.clear()
    running = Ticking(timed)
    assert running.run() == "nothing is due soon"
    assert timed.invocations.made[0] == (timed.container.settings.worker_function, {"source": "schedules"})
    assert len(running.waits) > PATIENCE_S, "no worker came, so the ticker made them after all"
    assert timed.container.db.schedule_runs.count_documents({}) == MANY + 1


def test_it_ends_without_the_databases(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise RedisError("away")

    put(timed.container, every_s=10)
    monkeypatch.setattr(timed.container.ticker_lease, "take", away)
    assert Ticking(timed).run() == "the databases do not answer"


def test_its_entry(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticker, "get_container", lambda: timed.container)
    assert ticker.handle({"source": "wake_up"}, None) == {"left": "nothing is due soon"}
