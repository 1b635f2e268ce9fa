"""One kept HTTP/1.1 connection for single calls."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from http.client import HTTPConnection

TIMEOUT_S: Final = 5.0
#: The status of a request without an answer: refused, dropped or timed out.
NO_ANSWER: Final = 0


class KeptConnection:
    """Sends requests to one host over one connection, opened on first use and kept. Not thread-safe."""

    def __init__(self, endpoint: str, timeout_s: float = TIMEOUT_S) -> None:
        self._endpoint = endpoint
        self._timeout_s = timeout_s
        self._connection: HTTPConnection | None = None

    def request(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Return the status of the answer, whose body is skipped; NO_ANSWER when there is none in time."""
        from http.client import HTTPException

        try:
            if self._connection is None:
                self._connection = self._connect()
            self._connection.request(method, path, body or None, dict(headers))
            response = self._connection.getresponse()
            response.read()
        except (OSError, HTTPException):
            self.close()
            return NO_ANSWER
        return response.status

    @property
    def is_open(self) -> bool:
        """Whether it is kept open from an earlier request; the other side may have closed it since."""
        return self._connection is not None

    def close(self) -> None:
        """Close the connection; the next request opens a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connect(self) -> HTTPConnection:
        from http.client import HTTPConnection, HTTPSConnection

        parts = urlsplit(self._endpoint)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.netloc.rpartition("@")[2], timeout=self._timeout_s)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection
