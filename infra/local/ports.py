"""Listening sockets."""

import contextlib
import errno
import socket
from collections.abc import Iterable

LOOPBACK = "127.0.0.1"
#: Errors on a machine without IPv6.
NO_IPV6 = {errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL}


def listen(host: str, port: int) -> list[socket.socket]:
    """Return sockets that listen on a port; 127.0.0.1 stands for both loopback addresses, as `localhost` may.

    Raises OSError if the port is taken on one of them.
    """
    listeners = [_listener(socket.AF_INET, host, port)]
    if host == LOOPBACK:
        try:
            listeners.append(_listener(socket.AF_INET6, "::1", port))
        except OSError as error:
            if error.errno not in NO_IPV6:
                close_all(listeners)
                raise
    return listeners


def close_all(listeners: Iterable[socket.socket]) -> None:
    """Close all of them."""
    for listener in listeners:
        with contextlib.suppress(OSError):
            listener.close()


def _listener(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise
    return listener
