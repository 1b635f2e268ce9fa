"""Invitations: an admin invites an address into the tenant, and whoever has the link joins, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn

from chalicelib.domain import one_time_links as links
from chalicelib.domain.accounts import User
from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.mails import Letter, MailKind
from chalicelib.domain.one_time_links import Invitation
from chalicelib.domain.principals import Permission, Principal, Role
from chalicelib.errors import InvalidInput, NotFound, TooManyMembers
from chalicelib.services.mails import Addressed
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from pymongo.client_session import ClientSession

    from chalicelib.services.mails import Mailer
    from chalicelib.services.passwords import Passwords
    from chalicelib.services.people_events import PeopleEvents
    from chalicelib.services.throttles import Throttles
    from chalicelib.store.invitations import InvitationStore
    from chalicelib.store.tenants import TenantStore
    from chalicelib.store.users import UserStore

#: Maximum number of invitations in one answer.
MAX_LISTED: Final = 1_000


@dataclass(frozen=True, slots=True)
class Joining:
    """What whoever accepts an invitation gives."""

    token: str
    username: str
    password: str


class Invitations:
    """Creates, lists, revokes and accepts invitations."""

    def __init__(
        self,
        *,
        invitations: InvitationStore,
        users: UserStore,
        tenants: TenantStore,
        passwords: Passwords,
        mailer: Mailer,
        throttles: Throttles,
        events: PeopleEvents,
        settings: Settings,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._invitations = invitations
        self._users = users
        self._tenants = tenants
        self._passwords = passwords
        self._mailer = mailer
        self._throttles = throttles
        self._events = events
        self._most = settings.max_members_per_tenant
        self._site = settings.frontend_url
        self._clock = clock
        self._ids = ids

    def invite(self, principal: Principal, email: str, role: Role) -> tuple[Invitation, str]:
        """Invite an address, in place of an earlier invitation of it; return the invitation and its link.

        Mails the link, where mails are sent. Raises ``TooManyMembers`` (open invitations count), ``Throttled``.
        """
        self._throttles.claim_email(principal.tenant_id)
        now = self._clock.now()
        invitation_id = self._ids.object_id()
        token, secret_hash = links.new_token(invitation_id)
        invitation = Invitation(
            id=invitation_id,
            tenant_id=principal.tenant_id,
            email=email,
            role=role,
            invited_by=principal.user_id,
            secret_hash=secret_hash,
            created_at=now,
            expires_at=now + links.INVITATION_LIFE,
        )
        link = f"{self._site}/join#{token}"
        letter = self._letter(invitation, principal.email, link)

        def work(session: ClientSession) -> None:
            # because of this write, two transactions that each see room for one conflict, and one runs again
            self._tenants.touch(invitation.tenant_id, now, session)
            invited = self._invitations.count(invitation.tenant_id, now, session, other_than=email)
            if self._most and self._users.members(invitation.tenant_id, session) + invited >= self._most:
                raise TooManyMembers(f"A tenant has at most {self._most} members, with those who are invited")
            self._invitations.replace(invitation, session)
            addressed = Addressed(email, invitation.tenant_id, principal.user_id)  # the mail names who invites
            self._mailer.post(f"invitation:{invitation.id}", MailKind.INVITATION, addressed, letter, session)

        self._tenants.transact(work)
        self._mailer.wake()
        return invitation, link

    def list(self, principal: Principal) -> list[Invitation]:
        """Return the open invitations of the caller's tenant, the newest first, at most ``MAX_LISTED``."""
        return self._invitations.of_tenant(principal.tenant_id, self._clock.now(), MAX_LISTED)

    def get(self, principal: Principal, invitation_id: str) -> Invitation:
        """Return an open invitation of the caller's tenant. Raises ``NotFound``."""
        found = self._invitations.get(invitation_id)
        if found is None or found.tenant_id != principal.tenant_id or found.expires_at <= self._clock.now():
            raise NotFound("There is no such invitation")
        return found

    def revoke(self, principal: Principal, invitation_id: str) -> None:
        """Delete an invitation: its link lets nobody in from now on. Raises ``NotFound``."""
        if not self._invitations.remove(invitation_id, principal.tenant_id):
            raise NotFound("There is no such invitation")

    def open(self, token: str) -> tuple[Invitation, str]:
        """Return the invitation of a token, and the name of its tenant. Raises ``InvalidInput``."""
        invitation = self._of(token)
        name = self._tenants.names([invitation.tenant_id]).get(invitation.tenant_id)
        return (invitation, name) if name is not None else _void()

    def joining(self, joining: Joining) -> tuple[Invitation, User]:
        """Return the invitation of a token, and whom ``join`` will add. Raises ``InvalidInput`` (token, password)."""
        invitation = self._of(joining.token)
        self._passwords.check_new(joining.password, "password", joining.username, invitation.email)
        now = self._clock.now()
        user = User(
            id=self._ids.object_id(),
            tenant_id=invitation.tenant_id,
            username=joining.username,
            email=invitation.email,
            role=invitation.role,
            password_hash=self._passwords.hash(joining.password),
            created_at=now,
            updated_at=now,
        )
        return invitation, user

    def join(self, invitation: Invitation, user: User) -> User:
        """Add the invited person to the tenant, and delete the invitation.

        Raises ``InvalidInput`` if it was used meanwhile, ``AlreadyExists`` if the address has an account,
        ``TooManyMembers``.
        """

        def work(session: ClientSession) -> None:
            if not self._tenants.touch(user.tenant_id, user.created_at, session):
                _void()
            if not self._invitations.remove(invitation.id, invitation.tenant_id, session):
                _void()
            if self._most and self._users.members(user.tenant_id, session) >= self._most:
                raise TooManyMembers(f"A tenant has at most {self._most} members")
            self._users.add(user, session)

        self._tenants.transact(work)
        self._events.member(user.tenant_id, user.id, "added")
        return user

    def _of(self, token: str) -> Invitation:
        invitation_id = links.id_of(token)
        found = self._invitations.get(invitation_id) if invitation_id else None
        if found is None or found.expires_at <= self._clock.now() or not links.fits(token, found.secret_hash):
            _void()
        # whoever invites sees the link: with the right to invite, it ends
        inviter = self._users.get(found.invited_by, found.tenant_id)
        if inviter is None or not inviter.principal.may(Permission.MANAGE_MEMBERS):
            _void()
        return found

    def _letter(self, invitation: Invitation, inviter: str, link: str) -> Letter:
        tenant = self._tenants.names([invitation.tenant_id]).get(invitation.tenant_id, "")
        return Letter(
            f"{inviter} invites you to QueueCraft",
            (
                f"{inviter} invites you to join the workspace {tenant} as {invitation.role.value}.",
                "The link works once, within 7 days. If you do not know who invites you, ignore this mail.",
            ),
            ("Join", link),
        )


def _void() -> NoReturn:
    raise InvalidInput("This invitation was used or revoked, or has expired; ask for another one", "token")
