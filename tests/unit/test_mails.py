"""What a mail says, and its form on the wire."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from chalicelib.domain.mail_wire import wire_form
from chalicelib.domain.mails import Letter, Mail, MailKind
from chalicelib.errors import MisconfiguredError
from chalicelib.settings import Settings
from tests.unit.test_settings import LEAST

SENDER = "QueueCraft <queue@example.com>"
NOW = datetime(2030, 1, 31, 12, tzinfo=UTC)
LINK = "https://queue.example.com/unsubscribe?token=" + "a1b2" * 40


def mail(letter: Letter, to: str = "nora@example.com") -> Mail:
    return Mail(
        "key", MailKind.FAILURES, to, NOW, NOW, subject=letter.subject, text=letter.text, html=letter.html,
        one_click=letter.one_click,
    )  # fmt: skip


def parsed(raw: bytes) -> EmailMessage:
    found = message_from_bytes(raw, policy=default)
    assert isinstance(found, EmailMessage)
    assert not found.defects
    return found


def test_a_mail_has_text_html_and_the_headers_of_one_click_unsubscription() -> None:
    letter = Letter(
        "Jobs failed: Zürich", ("One & two", "a\nb"), ("Open <it>", "https://q.example/a?b=1&c=2"), LINK, LINK
    )
    found = parsed(wire_form(mail(letter), SENDER))
    assert (found["From"], found["To"]) == (SENDER, "nora@example.com")
    assert found["Subject"] == "Jobs failed: Zürich"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["List-Unsubscribe"] == f"<{LINK}>"
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = found.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert "Open <it>:\nhttps://q.example/a?b=1&c=2" in text.get_content().replace("\r\n", "\n")
    assert LINK in text.get_content()
    shown = html.get_content()
    assert "One &amp; two" in shown
    assert "a<br>b" in shown
    assert "Open &lt;it&gt;" in shown


def test_one_mail_has_one_message_id() -> None:
    letter = Letter("Hello", ("text",))
    first, again = (parsed(wire_form(mail(letter), SENDER))["Message-ID"] for _ in range(2))
    assert first == again
    assert first.endswith("@example.com>")


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\u2028", "\x0b"])
def test_nothing_that_a_mail_says_becomes_a_header(line_break: str) -> None:
    letter = Letter(
        f"a{line_break}Bcc: eve@example.com{line_break}{line_break}body", (f"x{line_break}Bcc: e@example.com",)
    )
    found = parsed(wire_form(mail(letter), SENDER))
    assert found["Bcc"] is None
    assert found["Subject"] == "a Bcc: eve@example.com body"


@pytest.mark.parametrize(
    "to",
    [
        "a@example.com\r\nBcc: eve@example.com", "a@example.com, eve@example.com", "a b@example.com", "no-address",
        "@", "", "jürgen@example.com", "a@example.com>", f"{'a' * 260}@example.com",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(to: str) -> None:
    with pytest.raises(ValueError):
        wire_form(mail(Letter("Hello", ("text",)), to), SENDER)


def test_domains_with_other_than_ascii_characters_are_written_as_dns_has_them() -> None:
    assert (
        parsed(wire_form(mail(Letter("Hello", ("text",)), "a@zürich.example"), SENDER))["To"]
        == "a@xn--zrich-kva.example"
    )


@pytest.mark.parametrize(
    "url", ["https://a.example/\r\nBcc: eve@example.com", "https://a.example/ü", "https://a.example/> <b"]
)
def test_a_url_to_unsubscribe_adds_no_header(url: str) -> None:
    with pytest.raises(ValueError, match="percent-encoded"):
        wire_form(mail(Letter("Hello", ("text",), None, "", url)), SENDER)


@pytest.mark.parametrize("sender", ["queue@example.com", "Queue Craft <queue@example.com>"])
def test_the_sender_is_an_address_perhaps_with_a_name(sender: str) -> None:
    assert Settings.from_env({**LEAST, "MAIL_FROM": sender}).mail_from == sender


@pytest.mark.parametrize(
    "sender", ["queue", "a@example.com, b@example.com", "A <a@example.com>\nBcc: b@example.com", "<>"]
)
def test_another_sender_is_an_error(sender: str) -> None:
    with pytest.raises(MisconfiguredError, match="MAIL_FROM"):
        Settings.from_env({**LEAST, "MAIL_FROM": sender})


def test_a_deployment_has_no_sender_by_itself() -> None:
    assert Settings.from_env({**LEAST, "STAGE": "production"}).mail_from == ""
    assert "noreply@" in Settings.from_env(LEAST).mail_from
