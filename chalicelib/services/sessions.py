"""Sessions: signed tokens (JWT, HS256) that name a user, and can be revoked before they expire.

A token carries ``userId``, ``email``, ``iat``, ``exp``, its id (``jti``) and the version of the user's sessions
(``ver``). It does not carry the role: role and tenant are read from MongoDB at each call, in the same read that
shows whether to check the revoked tokens. Nothing is cached, so a log-out or a new password takes effect at once.

The header's ``kid`` says which key signed. ``SECRET_KEY`` signs; ``SECRET_KEY_PREVIOUS`` still verifies.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.accounts import SessionEnd, SessionMark, User
from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.principals import Principal, Session
from chalicelib.domain.sessions import OpenSession, device_of
from chalicelib.errors import (
    AccountRemoved,
    InvalidToken,
    LoggedOut,
    NotFound,
    PasswordChanged,
    RoleChanged,
    SessionExpired,
    Unauthenticated,
    WrongCsrfToken,
)
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from chalicelib.store.revocations import RevocationStore
    from chalicelib.store.sessions import SessionStore
    from chalicelib.store.users import UserStore

ALGORITHM: Final = "HS256"
#: How much longer than its token a revocation is kept, in case clocks differ.
KEPT_BEYOND_S: Final = 60
MAX_TOKEN_CHARS: Final = 4096
#: How precise the time is at which a session was last used.
USED_WITHIN: Final = timedelta(minutes=5)
#: Sessions that a process remembers to have noted.
MAX_NOTED: Final = 10_000
#: Sessions in one answer.
MAX_LISTED: Final = 200


def key_id(secret: str) -> str:
    """Return a short name of a key that reveals nothing about it."""
    return hashlib.sha256(b"queuecraft key id:" + secret.encode()).hexdigest()[:12]


class Sessions:
    """Issues, verifies and revokes tokens."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        ids: Ids,
        users: UserStore,
        revocations: RevocationStore,
        opened: SessionStore,
    ) -> None:
        self._clock = clock
        self._ids = ids
        self._users = users
        self._revocations = revocations
        self._opened = opened
        self._noted: dict[str, float] = {}
        self._ttl = timedelta(seconds=settings.session_ttl_s)
        self._secret = settings.secret_key
        self._kid = key_id(settings.secret_key)
        self._keys = {self._kid: settings.secret_key}
        if settings.secret_key_previous:
            self._keys[key_id(settings.secret_key_previous)] = settings.secret_key_previous

    def issue(self, user: User, agent: str = "") -> str:
        """Return a new token of ``user``, valid for ``session_ttl_s`` of the settings; ``agent`` names the browser."""
        import jwt  # noqa: PLC0415 - loads on first use

        now, token_id = self._clock.now(), self._ids.token()
        self._opened.add(
            OpenSession(
                id=self._ids.object_id(),
                token_id=token_id,
                user_id=user.id,
                version=user.session_version,
                device=device_of(agent),
                created_at=now,
                expires_at=now + self._ttl,
                used_at=now,
            )
        )
        claims = {
            "userId": user.id,
            "email": user.email,
            "iat": int(now.timestamp()),
            "exp": int((now + self._ttl).timestamp()),
            "jti": token_id,
            "ver": user.session_version,
        }
        return jwt.encode(claims, self._secret, algorithm=ALGORITHM, headers={"kid": self._kid})

    def open(self, token: str) -> Principal:
        """Return the person of a token, with its session.

        Raises ``InvalidToken`` if the token is malformed or has a wrong signature, a subclass if it is void.
        """
        claims = self._verify(token)
        user, revoked = self._users.with_revocation(claims["userId"], claims["jti"], self._clock.now())
        ended = _end_of(claims["ver"], user.session_mark if user else None, revoked=revoked)
        if user is None or ended is not None:
            raise ended or AccountRemoved
        session = Session(claims["jti"], datetime.fromtimestamp(claims["exp"], UTC), claims["ver"])
        return replace(user.principal, session=session)

    def ends(self, persons: Sequence[Principal]) -> list[InvalidToken | None]:
        """Return for each person why its session has ended, ``None`` while it is valid."""
        if not persons:
            return []
        opened = [(person.user_id, session_of(person)) for person in persons]
        marks = self._users.session_marks({user_id for user_id, _ in opened})
        revoked = self._revocations.among({session.token_id for _, session in opened})
        now = self._clock.now()
        return [
            SessionExpired()
            if session.expires_at <= now
            else _end_of(session.version, marks.get(user_id), revoked=session.token_id in revoked)
            for user_id, session in opened
        ]

    def revoke(self, person: Principal) -> None:
        """Make the token of ``person`` invalid from now on."""
        session = session_of(person)
        keep_until = session.expires_at + timedelta(seconds=KEPT_BEYOND_S)
        self._revocations.add(session.token_id, person.user_id, keep_until)
        self._opened.remove(session.token_id, person.user_id)

    def list(self, person: Principal) -> list[OpenSession]:
        """Return the sessions of ``person``, the one that was used last first, at most ``MAX_LISTED``."""
        version, now = session_of(person).version, self._clock.now()
        return self._opened.of_user(person.user_id, version, now, MAX_LISTED)

    def end(self, person: Principal, session_id: str) -> None:
        """Log out a session of ``person``. Raises ``NotFound``."""
        found = self._opened.get(session_id, person.user_id)
        if found is None:
            raise NotFound("There is no such session")
        keep_until = found.expires_at + timedelta(seconds=KEPT_BEYOND_S)
        self._revocations.add(found.token_id, person.user_id, keep_until)
        self._opened.remove(found.token_id, person.user_id)

    def end_all(self, person: Principal) -> None:
        """Log out all sessions of ``person``, also this one."""
        self._users.update(person.user_id, {}, self._clock.now(), end_sessions=SessionEnd.EVERYWHERE)
        self._opened.remove_of(person.user_id)

    def used(self, person: Principal) -> None:
        """Note that a session is used, at most once in ``USED_WITHIN`` for each process."""
        session, now = session_of(person), self._clock.monotonic()
        if now - self._noted.get(session.token_id, float("-inf")) < USED_WITHIN.total_seconds():
            return
        if len(self._noted) >= MAX_NOTED:
            self._noted.clear()
        self._noted[session.token_id] = now
        at = self._clock.now()
        self._opened.used(session.token_id, person.user_id, at - USED_WITHIN, at)

    def csrf_token(self, person: Principal) -> str:
        """Return the token that a browser must send with unsafe calls; derived from the session's id, not stored."""
        session = session_of(person)
        return hmac.new(self._secret.encode(), b"csrf:" + session.token_id.encode(), hashlib.sha256).hexdigest()

    def check_csrf(self, person: Principal, given: str) -> None:
        """Raise ``WrongCsrfToken`` unless ``given`` is the CSRF token of the person's session."""
        if not hmac.compare_digest(given.encode(), self.csrf_token(person).encode()):
            raise WrongCsrfToken

    def _verify(self, token: str) -> dict[str, Any]:
        import jwt  # noqa: PLC0415

        try:
            if len(token) > MAX_TOKEN_CHARS:
                raise InvalidToken("Invalid token")
            key = self._keys[str(jwt.get_unverified_header(token).get("kid"))]
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                options={"require": ["exp", "iat", "jti", "userId", "ver"], "verify_exp": False, "verify_iat": False},
            )
        except (jwt.InvalidTokenError, KeyError, UnicodeError):
            raise InvalidToken("Invalid token") from None
        if not _is_sound(claims):
            raise InvalidToken("Invalid token")
        if claims["exp"] <= self._clock.now().timestamp():
            raise SessionExpired
        return claims


def session_of(principal: Principal) -> Session:
    """Return the session of a person. Raises ``Unauthenticated`` without one."""
    if principal.session is None:
        raise Unauthenticated("Log in to do this")
    return principal.session


def _end_of(version: int, mark: SessionMark | None, *, revoked: bool) -> InvalidToken | None:
    """Return why a token of ``version`` is void, ``None`` if it is valid. ``mark`` is that of its user."""
    if mark is None:
        return AccountRemoved()
    if revoked:
        return LoggedOut()
    if version == mark.version:
        return None
    return _BY_END[mark.ended_by]() if mark.ended_by is not None else InvalidToken("Invalid token")


_BY_END: Final[dict[SessionEnd, type[InvalidToken]]] = {
    SessionEnd.PASSWORD: PasswordChanged,
    SessionEnd.ROLE: RoleChanged,
    SessionEnd.EVERYWHERE: LoggedOut,
}


def _is_sound(claims: dict[str, Any]) -> bool:
    user_id = claims["userId"]
    return (
        isinstance(user_id, str)
        and len(user_id) == 24
        and isinstance(claims["jti"], str)
        and isinstance(claims["exp"], int)
        and isinstance(claims["ver"], int)
    )
