"""API keys of a tenant, managed by its admins."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain import api_keys
from chalicelib.domain.api_keys import ApiKey
from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.principals import KeyScope, Principal
from chalicelib.errors import AccountRemoved, InvalidInput, NeedsPerson, NotFound, TooManyApiKeys
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from pymongo.client_session import ClientSession

    from chalicelib.services.people_events import PeopleEvents
    from chalicelib.services.throttles import Throttles
    from chalicelib.store.api_keys import ApiKeyStore
    from chalicelib.store.tenants import TenantStore
    from chalicelib.store.users import UserStore

#: Maximum number of keys in one answer.
MAX_LISTED: Final = 1_000
#: The furthest expiry; a key may also have none.
MAX_LIFE: Final = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """A key to create."""

    name: str
    scopes: Sequence[KeyScope]
    expires_at: datetime | None = None


class ApiKeys:
    """Creates, lists and revokes the keys of the caller's own tenant."""

    def __init__(
        self,
        *,
        keys: ApiKeyStore,
        users: UserStore,
        tenants: TenantStore,
        throttles: Throttles,
        events: PeopleEvents,
        settings: Settings,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._keys = keys
        self._users = users
        self._tenants = tenants
        self._throttles = throttles
        self._events = events
        self._most = settings.max_api_keys_per_tenant
        self._clock = clock
        self._ids = ids

    def create(self, principal: Principal, new: NewApiKey) -> tuple[ApiKey, str]:
        """Create a key; return it and its text, which is not stored.

        Raises ``InvalidInput`` (expiry), ``NeedsPerson`` for a key, ``TooManyApiKeys``, ``Throttled``.
        """
        if principal.key is not None:
            raise NeedsPerson
        now = self._clock.now()
        if new.expires_at is not None and not now < new.expires_at <= now + MAX_LIFE:
            raise InvalidInput("A key expires in the future, at most ten years from now", "expiresAt")
        self._throttles.create_key(principal.tenant_id)
        key_id = self._ids.object_id()
        text = api_keys.written(key_id, secrets.token_bytes(api_keys.SECRET_BYTES))
        secret = text.rpartition("_")[2]
        key = ApiKey(
            id=key_id,
            tenant_id=principal.tenant_id,
            user_id=principal.user_id,
            name=new.name,
            scopes=tuple(scope for scope in KeyScope if scope in new.scopes),
            secret_hash=api_keys.hash_of(key_id, secret),
            created_at=now,
            expires_at=new.expires_at,
        )
        self._tenants.transact(lambda session: self._add(key, session))
        self._events.api_key(key.tenant_id, key.id, "created")
        return key, text

    def list(self, principal: Principal) -> list[ApiKey]:
        """Return the keys of the caller's tenant, the newest first, at most ``MAX_LISTED``."""
        return self._keys.of_tenant(principal.tenant_id, MAX_LISTED)

    def get(self, principal: Principal, key_id: str) -> ApiKey:
        """Return a key. Raises ``NotFound``."""
        key = self._keys.get(key_id)
        if key is None or key.tenant_id != principal.tenant_id:
            raise NotFound("There is no such API key")
        return key

    def revoke(self, principal: Principal, key_id: str) -> None:
        """Delete a key: it is refused from now on, and its WebSockets are closed within 20 s. Raises ``NotFound``."""
        if not self._keys.remove(principal.tenant_id, key_id):
            raise NotFound("There is no such API key")
        self._events.api_key(principal.tenant_id, key_id, "revoked")

    def _add(self, key: ApiKey, session: ClientSession) -> None:
        # because of this write, a transaction that removes the user, or that sees room for another key, conflicts
        self._tenants.touch(key.tenant_id, key.created_at, session)
        if self._users.get(key.user_id, key.tenant_id, session) is None:
            raise AccountRemoved
        if self._most and self._keys.count(key.tenant_id, session) >= self._most:
            raise TooManyApiKeys(f"A tenant has at most {self._most} API keys: revoke some that are not used")
        self._keys.add(key, session)
