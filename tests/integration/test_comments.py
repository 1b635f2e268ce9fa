"""Comments on jobs and on groups of dead letters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from bson import ObjectId

from chalicelib.domain.comments import KEPT, MAX_PER_SUBJECT, MAX_TEXT_CHARS
from chalicelib.domain.jobs import Job
from chalicelib.domain.principals import KeyScope, Role
from chalicelib.queue.events import EventId
from chalicelib.services.api_keys import NewApiKey
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import an_error, finish, prepare, start, submit

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def ready(container: Container) -> Iterator[None]:
    prepare(container)
    yield


@pytest.fixture
def admin(api: Api) -> Person:
    return api.person()


def dead(container: Container, who: Person, *, queue: str = "mail") -> Job:
    job = submit(container, who.principal, queue=queue)
    (started,) = (each for each in start(container) if each.id == job.id)
    return finish(container, started, an_error())


def group_of(job: Job) -> str:
    assert job.error is not None
    return job.error.group


def say(api: Api, who: Person, path: str, text: str = "The bank is down") -> str:
    answer = api.post(f"{path}/comments", {"text": text}, by=who)
    assert answer.status == 201, answer.text
    return str(answer.json["comment"]["_id"])


def read(api: Api, who: Person, path: str, **query: str) -> Any:
    answer = api.get(f"{path}/comments", by=who, query=query)
    assert answer.status == 200, answer.text
    return answer.json


def events(container: Container, about: str) -> list[dict[str, Any]]:
    """The events about comments on a job (``jobId``) or a ``group``."""
    found = [orjson.loads(entry.message) for entry in container.event_log.read(EventId(0, 0), 1_000)]
    return [each["data"] for each in found if each["type"] == "comment:updated" and about in each["data"]]


def test_comments_are_listed_with_their_authors_newest_first(api: Api, container: Container, admin: Person) -> None:
    member = api.person(Role.MEMBER, tenant_id=admin.user.tenant_id)
    job = dead(container, member)
    path = f"/job/{job.id}"
    for number, who in enumerate((member, admin, member, admin, member)):
        say(api, who, path, f"Note {number}\nsecond line")

    first = read(api, admin, path, limit="2")
    second = read(api, admin, path, limit="2", cursor=first["nextCursor"])
    third = read(api, admin, path, limit="2", cursor=second["nextCursor"])
    texts = [each["text"] for page in (first, second, third) for each in page["comments"]]
    assert texts == [f"Note {number}\nsecond line" for number in (4, 3, 2, 1, 0)]
    assert third["nextCursor"] is None
    assert read(api, admin, path, limit="2", cursor=third["prevCursor"])["comments"] == second["comments"]
    assert first["owners"] == {member.id: member.user.username, admin.id: admin.user.username}
    assert first["comments"][0] | {"_id": "", "con": ""} == {
        "_id": "", "tenantId": admin.user.tenant_id, "jobId": job.id, "group": None, "ownerId": member.id,
        "key": None, "text": "Note 4\nsecond line", "con": "",
    }  # fmt: skip


def test_the_dlq_counts_them(api: Api, container: Container, admin: Person) -> None:
    job, other = dead(container, admin), dead(container, admin)
    group = f"/dlq/groups/{group_of(job)}"
    say(api, admin, f"/job/{job.id}")
    mine = say(api, admin, f"/job/{job.id}")
    for _ in range(3):
        say(api, admin, group)
    assert api.get("/dlq", by=admin).json["comments"] == {job.id: 2}
    (shown,) = api.get("/dlq/groups", by=admin).json["groups"]
    assert (shown["count"], shown["comments"]) == (2, 3)
    assert api.delete(f"/comments/{mine}", by=admin).status == 200
    assert api.get("/dlq", by=admin).json["comments"] == {job.id: 1}
    of_job, of_group = events(container, "jobId"), events(container, "group")
    assert [(each["jobId"], each["comments"]) for each in of_job] == [(job.id, 1), (job.id, 2), (job.id, 1)]
    assert [(each["group"], each["comments"]) for each in of_group] == [(group_of(other), n) for n in (1, 2, 3)]
    assert not any("bank" in str(each) for each in of_job + of_group)


def test_bad_texts_are_refused_with_the_field(api: Api, container: Container, admin: Person) -> None:
    job = dead(container, admin)
    for wrong in ("", "  \n ", "x" * (MAX_TEXT_CHARS + 1), "a\u0000b", "a\u202eb", 7, None):
        refused = api.post(f"/job/{job.id}/comments", {"text": wrong}, by=admin)
        assert (refused.status, refused.json.get("field")) == (400, "text"), wrong
    assert api.post(f"/job/{job.id}/comments", {}, by=admin).json["field"] == "text"
    say(api, admin, f"/job/{job.id}", " Cafe\u0301 👩‍💻\r\n\tdone ")
    assert read(api, admin, f"/job/{job.id}")["comments"][0]["text"] == "Caf\u00e9 👩‍💻\n\tdone"


def test_a_group_is_there_while_the_caller_sees_a_job_of_it(api: Api, container: Container, admin: Person) -> None:
    member, other = (api.person(Role.MEMBER, tenant_id=admin.user.tenant_id) for _ in range(2))
    job = dead(container, member)
    path = f"/dlq/groups/{group_of(job)}"
    made = say(api, member, path)
    assert api.get(f"{path}/comments", by=other).status == 404
    assert api.post("/dlq/groups/ffffffff/comments", {"text": "x"}, by=admin).status == 404
    assert api.post(f"/dlq/{job.id}/redrive", by=admin).status == 200
    assert api.get(f"{path}/comments", by=member).status == 404
    dead_again = dead(container, other)
    assert group_of(dead_again) == group_of(job)
    assert [each["_id"] for each in read(api, other, path)["comments"]] == [made]
    stored = container.db["comments"].find_one({"_id": ObjectId(made)})
    assert stored is not None
    assert stored["expires_at"] - stored["created_at"] == KEPT


def test_they_are_deleted_by_authors_and_admins(api: Api, container: Container, admin: Person) -> None:
    member, viewer = (api.person(role, tenant_id=admin.user.tenant_id) for role in (Role.MEMBER, Role.VIEWER))
    job = dead(container, member)
    path = f"/job/{job.id}"
    of_admin, of_member, another = say(api, admin, path), say(api, member, path), say(api, member, path)
    assert api.delete(f"/comments/{of_admin}", by=member).status == 403
    assert api.delete(f"/comments/{of_admin}", by=viewer).status == 403
    assert api.delete(f"/comments/{of_member}", by=member).status == 200
    assert api.delete(f"/comments/{another}", by=admin).status == 200
    assert api.delete(f"/comments/{another}", by=admin).status == 404
    assert [each["_id"] for each in read(api, viewer, path)["comments"]] == [of_admin]
    entries = api.get("/audit", by=admin).json["entries"]
    actions = [each["action"] for each in entries if each["action"].startswith("comment.")]
    assert sorted(actions) == ["comment.create"] * 3 + ["comment.delete"] * 2
    assert not any("bank" in str(each) for each in entries)


def test_a_service_is_named_by_its_key(api: Api, container: Container, admin: Person) -> None:
    job = dead(container, admin)
    secret = container.api_keys.create(admin.principal, NewApiKey("Runbook", [KeyScope.JOBS_WRITE]))[1]
    made = api.post(f"/job/{job.id}/comments", {"text": "Restarted"}, by=secret).json["comment"]
    assert (made["key"], made["ownerId"]) == ("Runbook", admin.id)


def test_there_is_a_bound(api: Api, container: Container, admin: Person) -> None:
    job = dead(container, admin)
    first = say(api, admin, f"/job/{job.id}")
    (stored,) = container.db["comments"].find({"_id": ObjectId(first)})
    container.db["comments"].insert_many([{**stored, "_id": ObjectId()} for _ in range(MAX_PER_SUBJECT - 1)])
    over = api.post(f"/job/{job.id}/comments", {"text": "one more"}, by=admin)
    assert (over.status, over.json["code"]) == (429, "too_many_comments")
    assert api.delete(f"/comments/{first}", by=admin).status == 200
    say(api, admin, f"/job/{job.id}")


def test_they_go_with_the_job(api: Api, container: Container, admin: Person) -> None:
    job, kept = dead(container, admin), dead(container, admin)
    for each in (job, kept):
        say(api, admin, f"/job/{each.id}")
    assert api.post("/dlq/delete", {"ids": [job.id]}, by=admin).json["changed"] == 1
    left = container.db["comments"].find({"tenant_id": ObjectId(admin.user.tenant_id)})
    assert [str(each["job_id"]) for each in left] == [kept.id]
    # by retention
    container.job_logs.delete([kept.id])
    assert container.db["comments"].count_documents({"tenant_id": ObjectId(admin.user.tenant_id)}) == 0


def test_a_comment_that_meets_the_deletion_of_its_job_is_gone(api: Api, container: Container, admin: Person) -> None:
    job = dead(container, admin)
    subject = container.comments.job(admin.principal, job.id)
    api.post("/dlq/delete", {"ids": [job.id]}, by=admin)
    with pytest.raises(Exception, match="no such job"):
        container.comments.add(admin.principal, subject, "Too late")
    assert container.db["comments"].count_documents({"job_id": ObjectId(job.id)}) == 0


def test_comments_are_throttled(api: Api, container: Container, admin: Person) -> None:
    job = dead(container, admin)
    answers = [api.post(f"/job/{job.id}/comments", {"text": "x"}, by=admin).status for _ in range(31)]
    assert answers == [201] * 30 + [429]
