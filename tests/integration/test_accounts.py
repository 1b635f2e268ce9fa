"""Sign-up and log-in, over the API."""

from __future__ import annotations

import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import jwt
import pytest
from bson import ObjectId

from chalicelib.services.passwords import Passwords
from tests.api_client import PASSWORD, Api, Person, log_in
from tests.conftest import TEST_SECRET
from tests.container import Container

pytestmark = pytest.mark.integration
NEW = {"username": "Ada", "email": "ada@example.com", "password": PASSWORD}


# --- sign-up -----------------------------------------------------------------------------------------------------


def test_sign_up_answers_with_the_user_alone(api: Api) -> None:
    answer = api.post("/user/create", NEW)

    assert answer.status == 200
    user = answer.json
    assert set(user) == {"_id", "username", "email", "con", "mon", "role", "tenantId"}
    assert (user["username"], user["email"], user["role"]) == ("Ada", "ada@example.com", "admin")
    assert ObjectId.is_valid(user["_id"])
    for stamp in (user["con"], user["mon"]):
        assert stamp.endswith("Z") and len(stamp) == len("2026-01-01T00:00:00.000Z")
        assert abs((datetime.now(UTC) - datetime.fromisoformat(stamp)).total_seconds()) < 60


def test_sign_up_makes_a_tenant_and_its_admin(api: Api, container: Container) -> None:
    user = api.post("/user/create", NEW).json

    assert container.db["tenants"].count_documents({"_id": ObjectId(user["tenantId"])}) == 1
    stored = container.db["users"].find_one({"_id": ObjectId(user["_id"])})
    assert stored is not None
    assert stored["tenant_id"] == ObjectId(user["tenantId"])
    assert stored["password_hash"].startswith("$argon2id$")
    assert PASSWORD not in str(stored)


def test_a_user_without_tenant_is_never_written(api: Api, container: Container) -> None:
    """Either both documents are written or none."""
    api.post("/user/create", NEW)
    api.post("/user/create", NEW)

    assert container.db["users"].count_documents({}) == 1
    assert container.db["tenants"].count_documents({}) == 1


def test_sign_up_does_not_tell_who_has_an_account(api: Api, container: Container) -> None:
    first = api.post("/user/create", NEW)
    stored = container.user_store.by_email("ada@example.com")
    again = api.post("/user/create", {**NEW, "username": "Eve", "password": "a password of Eve's"})

    assert again.status == first.status
    assert set(again.json) == set(first.json)
    assert again.json["_id"] != first.json["_id"]
    assert container.user_store.by_email("ada@example.com") == stored
    assert api.post("/login", {"email": NEW["email"], "password": "a password of Eve's"}).status == 401
    log_in(api, NEW["email"])


def test_parallel_sign_ups_with_one_email_make_one_account(api: Api, container: Container) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: api.post("/user/create", NEW), range(8)))

    assert {answer.status for answer in answers} == {200}
    assert container.db["users"].count_documents({}) == 1
    assert container.db["tenants"].count_documents({}) == 1


def test_email_addresses_ignore_case(api: Api, container: Container) -> None:
    api.post("/user/create", {**NEW, "email": "  Ada@EXAMPLE.com "})
    api.post("/user/create", NEW)

    assert container.db["users"].count_documents({"email": "ada@example.com"}) == 1
    log_in(api, "ADA@example.COM")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "ada"}, "email"),
        ({"email": {"$gt": ""}}, "email"),
        ({"email": "operator@queuecraft.local"}, "email"),
        ({"email": "nora@x"}, "email"),
        ({"email": "nora@localhost"}, "email"),
        ({"password": "password"}, "password"),
        ({"password": "12345678"}, "password"),
        ({"password": "Ada-2026!"}, "password"),
        ({"password": "e\u0301" * 4}, "password"),
        ({"email": "a" * 250 + "@example.com"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "x" * 257}, "password"),
        ({"password": 12345678}, "password"),
        ({"username": ""}, "username"),
        ({"username": "   "}, "username"),
        ({"username": "x" * 65}, "username"),
        ({"username": "a\u0000b"}, "username"),
        ({"username": "a\u202eb"}, "username"),
        ({"username": "a\u2028b"}, "username"),
        ({"username": "\u200d"}, "username"),
        ({"role": "operator"}, "role"),
        ({"_id": "6740a0000000000000000000"}, "_id"),
        ({"tenantId": "6740a0000000000000000000"}, "tenantId"),
    ],
)
def test_sign_up_refuses(api: Api, container: Container, change: dict[str, object], field: str) -> None:
    answer = api.post("/user/create", NEW | change)

    assert answer.status == 400
    assert answer.json["field"] == field
    assert answer.json["code"] == "invalid_input"
    assert container.db["users"].count_documents({}) == 0


