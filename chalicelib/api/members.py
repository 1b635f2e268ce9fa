"""The members of a tenant, for its admins."""

from __future__ import annotations

from typing import Any

from chalicelib.api import auditing
from chalicelib.api.auditing import Audited
from chalicelib.api.call import Call
from chalicelib.api.routing import PERSONS, Routes
from chalicelib.api.schemas.accounts import (
    AddMember,
    ChangeRole,
    Done,
    MemberAnswer,
    MembersAnswer,
    NewMemberAnswer,
    PasswordResetAnswer,
    ResetPassword,
    UserAnswer,
    without_nulls,
)
from chalicelib.domain.principals import KeyScope, Permission
from chalicelib.services.members import NewMember

routes = Routes(__name__, tag="Members")


@routes.get("/members", answer=MembersAnswer, needs=Permission.MANAGE_MEMBERS, scope=KeyScope.ADMIN)
def list_members(call: Call) -> MembersAnswer:
    """List the members of the caller's tenant, oldest first."""
    return MembersAnswer(members=[UserAnswer.of(user) for user in call.container.members.list(call.principal)])


@routes.post(
    "/members",
    body=AddMember,
    answer=NewMemberAnswer,
    status=201,
    errors={409, 429},
    needs=Permission.MANAGE_MEMBERS,
    scope=PERSONS,
    audit=Audited("member.add", made="member"),
)
def add_member(call: Call[AddMember]) -> dict[str, Any]:
    """Add a member to the caller's tenant.

    Without `password` one is generated. Only this answer shows it.
    """
    new = NewMember(call.body.username, call.body.email, call.body.role, call.body.password)
    user, generated = call.container.members.add(call.principal, new)
    return without_nulls(NewMemberAnswer(member=UserAnswer.of(user), password=generated))


@routes.patch(
    "/members/{id}",
    body=ChangeRole,
    answer=MemberAnswer,
    errors={409},
    needs=Permission.MANAGE_MEMBERS,
    scope=KeyScope.ADMIN,
    audit=Audited("member.role", auditing.member),
)
def change_role(call: Call[ChangeRole]) -> MemberAnswer:
    """Change a member's role. The member's tokens become void. The role of the last admin cannot be changed."""
    return MemberAnswer(
        member=UserAnswer.of(call.container.members.change_role(call.principal, call.id, call.body.role))
    )


@routes.post(
    "/members/{id}/password",
    body=ResetPassword,
    answer=PasswordResetAnswer,
    errors={429},
    needs=Permission.MANAGE_MEMBERS,
    scope=PERSONS,
    audit=Audited("member.password"),
)
def reset_password(call: Call[ResetPassword]) -> dict[str, Any]:
    """Reset a member's password.

    Without `password` one is generated. Only this answer shows it. The member's tokens become void. Callers change
    their own password by `POST /me/password`.
    """
    member, generated = call.container.members.reset_password(call.principal, call.id, call.body.password)
    return without_nulls(PasswordResetAnswer(member=UserAnswer.of(member), password=generated))


@routes.delete(
    "/members/{id}",
    answer=Done,
    errors={409},
    needs=Permission.MANAGE_MEMBERS,
    scope=KeyScope.ADMIN,
    audit=Audited("member.remove", auditing.member),
)
def remove_member(call: Call) -> Done:
    """Remove a member. The member's tokens become void; the jobs stay with the tenant."""
    call.container.members.remove(call.principal, call.id)
    return Done(message="Member removed")
