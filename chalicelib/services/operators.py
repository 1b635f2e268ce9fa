"""The operator: sees every tenant, resets metrics. Made once, at the first start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.domain.accounts import Role, User
from chalicelib.errors import AlreadyExists

if TYPE_CHECKING:
    from pymongo.client_session import ClientSession

    from chalicelib.container import Container

OPERATOR_EMAIL: Final = "operator@queuecraft.local"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What to log in with; ``password`` is shown once and kept nowhere."""

    email: str
    password: str


def ensure_operator(container: Container) -> Credentials | None:
    """Make the operator if there is none; ``None`` if there is, also when another process is making it.

    The indexes must exist: e-mails are unique, so two processes cannot both make it.
    """
    if container.user_store.operator() is not None:
        return None
    password = container.passwords.generate()
    now = container.clock.now()
    user = User(
        id=container.ids.object_id(),
        tenant_id=container.ids.object_id(),
        username="operator",
        email=OPERATOR_EMAIL,
        role=Role.OPERATOR,
        password_hash=container.passwords.hash(password),
        created_at=now,
        updated_at=now,
    )

    def work(session: ClientSession) -> None:
        container.user_store.add(user, session)
        container.tenant_store.add(user.tenant_id, "operators", now, session)

    try:
        container.tenant_store.transact(work)
    except AlreadyExists:
        return None
    return Credentials(OPERATOR_EMAIL, password)
