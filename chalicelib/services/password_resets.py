"""Passwords that were forgotten: a link by mail lets its reader set another one, once, within 30 minutes.

The answer to a request, and the time that it takes, are the same whether or not there is an account: the request only
goes into the outbox, and a worker looks for the account when it writes the mail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from chalicelib.domain import one_time_links as links
from chalicelib.domain.accounts import SessionEnd, User
from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.mails import Letter, Mail, MailKind
from chalicelib.domain.one_time_links import PasswordReset
from chalicelib.errors import InvalidInput
from chalicelib.services.mails import Addressed

if TYPE_CHECKING:
    from pymongo.client_session import ClientSession

    from chalicelib.services.mails import Mailer
    from chalicelib.services.passwords import Passwords
    from chalicelib.services.throttles import Throttles
    from chalicelib.store.password_resets import PasswordResetStore
    from chalicelib.store.tenants import TenantStore
    from chalicelib.store.users import UserStore


class ResetLetters:
    """Writes the mails, in the worker."""

    def __init__(self, users: UserStore, resets: PasswordResetStore, site: str, clock: Clock, ids: Ids) -> None:
        self._users = users
        self._resets = resets
        self._site = site
        self._clock = clock
        self._ids = ids

    def write(self, mail: Mail) -> tuple[Letter, Addressed] | None:
        """Return the mail with a new link; ``None`` if nobody has the address."""
        user = self._users.by_email(mail.to)
        if user is None:
            return None
        reset_id = self._ids.object_id()
        token, secret_hash = links.new_token(reset_id)
        self._resets.add(PasswordReset(reset_id, user.id, secret_hash, self._clock.now() + links.RESET_LIFE))
        letter = Letter(
            "Set a new password for QueueCraft",
            (
                f"Somebody, perhaps you, forgot the password of {user.email}.",
                "The link works once, within 30 minutes. If you did not ask for it, ignore this mail: nothing changes.",
            ),
            ("Set a new password", f"{self._site}/reset-password#{token}"),
        )
        return letter, Addressed(user.email, user.tenant_id, user.id)


class PasswordResets:
    """Asks for links, and uses them."""

    def __init__(
        self,
        *,
        users: UserStore,
        tenants: TenantStore,
        resets: PasswordResetStore,
        passwords: Passwords,
        mailer: Mailer,
        throttles: Throttles,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._users = users
        self._tenants = tenants
        self._resets = resets
        self._passwords = passwords
        self._mailer = mailer
        self._throttles = throttles
        self._clock = clock
        self._ids = ids

    def ask(self, email: str, *, address: str) -> None:
        """Have a link mailed to ``email`` if it has an account. Raises ``Throttled``."""
        self._throttles.forgot_password(email, address)
        self._mailer.post(f"password-reset:{self._ids.object_id()}", MailKind.PASSWORD_RESET, Addressed(email), None)

    def user_of(self, token: str, *, address: str) -> User:
        """Return the user whose password a token lets set. Raises ``InvalidInput``, ``Throttled``."""
        self._throttles.use_link(address)
        reset_id = links.id_of(token)
        found = self._resets.get(reset_id) if reset_id else None
        if found is None or found.expires_at <= self._clock.now() or not links.fits(token, found.secret_hash):
            _void()
        return self._users.get(found.user_id) or _void()

    def use(self, user: User, password: str) -> User:
        """Set the password of ``user``, whose link was checked; end all sessions and void all links of the user.

        Raises ``InvalidInput`` for a common password, and if the links were used meanwhile.
        """
        self._passwords.check_new(password, "newPassword", user.username, user.email)
        changes, now = {"password_hash": self._passwords.hash(password)}, self._clock.now()

        def work(session: ClientSession) -> User:
            if not self._resets.remove_of(user.id, session):
                _void()
            changed = self._users.update(user.id, changes, now, end_sessions=SessionEnd.PASSWORD, session=session)
            return changed or _void()

        return self._tenants.transact(work)


def _void() -> NoReturn:
    raise InvalidInput("This link was used or has expired; ask for another one", "token")
