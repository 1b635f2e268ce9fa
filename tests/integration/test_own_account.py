"""The browser's session; log-out, profile and password, over the API."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from chalicelib.domain.principals import Role
from tests.api_client import PASSWORD, Api, Person, log_in
from tests.container import Container

pytestmark = pytest.mark.integration


# --- the browser's session ---------------------------------------------------------------------------------------


def cookie_log_in(api: Api, person: Person) -> tuple[dict[str, str], str]:
    answer = api.post("/login", {"email": person.email, "password": PASSWORD, "cookie": True})
    name = "qc_session_queuecraft"
    header = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/", f"Max-Age={24 * 3600}"} <= set(header.split("; "))
    assert answer.cookie(name) == answer.json["jwt"]
    return {"Cookie": f"other=1; {name}={answer.cookie(name)}"}, answer.json["csrfToken"]


@pytest.mark.parametrize("foreign", ['g_state={"i":0}', "theme=dark blue", "version=1", "é=ü", "=", "x", "a=b=c", ","])
def test_other_cookies_are_ignored(api: Api, alice: Person, foreign: str) -> None:
    cookie, _ = cookie_log_in(api, alice)
    ours = cookie["Cookie"].removeprefix("other=1; ")

    for header in (f"{foreign}; {ours}", f"{ours}; {foreign}", f"{foreign};{ours};{foreign}"):
        assert api.get("/me", headers={"Cookie": header}).status == 200
    assert api.get("/me", headers={"Cookie": f"x{ours}"}).status == 401


def test_a_cookie_authenticates(api: Api, alice: Person) -> None:
    cookie, csrf = cookie_log_in(api, alice)

    answer = api.get("/me", headers=cookie)

    assert answer.json["user"]["_id"] == alice.id
    assert answer.json["csrfToken"] == csrf
    assert re.fullmatch(r"\d+-\d+", answer.json["lastEventId"])


@pytest.mark.parametrize("token", [None, "", "wrong", "0" * 64])
def test_a_cookie_alone_may_not_write(api: Api, alice: Person, token: str | None) -> None:
    cookie, _ = cookie_log_in(api, alice)
    headers = cookie | ({} if token is None else {"X-CSRF-Token": token})

    answer = api.patch("/me", {"username": "changed"}, headers=headers)

    assert answer.status == 403
    assert api.get("/me", by=alice).json["user"]["username"] == alice.user.username


def test_a_cookie_with_its_csrf_token_may_write(api: Api, alice: Person) -> None:
    cookie, csrf = cookie_log_in(api, alice)

    assert api.patch("/me", {"username": "changed"}, headers=cookie | {"X-CSRF-Token": csrf}).status == 200


def test_the_csrf_token_of_another_session_is_refused(api: Api, alice: Person) -> None:
    cookie, _ = cookie_log_in(api, alice)
    _, csrf = cookie_log_in(api, api.person())

    assert api.patch("/me", {"username": "changed"}, headers=cookie | {"X-CSRF-Token": csrf}).status == 403


def test_log_out_removes_the_cookie(api: Api, alice: Person) -> None:
    cookie, csrf = cookie_log_in(api, alice)

    answer = api.post("/logout", headers=cookie | {"X-CSRF-Token": csrf})

    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert api.get("/me", headers=cookie).status == 401


def test_the_api_token_needs_no_csrf_token(api: Api, alice: Person) -> None:
    assert api.patch("/me", {"username": "changed"}, by=alice).status == 200


# --- log-out, profile, password ------------------------------------------------------------------------------------


def test_log_out_revokes_this_token_and_no_other(api: Api, alice: Person) -> None:
    other = log_in(api, alice.email)

    assert api.post("/logout", by=alice).status == 200

    assert api.get("/me", by=alice).status == 401
    assert api.get("/me", by=alice).json["error"] == "Invalid token"
    assert api.get("/me", by=other).status == 200


def test_a_revocation_expires_with_its_token(api: Api, alice: Person, container: Container) -> None:
    api.post("/logout", by=alice)

    kept = container.db["revocations"].find_one({})
    assert kept is not None
    left_s = (kept["expires_at"] - datetime.now(UTC)).total_seconds()
    assert 24 * 3600 - 10 < left_s < 24 * 3600 + 120


def test_the_profile_changes(api: Api, alice: Person) -> None:
    change = {"username": "Alice", "email": "Alice@Example.com", "current_password": PASSWORD}

    answer = api.patch("/me", change, by=alice)

    assert answer.json["user"]["username"] == "Alice"
    assert api.get("/me", by=alice).json["user"]["email"] == "alice@example.com"
    log_in(api, "alice@example.com")


@pytest.mark.parametrize("given", [{}, {"current_password": "not the password"}])
def test_another_email_needs_the_password(api: Api, alice: Person, given: dict[str, str]) -> None:
    answer = api.patch("/me", {"email": "alice@example.com", **given}, by=alice)

    assert (answer.status, answer.json["field"]) == (400, "currentPassword")
    assert api.get("/me", by=alice).json["user"]["email"] == alice.email
    assert api.patch("/me", {"email": alice.email, "username": "Alice"}, by=alice).status == 200


def test_a_common_password_is_refused_wherever_one_is_set(api: Api, alice: Person) -> None:
    bob = api.person(Role.MEMBER, tenant_id=alice.user.tenant_id)
    member = {"username": "Carol", "email": "carol@example.com", "password": "Password1"}

    for path, body, field in (
        ("/me/password", {"current_password": PASSWORD, "new_password": "QueueCraft123"}, "newPassword"),
        ("/members", member, "password"),
        (f"/members/{bob.id}/password", {"password": "qwertyuiop"}, "password"),
    ):
        answer = api.post(path, body, by=alice)
        assert (answer.status, answer.json["field"]) == (400, field)


def test_an_empty_change_changes_nothing(api: Api, alice: Person) -> None:
    assert api.patch("/me", {}, by=alice).json["user"]["username"] == alice.user.username


def test_an_email_in_use_is_refused(api: Api, alice: Person) -> None:
    bob = api.person()

    answer = api.patch("/me", {"email": bob.email, "current_password": PASSWORD}, by=alice)

    assert (answer.status, answer.json["code"]) == (409, "already_exists")


@pytest.mark.parametrize("field", ["role", "tenantId", "password_hash", "session_version", "_id", "$set"])
def test_unknown_fields_of_the_profile_are_refused(api: Api, alice: Person, field: str) -> None:
    assert api.patch("/me", {field: "operator"}, by=alice).status == 400


def test_a_new_password_revokes_every_older_token(api: Api, alice: Person) -> None:
    """Also one that was issued in the same second."""
    other = log_in(api, alice.email)

    answer = api.post("/me/password", {"current_password": PASSWORD, "new_password": "the next one"}, by=alice)

    assert answer.status == 200
    assert api.get("/me", by=alice).status == 401
    assert api.get("/me", by=other).status == 401
    assert api.get("/me", by=answer.json["jwt"]).status == 200
    assert api.post("/login", {"email": alice.email, "password": PASSWORD}).status == 401
    assert api.get("/me", by=log_in(api, alice.email, "the next one")).status == 200


def test_a_new_password_needs_the_current_one(api: Api, alice: Person) -> None:
    body = {"current_password": "not the password", "new_password": "the next one"}

    answer = api.post("/me/password", body, by=alice)

    assert (answer.status, answer.json["field"]) == (400, "currentPassword")
    log_in(api, alice.email)


def test_a_new_password_in_a_browser_renews_the_cookie(api: Api, alice: Person) -> None:
    cookie, csrf = cookie_log_in(api, alice)
    body = {"current_password": PASSWORD, "new_password": "the next one"}

    answer = api.post("/me/password", body, headers=cookie | {"X-CSRF-Token": csrf})

    renewed = {"Cookie": f"qc_session_queuecraft={answer.cookie('qc_session_queuecraft')}"}
    assert api.get("/me", headers=renewed).json["csrfToken"] == answer.json["csrfToken"]


def test_the_token_of_a_deleted_user_is_refused(api: Api, alice: Person, container: Container) -> None:
    container.user_store.remove(alice.id)

    assert api.get("/me", by=alice).status == 401
