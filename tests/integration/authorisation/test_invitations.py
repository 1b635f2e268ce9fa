"""Who reaches invitations, forgotten passwords and mails."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api_client import PASSWORD, Answer, Api
from tests.authorisation import ADMINISTER, ANYBODY, REVOKE, Row, answered, changed, new_email, table, to
from tests.scenes import Scene

pytestmark = pytest.mark.integration


def invitation_shown(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    return scene.invitation[0] in answer.text


ROWS = [
    # --- invitations
    Row(
        "create_invitation",
        lambda s: s.call("POST", "/invitations", {"email": new_email(s)["email"]}),
        ADMINISTER,
        changed,
    ),
    Row(
        "list_invitations", to("GET", "/invitations"), table("yes yes no", "yes yes no", "403", "403"), invitation_shown
    ),
    Row("revoke_invitation", to("DELETE", "/invitations/{invitation}"), REVOKE, changed),
    Row("open_invitation", to("POST", "/invitations/open", {"token": "{token}"}), ANYBODY, answered),
    Row(
        "accept_invitation",
        to("POST", "/invitations/accept", {"token": "{token}", "username": "New", "password": PASSWORD}),
        ANYBODY,
        changed,
    ),
    # --- forgotten passwords
    Row("forgot_password", to("POST", "/password/forgot", {"email": "{email}"}), ANYBODY, answered),
    Row(
        "use_password_link",
        to("POST", "/password/reset", {"token": "{reset}", "newPassword": "the next one"}),
        ANYBODY,
        changed,
    ),
    Row("list_mails", to("GET", "/outbox"), table("yes", "403", "403", "403")),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_reaches_what_the_table_says(api: Api, row: Row) -> None:
    assert row.matrix(api) == row.expect
