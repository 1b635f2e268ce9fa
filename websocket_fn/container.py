"""What the connection manager is made of."""

from __future__ import annotations

from functools import cache

from chalicelib.containers.connections import ConnectionParts


class ManagerContainer(ConnectionParts):
    """Connections, and no more."""


@cache
def get_container() -> ManagerContainer:
    """The container of this process. Raises as ``Core.from_env``."""
    return ManagerContainer.from_env()
