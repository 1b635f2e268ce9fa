"""The outbox: each mail is sent once, with bounded retries, and neither lost nor repeated."""

from __future__ import annotations

import threading
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs

import pytest

from chalicelib.aws.mail import Ses
from chalicelib.aws.signing import Credentials
from chalicelib.domain.mails import Letter, Mail, MailKind, MailState
from chalicelib.domain.principals import Role
from chalicelib.errors import MailRefused, Unavailable
from chalicelib.services.mails import MAX_ATTEMPTS, Addressed, Mailer
from tests.api_client import Api
from tests.container import Container
from tests.support import ManualClock

pytestmark = pytest.mark.integration
LETTER = Letter("Hello", ("text",), ("Open", "https://q.example/"))
NORA = Addressed("nora@example.com")


class Post:
    """A transport that notes what it sends, or fails as told."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes]] = []
        self.error: Exception | None = None

    def send(self, raw: bytes, to: str) -> None:
        if self.error is not None:
            raise self.error
        self.sent.append((to, raw))


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def clock(container: Container) -> ManualClock:
    return ManualClock(container.clock.now())


@pytest.fixture
def mailer(container: Container, post: Post, clock: ManualClock) -> Mailer:
    return of_stage(container, post, clock, "local")


def of_stage(container: Container, post: Post, clock: ManualClock, stage: str, sender: str = "q@example.com") -> Mailer:
    settings = replace(container.settings, stage=stage, mail_from=sender)
    return Mailer(
        store=container.mail_store, transport=post, waker=container.waker, settings=settings, clock=clock,
        log=container.log,
    )  # fmt: skip


def only(container: Container) -> Mail:
    (mail,) = container.mail_store.newest(10)
    return mail


def test_a_mail_is_sent_once_however_often_it_is_posted(container: Container, mailer: Mailer, post: Post) -> None:
    assert mailer.post("failures:1", MailKind.FAILURES, NORA, LETTER)
    assert not mailer.post("failures:1", MailKind.FAILURES, NORA, LETTER)
    assert mailer.send_due(5) == 1
    assert not mailer.post("failures:1", MailKind.FAILURES, NORA, LETTER)
    assert mailer.send_due(5) == 0
    assert [to for to, _ in post.sent] == ["nora@example.com"]
    assert only(container).state is MailState.SENT


def test_two_processes_send_each_mail_once(container: Container, clock: ManualClock) -> None:
    both = Post()
    mailers = [of_stage(container, both, clock, "local") for _ in range(2)]
    for number in range(20):
        mailers[0].post(f"alert:{number}", MailKind.ALERT, Addressed(f"a{number}@example.com"), LETTER)
    threads = [threading.Thread(target=each.send_due, args=(30,)) for each in mailers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(to for to, _ in both.sent) == sorted(f"a{number}@example.com" for number in range(20))


def test_a_mail_waits_longer_after_each_failure_and_is_given_up(
    container: Container, mailer: Mailer, post: Post, clock: ManualClock
) -> None:
    mailer.post("alert:1", MailKind.ALERT, NORA, LETTER)
    post.error = Unavailable("SES does not answer")
    waits = []
    for _ in range(MAX_ATTEMPTS - 1):
        assert mailer.send_due(5) == 0
        mail = only(container)
        waits.append((mail.due_at - clock.now()).total_seconds())
        clock.at = mail.due_at
    assert waits[:3] == [30, 60, 120]
    assert waits[-1] == 3600
    assert mailer.send_due(5) == 1
    mail = only(container)
    assert (mail.state, mail.attempts, mail.error) == (MailState.FAILED, MAX_ATTEMPTS, "SES does not answer")
    post.error = None
    clock.advance(7200)
    assert mailer.send_due(5) == 0
    assert post.sent == []


def test_a_mail_of_a_process_that_died_is_sent_by_another(
    container: Container, mailer: Mailer, post: Post, clock: ManualClock
) -> None:
    mailer.post("alert:1", MailKind.ALERT, NORA, LETTER)
    assert container.mail_store.claim(clock.now(), clock.now() + timedelta(seconds=60))  # and dies
    assert mailer.send_due(5) == 0
    clock.advance(61)
    assert mailer.send_due(5) == 1
    assert len(post.sent) == 1


def test_a_refused_mail_is_not_tried_again(container: Container, mailer: Mailer, post: Post) -> None:
    mailer.post("alert:1", MailKind.ALERT, NORA, LETTER)
    post.error = MailRefused("SES answered 400: MessageRejected")
    assert mailer.send_due(5) == 1
    assert only(container).state is MailState.FAILED
    mailer.post("alert:2", MailKind.ALERT, Addressed("a@example.com\r\nBcc: b@example.com"), LETTER)
    post.error = None
    assert mailer.send_due(5) == 1
    assert post.sent == []


def test_a_deployment_keeps_no_text_of_what_it_sent(container: Container, post: Post, clock: ManualClock) -> None:
    mailer = of_stage(container, post, clock, "production")
    mailer.post("invitation:1", MailKind.INVITATION, NORA, LETTER)
    assert only(container).text
    mailer.send_due(5)
    mail = only(container)
    assert (mail.state, mail.subject, mail.text, mail.html) == (MailState.SENT, "Hello", "", "")


def test_a_deployment_without_sender_sends_none(container: Container, post: Post, clock: ManualClock) -> None:
    mailer = of_stage(container, post, clock, "production", sender="")
    assert not mailer.sends
    mailer.post("alert:1", MailKind.ALERT, NORA, LETTER)
    mailer.send_due(5)
    assert only(container).error == "MAIL_FROM is not set"
    assert post.sent == []


def test_a_mail_may_be_written_when_its_turn_comes(container: Container, mailer: Mailer, post: Post) -> None:
    mailer.writers[MailKind.PASSWORD_RESET] = lambda mail: (LETTER, NORA) if mail.to.startswith("nora") else None
    mailer.post("password-reset:1", MailKind.PASSWORD_RESET, NORA, None)
    mailer.post("password-reset:2", MailKind.PASSWORD_RESET, Addressed("nobody@example.com"), None)
    assert mailer.send_due(5) == 2
    assert [to for to, _ in post.sent] == ["nora@example.com"]
    states = {mail.key: mail.state for mail in container.mail_store.newest(10)}
    assert states == {"password-reset:1": MailState.SENT, "password-reset:2": MailState.DROPPED}


def test_the_sweep_sends_and_operators_read_the_outbox(api: Api) -> None:
    container = api.container
    container.rebuilder.ensure_open()
    container.mailer.post("alert:1", MailKind.ALERT, NORA, LETTER)
    container.sweeper.sweep()
    answer = api.get("/outbox", by=api.person(Role.OPERATOR))
    (mail,) = answer.json["mails"]
    assert (mail["_id"], mail["to"], mail["state"], mail["subject"]) == ("alert:1", NORA.to, "sent", "Hello")
    assert "https://q.example/" in mail["html"]
    assert api.get("/outbox", by=api.person()).status == 403


def test_a_deployment_shows_no_outbox(api: Api, post: Post, clock: ManualClock) -> None:
    api.container.mailer = of_stage(api.container, post, clock, "production")
    assert api.get("/outbox", by=api.person(Role.OPERATOR)).status == 404


class Answering(BaseHTTPRequestHandler):
    """SES as far as one call needs it."""

    answer: ClassVar[tuple[int, bytes]] = (200, b"<SendRawEmailResponse/>")
    asked: ClassVar[list[tuple[dict[str, str], dict[str, Any]]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.asked.append((dict(self.headers.items()), parse_qs(body)))
        status, text = self.answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet."""


