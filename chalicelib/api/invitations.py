"""Invitations into a tenant: admins create them, and whoever has the link joins."""

from __future__ import annotations

from typing import Any

from chalicelib.api import auditing
from chalicelib.api.auditing import Audited, Subject, recorded
from chalicelib.api.call import Call
from chalicelib.api.routing import PERSONS, Auth, KeyScope, Routes
from chalicelib.api.schemas.accounts import Done, MemberAnswer, UserAnswer
from chalicelib.api.schemas.invitations import (
    AcceptInvitation,
    InvitationsAnswer,
    Invite,
    NewInvitationAnswer,
    OpenedAnswer,
    OpenInvitation,
    invitation_data,
)
from chalicelib.domain.jobs import iso
from chalicelib.domain.principals import Permission
from chalicelib.services.invitations import Joining

routes = Routes(__name__, tag="Invitations")


@routes.post(
    "/invitations",
    body=Invite,
    answer=NewInvitationAnswer,
    status=201,
    errors={429},
    needs=Permission.MANAGE_MEMBERS,
    scope=PERSONS,
    audit=Audited("invitation.create", made="invitation"),
)
def create_invitation(call: Call[Invite]) -> dict[str, Any]:
    """Invite somebody into the caller's tenant.

    The link works once, within 7 days, and is mailed where mails are sent. Only this answer shows it. A new invitation
    of an address voids the earlier one. Whoever is invited counts as a member.
    """
    invitation, link = call.container.invitations.invite(call.principal, call.body.email, call.body.role)
    shown = invitation_data(invitation)
    return {"success": True, "invitation": shown, "link": link, "mailed": call.container.mailer.sends}


@routes.get("/invitations", answer=InvitationsAnswer, needs=Permission.MANAGE_MEMBERS, scope=KeyScope.ADMIN)
def list_invitations(call: Call) -> dict[str, Any]:
    """List the open invitations of the caller's tenant, newest first, without their links."""
    invitations = call.container.invitations.list(call.principal)
    return {
        "success": True,
        "invitations": [invitation_data(each) for each in invitations],
        "owners": call.container.user_store.names({each.invited_by for each in invitations}),
    }


@routes.delete(
    "/invitations/{id}",
    answer=Done,
    needs=Permission.MANAGE_MEMBERS,
    scope=KeyScope.ADMIN,
    audit=Audited("invitation.revoke", auditing.invitation),
)
def revoke_invitation(call: Call) -> Done:
    """Revoke an invitation: its link lets nobody in from now on."""
    call.container.invitations.revoke(call.principal, call.id)
    return Done(message="Invitation revoked")


@routes.post("/invitations/open", body=OpenInvitation, answer=OpenedAnswer, errors={429}, auth=Auth.NONE)
def open_invitation(call: Call[OpenInvitation]) -> dict[str, Any]:
    """Get what an invitation is for, by the token in its link. A token that is void is a 400."""
    call.container.throttles.use_link(call.viewer)
    invitation, tenant = call.container.invitations.open(call.body.token)
    expires = iso(invitation.expires_at)
    shown = {"email": invitation.email, "role": invitation.role.value, "tenant": tenant, "expiresAt": expires}
    return {"success": True, "invitation": shown}


@routes.post(
    "/invitations/accept",
    body=AcceptInvitation,
    answer=MemberAnswer,
    status=201,
    errors={409, 429},
    auth=Auth.NONE,
)
def accept_invitation(call: Call[AcceptInvitation]) -> MemberAnswer:
    """Join a tenant by the token of an invitation, which is void then. Log in with the address and the password."""
    call.container.throttles.use_link(call.viewer)
    joining = Joining(call.body.token, call.body.username, call.body.password)
    invitations = call.container.invitations
    invitation, user = invitations.joining(joining)
    subject = Subject(call.container, user.principal, invitation.id, None, call.body, call.trace_id)
    joined = Audited("invitation.accept", summary=lambda _, answer: dict(answer["member"]))
    return recorded(joined, subject, lambda: MemberAnswer(member=UserAnswer.of(invitations.join(invitation, user))))
