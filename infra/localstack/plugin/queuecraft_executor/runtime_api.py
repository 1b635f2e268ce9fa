"""The Lambda Runtime API of one process.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import queue
import secrets
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PREFIX = "/2018-06-01/runtime/"


@dataclass(frozen=True, slots=True)
class Event:
    """One invocation as the process receives it."""

    request_id: str
    function_arn: str
    trace_id: str
    #: milliseconds since the epoch
    deadline_ms: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of the function, or its error object."""

    payload: bytes
    is_error: bool


class RuntimeApi:
    """Serves one process on a port of its own. `ready` gets None, or an Outcome when the process cannot start."""

    def __init__(self) -> None:
        self.ready: queue.SimpleQueue[Outcome | None] = queue.SimpleQueue()
        self.outcomes: queue.SimpleQueue[tuple[str, Outcome]] = queue.SimpleQueue()
        self.events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        #: Secret prefix of the paths: other users of the machine can reach the port.
        self.prefix = f"/{secrets.token_hex(16)}{PREFIX}"
        self._polled = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, name="runtime-api", daemon=True).start()

    @property
    def address(self) -> str:
        """Address for the process: the value of `AWS_LAMBDA_RUNTIME_API`."""
        return f"127.0.0.1:{self._server.server_address[1]}{self.prefix.removesuffix(PREFIX)}"

    def close(self) -> None:
        """Stop serving; a process that polls gets an answer that ends it."""
        self.events.put(None)
        self._server.shutdown()
        self._server.server_close()

    def next_event(self) -> Event | None:
        """Block until there is an event; return None when the process should end."""
        if not self._polled:
            self._polled = True
            self.ready.put(None)
        return self.events.get()


def _handler(api: RuntimeApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            event = api.next_event() if self.path == f"{api.prefix}invocation/next" else None
            if event is None:
                self.close_connection = True
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Lambda-Runtime-Aws-Request-Id", event.request_id)
            self.send_header("Lambda-Runtime-Deadline-Ms", str(event.deadline_ms))
            self.send_header("Lambda-Runtime-Invoked-Function-Arn", event.function_arn)
            self.send_header("Lambda-Runtime-Trace-Id", event.trace_id)
            self.send_header("Content-Length", str(len(event.payload)))
            self.end_headers()
            self.wfile.write(event.payload)

        def do_POST(self) -> None:
            if not self.path.startswith(api.prefix):
                self.close_connection = True
                return
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()
            if self.path == f"{api.prefix}init/error":
                api.ready.put(Outcome(body, is_error=True))
                return
            request_id, _, verb = self.path.removeprefix(f"{api.prefix}invocation/").partition("/")
            api.outcomes.put((request_id, Outcome(body, is_error=verb == "error")))

        def log_message(self, format: str, *args: object) -> None:
            """Do nothing: requests of the runtime are not logged."""

    return Handler
