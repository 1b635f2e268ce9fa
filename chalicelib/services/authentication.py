"""Authentication: who sends a token, be it a session's or an API key, and whether it is still valid.

As a session, a key is looked up at each call, with the user who created it: nothing is cached, so a key that was
revoked, and a role that changed, count from the next call on (``docs/decisions/021-sessions.md``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain import api_keys
from chalicelib.domain.accounts import User
from chalicelib.domain.api_keys import ApiKey
from chalicelib.domain.clock import Clock
from chalicelib.domain.principals import Principal, Role
from chalicelib.errors import AccountRemoved, ApiKeyExpired, InvalidApiKey, InvalidToken, RoleChanged

if TYPE_CHECKING:
    from chalicelib.services.sessions import Sessions
    from chalicelib.store.api_keys import ApiKeyStore
    from chalicelib.store.users import UserStore
    from chalicelib.telemetry.logger import Log

#: How precise the time is at which a key was last used.
USED_WITHIN: Final = timedelta(minutes=1)


class Authentication:
    """Opens tokens of both kinds."""

    def __init__(self, sessions: Sessions, keys: ApiKeyStore, users: UserStore, clock: Clock, log: Log) -> None:
        self._sessions = sessions
        self._keys = keys
        self._users = users
        self._clock = clock
        self._log = log

    def open(self, token: str) -> Principal:
        """Return who sends ``token``: a person with the session, or a service with the key.

        Raises ``InvalidToken`` if it is malformed or not ours, a subclass if it is void.
        """
        return self._open_key(token) if api_keys.looks_like_key(token) else self._sessions.open(token)

    def ends(self, principals: Sequence[Principal]) -> list[InvalidToken | None]:
        """Return for each principal why its session or key has ended, ``None`` while it is valid."""
        persons = [each for each in principals if each.key is None]
        of_persons = iter(self._sessions.ends(persons))
        of_keys = iter(self._ends_of_keys([each for each in principals if each.key is not None]))
        return [next(of_persons if each.key is None else of_keys) for each in principals]

    def used(self, principal: Principal) -> None:
        """Note that a key was used successfully, at most once a minute, or a session. Never raises."""
        key, now = principal.key, self._clock.now()
        if key is not None and key.last_used_at is not None and key.last_used_at > now - USED_WITHIN:
            return
        try:
            if key is not None:
                self._keys.used(key.id, now - USED_WITHIN, now)
            elif principal.session is not None:
                self._sessions.used(principal)
        except Exception as error:
            self._log.warning("a use was not noted", event="use_unnoted", error=repr(error)[:500])

    def _open_key(self, text: str) -> Principal:
        parsed = api_keys.parse(text)
        if parsed is None:
            raise InvalidApiKey("This is no API key: its form or its checksum is wrong")
        key_id, secret = parsed
        key = self._keys.get(key_id)
        if key is None or not api_keys.fits(key, secret):
            raise InvalidApiKey
        if key.expired(self._clock.now()):
            raise ApiKeyExpired
        user = self._users.get(key.user_id, key.tenant_id)
        if user is None:
            raise AccountRemoved("The account of this key's creator was removed")
        return _acting(user, key)

    def _ends_of_keys(self, principals: Sequence[Principal]) -> list[InvalidToken | None]:
        if not principals:
            return []
        keys = self._keys.get_many({each.key_id for each in principals if each.key_id})
        roles = self._users.roles({each.user_id for each in principals})
        return [self._end_of_key(each, keys.get(each.key_id or ""), roles.get(each.user_id)) for each in principals]

    def _end_of_key(self, principal: Principal, key: ApiKey | None, role: Role | None) -> InvalidToken | None:
        if key is None:
            return InvalidApiKey()
        if key.expired(self._clock.now()):
            return ApiKeyExpired()
        if role is None:
            return AccountRemoved("The account of this key's creator was removed")
        return (
            None if role == principal.role else RoleChanged("The role of this key's creator was changed; connect again")
        )


def _acting(user: User, key: ApiKey) -> Principal:
    """Return a service with a key, acting for the user who created it."""
    return Principal.service(user.id, user.tenant_id, user.role, user.email, key.grant)
