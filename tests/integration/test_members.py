"""Members and roles, over the API."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.domain.principals import Role
from tests.api_client import PASSWORD, Api, Person
from tests.container import Container

pytestmark = pytest.mark.integration


@pytest.fixture
def bob(api: Api, alice: Person) -> Person:
    """A member of Alice's tenant."""
    return api.person(Role.MEMBER, tenant_id=alice.user.tenant_id)


def test_the_list_shows_ones_own_tenant_only(api: Api, alice: Person, bob: Person) -> None:
    api.person()

    answer = api.get("/members", by=alice)

    assert [member["_id"] for member in answer.json["members"]] == [alice.id, bob.id]
    assert "hash" not in answer.text


def test_a_new_member_logs_in_with_the_generated_password(api: Api, alice: Person) -> None:
    new = {"username": "Carol", "email": "Carol@example.com", "role": "viewer"}

    answer = api.post("/members", new, by=alice)

    assert answer.status == 201
    assert len(answer.json["password"]) >= 16
    member = answer.json["member"]
    assert (member["role"], member["tenantId"]) == ("viewer", alice.user.tenant_id)
    log_in = api.post("/login", {"email": "carol@example.com", "password": answer.json["password"]})
    assert api.get("/me", by=log_in.json["jwt"]).json["user"]["role"] == "viewer"
    assert answer.json["password"] not in api.get("/members", by=alice).text


def test_a_given_password_is_not_shown(api: Api, alice: Person) -> None:
    new = {"username": "Carol", "email": "carol@example.com", "password": PASSWORD}

    answer = api.post("/members", new, by=alice)

    assert answer.json["member"]["role"] == "member"
    assert "password" not in answer.json
    assert PASSWORD not in answer.text


def test_the_role_operator_cannot_be_given(api: Api, alice: Person, bob: Person) -> None:
    new = {"username": "Carol", "email": "carol@example.com", "role": "operator"}

    assert api.post("/members", new, by=alice).status == 400
    assert api.patch(f"/members/{bob.id}", {"role": "operator"}, by=alice).status == 400


def test_an_email_in_use_is_a_conflict(api: Api, alice: Person, bob: Person) -> None:
    answer = api.post("/members", {"username": "Bob", "email": bob.email}, by=alice)

    assert (answer.status, answer.json["code"]) == (409, "already_exists")


def test_a_new_role_revokes_the_tokens(api: Api, alice: Person, bob: Person) -> None:
    answer = api.patch(f"/members/{bob.id}", {"role": "viewer"}, by=alice)

    assert answer.json["member"]["role"] == "viewer"
    assert api.get("/me", by=bob).status == 401


def test_the_same_role_revokes_nothing(api: Api, alice: Person, bob: Person) -> None:
    assert api.patch(f"/members/{bob.id}", {"role": "member"}, by=alice).status == 200
    assert api.get("/me", by=bob).status == 200


def test_a_removed_member_is_logged_out_at_once(api: Api, alice: Person, bob: Person) -> None:
    assert api.delete(f"/members/{bob.id}", by=alice).status == 200

    assert api.get("/me", by=bob).status == 401
    assert api.post("/login", {"email": bob.email, "password": PASSWORD}).status == 401
    assert api.delete(f"/members/{bob.id}", by=alice).status == 404


def test_a_reset_password_is_shown_once_and_ends_the_members_sessions(api: Api, alice: Person, bob: Person) -> None:
    answer = api.post(f"/members/{bob.id}/password", {}, by=alice)

    assert answer.status == 200
    assert answer.json["member"]["_id"] == bob.id
    assert len(answer.json["password"]) >= 16
    assert api.get("/me", by=bob).json["code"] == "password_changed"
    assert api.post("/login", {"email": bob.email, "password": PASSWORD}).status == 401
    assert api.post("/login", {"email": bob.email, "password": answer.json["password"]}).status == 200
    assert answer.json["password"] not in api.get("/members", by=alice).text


def test_a_reset_to_a_given_password_does_not_show_it(api: Api, alice: Person, bob: Person) -> None:
    answer = api.post(f"/members/{bob.id}/password", {"password": "one of the admin's choice"}, by=alice)

    assert "password" not in answer.json
    assert api.post("/login", {"email": bob.email, "password": "one of the admin's choice"}).status == 200
    assert api.post(f"/members/{bob.id}/password", {"password": "short"}, by=alice).json["field"] == "password"


def test_a_reset_is_for_members_of_ones_own_tenant_and_not_for_oneself(api: Api, alice: Person, bob: Person) -> None:
    """A stolen session must not replace the current password."""
    mallory, operator = api.person(), api.person(Role.OPERATOR)
    colleague = api.person(Role.ADMIN, tenant_id=operator.user.tenant_id)

    assert api.post(f"/members/{alice.id}/password", {}, by=alice).status == 403
    assert api.post(f"/members/{operator.id}/password", {}, by=colleague).status == 403
    assert api.post(f"/members/{bob.id}/password", {}, by=mallory).status == 404
    assert api.post(f"/members/{alice.id}/password", {}, by=bob).status == 403
    for person in (alice, bob, operator):
        assert api.get("/me", by=person).status == 200


def test_the_last_admin_cannot_be_removed(api: Api, alice: Person, bob: Person) -> None:
    for answer in (
        api.patch(f"/members/{alice.id}", {"role": "member"}, by=alice),
        api.delete(f"/members/{alice.id}", by=alice),
    ):
        assert (answer.status, answer.json["code"]) == (409, "conflict")

    api.patch(f"/members/{bob.id}", {"role": "admin"}, by=alice)
    assert api.patch(f"/members/{alice.id}", {"role": "member"}, by=alice).status == 200


def test_two_admins_cannot_leave_at_once(api: Api, container: Container, alice: Person) -> None:
    """Each transaction sees the other's admin; only one may commit."""
    for _ in range(5):
        one = api.person()
        two = api.person(Role.ADMIN, tenant_id=one.user.tenant_id)
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda person: api.delete(f"/members/{person.id}", by=person), [one, two]))
        assert sorted(answer.status for answer in answers) == [200, 409]
        assert container.user_store.admins(one.user.tenant_id) == 1


def test_members_of_other_tenants_are_not_found(api: Api, alice: Person) -> None:
    mallory = api.person()

    assert api.patch(f"/members/{alice.id}", {"role": "viewer"}, by=mallory).status == 404
    assert api.delete(f"/members/{alice.id}", by=mallory).status == 404
    assert api.get("/me", by=alice).json["user"]["role"] == "admin"


def test_operators_cannot_be_managed(api: Api, alice: Person) -> None:
    operator = api.person(Role.OPERATOR)
    colleague = api.person(Role.ADMIN, tenant_id=operator.user.tenant_id)

    assert api.patch(f"/members/{operator.id}", {"role": "viewer"}, by=colleague).status == 403
    assert api.delete(f"/members/{operator.id}", by=colleague).status == 403
