"""Members of a tenant, managed by its admins. Every tenant keeps at least one admin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.accounts import SessionEnd, User
from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.principals import Principal, Role
from chalicelib.errors import Conflict, Forbidden, NotFound, TooManyMembers
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from pymongo.client_session import ClientSession

    from chalicelib.services.passwords import Passwords
    from chalicelib.services.people_events import PeopleEvents
    from chalicelib.services.throttles import Throttles
    from chalicelib.store.api_keys import ApiKeyStore
    from chalicelib.store.schedules import ScheduleStore
    from chalicelib.store.tenants import TenantStore
    from chalicelib.store.users import UserStore


@dataclass(frozen=True, slots=True)
class NewMember:
    """A member to add; without ``password`` one is generated."""

    username: str
    email: str
    role: Role
    password: str | None = None


class Members:
    """Lists, adds, changes and removes the members of the caller's own tenant."""

    def __init__(
        self,
        *,
        users: UserStore,
        tenants: TenantStore,
        passwords: Passwords,
        schedules: ScheduleStore,
        keys: ApiKeyStore,
        throttles: Throttles,
        events: PeopleEvents,
        settings: Settings,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._users = users
        self._tenants = tenants
        self._passwords = passwords
        self._schedules = schedules
        self._keys = keys
        self._throttles = throttles
        self._events = events
        self._most = settings.max_members_per_tenant
        self._clock = clock
        self._ids = ids

    def list(self, principal: Principal) -> list[User]:
        """Return all members of the caller's tenant, oldest first."""
        return self._users.of_tenant(principal.tenant_id)

    def get(self, principal: Principal, user_id: str) -> User:
        """Return a member of the caller's tenant. Raises ``NotFound``."""
        return self._users.get(user_id, principal.tenant_id) or _missing()

    def add(self, principal: Principal, new: NewMember) -> tuple[User, str | None]:
        """Add a member; return the user and the generated password, if any.

        Raises ``AlreadyExists``, ``InvalidInput`` (password), ``TooManyMembers``, ``Throttled``.
        """
        if new.password is not None:
            self._passwords.check_new(new.password, "password", new.username, new.email)
        self._throttles.claim_email(principal.tenant_id)
        generated = None if new.password else self._passwords.generate()
        now = self._clock.now()
        user = User(
            id=self._ids.object_id(),
            tenant_id=principal.tenant_id,
            username=new.username,
            email=new.email,
            role=new.role,
            password_hash=self._passwords.hash(new.password or generated or ""),
            created_at=now,
            updated_at=now,
        )
        self._tenants.transact(lambda session: self._join(user, session))
        self._events.member(user.tenant_id, user.id, "added")
        return user, generated

    def change_role(self, principal: Principal, user_id: str, role: Role) -> User:
        """Change the role of a member and revoke the member's tokens.

        Raises ``NotFound``, ``Forbidden`` for an operator, ``Conflict`` for the last admin.
        """

        def work(session: ClientSession) -> tuple[User, bool]:
            member = self._member(principal, user_id, session)
            if member.role is role:
                return member, False
            self._keep_an_admin(member, session)
            changed = self._users.update(
                user_id, {"role": role.value}, self._clock.now(), end_sessions=SessionEnd.ROLE, session=session
            )
            return changed or _missing(), True

        member, has_changed = self._tenants.transact(work)
        if has_changed:
            self._events.member(principal.tenant_id, user_id, "role")
        return member

    def reset_password(
        self, principal: Principal, user_id: str, password: str | None = None
    ) -> tuple[User, str | None]:
        """Set another password of a member and revoke the member's tokens; return the generated password, if any.

        Raises ``NotFound``, ``Forbidden`` for an operator and for oneself, ``InvalidInput``, ``Throttled``.
        """
        if user_id == principal.user_id:
            raise Forbidden("Change your own password with the present one, in your profile")
        self._throttles.reset_password(principal.tenant_id)
        member = self._member(principal, user_id)
        if password is not None:
            self._passwords.check_new(password, "password", member.username, member.email)
        generated = None if password else self._passwords.generate()
        changes = {"password_hash": self._passwords.hash(password or generated or "")}
        changed = self._users.update(user_id, changes, self._clock.now(), end_sessions=SessionEnd.PASSWORD)
        return changed or _missing(), generated

    def remove(self, principal: Principal, user_id: str) -> None:
        """Delete a member, and revoke the member's tokens and API keys; jobs and schedules stay with the tenant.

        Raises ``NotFound``, ``Forbidden`` for an operator, ``Conflict`` for the last admin.
        """

        def work(session: ClientSession) -> None:
            member = self._member(principal, user_id, session)
            self._keep_an_admin(member, session)
            if not self._users.remove(user_id, session):
                _missing()
            self._keys.remove_of(user_id, session)
            self._schedules.pass_to_tenant(user_id, principal.tenant_id, session)

        self._tenants.transact(work)
        self._events.member(principal.tenant_id, user_id, "removed")

    def _join(self, user: User, session: ClientSession) -> None:
        # because of this write, two transactions that each see room for one conflict, and one runs again
        self._tenants.touch(user.tenant_id, user.created_at, session)
        if self._most and self._users.members(user.tenant_id, session) >= self._most:
            raise TooManyMembers(f"A tenant has at most {self._most} members")
        self._users.add(user, session)

    def _member(self, principal: Principal, user_id: str, session: ClientSession | None = None) -> User:
        member = self._users.get(user_id, principal.tenant_id, session) or _missing()
        if member.role is Role.OPERATOR:
            raise Forbidden("Operators are not managed here")
        return member

    def _keep_an_admin(self, leaving: User, session: ClientSession) -> None:
        # because of this write, two transactions that each see the other's admin conflict, and one runs again
        self._tenants.touch(leaving.tenant_id, self._clock.now(), session)
        if leaving.role is Role.ADMIN and self._users.admins(leaving.tenant_id, session) < 2:
            raise Conflict("A tenant needs an admin: make somebody else admin first")


def _missing() -> User:
    raise NotFound("There is no such member")
