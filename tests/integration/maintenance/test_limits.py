"""Redis has the definitions of limits that MongoDB has."""

from __future__ import annotations

import pytest

from chalicelib.domain.tenants import EVERY_TENANT
from chalicelib.queue.limit_instances import Definition
from tests.jobs import TASKS
from tests.limited import LIMITED
from tests.timed import ALICE, Timed

pytestmark = pytest.mark.integration


def defined(timed: Timed, name: str) -> dict[str, Definition]:
    return {each.scope: each for each in timed.container.limit_scripts.defined() if each.name == name}


def test_a_catalogue_whose_limits_were_not_defined(timed: Timed) -> None:
    container = timed.container
    container.catalogue.register([*TASKS, *LIMITED])
    container.sweeper.sweep()
    assert defined(timed, "printer") == {EVERY_TENANT: Definition(EVERY_TENANT, "printer", concurrency=1)}
    assert container.sweeper.totals()["limits"].mended == 4
    assert container.limit_settlement.run() == 0

    container.catalogue.register(TASKS)
    container.sweeper.sweep()
    assert list(container.limit_scripts.defined()) == []


def test_a_change_that_did_not_reach_redis(timed: Timed) -> None:
    container, now = timed.container, timed.clock.now()
    container.catalogue.register([*TASKS, *LIMITED])
    container.limit_settlement.run()
    job = timed.submit(task="print")
    other = timed.submit(task="print")
    assert len(timed.start()) == 1

    container.limit_store.change(ALICE.tenant_id, "printer", {"concurrency": 2}, by=ALICE.user_id, at=now)
    assert container.limit_settlement.run() == 1
    assert {each.id for each in timed.start("second")} <= {job.id, other.id}
    assert defined(timed, "printer")[ALICE.tenant_id].concurrency == 2

    container.limit_store.change(ALICE.tenant_id, "printer", {"concurrency": None}, by=ALICE.user_id, at=now)
    assert container.limit_settlement.run() == 1
    assert ALICE.tenant_id in defined(timed, "printer"), "else the bound of every tenant would count"
    assert container.limit_settlement.run() == 0

    container.limit_store.reset(ALICE.tenant_id, "printer")
    assert container.limit_settlement.run() == 1
    assert list(defined(timed, "printer")) == [EVERY_TENANT]
