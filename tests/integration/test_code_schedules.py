"""Schedules of code: what deployments, rollbacks and late deployments make of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.accounts import User
from chalicelib.domain.principals import Principal, Role
from chalicelib.domain.schedules import CodeSchedule, Schedule, State
from chalicelib.errors import Conflict
from tests.schedules import spec
from tests.timed import Timed

pytestmark = pytest.mark.integration
OPERATOR = Principal("c" * 24, "2" * 24, Role.OPERATOR)


@pytest.fixture(autouse=True)
def operator(timed: Timed) -> None:
    now = timed.clock.at
    timed.container.user_store.add(
        User(OPERATOR.user_id, OPERATOR.tenant_id, "op", "op@example.com", Role.OPERATOR, "hash", now, now)
    )


def deploy(timed: Timed, generation: int, **schedules: dict[str, Any]) -> Any:
    wanted = [CodeSchedule(name, spec(**fields)) for name, fields in schedules.items()]
    return timed.container.code_schedules.reconcile(wanted, generation)


def found(timed: Timed, name: str) -> Schedule:
    return timed.container.schedules.get(OPERATOR, name)


def states(timed: Timed) -> dict[str, State]:
    return {each.name: each.state for each in timed.container.schedule_store.of_code()}


def test_a_deployment_makes_changes_and_retires(timed: Timed) -> None:
    assert deploy(timed, 1, a={"every_s": 60}, b={"every_s": 60}).changed == ["a", "b"]
    made = found(timed, "a")
    assert (made.owner_id, made.tenant_id, made.generation) == (OPERATOR.tenant_id, OPERATOR.tenant_id, 1)
    done = deploy(timed, 2, a={"every_s": 120})
    assert (done.changed, done.retired) == (["a"], ["b"])
    assert states(timed) == {"a": State.ACTIVE, "b": State.RETIRED}
    assert found(timed, "b").next_at is None
    assert timed.container.schedule_store.count_without_next(10) == 0
    timed.travel(121)
    timed.container.firing.make_due()
    assert [job["schedule"] for job in timed.container.db.jobs.find()] == ["a"]


def test_twenty_deployments_within_a_day_keep_its_fire(timed: Timed) -> None:
    began = timed.clock.at
    deploy(timed, 1, daily={"every_s": 86_400})
    for n in range(20):
        timed.travel(3600)
        assert deploy(timed, 2 + n, daily={"every_s": 86_400, "payload": f'{{"n":{n}}}'}).retired == []
    timed.travel(4 * 3600 - 1)
    assert timed.container.firing.make_due() == 0
    timed.travel(1)
    assert timed.container.firing.make_due() == 1
    assert found(timed, "daily").next_at == began + timedelta(days=2)


def test_removed_and_back(timed: Timed) -> None:
    began = timed.clock.at
    deploy(timed, 1, a={"every_s": 3600})
    deploy(timed, 2)
    assert states(timed) == {"a": State.RETIRED}
    timed.travel(5 * 3600 + 60)
    assert timed.container.firing.make_due() == 0
    assert deploy(timed, 3, a={"every_s": 3600}).changed == ["a"]
    assert found(timed, "a").next_at == began + timedelta(hours=6), "the phase is the same; what it missed is not made"


def test_a_rollback_is_newer(timed: Timed) -> None:
    deploy(timed, 1, a={"every_s": 60})
    deploy(timed, 2, b={"every_s": 60})
    deploy(timed, 3, a={"every_s": 60})
    assert states(timed) == {"a": State.ACTIVE, "b": State.RETIRED}


def test_an_older_deployment_revives_nothing(timed: Timed) -> None:
    deploy(timed, 1, a={"every_s": 60})
    deploy(timed, 3, b={"every_s": 60})
    assert deploy(timed, 2, a={"every_s": 60}, b={"every_s": 5}).outdated
    assert states(timed) == {"a": State.RETIRED, "b": State.ACTIVE}
    assert found(timed, "b").spec.timing.every_s == 60


def test_an_older_deployment_that_is_overtaken(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    store = timed.container.schedule_store
    claim = store.claim_generation

    def claimed(generation: int) -> bool:
        answer = claim(generation)
        if generation == 1:  # it freezes here
            monkeypatch.setattr(store, "claim_generation", claim)
            deploy(timed, 2, b={"every_s": 60})
        return answer

    monkeypatch.setattr(store, "claim_generation", claimed)
    deploy(timed, 1, a={"every_s": 60}, b={"every_s": 5})
    assert states(timed) == {"a": State.RETIRED, "b": State.ACTIVE}
    assert found(timed, "b").spec.timing.every_s == 60


def test_a_repeated_deployment_changes_nothing(timed: Timed) -> None:
    deploy(timed, 1, a={"every_s": 60})
    before = found(timed, "a")
    done = deploy(timed, 1, a={"every_s": 60})
    assert (done.changed, done.retired, done.outdated) == ([], [], False)
    assert found(timed, "a").next_at == before.next_at


def test_schedules_of_modules_that_do_not_load_stay(timed: Timed) -> None:
    deploy(timed, 1, a={"every_s": 60, "task": "resize"}, b={"every_s": 60})
    timed.container.code_schedules.reconcile([], 2, {"resize"})
    assert states(timed) == {"a": State.ACTIVE, "b": State.RETIRED}


def test_what_people_may_do_with_them(timed: Timed) -> None:
    deploy(timed, 1, a={"every_s": 60})
    service = timed.container.schedules
    with pytest.raises(Conflict):
        service.put(OPERATOR, "a", spec(every_s=5))
    with pytest.raises(Conflict):
        service.delete(OPERATOR, "a")
    service.set_paused(OPERATOR, "a", paused=True)
    deploy(timed, 2, a={"every_s": 60})
    assert found(timed, "a").state is State.PAUSED, "a deployment resumes nothing"
    deploy(timed, 3)
    with pytest.raises(Conflict):
        service.run(OPERATOR, "a")
    taken, created = service.put(OPERATOR, "a", spec(every_s=60), paused=False)
    assert (taken.state, taken.generation, created) == (State.ACTIVE, None, False)
    assert deploy(timed, 4, a={"every_s": 60}).taken == ["a"]
    service.delete(OPERATOR, "a")
