"""Unique jobs: one job holds a key, whatever races or dies."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.unique import OnConflict
from chalicelib.errors import Conflict, NotUnique, QueueCraftError
from chalicelib.services.submitter import Submitted
from chalicelib.settings import Settings
from tests.container import Container
from tests.crash import Point, Process, dying
from tests.timed import ALICE, Timed
from tests.unique import C, S, finish, new, one, submit

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, rate_limit_max_requests=0, max_active_jobs_per_user=1_000)


# --- races ---------------------------------------------------------------------------------------------------
def everywhere(calls: list[Callable[[], Any]]) -> list[Any]:
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait(30)
        try:
            return call()
        except QueueCraftError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.parametrize("on_conflict", [C.KEEP, C.REJECT, C.REPLACE, C.RUN_AFTER, C.PUSH_BACK])
def test_fifty_at_once_are_one_job(timed: Timed, on_conflict: OnConflict) -> None:
    delay_s = 10.0 if on_conflict is C.PUSH_BACK else None
    results = everywhere([lambda n=n: one(timed, on_conflict, f'{{"n":{n}}}', delay_s=delay_s) for n in range(50)])  # type: ignore[misc]

    made = [result for result in results if isinstance(result, Submitted)]
    assert sum(result.created for result in made) == 1
    assert timed.container.db.jobs.count_documents({"open": True}) == 1
    assert len({result.job.id for result in made}) == 1
    others = [result for result in results if not isinstance(result, Submitted)]
    assert all(isinstance(other, NotUnique if on_conflict is C.REJECT else Conflict) for other in others)
    assert timed.container.redis.zcard(timed.container.keys.intents) == 0


def test_fifty_behind_a_running_one_are_one_job(timed: Timed) -> None:
    one(timed, C.RUN_AFTER)
    [running] = timed.start()
    everywhere(
        [lambda n=n: one(timed, C.RUN_AFTER, f'{{"n":{n}}}') for n in range(49)] + [lambda: finish(timed, running)]
    )
    timed.container.sweeper.sweep()
    open_ = list(timed.container.db.jobs.find({"open": True}))
    assert len(open_) in {1, 2}, "one that took the key, and one behind it"
    timed.run_all()


@pytest.mark.parametrize("step", ["job_store.insert", "engine.enqueue", "unique_store.rewrite", "limits.admit"])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("on_conflict", [C.KEEP, C.REPLACE, C.RUN_AFTER])
def test_calls_that_die_leave_at_most_one_job(timed: Timed, on_conflict: OnConflict, step: str, after: bool) -> None:
    shop = timed.container
    dying_calls = [Process(_twin(timed), Point(step, 1, after=after)) for _ in range(8)]

    def call(container: Container, n: int) -> Any:
        with dying():
            return submit(container, new(on_conflict, f'{{"n":{n}}}'))[0]
        return None

    calls = [lambda p=p, n=n: call(p.container, n) for n, p in enumerate(dying_calls)]
    results = everywhere([*calls, *[lambda n=n: call(shop, n) for n in range(8, 12)]])
    for process in dying_calls:
        process.container.close()

    assert shop.db.jobs.count_documents({"open": True}) == 1
    [job_id] = {result.job.id for result in results if isinstance(result, Submitted)}
    timed.travel(130)
    timed.run_all()
    assert shop.jobs.get(ALICE, job_id).status is S.COMPLETED


def _twin(timed: Timed) -> Container:
    container = Container(timed.container.settings, clock=timed.clock)
    container.__dict__["functions"] = timed.invocations
    container.scripts.now_ms = timed.clock.now_ms()
    container.rebuilder.ensure_open()
    return container


@pytest.mark.parametrize("on_conflict", [C.REPLACE, C.PUSH_BACK, C.RUN_AFTER])
@pytest.mark.parametrize("seed", range(5))
def test_a_claim_at_the_same_time_loses_no_payload(timed: Timed, on_conflict: OnConflict, seed: int) -> None:
    """What was accepted last has run, or waits, with its payload."""
    shuffled = random.Random(seed)
    one(timed, on_conflict, '{"n":0}', delay_s=None if on_conflict is not C.PUSH_BACK else 0.001)
    timed.travel(1)
    timed.container.promotion.run()
    ran: list[str | None] = []

    def work() -> None:
        for claimed in timed.claim(f"token {seed}"):
            running = timed.record_start(claimed, f"token {seed}")
            if running is None:  # written over since: goes back, as a worker does
                timed.container.engine.drop([], "")
                continue
            timed.tell_start(running)
            ran.append(running.payload)
            finish(timed, running)

    calls: list[Callable[[], Any]] = [lambda: one(timed, on_conflict, '{"n":1}', delay_s=_delay(on_conflict)), work]
    shuffled.shuffle(calls)
    accepted, _ = sorted(everywhere(calls), key=lambda result: result is None)
    timed.travel(130)
    for _ in range(20):
        timed.container.sweeper.sweep()
        for running in timed.start("later"):
            ran.append(running.payload)
            finish(timed, running)
        timed.travel(30)
    if isinstance(accepted, Submitted):
        assert ran[-1] == '{"n":1}'
    else:
        assert isinstance(accepted, NotUnique)
        assert ran == ['{"n":0}']
    assert timed.container.db.jobs.count_documents({"open": True}) == 0


def _delay(on_conflict: OnConflict) -> float | None:
    return 1.0 if on_conflict is C.PUSH_BACK else None
