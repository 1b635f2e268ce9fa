"""The http_request task against real local servers."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import unquote

import pytest
from pydantic import ValidationError

from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.retry import DoNotRetry, Retry
from chalicelib.settings import Settings
from tests.container import Container
from tests.worker_support import Rig
from worker_fn.execution import describe
from worker_fn.http.addresses import AddressRefused, GuardedResolver, system_lookup
from worker_fn.http.request import Request, Response, check_status, fetch, shown
from worker_fn.registration.registry import registry
from worker_fn.tasks.http_request import HttpRequest

pytestmark = pytest.mark.integration
T = TypeVar("T")


@dataclass
class Server:
    """A web server whose paths choose the response."""

    port: int
    seen: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: Server
    gone: threading.Event

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.state.seen.append((self.command, self.path, dict(self.headers.items()), body))
        path, _, query = self.path.partition("?")
        match path:
            case "/redirect":
                self._send(302, b"", Location=unquote(query))
            case "/keep":
                self._send(307, b"", Location=query)
            case "/loop":
                self._send(302, b"", Location="/loop")
            case "/status":
                self._send(int(query), b"oops", **{"Retry-After": "7"})
            case "/big":
                self._send(200, b"x" * 1_000_000)
            case "/binary":
                self._send(200, b"\xff\xfe\x00")
            case "/slow":
                self.gone.wait(10)
            case "/drip":
                self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                while not self.gone.wait(0.02):
                    self.wfile.write(b"X-Drip: 1\r\n")
                    self.wfile.flush()
            case _:
                self._send(200, json.dumps({"path": self.path}).encode())

    do_GET = do_POST = do_PUT = do_HEAD = _answer  # noqa: N815 - the names are http.server's

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            try:
                self.wfile.write(body)
            except ConnectionError:  # the client closed the connection
                self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients of these tests close connections early."""


@pytest.fixture
def server() -> Iterator[Server]:
    gone = threading.Event()
    handler = type("Handler", (_Handler,), {"gone": gone})
    with _QuietServer(("127.0.0.1", 0), handler) as http:
        state = Server(http.server_address[1])
        handler.state = state  # type: ignore[attr-defined]
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield state
        gone.set()
        http.shutdown()
        thread.join(5)


class Loopback(GuardedResolver):
    """Treats only 127.0.0.1 as public; counts look-ups."""

    def __init__(self, names: dict[str, list[list[str]]]) -> None:
        super().__init__(self._find, allow_private=False)
        self.names = names
        self.lookups = 0

    async def _find(self, host: str, port: int) -> list[str]:
        self.lookups += 1
        answers = self.names.get(host)
        if answers is None:
            return await system_lookup(host, port)
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def check(self, address: str, host: str) -> None:
        if address != "127.0.0.1":
            super().check(address, host)


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(coroutine)


def ask(url: str, method: str = "GET", **changes: Any) -> Request:
    return replace(Request(method, url, {}, None, 5.0, 1000), **changes)


def test_a_request_is_sent_and_its_response_stored(server: Server) -> None:
    response = run(fetch(ask(server.url("/a?b=1"), "POST", headers={"X-A": "1"}, body=b"hi"), Loopback({})))
    assert (response.status, json.loads(response.body), response.redirects) == (200, {"path": "/a?b=1"}, 0)
    method, path, headers, body = server.seen[0]
    assert (method, path, headers["X-A"], body) == ("POST", "/a?b=1", "1", b"hi")
    assert headers["Host"] == f"127.0.0.1:{server.port}"


