"""Models of invitations."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.api.call import Input, Output
from chalicelib.api.schemas.accounts import Email, NewPassword, TenantRole, Username
from chalicelib.domain.jobs import iso
from chalicelib.domain.one_time_links import MAX_TOKEN_CHARS, Invitation
from chalicelib.domain.principals import Role

Token = Annotated[str, Field(min_length=1, max_length=MAX_TOKEN_CHARS, description="What follows `#` in the link.")]


class Invite(Input):
    """Whom to invite, and the role that they get."""

    email: Email
    role: TenantRole = Role.MEMBER


class OpenInvitation(Input):
    """The token of an invitation."""

    token: Token


class AcceptInvitation(OpenInvitation):
    """Who joins: the token of the invitation, a name and a password."""

    username: Username
    password: NewPassword


class InvitationOut(Output):
    """An open invitation, without its token."""

    id: str = Field(alias="_id")
    email: str
    role: Role
    invited_by: str = Field(alias="invitedBy")
    expires_at: str = Field(alias="expiresAt")
    con: str


class NewInvitationAnswer(Output):
    """A new invitation, and its link, which only this answer shows. `mailed`: whether it is also sent by mail."""

    success: Literal[True] = True
    invitation: InvitationOut
    link: str
    mailed: bool


class InvitationsAnswer(Output):
    """The open invitations of the tenant, newest first. `owners` maps ids to names."""

    success: Literal[True] = True
    invitations: list[InvitationOut]
    owners: dict[str, str]


class OpenedInvitation(Output):
    """What an invitation is for."""

    email: str
    role: Role
    tenant: str
    expires_at: str = Field(alias="expiresAt")


class OpenedAnswer(Output):
    """An invitation as the invited person sees it."""

    success: Literal[True] = True
    invitation: OpenedInvitation


def invitation_data(invitation: Invitation) -> dict[str, Any]:
    """Return an invitation as admins see it."""
    return {
        "_id": invitation.id,
        "email": invitation.email,
        "role": invitation.role.value,
        "invitedBy": invitation.invited_by,
        "expiresAt": iso(invitation.expires_at),
        "con": iso(invitation.created_at),
    }
