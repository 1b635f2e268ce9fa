"""Mails about failed jobs: to whom, how often, each failure once, and how they end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.domain.jobs import Job
from chalicelib.domain.mails import Mail
from chalicelib.domain.notifications import Rhythm, next_look
from chalicelib.domain.principals import Role
from chalicelib.services.notifications import FailureLooks
from tests.api_client import Api, Person
from tests.jobs import an_error, finish, prepare, start, submit
from tests.support import ManualClock

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def ready(api: Api) -> Iterator[None]:
    prepare(api.container)
    yield


def fail(api: Api, owner: Person, name: str = "Report") -> Job:
    job = submit(api.container, owner.principal, name=name)
    return finish(api.container, next(each for each in start(api.container) if each.id == job.id), an_error())


def want(api: Api, who: Person, failures: str = "at_once", scope: str = "own") -> int:
    return api.put("/me/notifications", {"failures": failures, "scope": scope}, by=who).status


def look(api: Api, *, later_s: float = 61) -> list[Mail]:
    """The mails after a look at this time."""
    c = api.container
    clock = ManualClock(c.clock.now() + timedelta(seconds=later_s))
    FailureLooks(c.notification_store, c.mailer, c.unsubscribe_links, "https://q.example", clock).look()
    return [mail for mail in c.mail_store.newest(99) if mail.kind == "failures"]


def test_nobody_is_told_who_did_not_ask(api: Api, alice: Person) -> None:
    assert api.get("/me/notifications", by=alice).json["notifications"] == {
        "failures": "off",
        "scope": "own",
        "alerts": False,
    }
    fail(api, alice)
    assert look(api) == []


def test_each_failure_is_told_of_once(api: Api, alice: Person) -> None:
    assert want(api, alice) == 200
    job = fail(api, alice)
    (mail,) = look(api)
    assert (mail.to, mail.subject) == (alice.email, "Job failed: Report")
    assert f"https://q.example/jobs/{job.id}" in mail.text
    assert mail.one_click.startswith("https://q.example/api/unsubscribe/")
    assert len(look(api, later_s=400)) == 1
    fail(api, alice, "Second")
    mails = look(api, later_s=800)
    assert sorted(each.subject for each in mails) == ["Job failed: Report", "Job failed: Second"]


def test_an_end_that_is_written_late_is_told_of(api: Api, alice: Person) -> None:
    want(api, alice)
    job = fail(api, alice)
    assert len(look(api)) == 1
    late = fail(api, alice, "Late")
    ended = api.container.job_store.get(job.id).finished_at
    api.container.db["jobs"].update_one({"name": "Late"}, {"$set": {"finished_at": ended}})
    assert any(late.name in mail.text for mail in look(api, later_s=400))


def test_a_repeated_look_posts_the_same_mail(api: Api, alice: Person) -> None:
    want(api, alice)
    fail(api, alice)
    users = api.container.db["users"]
    (before,) = users.find({"email": alice.email})
    look(api)
    users.replace_one({"email": alice.email}, before)
    assert len(look(api)) == 1


def test_a_digest_names_all_and_others_are_left_out(api: Api, alice: Person) -> None:
    stranger = api.person()
    want(api, alice, "hourly")
    fail(api, stranger, "Not hers")
    fail(api, alice, "One\r\nBcc: eve@example.com")
    fail(api, alice, "Two <b>")
    assert look(api, later_s=0) == []
    (mail,) = look(api, later_s=3700)
    assert mail.subject == "2 jobs failed"
    assert "Two <b>" in mail.text
    assert "Two &lt;b&gt;" in mail.html
    assert "Not hers" not in mail.text
    assert "\nBcc" not in mail.text


def test_those_who_may_read_the_tenants_jobs_may_be_told_of_them(api: Api, alice: Person) -> None:
    member = api.person(Role.MEMBER, tenant_id=alice.user.tenant_id)
    viewer = api.person(Role.VIEWER, tenant_id=alice.user.tenant_id)
    assert want(api, member, scope="tenant") == 400
    assert want(api, viewer, scope="tenant") == 200
    want(api, member)
    want(api, alice)
    fail(api, member)
    assert sorted(mail.to for mail in look(api)) == sorted([member.email, viewer.email])


def test_who_loses_the_role_is_told_of_own_jobs_alone(api: Api, alice: Person) -> None:
    other = api.person(tenant_id=alice.user.tenant_id)
    want(api, other, scope="tenant")
    api.patch(f"/members/{other.id}", {"role": "member"}, by=alice)
    fail(api, alice)
    assert look(api) == []


def test_one_click_unsubscribes_without_a_log_in(api: Api, alice: Person) -> None:
    want(api, alice)
    fail(api, alice)
    (mail,) = look(api)
    path = mail.one_click.removeprefix("https://q.example/api")
    sent = {"Content-Type": "application/x-www-form-urlencoded"}
    assert api.call("POST", path, raw="List-Unsubscribe=One-Click", headers=sent).status == 200
    assert api.get("/me/notifications", by=alice).json["notifications"]["failures"] == "off"
    assert api.post(path).status == 200  # again
    fail(api, alice)
    assert len(look(api, later_s=9999)) == 1


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1] + "x", lambda t: "0" * 24 + t[24:], lambda t: t[:24], lambda _: "ü"]
)
def test_another_link_unsubscribes_nobody(api: Api, alice: Person, change: object) -> None:
    assert callable(change)
    token = change(api.container.unsubscribe_links.token(alice.id))
    assert api.post(f"/unsubscribe/{token}").status == 404


def test_a_change_is_audited_and_wrong_wishes_are_named(api: Api, alice: Person) -> None:
    want(api, alice, "daily")
    (entry,) = api.get("/audit", by=alice).json["entries"]
    assert (entry["action"], entry["after"]["failures"]) == ("member.notifications", "daily")
    refused = api.put("/me/notifications", {"failures": "often"}, by=alice)
    assert (refused.status, refused.json["field"]) == (400, "failures")
    assert api.put("/me/notifications", {"failures": "daily", "scope": "all"}, by=alice).json["field"] == "scope"


def test_looks_are_bounded_by_the_rhythm() -> None:
    now = ManualClock().now().replace(hour=6, minute=30)
    assert next_look(Rhythm.AT_ONCE, now, mailed=True) - now == timedelta(minutes=5)
    assert next_look(Rhythm.AT_ONCE, now, mailed=False) - now == timedelta(minutes=1)
    assert next_look(Rhythm.HOURLY, now, mailed=True).hour == 7
    assert next_look(Rhythm.DAILY, now, mailed=True) == now.replace(hour=7, minute=0)
    late = now.replace(hour=7, minute=0)
    assert next_look(Rhythm.DAILY, late, mailed=True) == late + timedelta(days=1)