def test_the_name_is_resolved_once_and_its_host_header_kept(server: Server) -> None:
    # DNS rebinding: public at the first look-up, loopback at the second
    resolver = Loopback({"rebind.example": [["127.0.0.1"], ["10.0.0.1"]]})
    response = run(fetch(ask(server.url("/", "rebind.example")), resolver))
    assert (response.status, resolver.lookups) == (200, 1)
    assert server.seen[0][2]["Host"] == f"rebind.example:{server.port}"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f000001",
        "127.1",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
    ],
)
def test_addresses_that_are_not_public_are_refused(server: Server, host: str) -> None:
    with pytest.raises(DoNotRetry):  # AddressRefused, or "not valid" for unusual spellings of an address
        run(fetch(ask(server.url("/", host)), GuardedResolver(system_lookup, allow_private=False)))
    assert server.seen == []


def test_one_private_address_among_public_ones_is_refused(server: Server) -> None:
    resolver = Loopback({"mixed.example": [["127.0.0.1", "10.0.0.1"]]})
    with pytest.raises(AddressRefused):
        run(fetch(ask(server.url("/", "mixed.example")), resolver))
    assert server.seen == []


def test_private_addresses_are_allowed_by_the_setting(server: Server) -> None:
    resolver = GuardedResolver(system_lookup, allow_private=True)
    assert run(fetch(ask(server.url("/", "localhost")), resolver)).status == 200


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest/meta-data", "http://[::1]:1/", "//10.0.0.1/", "http://inside.example/"]
)
def test_the_address_of_each_redirect_is_checked(server: Server, target: str) -> None:
    resolver = Loopback({"inside.example": [["192.168.0.1"]]})
    with pytest.raises(AddressRefused):
        run(fetch(ask(server.url(f"/redirect?{target}")), resolver))


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://example.com/", "http://user:pw@127.0.0.1/"])
def test_redirects_to_elsewhere_are_not_followed(server: Server, target: str) -> None:
    with pytest.raises(DoNotRetry):
        run(fetch(ask(server.url(f"/redirect?{target}")), Loopback({})))


def test_redirects_change_the_method_and_drop_credentials(server: Server) -> None:
    resolver = Loopback({"other.example": [["127.0.0.1"]]})
    headers = {"Authorization": "secret", "X-Kept": "1", "Content-Type": "text/plain"}
    request = ask(server.url(f"/redirect?{server.url('/end', 'other.example')}"), "POST", headers=headers, body=b"x")
    response = run(fetch(request, resolver))
    assert response.redirects == 1
    method, path, sent, body = server.seen[1]
    assert (method, path, body, sent.get("X-Kept")) == ("GET", "/end", b"", "1")
    assert "Authorization" not in sent and "Content-Type" not in sent

    run(fetch(replace(request, url=server.url("/keep?/end")), resolver))
    method, path, sent, body = server.seen[3]
    assert (method, path, body, sent["Authorization"]) == ("POST", "/end", b"x", "secret")


def test_redirects_are_limited(server: Server) -> None:
    with pytest.raises(DoNotRetry, match="more than 5 redirects"):
        run(fetch(ask(server.url("/loop")), Loopback({})))
    assert len(server.seen) == 6
    response = run(fetch(ask(server.url("/loop"), follow_redirects=False), Loopback({})))
    assert response.status == 302


def test_a_long_response_is_cut(server: Server) -> None:
    response = run(fetch(ask(server.url("/big"), max_response_bytes=10), Loopback({})))
    assert (response.body, response.truncated) == (b"x" * 10, True)


def test_a_binary_response_is_stored_as_base64(server: Server) -> None:
    result = run(fetch(ask(server.url("/binary")), Loopback({}))).as_result()
    assert (result["encoding"], result["body"]) == ("base64", "//4A")


@pytest.mark.parametrize("path", ["/slow", "/drip"])
def test_the_time_limit_covers_the_whole_request(server: Server, path: str) -> None:
    with pytest.raises(Retry, match=r"within 0\.2 s") as late:
        run(fetch(ask(server.url(f"{path}?key=secret"), timeout_s=0.2), Loopback({})))
    assert describe(late.value).type == "NoAnswerInTime"


