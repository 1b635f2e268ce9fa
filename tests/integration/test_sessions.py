"""Tokens: which are accepted, which are refused, and the cost of the check."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from bson import ObjectId
from pymongo import monitoring

from chalicelib.domain.principals import Role
from chalicelib.errors import InvalidToken, LoggedOut, SessionExpired
from chalicelib.services.sessions import key_id
from tests.api_client import PASSWORD, Api, Person
from tests.conftest import TEST_SECRET
from tests.container import Container
from tests.support import ManualClock

pytestmark = pytest.mark.integration


def signed(claims: dict[str, Any], secret: str = TEST_SECRET, kid: str | None = None, **options: Any) -> str:
    headers = {"kid": key_id(secret) if kid is None else kid}
    return jwt.encode(claims, secret, algorithm=options.pop("algorithm", "HS256"), headers=headers)


@pytest.fixture
def claims(alice: Person) -> dict[str, Any]:
    """The claims of a good token."""
    found: dict[str, Any] = jwt.decode(alice.token, TEST_SECRET, algorithms=["HS256"])
    return found


def test_both_forms_of_the_header_work(api: Api, alice: Person) -> None:
    for value in (f"Bearer {alice.token}", f"bearer  {alice.token}", alice.token):
        assert api.get("/me", headers={"Authorization": value}).status == 200
        assert api.get("/me", headers={"authorization": value}).status == 200


@pytest.mark.parametrize("value", [None, "", "Bearer", "Bearer "])
def test_no_token(api: Api, value: str | None) -> None:
    answer = api.get("/me", headers={} if value is None else {"Authorization": value})

    assert answer.status == 401
    assert answer.json["message"] == "Authorisation Denied"
    assert answer.json["success"] is False
    assert answer.json["traceId"] == answer.trace_id
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("token", ["x", "a.b.c", "Bearer Bearer", "é", "." * 30, "x" * 9000])
def test_a_bad_token(api: Api, token: str) -> None:
    answer = api.get("/me", headers={"Authorization": f"Bearer {token}"})

    assert answer.status == 401
    assert answer.json["error"] == "Invalid token"
    assert answer.json["code"] == "invalid_token"


def test_a_token_signed_with_another_key(api: Api, claims: dict[str, Any]) -> None:
    other = "another-secret-0123456789-0123456789"
    for token in (
        signed(claims, other),
        signed(claims, other, kid=key_id(TEST_SECRET)),
        signed(claims, "secret" * 6, kid=""),
    ):
        assert api.get("/me", by=token).json["error"] == "Invalid token"


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_the_algorithm_is_pinned(api: Api, alice: Person, claims: dict[str, Any]) -> None:
    def part(data: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()

    kid = key_id(TEST_SECRET)
    unsigned = f"{part({'alg': 'none', 'typ': 'JWT', 'kid': kid})}.{part(claims)}."
    stronger = signed(claims, algorithm="HS512")
    for token in (unsigned, stronger, alice.token.rsplit(".", 1)[0] + "."):
        assert api.get("/me", by=token).status == 401


@pytest.mark.parametrize(
    "change",
    [
        {"userId": {"$gt": ""}}, {"userId": "x"}, {"userId": None}, {"jti": {"$gt": ""}}, {"exp": 1}, {"exp": "x"},
        {"ver": 0}, {"ver": 2}, {"ver": "1"}, {"userId": "f" * 24},
    ],
)  # fmt: skip
def test_invalid_claims(api: Api, claims: dict[str, Any], change: dict[str, Any]) -> None:
    assert api.get("/me", by=signed(claims | change)).json["error"] == "Invalid token"


@pytest.mark.parametrize("missing", ["userId", "jti", "exp", "iat", "ver"])
def test_missing_claims(api: Api, claims: dict[str, Any], missing: str) -> None:
    del claims[missing]

    assert api.get("/me", by=signed(claims)).json["error"] == "Invalid token"


def test_a_token_expires(container: Container, api: Api) -> None:
    clock = ManualClock()
    with_clock = Container(container.settings, clock)
    person = Api(with_clock).person()
    sessions = with_clock.sessions

    clock.advance(24 * 3600 - 1)
    assert sessions.open(person.token) == person.principal
    clock.advance(1)
    with pytest.raises(SessionExpired):
        sessions.open(person.token)
    with_clock.close()


def test_the_code_says_why_a_session_ended(api: Api, alice: Person) -> None:
    def code_of(person: Person) -> str:
        answer = api.get("/me", by=person)
        assert (answer.status, answer.json["error"]) == (401, "Invalid token")
        assert answer.json["message"]
        return str(answer.json["code"])

    bob, carol, dave = (api.person(Role.MEMBER, tenant_id=alice.user.tenant_id) for _ in range(3))
    api.post("/logout", by=bob)
    api.patch(f"/members/{carol.id}", {"role": "viewer"}, by=alice)
    api.delete(f"/members/{dave.id}", by=alice)
    api.post("/me/password", {"current_password": PASSWORD, "new_password": "the next one"}, by=alice)

    codes = [code_of(person) for person in (alice, bob, carol, dave)]
    assert codes == ["password_changed", "logged_out", "role_changed", "account_removed"]


def test_a_ticket_says_why_its_session_ended(api: Api, container: Container, alice: Person) -> None:
    person = container.sessions.open(alice.token)
    ticket = container.tickets.issue(person)
    container.sessions.revoke(person)

    with pytest.raises(LoggedOut):
        container.tickets.redeem(ticket)


def test_a_user_record_of_an_earlier_version_has_no_reason(api: Api, container: Container, alice: Person) -> None:
    """Its sessions were ended before reasons were written."""
    container.db["users"].update_one({"_id": ObjectId(alice.id)}, {"$inc": {"session_version": 1}})

    assert api.get("/me", by=alice).json["code"] == "invalid_token"


def test_rotation_keeps_the_tokens_of_the_key_before(container: Container, alice: Person) -> None:
    settings = container.settings
    next_key = "the-next-secret-0123456789-0123456789"
    rotated = Container(replace(settings, secret_key=next_key, secret_key_previous=settings.secret_key))
    forgotten = Container(replace(settings, secret_key=next_key))

    assert rotated.sessions.open(alice.token) == alice.principal
    assert jwt.get_unverified_header(rotated.sessions.issue(alice.user))["kid"] == key_id(next_key)
    with pytest.raises(InvalidToken):
        forgotten.sessions.open(alice.token)
    rotated.close()
    forgotten.close()


def test_the_role_counts_as_it_is_now(api: Api, container: Container, alice: Person) -> None:
    """Not as it was when the token was made."""
    assert api.get("/members", by=alice).status == 200

    container.user_store.update(alice.id, {"role": "member"}, container.clock.now())

    assert api.get("/members", by=alice).status == 403


class Commands(monitoring.CommandListener):
    """Records the commands sent to MongoDB."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        self.sent.append(event.command_name)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Ignore it."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Ignore it."""


@pytest.fixture
def commands(container: Container) -> Iterator[Commands]:
    from pymongo import MongoClient

    listener = Commands()
    client: MongoClient[dict[str, Any]] = MongoClient(
        container.settings.mongodb_uri, event_listeners=[listener], tz_aware=True
    )
    client.admin.command("ping")
    container.__dict__["mongo"].close()
    container.__dict__["mongo"] = client
    for name in ("db", "sessions", "user_store"):
        container.__dict__.pop(name, None)
    listener.sent.clear()
    yield listener


def test_a_session_costs_one_read(container: Container, commands: Commands, alice: Person) -> None:
    commands.sent.clear()

    container.sessions.open(alice.token)

    assert commands.sent == ["find"]


def test_a_second_read_is_only_for_users_who_logged_out_recently(
    container: Container, commands: Commands, alice: Person
) -> None:
    user = container.user_store.get(alice.id)
    assert user is not None
    container.sessions.revoke(container.sessions.open(container.sessions.issue(user)))
    commands.sent.clear()

    container.sessions.open(alice.token)

    assert commands.sent == ["find", "find"]
    a_day_ago = datetime.now(UTC) - timedelta(days=1)
    container.db["users"].update_many({}, {"$set": {"revoked_until": a_day_ago}})
    commands.sent.clear()

    container.sessions.open(alice.token)

    assert commands.sent == ["find"]