def test_sign_up_names_every_field_that_is_wrong(api: Api) -> None:
    answer = api.post("/user/create", {"username": "", "password": "x"})

    assert {error["field"] for error in answer.json["errors"]} == {"username", "email", "password"}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("\u0639\u0644\u06cc\u200c\u0631\u0636\u0627", "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627"),
        ("\U0001f469\u200d\U0001f4bb Ada", "\U0001f469\u200d\U0001f4bb Ada"),
        ("Ada\u00a0Lovelace", "Ada Lovelace"),
        ("Zoe\u0308", "Zo\u00eb"),
    ],
)
def test_names_of_all_scripts_are_taken(api: Api, given: str, kept: str) -> None:
    assert api.post("/user/create", {**NEW, "username": given}).json["username"] == kept


# --- log-in ------------------------------------------------------------------------------------------------------


def test_log_in_gives_a_token_with_the_known_claims(api: Api, alice: Person) -> None:
    answer = api.post("/login", {"email": alice.email, "password": PASSWORD})

    assert answer.json == {"success": True, "jwt": answer.json["jwt"]}
    token = answer.json["jwt"]
    header = jwt.get_unverified_header(token)
    claims = jwt.decode(token, TEST_SECRET, algorithms=["HS256"])
    assert header["alg"] == "HS256" and header["kid"]
    assert claims["userId"] == alice.id
    assert claims["email"] == alice.email
    assert claims["exp"] - claims["iat"] == 24 * 3600
    assert "role" not in claims
    assert "Set-Cookie" not in answer.headers


def test_wrong_password_and_unknown_user_look_the_same(api: Api, alice: Person) -> None:
    wrong = api.post("/login", {"email": alice.email, "password": "not the password"})
    unknown = api.post("/login", {"email": "nobody@example.com", "password": "not the password"})
    senseless = api.post("/login", {"email": "nobody", "password": "not the password"})

    for answer in (unknown, senseless):
        assert answer.status == wrong.status == 401
        assert answer.json | {"traceId": ""} == wrong.json | {"traceId": ""}
    assert wrong.json["code"] == "wrong_credentials"


def test_wrong_password_and_unknown_user_take_the_same_time(api: Api, alice: Person) -> None:
    """Given an unknown user, a hash is computed all the same. In processor time: other load does not count."""
    passwords = Passwords()
    known = api.password_hash

    def took(password_hash: str | None) -> float:
        begun = time.process_time()
        passwords.fits("not the password", password_hash)
        return time.process_time() - begun

    with_user = min(took(known) for _ in range(7))
    without = min(took(None) for _ in range(7))
    assert 0.5 < without / with_user < 2


@pytest.mark.parametrize(
    "body",
    [
        {"email": {"$gt": ""}, "password": {"$gt": ""}},
        {"email": {"$gt": ""}, "password": PASSWORD},
        {"email": {"$regex": ".*"}, "password": PASSWORD},
        {"email": ["person1@example.com"], "password": PASSWORD},
        {"email": "person1@example.com", "password": {"$ne": ""}},
        {"email": "person1@example.com", "password": None},
        {"$where": "1", "email": "person1@example.com", "password": PASSWORD},
    ],
)
def test_operators_do_not_log_in(api: Api, alice: Person, body: dict[str, object]) -> None:
    answer = api.post("/login", body)

    assert answer.status == 400
    assert "jwt" not in answer.json


def test_an_outdated_hash_is_renewed_at_log_in(api: Api, alice: Person, container: Container) -> None:
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    container.user_store.rehash(alice.id, api.password_hash, old)

    log_in(api, alice.email)

    user = container.user_store.get(alice.id)
    assert user is not None
    assert user.password_hash != old
    assert not container.passwords.outdated(user.password_hash)
    log_in(api, alice.email)


def test_a_password_is_equal_in_every_unicode_composition(api: Api, container: Container) -> None:
    composed, decomposed = "caf\u00e9 au lait, s'il", "cafe\u0301 au lait, s'il"
    api.post("/user/create", {**NEW, "password": composed})

    for typed in (composed, decomposed, "caf\u00e9 au\u00a0lait, s'il", "\uff43af\u00e9 au lait, s'il"):
        assert log_in(api, NEW["email"], typed)
    assert api.post("/login", {"email": NEW["email"], "password": "cafe au lait, s'il"}).status == 401


def test_a_hash_of_an_unnormalized_password_is_still_accepted(api: Api, alice: Person, container: Container) -> None:
    """Earlier versions stored it so."""
    from argon2 import PasswordHasher

    older = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
    typed = "cafe\u0301 \ufb01n, old"
    for hashed in (typed, unicodedata.normalize("NFC", typed)):
        container.db["users"].update_one({"_id": ObjectId(alice.id)}, {"$set": {"password_hash": older.hash(hashed)}})
        log_in(api, alice.email, typed)