def test_a_server_that_does_not_answer_is_tried_again(server: Server) -> None:
    with pytest.raises(Retry, match=r"no answer from http://127\.0\.0\.1:1/x: ClientConnectorError") as away:
        run(fetch(ask("http://127.0.0.1:1/x?key=secret"), Loopback({})))
    assert describe(away.value).type == "ClientConnectorError"


def _answer(status: int, **headers: str) -> Response:
    return Response(status, "https://example.com/a?secret=1", headers, b"", False, 0)


@pytest.mark.parametrize(
    ("response", "error", "delay_s"),
    [
        (_answer(404), DoNotRetry, None),
        (_answer(301), DoNotRetry, None),
        (_answer(500), Retry, None),
        (_answer(429, **{"retry-after": "7"}), Retry, 7.0),
        (_answer(503, **{"retry-after": "Thu, 01 Jan 2026 00:01:00 GMT"}), Retry, 60.0),
        (_answer(503, **{"retry-after": "soon"}), Retry, None),
    ],
)
def test_the_status_decides_between_result_retry_and_failure(
    response: Response, error: type[Exception], delay_s: float | None
) -> None:
    with pytest.raises(error) as raised:
        check_status(response, None, datetime(2026, 1, 1, tzinfo=UTC))
    assert "secret" not in str(raised.value)
    assert describe(raised.value).type == f"HTTP {response.status}"
    if isinstance(raised.value, Retry):
        assert raised.value.delay_s == delay_s


def test_expected_statuses_are_results() -> None:
    check_status(_answer(404), frozenset({404}), datetime.now(UTC))
    with pytest.raises(DoNotRetry):
        check_status(_answer(200), frozenset({404}), datetime.now(UTC))


def test_the_shown_url_has_no_credentials_or_query() -> None:
    assert shown("https://user:pw@example.com:8443/a/b?key=1#x") == "https://example.com:8443/a/b"


@pytest.mark.parametrize(
    "payload",
    [
        {"url": "ftp://example.com"},
        {"url": "http://user:pw@example.com"},
        {"url": "http://"},
        {"url": "http://example.com", "body": "a", "json": {}},
        {"url": "http://example.com", "headers": {"Host": "other"}},
        {"url": "http://example.com", "headers": {"X": "a\r\nY: b"}},
        {"url": "http://example.com", "timeout_s": 0},
        {"url": "http://example.com", "nonsense": 1},
    ],
)
def test_invalid_payloads_are_refused(payload: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        HttpRequest.model_validate(payload)


def test_the_example_of_the_schema_is_valid() -> None:
    [url] = registry.tasks["http_request"].spec.schema["properties"]["url"]["examples"]
    assert HttpRequest.model_validate({"url": url}).url == url


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, rate_limit_max_requests=0, worker_linger_s=0.05, http_allow_private=True)


def test_the_task_runs_as_a_job(container: Container, server: Server) -> None:
    with Rig(container) as rig:
        rig.registry.add(registry.tasks["http_request"])
        good = rig.submit("http_request", {"url": server.url("/x"), "method": "POST", "json": {"a": 1}})
        away = rig.submit("http_request", {"url": server.url("/status?404")})
        later = rig.submit("http_request", {"url": server.url("/status?503")})
        rig.start()
        done = rig.wait(good)
        assert done.status is JobStatus.COMPLETED
        result = json.loads(done.result or "")
        assert (result["status"], json.loads(result["body"])) == (200, {"path": "/x"})
        sent = next(seen for seen in server.seen if seen[1] == "/x")
        assert (sent[3], sent[2]["Content-Type"], sent[2]["X-Trace-Id"]) == (
            b'{"a":1}',
            "application/json",
            good.trace_id,
        )
        gone = rig.wait(away)
        assert (gone.status, gone.error and gone.error.type) == (JobStatus.DLQ, "HTTP 404")
        retrying = rig.wait(later, JobStatus.RETRYING)
        assert retrying.error is not None and retrying.error.type == "HTTP 503"
        assert 6.9 < (retrying.ready_at - retrying.updated_at).total_seconds() < 7.1
