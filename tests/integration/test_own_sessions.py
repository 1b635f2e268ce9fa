"""The caller's sessions: listed with device and last use, logged out one by one or all at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.sessions import device_of
from tests.api_client import PASSWORD, Api, Person

pytestmark = pytest.mark.integration
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/19.0 Mobile/15E148 Safari/604.1"
)


def log_in(api: Api, person: Person, agent: str) -> str:
    body = {"email": person.email, "password": PASSWORD}
    token: str = api.post("/login", body, headers={"User-Agent": agent}).json["jwt"]
    return token


def test_sessions_are_listed_with_their_devices(api: Api, alice: Person) -> None:
    phone = log_in(api, alice, PHONE)
    found = api.get("/me/sessions", by=phone).json["sessions"]
    assert [(each["device"], each["current"]) for each in found] == [
        ("Safari on iPhone", True),
        ("an unknown device", False),
    ]
    stored = str(list(api.container.db["sessions"].find()))
    assert "Mozilla" not in stored


def test_one_is_logged_out(api: Api, alice: Person) -> None:
    other = log_in(api, alice, FIREFOX)
    (session,) = (each for each in api.get("/me/sessions", by=alice).json["sessions"] if not each["current"])
    assert api.delete(f"/me/sessions/{session['_id']}", by=alice).status == 200
    assert api.get("/me", by=other).json["code"] == "logged_out"
    assert api.get("/me", by=alice).status == 200
    assert len(api.get("/me/sessions", by=alice).json["sessions"]) == 1
    assert api.delete(f"/me/sessions/{session['_id']}", by=alice).status == 404


def test_all_are_logged_out(api: Api, alice: Person) -> None:
    other = log_in(api, alice, FIREFOX)
    assert api.post("/me/sessions/end", by=other).status == 200
    for token in (alice.token, other):
        assert api.get("/me", by=token).json["code"] == "logged_out"
    again = log_in(api, alice, FIREFOX)
    assert len(api.get("/me/sessions", by=again).json["sessions"]) == 1


def test_a_log_out_and_a_new_password_end_what_is_listed(api: Api, alice: Person) -> None:
    other = log_in(api, alice, FIREFOX)
    api.post("/logout", by=other)
    assert len(api.get("/me/sessions", by=alice).json["sessions"]) == 1
    log_in(api, alice, FIREFOX)
    changed = api.post("/me/password", {"currentPassword": PASSWORD, "newPassword": "another good one"}, by=alice)
    assert len(api.get("/me/sessions", by=changed.json["jwt"]).json["sessions"]) == 1


def test_the_last_use_is_noted_at_most_every_five_minutes(api: Api, alice: Person) -> None:
    sessions = api.container.db["sessions"]
    long_ago = api.container.clock.now() - timedelta(hours=1)
    sessions.update_many({}, {"$set": {"used_at": long_ago}})
    api.get("/me", by=alice)
    (used,) = sessions.distinct("used_at")
    assert used > long_ago
    sessions.update_many({}, {"$set": {"used_at": long_ago}})
    api.get("/me", by=alice)
    assert sessions.distinct("used_at") == [long_ago]


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (FIREFOX, "Firefox on Linux"),
        (PHONE, "Safari on iPhone"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5.0", "curl"),
        ("", "an unknown device"),
        ("\x00<script>", "an unknown device"),
    ],
)
def test_a_device_is_named_in_words(agent: str, device: str) -> None:
    assert device_of(agent) == device
