"""The composition root of the connection manager."""

from __future__ import annotations

from functools import cache

from chalicelib.containers.connections import ConnectionParts


class ManagerContainer(ConnectionParts):
    """Connections only."""

    @property
    def redis_connections(self) -> int:
        return 8


@cache
def get_container() -> ManagerContainer:
    """Return the container of this process. Raises what ``Core.from_env`` raises."""
    return ManagerContainer.from_env()