@pytest.fixture
def endpoint() -> Iterator[tuple[str, type[Answering]]]:
    handler = type("Handler", (Answering,), {"asked": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", handler
        server.shutdown()
        thread.join()


def test_ses_gets_a_signed_form(endpoint: tuple[str, type[Answering]]) -> None:
    url, handler = endpoint
    ses = Ses(url, Credentials("AKID", "secret", "session"), "eu-west-1", lambda: 1_795_500_000_123)
    ses.send(b"Subject: Hello\r\n\r\ntext", "nora@example.com")
    ((headers, form),) = handler.asked
    assert "/eu-west-1/ses/aws4_request" in headers["authorization"]
    assert "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token" in headers["authorization"]
    assert (form["Action"], form["Destinations.member.1"]) == (["SendRawEmail"], ["nora@example.com"])
    assert message_from_bytes(b64decode(form["RawMessage.Data"][0]))["Subject"] == "Hello"


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, "MessageRejected", MailRefused),
        (403, "AccessDenied", MailRefused),
        (400, "Throttling", Unavailable),
        (503, "ServiceUnavailable", Unavailable),
    ],
)
def test_ses_says_whether_another_attempt_may_succeed(
    endpoint: tuple[str, type[Answering]], status: int, code: str, error: type[Exception]
) -> None:
    url, handler = endpoint
    handler.answer = (status, f"<ErrorResponse><Error><Code>{code}</Code></Error></ErrorResponse>".encode())
    with pytest.raises(error, match=code):
        Ses(url, Credentials("AKID", "secret"), "eu-west-1", lambda: 0).send(b"x", "a@example.com")


def test_no_answer_may_be_one_later() -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        Ses("http://127.0.0.1:9", Credentials("AKID", "secret"), "eu-west-1", lambda: 0).send(b"x", "a@example.com")
