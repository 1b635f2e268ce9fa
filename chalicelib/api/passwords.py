"""Forgotten passwords: a link by mail."""

from __future__ import annotations

from chalicelib.api.auditing import Audited, Subject, recorded
from chalicelib.api.call import Call
from chalicelib.api.routing import Auth, Routes
from chalicelib.api.schemas.accounts import Done, ForgotPassword, UsePasswordLink

routes = Routes(__name__, tag="Accounts")


@routes.post("/password/forgot", body=ForgotPassword, answer=Done, errors={429}, auth=Auth.NONE)
def forgot_password(call: Call[ForgotPassword]) -> Done:
    """Have a link to set another password mailed.

    The answer is the same whether or not the address has an account. The link works once, within 30 minutes.
    """
    call.container.password_resets.ask(call.body.email, address=call.viewer)
    return Done(message="If this address has an account, a mail with a link is on its way")


@routes.post("/password/reset", body=UsePasswordLink, answer=Done, errors={429}, auth=Auth.NONE)
def use_password_link(call: Call[UsePasswordLink]) -> Done:
    """Set another password by the token in a link. All sessions of the account end, and its other links are void."""
    resets, body = call.container.password_resets, call.body
    user = resets.user_of(body.token, address=call.viewer)
    subject = Subject(call.container, user.principal, user.id, None, body, call.trace_id)
    recorded(Audited("member.password"), subject, lambda: resets.use(user, body.new_password))
    return Done(message="The password was changed; log in with the new one")
