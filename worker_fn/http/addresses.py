"""The network addresses that a job's request may reach, and the resolver that enforces them.

Users must not reach the worker's network through requests: metadata endpoints, databases, the worker itself. A host
name is resolved once, all its addresses are checked, and the connection goes to one of these addresses; so a name that
resolves to another address a moment later ("DNS rebinding") has no effect.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from chalicelib.domain.addresses import is_public
from chalicelib.domain.retry import DoNotRetry

#: Returns the addresses of (host, port). Raises ``OSError`` if there are none.
Lookup = Callable[[str, int], Awaitable[list[str]]]
AddrInfo = tuple[Any, Any, int, str, tuple[Any, ...]]


class AddressRefused(DoNotRetry):
    """Raised for a host with an address that requests may not reach."""


async def system_lookup(host: str, port: int) -> list[str]:
    """Resolve with the system's resolver, on a thread."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class GuardedResolver(AbstractResolver):
    """Resolves for aiohttp and refuses a host if any of its addresses may not be reached."""

    def __init__(self, lookup: Lookup, *, allow_private: bool) -> None:
        self._lookup = lookup
        self._allow_private = allow_private

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        addresses = await self._lookup(host, port)
        for address in addresses:
            self.check(address, host)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in dict.fromkeys(addresses)
        ]

    def check(self, address: str, host: str) -> None:
        """Raise ``AddressRefused`` unless ``address`` may be reached."""
        if not self._allow_private and not is_public(address):
            raise AddressRefused(f"{host} is not on the public internet; requests to it are refused")

    def socket(self, info: AddrInfo) -> socket.socket:
        """Create the socket of a connection and check its address again, also for hosts given as addresses."""
        family, kind, proto, _, address = info
        self.check(str(address[0]), str(address[0]))
        return socket.socket(family, kind, proto)

    async def close(self) -> None:
        """Do nothing: there are no resources to close."""
