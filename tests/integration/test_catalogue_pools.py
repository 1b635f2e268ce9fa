"""The catalogue, pool by pool: each registers and removes its own tasks only."""

from __future__ import annotations

import pytest

from chalicelib.domain.tasks import TaskSpec
from tests.container import Container

pytestmark = pytest.mark.integration

PING = TaskSpec("ping", {"type": "object"}, module="tasks.small")
REPORT = TaskSpec("report", {"type": "object"}, module="tasks.reports")
POOLS = ("default", "heavy")


def pools_of(container: Container) -> dict[str, str]:
    return {spec.name: spec.pool for spec in container.catalogue.all()}


@pytest.fixture
def registered(container: Container) -> Container:
    """A catalogue with a task of each pool."""
    container.catalogue.register([PING], pools=POOLS)
    container.catalogue.register([REPORT], pool="heavy", pools=POOLS)
    assert pools_of(container) == {"ping": "default", "report": "heavy"}
    return container


def test_a_pool_registers_only_when_its_own_tasks_change(registered: Container) -> None:
    catalogue = registered.catalogue
    assert not catalogue.register([PING], pools=POOLS)
    assert not catalogue.register([REPORT], pool="heavy", pools=POOLS)
    assert catalogue.register([REPORT._replace(timeout_s=60)], pool="heavy", pools=POOLS)
    assert not catalogue.register([PING], pools=POOLS)


def test_a_pool_removes_nothing_of_another(registered: Container) -> None:
    assert registered.catalogue.register([], pools=POOLS)
    assert pools_of(registered) == {"report": "heavy"}
    assert registered.catalogue.register([], pool="heavy", pools=POOLS)
    assert pools_of(registered) == {}


def test_a_module_that_fails_keeps_its_tasks_in_its_pool(registered: Container) -> None:
    assert not registered.catalogue.register([], {"tasks.reports"}, pool="heavy", pools=POOLS)
    assert pools_of(registered) == {"ping": "default", "report": "heavy"}


@pytest.mark.parametrize("first", POOLS)
def test_a_task_that_moves_to_another_pool_is_never_missing(first: str, registered: Container) -> None:
    catalogue = registered.catalogue
    then: dict[str, list[TaskSpec]] = {"default": [], "heavy": [PING, REPORT]}
    order = [first, *(pool for pool in POOLS if pool != first)]
    # When a deployment has each pool add its tasks, and then remove those that are gone
    for whole in (False, True):
        for pool in order:
            catalogue.register(then[pool], whole=whole, pool=pool, pools=POOLS)
            assert "ping" in pools_of(registered)
    assert pools_of(registered) == {"ping": "heavy", "report": "heavy"}


def test_a_worker_of_an_older_version_takes_a_task_back_only_until_the_next_start(registered: Container) -> None:
    catalogue = registered.catalogue
    catalogue.register([PING, REPORT], pool="heavy", pools=POOLS)
    catalogue.register([], pools=POOLS)
    # When a worker of the default pool starts with the last version
    assert catalogue.register([PING], whole=False, pools=POOLS)
    assert pools_of(registered)["ping"] == "default"
    # Then the next worker of the other pool, whose tasks did not change, registers them again
    assert catalogue.register([PING, REPORT], whole=False, pool="heavy", pools=POOLS)
    assert pools_of(registered)["ping"] == "heavy"


def test_tasks_of_a_pool_that_was_removed_go_with_the_next_deployment(registered: Container) -> None:
    assert not registered.catalogue.register([PING], whole=False, pools=["default"])
    assert "report" in pools_of(registered), "a worker that starts may be older than the last deployment"
    assert registered.catalogue.register([PING], pools=["default"])
    assert pools_of(registered) == {"ping": "default"}


def test_a_version_without_pools_reads_the_catalogue(registered: Container) -> None:
    documents = list(registered.db.tasks.find({"_id": {"$ne": "$digest"}}))
    assert [document["_id"] for document in documents] == ["ping", "report"]
    assert all("schema" in document for document in documents)
    assert "pool" not in documents[0]
