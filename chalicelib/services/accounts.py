"""Accounts: sign-up, log-in and log-out, changes of one's own profile and password."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chalicelib.domain.accounts import SessionEnd, User
from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.principals import Principal, Role
from chalicelib.errors import AlreadyExists, InvalidInput, InvalidToken, WrongCredentials

if TYPE_CHECKING:
    from pymongo.client_session import ClientSession

    from chalicelib.services.passwords import Passwords
    from chalicelib.services.sessions import Sessions
    from chalicelib.services.throttles import Throttles
    from chalicelib.store.tenants import TenantStore
    from chalicelib.store.users import UserStore


class Profile(NamedTuple):
    """Changes to one's own account; ``None`` leaves a value as it is. Another e-mail needs the current password."""

    username: str | None = None
    email: str | None = None
    current_password: str | None = None


class Accounts:
    """Operations of persons on their own account. E-mail addresses are in lower case."""

    def __init__(
        self,
        *,
        users: UserStore,
        tenants: TenantStore,
        sessions: Sessions,
        passwords: Passwords,
        throttles: Throttles,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._users = users
        self._tenants = tenants
        self._sessions = sessions
        self._passwords = passwords
        self._throttles = throttles
        self._clock = clock
        self._ids = ids

    def sign_up(self, username: str, email: str, password: str, *, address: str) -> User:
        """Create a tenant and its admin, both or neither. Raises ``InvalidInput``, ``Throttled``.

        If the e-mail address has an account, nothing changes and the answer looks like a new user: sign-up does not
        reveal who has an account.
        """
        self._passwords.check_new(password, "password", username, email)
        self._throttles.sign_up(address)
        user = self._new_user(username, email, self._passwords.hash(password))
        try:
            self._tenants.transact(lambda session: self._found(user, session))
        except AlreadyExists:
            return user
        return user

    def log_in(self, email: str, password: str, *, address: str, agent: str = "") -> tuple[User, str]:
        """Return the user and a new token. Raises ``WrongCredentials``, ``Throttled``."""
        self._throttles.log_in(email, address)
        user = self._users.by_email(email)
        if not self._passwords.fits(password, user.password_hash if user else None) or user is None:
            raise WrongCredentials("Wrong e-mail or password")
        self._throttles.logged_in(email, address)
        if self._passwords.outdated(user.password_hash):
            self._users.rehash(user.id, user.password_hash, self._passwords.hash(password))
        return user, self._sessions.issue(user, agent)

    def log_out(self, principal: Principal) -> None:
        """Revoke the token of the caller."""
        self._sessions.revoke(principal)

    def me(self, principal: Principal) -> User:
        """Return the caller's account."""
        user = self._users.get(principal.user_id)
        if user is None:
            raise InvalidToken("Invalid token")
        return user

    def change_profile(self, principal: Principal, changes: Profile, *, address: str) -> User:
        """Change name or e-mail.

        Raises ``AlreadyExists`` for an e-mail in use, ``InvalidInput`` without the current password, ``Throttled``.
        """
        wanted = {"username": changes.username, "email": changes.email}
        given = {name: value for name, value in wanted.items() if value is not None}
        if not given:
            return self.me(principal)
        if changes.email is not None and changes.email != principal.email:
            self._throttles.confirm_password(principal.user_id, address)
            self._check_current(self.me(principal), changes.current_password)
            self._throttles.claim_email(principal.tenant_id)
        user = self._users.update(principal.user_id, given, self._clock.now())
        if user is None:
            raise InvalidToken("Invalid token")
        return user

    def change_password(
        self, principal: Principal, current: str, new: str, *, address: str, agent: str = ""
    ) -> tuple[User, str]:
        """Set a new password, revoke every token of the user, and return a new one.

        Raises ``InvalidInput`` when ``current`` is not the current password or ``new`` is a common one, ``Throttled``.
        """
        self._throttles.confirm_password(principal.user_id, address)
        user = self.me(principal)
        self._passwords.check_new(new, "newPassword", user.username, user.email)
        self._check_current(user, current)
        changes = {"password_hash": self._passwords.hash(new)}
        changed = self._users.update(user.id, changes, self._clock.now(), end_sessions=SessionEnd.PASSWORD)
        if changed is None:
            raise InvalidToken("Invalid token")
        return changed, self._sessions.issue(changed, agent)

    def _check_current(self, user: User, given: str | None) -> None:
        if given is None:
            raise InvalidInput("Give your current password to change this", "currentPassword")
        if not self._passwords.fits(given, user.password_hash):
            raise InvalidInput("The current password is wrong", "currentPassword")

    def _new_user(self, username: str, email: str, password_hash: str) -> User:
        now = self._clock.now()
        return User(
            id=self._ids.object_id(),
            tenant_id=self._ids.object_id(),
            username=username,
            email=email,
            role=Role.ADMIN,
            password_hash=password_hash,
            created_at=now,
            updated_at=now,
        )

    def _found(self, user: User, session: ClientSession) -> None:
        self._users.add(user, session)
        self._tenants.add(user.tenant_id, user.username, user.created_at, session)
