"""Invitations: by link and mail, once, for seven days, within the cap of members."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.principals import Role
from tests.api_client import PASSWORD, Answer, Api, Person

pytestmark = pytest.mark.integration
BEA = "bea@example.com"


@pytest.fixture
def env(env: dict[str, str]) -> dict[str, str]:
    return {**env, "MAX_MEMBERS_PER_TENANT": "3", "SIGN_UPS_PER_HOUR": "0", "LOG_IN_ATTEMPTS_PER_MINUTE": "0"}


def invite(api: Api, by: Person, email: str = BEA, role: str = "member") -> tuple[dict[str, Any], str]:
    answer = api.post("/invitations", {"email": email, "role": role}, by=by)
    assert answer.status == 201, answer.text
    return answer.json["invitation"], answer.json["link"].partition("#")[2]


def accept(api: Api, token: str, **other: str) -> Answer:
    return api.post("/invitations/accept", {"token": token, "username": "Bea", "password": PASSWORD, **other})


def test_who_has_the_link_joins_once(api: Api, alice: Person) -> None:
    invitation, token = invite(api, alice, role="viewer")
    opened = api.post("/invitations/open", {"token": token}).json["invitation"]
    assert (opened["email"], opened["role"], opened["tenant"]) == (BEA, "viewer", alice.user.username)
    joined = accept(api, token)
    assert joined.status == 201
    assert joined.json["member"]["tenantId"] == alice.user.tenant_id
    assert api.post("/login", {"email": BEA, "password": PASSWORD}).status == 200
    again = accept(api, token)
    assert (again.status, again.json["field"]) == (400, "token")
    assert api.get("/invitations", by=alice).json["invitations"] == []
    actions = [entry["action"] for entry in api.get("/audit", by=alice).json["entries"]]
    assert actions == ["invitation.accept", "invitation.create"]
    assert token not in api.get("/audit", by=alice).text
    assert invitation["_id"] in api.get("/audit", by=alice).text


def test_the_link_goes_by_mail_and_only_its_hash_is_stored(api: Api, alice: Person) -> None:
    invitation, token = invite(api, alice)
    api.container.mailer.send_due(5)
    (mail,) = api.container.mail_store.newest(9)
    assert (mail.to, mail.key) == (BEA, f"invitation:{invitation['_id']}")
    assert f"/join#{token}" in mail.text
    stored = str(api.container.db["invitations"].find_one({}))
    assert token.partition(".")[2] not in stored
    listed = api.get("/invitations", by=alice)
    assert token.partition(".")[2] not in listed.text
    assert listed.json["owners"] == {alice.id: alice.user.username}


def test_another_invitation_of_an_address_voids_the_first(api: Api, alice: Person) -> None:
    _, first = invite(api, alice)
    _, second = invite(api, alice, role="admin")
    assert accept(api, first).status == 400
    assert accept(api, second).json["member"]["role"] == "admin"


def test_a_revoked_or_expired_invitation_lets_nobody_in(api: Api, alice: Person) -> None:
    invitation, token = invite(api, alice)
    assert api.delete(f"/invitations/{invitation['_id']}", by=alice).status == 200
    assert api.post("/invitations/open", {"token": token}).status == 400
    assert api.delete(f"/invitations/{invitation['_id']}", by=alice).status == 404
    _, token = invite(api, alice)
    past = api.container.clock.now() - timedelta(seconds=1)
    api.container.db["invitations"].update_many({}, {"$set": {"expires_at": past}})
    assert accept(api, token).status == 400
    assert api.get("/invitations", by=alice).json["invitations"] == []


@pytest.mark.parametrize("removed", [False, True])
def test_an_invitation_ends_with_the_right_of_whoever_invites(api: Api, alice: Person, removed: bool) -> None:
    other = api.person(tenant_id=alice.user.tenant_id)
    _, token = invite(api, other, role="admin")
    if removed:
        api.delete(f"/members/{other.id}", by=alice)
    else:
        api.patch(f"/members/{other.id}", {"role": "member"}, by=alice)
    assert accept(api, token).status == 400


def test_those_who_are_invited_count_as_members(api: Api, alice: Person) -> None:
    _, token = invite(api, alice, "a@example.com")
    invite(api, alice, "b@example.com")
    refused = api.post("/invitations", {"email": "c@example.com"}, by=alice)
    assert (refused.status, refused.json["code"]) == (429, "too_many_members")
    invite(api, alice, "b@example.com")  # in place of the other one
    api.person(Role.MEMBER, tenant_id=alice.user.tenant_id)
    api.person(Role.MEMBER, tenant_id=alice.user.tenant_id)
    assert accept(api, token).json["code"] == "too_many_members"


def test_an_address_that_has_an_account_cannot_join(api: Api, alice: Person) -> None:
    stranger = api.person()
    _, token = invite(api, alice, stranger.email)
    assert accept(api, token).status == 409
    assert len(api.get("/invitations", by=alice).json["invitations"]) == 1


@pytest.mark.parametrize("token", ["x", "0" * 24, f"{'0' * 24}.{'a' * 43}", "a" * 100])
def test_another_token_is_refused(api: Api, alice: Person, token: str) -> None:
    invite(api, alice)
    assert accept(api, token).json["field"] == "token"


def test_a_wrong_secret_is_refused(api: Api, alice: Person) -> None:
    _, token = invite(api, alice)
    assert accept(api, token[:-1] + ("a" if token[-1] != "a" else "b")).status == 400


def test_a_common_password_is_refused_and_the_invitation_stays(api: Api, alice: Person) -> None:
    _, token = invite(api, alice)
    assert accept(api, token, password="password1").json["field"] == "password"
    assert accept(api, token).status == 201
