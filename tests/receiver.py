"""A receiver of webhooks on the loopback address, which verifies what it gets with the library of Standard Webhooks."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from standardwebhooks import Webhook, WebhookVerificationError

from tests.support import wait_until


@dataclass(frozen=True)
class Received:
    """One request. ``status`` is what it was answered with."""

    path: str
    headers: dict[str, str]
    body: str
    status: int

    @property
    def message_id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def type(self) -> str:
        return str(self.json["type"])

    def verified(self, secret: str) -> Any:
        """The message. Raises ``WebhookVerificationError``."""
        return Webhook(secret).verify(self.body, self.headers)


class Receiver:
    """Answers ``status`` to all, or what ``answer`` says."""

    def __init__(self) -> None:
        self.status = 200
        self.body = b"thanks"
        self.answer: Callable[[str], int] = lambda path: self.status
        self.received: list[Received] = []
        #: If given, each message is verified with it when it comes.
        self.secret = ""
        self.unverified: list[Received] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status = receiver.answer(self.path)
                named = {name.lower(): value for name, value in self.headers.items()}
                received = Received(self.path, named, body, status)
                receiver.received.append(received)
                receiver.check(received)
                # an answer 204 has no body; one with a body is an error of the protocol
                answer = b"" if status == HTTPStatus.NO_CONTENT else receiver.body
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                if status in {301, 302, 307}:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def check(self, received: Received) -> None:
        """Verify a message, if the secret is known."""
        try:
            if self.secret:
                received.verified(self.secret)
        except WebhookVerificationError:
            self.unverified.append(received)

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def types(self) -> list[str]:
        return sorted(each.type for each in self.received)

    def wait(self, count: int) -> list[Received]:
        """Wait for so many requests."""
        wait_until(lambda: len(self.received) >= count, what=f"{count} requests")
        return self.received
