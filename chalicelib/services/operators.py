"""The operator, who sees every tenant and resets metrics. Created once, at the first start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.domain.accounts import User
from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.principals import Role
from chalicelib.errors import AlreadyExists

if TYPE_CHECKING:
    from pymongo.client_session import ClientSession

    from chalicelib.services.passwords import Passwords
    from chalicelib.store.tenants import TenantStore
    from chalicelib.store.users import UserStore

OPERATOR_EMAIL: Final = "operator@queuecraft.local"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Credentials of the operator; ``password`` is shown once and not stored."""

    email: str
    password: str


class Operators:
    """Creates the operator."""

    def __init__(self, *, users: UserStore, tenants: TenantStore, passwords: Passwords, clock: Clock, ids: Ids) -> None:
        self._users = users
        self._tenants = tenants
        self._passwords = passwords
        self._clock = clock
        self._ids = ids

    def ensure(self, password: str | None = None) -> Credentials | None:
        """Create the operator if there is none, with ``password`` or a generated one.

        Returns ``None`` if there is one, or another process creates it. The indexes must exist: e-mail addresses are
        unique, so two processes cannot both create it.
        """
        if self._users.operator() is not None:
            return None
        password = password or self._passwords.generate()
        now = self._clock.now()
        user = User(
            id=self._ids.object_id(),
            tenant_id=self._ids.object_id(),
            username="operator",
            email=OPERATOR_EMAIL,
            role=Role.OPERATOR,
            password_hash=self._passwords.hash(password),
            created_at=now,
            updated_at=now,
        )

        def work(session: ClientSession) -> None:
            self._users.add(user, session)
            self._tenants.add(user.tenant_id, "operators", now, session)

        try:
            self._tenants.transact(work)
        except AlreadyExists:
            return None
        return Credentials(OPERATOR_EMAIL, password)
