"""Objects in S3 go with their jobs, and not before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from bson import ObjectId

from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.stored import reference_of
from chalicelib.services.maintenance.stored_objects import ObjectSweep
from tests.api_client import PASSWORD, Api, Person
from tests.container import Container
from tests.large import LARGE, Broken, create, detail, keys, large_rig, make_due, record, sweep
from tests.s3 import Storage, storage
from tests.worker_support import Rig

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def s3() -> Iterator[Storage]:
    with storage() as found:
        yield found


@pytest.fixture
def rig(container: Container, s3: Storage) -> Iterator[Rig]:
    with large_rig(container, s3) as found:
        yield found


def test_objects_go_with_their_job_and_not_before(api: Api, rig: Rig, alice: Person, s3: Storage) -> None:
    stays, goes = create(api, alice), create(api, alice)
    rig.run()
    make_due(rig)
    assert sweep(rig) == 0
    assert rig.container.db["stored_objects"].count_documents({"check_at": {"$exists": True}}) == 0
    assert len(keys(s3, alice)) == 4
    assert api.delete(f"/job/{goes}", by=alice).status == 200
    assert sweep(rig) == 2
    assert len(keys(s3, alice)) == 2
    assert detail(api, alice, stays)["result"] == LARGE
    assert rig.container.db["stored_objects"].count_documents({}) == 2


def test_retention_lets_objects_go(api: Api, rig: Rig, alice: Person, s3: Storage) -> None:
    job_id = create(api, alice)
    create(api, alice, "echo", {"small": True})
    rig.run()
    c = rig.container
    page = c.retention_store.delete(
        alice.user.tenant_id, JobStatus.COMPLETED, [job_id], c.clock.now() + timedelta(days=1), c.clock.now()
    )
    assert page is not None and page.count == 1
    assert sweep(rig) == 2
    assert keys(s3, alice) == []


def test_a_tenant_is_deleted_with_its_objects(api: Api, rig: Rig, s3: Storage) -> None:
    admin, c = api.person(), rig.container
    create(api, admin)
    create(api, admin, delayS=3600)
    rig.run()
    name = c.tenant_store.names([admin.user.tenant_id])[admin.user.tenant_id]
    assert api.post("/tenant/delete", {"currentPassword": PASSWORD, "name": name}, by=admin).status == 200

    def let_minutes_pass() -> None:
        earlier = c.clock.now() - timedelta(minutes=10)
        c.db["expired_pages"].update_many({}, {"$set": {"at": earlier}})
        c.db["deletions"].update_many({}, {"$set": {"asked_at": earlier}})
        c.deletion_work.run(30)
        c.sweeper.sweep()

    for _ in range(4):
        let_minutes_pass()
    assert c.db["deletions"].count_documents({}) == 1, "objects are left"
    assert c.db["jobs"].count_documents({"owner_id": ObjectId(admin.id)}) == 0
    assert sweep(rig) == 3
    let_minutes_pass()
    assert c.db["deletions"].count_documents({}) == 0
    assert keys(s3, admin) == []


def test_what_a_crash_left_is_deleted_after_an_hour(api: Api, rig: Rig, alice: Person, s3: Storage) -> None:
    c = rig.container
    who = {"tenant_id": alice.user.tenant_id, "owner_id": alice.id}
    lost = rig.new("echo", LARGE, **who)
    c.stored_values.with_kept_payloads([lost])  # and the record is not written
    recorded = rig.new("echo", LARGE, **who)
    c.job_store.insert([recorded])
    c.stored_values.kept(recorded, recorded.payload or "")  # a result whose end is not written
    assert len(keys(s3, alice)) == 3
    assert sweep(rig) == 0, "the call may be under way"
    make_due(rig)
    assert sweep(rig) == 2
    [key] = keys(s3, alice)
    assert key == reference_of(record(rig, recorded.id)["payload"]).key


def test_a_sweep_without_s3_tries_again_later(api: Api, rig: Rig, alice: Person, s3: Storage) -> None:
    c = rig.container
    job_id = create(api, alice)
    rig.run()
    api.delete(f"/job/{job_id}", by=alice)
    broken = ObjectSweep(c.stored_objects, Broken, c.clock, c.log)  # type: ignore[arg-type]
    assert broken.run() == 0
    assert c.db["stored_objects"].count_documents({}) == 2
    assert sweep(rig) == 0, "not at once"
    make_due(rig)
    assert sweep(rig) == 2
