"""Spans in AWS X-Ray, in deployed stages only.

X-Ray has ids of its own, so each span is annotated with our trace id, which is passed from the request to the worker
and the events.

A span is one datagram to the daemon that runs beside each function. X-Ray's SDK is not used: it loads botocore, 0.25
s of processor time in the first request of every cold start, and is supported until February 2027 only.
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

#: The header of each document.
HEADER: Final = b'{"format":"json","version":1}\n'
#: Characters that a name must not contain.
_FORBIDDEN: Final = re.compile(r"[^\w\s.:/%&#=+\\@-]")
#: Maximum length of an exception's message.
MESSAGE_CHARS: Final = 500


def _ignore(name: str, value: str | int) -> None:
    """Ignore an annotation, where there is no span."""


class Tracing:
    """Opens spans below the segment that Lambda opened for the invocation."""

    def __init__(self, daemon: str, header: Callable[[], str]) -> None:
        """Send to ``daemon`` (``HOST:PORT``, or empty for no spans); ``header`` returns the trace of the current
        invocation.
        """
        host, _, port = daemon.rpartition(":")
        self._daemon = (host, int(port)) if host else None
        self._header = header
        self._socket: socket.socket | None = None

    def span(self, name: str) -> AbstractContextManager[Note]:
        """Open a span around a block, which gets a function to add annotations.

        An exception is recorded and propagates.
        """
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
        """Send a span. A failure is ignored: a lost span must not fail the request."""
        if self._socket is None:
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._socket.setblocking(False)
        with contextlib.suppress(OSError):
            self._socket.sendto(HEADER + orjson.dumps(document), self._daemon or ("", 0))

    def close(self) -> None:
        """Close the socket."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _exception(error: BaseException) -> dict[str, str]:
    return {"id": secrets.token_hex(8), "type": type(error).__name__, "message": str(error)[:MESSAGE_CHARS]}
