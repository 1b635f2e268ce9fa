"""Operations that cancel, retry, redrive or delete all jobs that match a filter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from bson import ObjectId

from chalicelib.domain.principals import KeyScope, Role
from chalicelib.services import bulk
from chalicelib.services.api_keys import NewApiKey
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import TASKS, an_error, finish, start, submit
from tests.worker_support import Rig
from worker_fn import container as composition
from worker_fn.registration.registry import registry
from worker_fn.tasks import operations as _operations  # noqa: F401 - registers its tasks

pytestmark = pytest.mark.integration


@pytest.fixture
def bulk_rig(container: Container, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    """A worker with the tasks of the system, and pages of few jobs."""
    quick: dict[str, Any] = {"rate_limit_max_requests": 0, "max_active_jobs_per_user": 0, "worker_linger_s": 0.05}
    container.settings = replace(container.settings, **quick)
    container.catalogue.register(TASKS)
    monkeypatch.setattr(composition, "get_container", lambda: container)
    monkeypatch.setattr(bulk, "PAGE", 3)
    with Rig(container) as rig:
        rig.registry.add(registry.tasks["queuecraft.bulk"])
        yield rig


def waiting(rig: Rig, person: Person, count: int, **changes: Any) -> list[str]:
    """Scheduled jobs of a person."""
    return [submit(rig.container, person.principal, delay_s=3600.0, **changes).id for _ in range(count)]


def dead(rig: Rig, person: Person, count: int, queue: str = "failing") -> list[str]:
    """Jobs of a person in the DLQ."""
    ids = [submit(rig.container, person.principal, queue=queue, max_retries=0).id for _ in range(count)]
    while begun := start(rig.container):
        for job in begun:
            finish(rig.container, job, an_error())
    return ids


def operate(api: Api, by: Person | str, action: str, status: int = 202, **body: Any) -> dict[str, Any]:
    answer = api.post("/operations", {"action": action, "filter": {}, **body}, by=by)
    assert answer.status == status, answer.text
    found: dict[str, Any] = answer.json
    return found


def statuses(rig: Rig, ids: list[str]) -> list[str | None]:
    found = {str(job["_id"]): job["status"] for job in rig.container.db.jobs.find()}
    return [found.get(job_id) for job_id in ids]


def test_all_jobs_of_a_filter_are_cancelled_whatever_their_number(api: Api, bulk_rig: Rig, alice: Person) -> None:
    ids, others = waiting(bulk_rig, alice, 8, queue="a"), waiting(bulk_rig, alice, 2, queue="b")
    narrowed = {"queue": "a"}
    preview = operate(api, alice, "cancel", 200, filter=narrowed, dry_run=True)
    assert (preview["matched"], [job["_id"] for job in preview["sample"]]) == (8, sorted(ids))
    started = operate(api, alice, "cancel", filter=narrowed, name="Clean up")["operation"]
    assert (started["name"], started["kind"], started["matched"]) == ("Clean up", "cancel", 8)
    late = waiting(bulk_rig, alice, 1, queue="a")
    bulk_rig.run()
    found = api.get(f"/operations/{started['_id']}", by=alice).json["operation"]
    assert (found["status"], found["outcome"]) == ("completed", {"changed": 8, "failed": 0, "truncated": False})
    assert statuses(bulk_rig, ids) == ["cancelled"] * 8
    assert statuses(bulk_rig, others + late) == ["scheduled"] * 3
    [entry] = api.get("/audit", by=alice, query={"action": "jobs.operate"}).json["entries"]
    assert (entry["after"]["operation"], entry["after"]["matched"]) == (started["_id"], 8)


def test_a_pace_is_kept(api: Api, bulk_rig: Rig, alice: Person) -> None:
    ids = dead(bulk_rig, alice, 7)
    started = operate(api, alice, "redrive", ratePerMin=4, filter={"status": ["dlq"]})["operation"]
    bulk_rig.run()
    assert statuses(bulk_rig, ids).count("dlq") == 3
    found = api.get(f"/operations/{started['_id']}", by=alice).json["operation"]
    assert (found["status"], found["outcome"], found["progress"]["message"]) == ("retrying", None, "4 jobs")
    assert api.post(f"/operations/{started['_id']}/cancel", {}, by=alice).json["operation"]["status"] == "cancelled"
    assert statuses(bulk_rig, ids).count("dlq") == 3


def test_jobs_that_cannot_be_changed_are_counted_and_named(api: Api, bulk_rig: Rig, alice: Person) -> None:
    first = submit(bulk_rig.container, alice.principal, queue="needed")
    finish(bulk_rig.container, start(bulk_rig.container)[0])
    submit(bulk_rig.container, alice.principal, delay_s=3600.0, depends_on=(first.id, *waiting(bulk_rig, alice, 1)))
    started = operate(api, alice, "delete", filter={"queue": "needed"})["operation"]
    bulk_rig.run()
    found = api.get(f"/operations/{started['_id']}", by=alice).json["operation"]
    assert found["outcome"] == {"changed": 0, "failed": 1, "truncated": False}
    [line] = api.get(f"/job/{started['_id']}/logs", by=alice).json["lines"]
    assert first.id in line["message"]


def test_rights_are_those_of_the_owner_when_it_runs(api: Api, bulk_rig: Rig, alice: Person) -> None:
    member = api.person(Role.ADMIN, tenant_id=alice.user.tenant_id)
    ids = waiting(bulk_rig, alice, 2)
    started = operate(api, member, "cancel", filter={"scope": "tenant"})["operation"]
    bulk_rig.container.db.users.update_one({"_id": ObjectId(member.id)}, {"$set": {"role": "viewer"}})
    bulk_rig.run()
    assert api.get(f"/operations/{started['_id']}", by=member).json["operation"]["status"] == "dlq"
    assert statuses(bulk_rig, ids) == ["scheduled"] * 2
    operate(api, member, "cancel", 403, filter={"scope": "tenant"})


def test_a_key_reaches_no_dead_jobs_without_their_scope(api: Api, bulk_rig: Rig, alice: Person) -> None:
    key = bulk_rig.container.api_keys.create(alice.principal, NewApiKey("k", [KeyScope.JOBS_WRITE]))[1]
    ids = dead(bulk_rig, alice, 2)
    assert operate(api, key, "redrive", 403)["scope"] == "dlq:write"
    operate(api, key, "retry")
    bulk_rig.run()
    assert statuses(bulk_rig, ids) == ["dlq"] * 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"action": "burn"}, "action"),
        ({"ratePerMin": 0}, "ratePerMin"),
        ({"filter": {"status": []}}, "filter.status"),
        ({"limit": 1}, "limit"),
    ],
)
def test_what_is_wrong_is_named(api: Api, alice: Person, body: dict[str, Any], field: str) -> None:
    refused = api.post("/operations", {"action": "cancel", "filter": {}, **body}, by=alice)
    assert (refused.status, refused.json["field"]) == (400, field)
