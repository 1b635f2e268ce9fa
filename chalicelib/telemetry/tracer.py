"""Spans in AWS X-Ray. Deployed only: elsewhere nothing listens.

X-Ray's ids are its own; each span is annotated with our trace id, which goes on from the request through the worker
to the events, so that one finds the other by it.

A span is one datagram to the daemon that runs beside each function. X-Ray's SDK is not used: it loads botocore, 0.25 s
of processor time in the first request of every cold start, and is supported until February 2027 only.
https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html
"""

from __future__ import annotations

import contextlib
import re
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Final

import orjson

Note = Callable[[str, str | int], None]

#: What stands before each document.
HEADER: Final = b'{"format":"json","version":1}\n'
#: What names may not hold.
_FORBIDDEN: Final = re.compile(r"[^\w\s.:/%&#=+\\@-]")
#: Longest message of an exception that is kept.
MESSAGE_CHARS: Final = 500


def _ignore(name: str, value: str | int) -> None:
    """Notes of a span that does not exist."""


class Tracing:
    """Opens spans below the segment that Lambda has opened for the invocation."""

    def __init__(self, daemon: str, header: Callable[[], str]) -> None:
        """``daemon`` is ``HOST:PORT``, or empty for no spans; ``header`` gives the trace of the current invocation."""
        host, _, port = daemon.rpartition(":")
        self._daemon = (host, int(port)) if host else None
        self._header = header
        self._socket: socket.socket | None = None

    def span(self, name: str) -> AbstractContextManager[Note]:
        """A span around a block; what the block is given notes annotations. An exception is recorded and goes on."""
        trace = dict(part.split("=", 1) for part in self._header().split(";") if "=" in part) if self._daemon else {}
        if trace.get("Sampled") != "1" or not trace.keys() >= {"Root", "Parent"}:
            return nullcontext(_ignore)
        return self._recorded(name, trace["Root"], trace["Parent"])

    @contextmanager
    def _recorded(self, name: str, trace_id: str, parent_id: str) -> Iterator[Note]:
        annotations: dict[str, str | int] = {}
        document: dict[str, Any] = {
            "name": _FORBIDDEN.sub("", f"## {name}"),
            "id": secrets.token_hex(8),
            "trace_id": trace_id,
            "parent_id": parent_id,
            "type": "subsegment",
            "start_time": time.time(),
            "annotations": annotations,
        }
        try:
            yield annotations.__setitem__
        except BaseException as error:
            document |= {"fault": True, "cause": {"exceptions": [_exception(error)]}}
            raise
        finally:
            self._send(document | {"end_time": time.time()})

    def _send(self, document: dict[str, Any]) -> None:
        """A span that is lost is no reason to fail."""
        if self._socket is None:
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._socket.setblocking(False)
        with contextlib.suppress(OSError):
            self._socket.sendto(HEADER + orjson.dumps(document), self._daemon or ("", 0))

    def close(self) -> None:
        """Give the socket back."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _exception(error: BaseException) -> dict[str, str]:
    return {"id": secrets.token_hex(8), "type": type(error).__name__, "message": str(error)[:MESSAGE_CHARS]}
