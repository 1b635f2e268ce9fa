"""Forgotten passwords: the answer tells nothing, the link works once and ends all sessions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.services.throttles import LINKS_PER_HOUR
from tests.api_client import PASSWORD, Answer, Api, Person

pytestmark = pytest.mark.integration
NEXT = "another good one"


def forgot(api: Api, email: str, address: str = "203.0.113.7") -> Answer:
    return api.post("/password/forgot", {"email": email}, address=address)


def mailed(api: Api) -> list[str]:
    """Tokens in the mails, the newest first."""
    api.container.mailer.send_due(5)
    texts = [mail.text for mail in api.container.mail_store.newest(50) if mail.text]
    return [text.partition("/reset-password#")[2].split()[0] for text in texts]


def reset(api: Api, token: str, password: str = NEXT) -> Answer:
    return api.post("/password/reset", {"token": token, "newPassword": password})


def test_the_link_sets_another_password_and_ends_all_sessions(api: Api, alice: Person) -> None:
    assert forgot(api, alice.email.upper()).status == 200
    (token,) = mailed(api)
    assert reset(api, token).status == 200
    ended = api.get("/me", by=alice)
    assert (ended.status, ended.json["code"]) == (401, "password_changed")
    assert api.post("/login", {"email": alice.email, "password": PASSWORD}).status == 401
    token_of_now = api.post("/login", {"email": alice.email, "password": NEXT}).json["jwt"]
    (entry,) = api.get("/audit", by=token_of_now).json["entries"]
    assert (entry["action"], entry["target"]) == ("member.password", f"member:{alice.id}")


def test_a_link_works_once_and_voids_the_others(api: Api, alice: Person) -> None:
    forgot(api, alice.email)
    forgot(api, alice.email)
    first, second = mailed(api)
    assert reset(api, first).status == 200
    for token in (first, second):
        refused = reset(api, token, "a third one")
        assert (refused.status, refused.json["field"]) == (400, "token")


def test_a_link_expires(api: Api, alice: Person) -> None:
    forgot(api, alice.email)
    (token,) = mailed(api)
    past = api.container.clock.now() - timedelta(seconds=1)
    (found,) = api.container.db["password_resets"].find()
    assert timedelta(minutes=29) < found["expires_at"] - api.container.clock.now() <= timedelta(minutes=30)
    assert token.partition(".")[2] not in str(found)
    api.container.db["password_resets"].update_many({}, {"$set": {"expires_at": past}})
    assert reset(api, token).status == 400
    assert api.get("/me", by=alice).status == 200


def test_the_answer_is_the_same_for_an_address_without_account(api: Api, alice: Person) -> None:
    known, unknown = forgot(api, alice.email), forgot(api, "nobody@example.com")
    assert (known.status, known.text) == (unknown.status, unknown.text)
    assert len(mailed(api)) == 1
    assert api.container.db["password_resets"].count_documents({}) == 1


def test_requests_for_an_address_are_throttled_whether_or_not_it_has_an_account(api: Api, alice: Person) -> None:
    for email in (alice.email, "nobody@example.com"):
        answers = [forgot(api, email, f"203.0.113.{n}").status for n in range(LINKS_PER_HOUR + 1)]
        assert answers == [200] * LINKS_PER_HOUR + [429]


def test_a_common_password_is_refused_and_the_link_stays(api: Api, alice: Person) -> None:
    forgot(api, alice.email)
    (token,) = mailed(api)
    assert reset(api, token, "password1").json["field"] == "newPassword"
    assert reset(api, token).status == 200


@pytest.mark.parametrize("token", ["x", f"{'0' * 24}.{'a' * 43}"])
def test_another_token_is_refused(api: Api, token: str) -> None:
    assert reset(api, token).json["field"] == "token"


def test_guesses_of_tokens_are_throttled(api: Api) -> None:
    statuses = [reset(api, "x").status for _ in range(60)]
    assert statuses[-1] == 429
