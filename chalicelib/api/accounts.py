"""Signing up, logging in and out, and the caller's account."""

from __future__ import annotations

from typing import Any

from chalicelib.api import auditing
from chalicelib.api.auditing import Audited
from chalicelib.api.auth import session_cookie
from chalicelib.api.call import Call, Reply
from chalicelib.api.routing import ANY_KEY, PERSONS, Auth, Routes
from chalicelib.api.schemas.accounts import (
    ChangePassword,
    ChangeProfile,
    CreateUser,
    Done,
    KeyOfCall,
    LogIn,
    MeAnswer,
    TokenAnswer,
    UserAnswer,
    without_nulls,
)
from chalicelib.services.accounts import Profile

routes = Routes(__name__, tag="Accounts")


@routes.post("/user/create", body=CreateUser, answer=UserAnswer, errors={429}, auth=Auth.NONE)
def create_user(call: Call[CreateUser]) -> UserAnswer:
    """Sign up: create a tenant and its admin.

    For an e-mail address that already has an account the answer looks the same, and nothing changes. So when the
    log-in that follows is refused, tell the user: "You may have an account already: log in with its password."
    """
    new = call.body
    user = call.container.accounts.sign_up(new.username, new.email, new.password, address=call.viewer)
    return UserAnswer.of(user)


@routes.post("/login", body=LogIn, answer=TokenAnswer, errors={401, 429}, auth=Auth.NONE)
def log_in(call: Call[LogIn]) -> Reply:
    """Log in.

    The token goes into `Authorization: Bearer …`. With `cookie` it is also set as an httpOnly cookie; then
    unsafe calls need the answer's `csrfToken` in `X-CSRF-Token`.
    """
    _, token = call.container.accounts.log_in(
        call.body.email, call.body.password, address=call.viewer, agent=call.headers.get("user-agent", "")
    )
    return _with_token(call, token, cookie=call.body.cookie)


@routes.post("/logout", answer=Done, scope=PERSONS)
def log_out(call: Call) -> Reply:
    """Log out. The token becomes void at once, and the cookie is removed."""
    call.container.accounts.log_out(call.principal)
    return Reply(Done(message="Logged out"), headers={"Set-Cookie": _cookie(call, "", max_age_s=0)})


@routes.get("/me", answer=MeAnswer, scope=ANY_KEY)
def me(call: Call) -> dict[str, Any]:
    """Get the caller's account, for an API key that of its creator, and what the key allows."""
    answer = MeAnswer(user=UserAnswer.of(call.container.accounts.me(call.principal)))
    if call.principal.key is not None:
        answer.api_key = KeyOfCall.of(call.principal.key)
    if call.via_cookie:
        answer.csrf_token = call.container.sessions.csrf_token(call.principal)
        newest = call.container.connections.newest_event()
        answer.last_event_id = str(newest) if newest else None
    return without_nulls(answer)


@routes.patch(
    "/me",
    body=ChangeProfile,
    answer=MeAnswer,
    errors={409, 429},
    scope=PERSONS,
    audit=Audited("member.profile", auditing.member, own="user_id"),
)
def change_me(call: Call[ChangeProfile]) -> dict[str, Any]:
    """Change the caller's name or e-mail address. A new address needs `currentPassword`."""
    changes = Profile(call.body.username, call.body.email, call.body.current_password)
    user = call.container.accounts.change_profile(call.principal, changes, address=call.viewer)
    return without_nulls(MeAnswer(user=UserAnswer.of(user)))


@routes.post(
    "/me/password",
    body=ChangePassword,
    answer=TokenAnswer,
    errors={429},
    scope=PERSONS,
    audit=Audited("member.password", own="user_id"),
)
def change_password(call: Call[ChangePassword]) -> Reply:
    """Change the caller's password. All tokens of the user become void; the answer has a new one."""
    _, token = call.container.accounts.change_password(
        call.principal, call.body.current_password, call.body.new_password,
        address=call.viewer, agent=call.headers.get("user-agent", ""),
    )  # fmt: skip
    return _with_token(call, token, cookie=call.via_cookie)


def _with_token(call: Call[Any, Any], token: str, *, cookie: bool) -> Reply:
    if not cookie:
        return Reply(without_nulls(TokenAnswer(jwt=token)))
    csrf = call.container.sessions.csrf_token(call.container.sessions.open(token))
    max_age_s = call.container.settings.session_ttl_s
    return Reply(
        without_nulls(TokenAnswer(jwt=token, csrf_token=csrf)),
        headers={"Set-Cookie": _cookie(call, token, max_age_s=max_age_s)},
    )


def _cookie(call: Call[Any, Any], token: str, *, max_age_s: int) -> str:
    settings = call.container.settings
    return session_cookie(settings.stack_name, token, max_age_s=max_age_s, secure=settings.deployed)
