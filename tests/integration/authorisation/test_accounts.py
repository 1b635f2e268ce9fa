"""Who reaches accounts, members and API keys."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api_client import PASSWORD, Answer, Api
from tests.authorisation import (
    ADMINISTER,
    ANYBODY,
    ANYBODY_NOTHING,
    ONESELF,
    REVOKE,
    USERS_NOTHING,
    Row,
    answered,
    changed,
    new_email,
    shown,
    table,
    to,
)
from tests.scenes import Scene

pytestmark = pytest.mark.integration

#: Her own alone, for admins.
HERS = table("yes no no", "yes no no", "403", "403")
#: Under the name of somebody else nothing is deleted; somebody else's tenant has another name.
OWN_NAME = table("409 400 400", "yes 400 400", "yes 400 400", "yes 400 400")
TENANT = table("409 409 400", "yes yes 400", "403", "403")


def session_shown(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    return scene.session in answer.text


ROWS = [
    # --- accounts
    Row("create_user", lambda s: s.call("POST", "/user/create", new_email(s)), ANYBODY_NOTHING, changed),
    Row(
        "log_in",
        to("POST", "/login", {"email": "{email}", "password": "not the password"}),
        table("401", "401", "401", "401"),
    ),
    Row("log_out", to("POST", "/logout"), ONESELF, changed),
    Row("me", to("GET", "/me"), ONESELF, shown),
    Row("change_me", to("PATCH", "/me", {"username": "Renamed"}), ONESELF, changed),
    Row(
        "change_password",
        to("POST", "/me/password", {"current_password": PASSWORD, "new_password": "the next one"}),
        ONESELF,
        changed,
    ),
    Row("list_sessions", to("GET", "/me/sessions"), ONESELF, session_shown),
    Row(
        "end_session",
        to("DELETE", "/me/sessions/{session}"),
        table("yes 404 404", "yes 404 404", "yes 404 404", "yes 404 404"),
        changed,
    ),
    Row("end_sessions", to("POST", "/me/sessions/end"), ONESELF, changed),
    Row(
        "delete_account",
        to("POST", "/me/delete", {"currentPassword": PASSWORD, "name": "{username}"}),
        OWN_NAME,
        changed,
    ),
    Row(
        "delete_tenant",
        to("POST", "/tenant/delete", {"currentPassword": PASSWORD, "name": "{tenant_name}"}),
        TENANT,
        changed,
    ),
    Row("get_notifications", to("GET", "/me/notifications"), USERS_NOTHING, shown),
    Row("set_notifications", to("PUT", "/me/notifications", {"failures": "daily"}), ONESELF, changed),
    Row("unsubscribe", to("POST", "/unsubscribe/{unsubscribe}"), ANYBODY, answered),
    # --- members
    Row("list_members", to("GET", "/members"), ADMINISTER, shown),
    Row("add_member", lambda s: s.call("POST", "/members", new_email(s)), ADMINISTER, changed),
    Row(
        "change_role",
        to("PATCH", "/members/{user}", {"role": "viewer"}),
        table("403 yes 404", "yes yes 404", "403", "403"),
        changed,
    ),
    Row(
        "reset_password",
        to("POST", "/members/{user}/password", {}),
        table("403 yes 404", "403 yes 404", "403", "403"),
        changed,
    ),
    Row("remove_member", to("DELETE", "/members/{user}"), table("403 yes 404", "yes yes 404", "403", "403"), changed),
    # --- API keys
    Row("create_api_key", to("POST", "/api-keys", {"name": "New", "scopes": ["jobs:read"]}), HERS, changed),
    Row("list_api_keys", to("GET", "/api-keys"), ADMINISTER, shown),
    Row("revoke_api_key", to("DELETE", "/api-keys/{key}"), REVOKE, changed),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_reaches_what_the_table_says(api: Api, row: Row) -> None:
    assert row.matrix(api) == row.expect
