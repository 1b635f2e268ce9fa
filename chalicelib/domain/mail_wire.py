"""The form of mails on the wire. Pure. Apart from `mails`, because the package `email` takes long to load.

Only a mail that is sent needs it.
"""

from __future__ import annotations

from email.errors import HeaderDefect
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from typing import Final

from chalicelib.domain.mails import Mail, one_line

MAX_SUBJECT_CHARS: Final = 150
MAX_ADDRESS_CHARS: Final = 254


def wire_form(mail: Mail, sender: str) -> bytes:
    """Return a mail as it goes over the wire: text and HTML, with all headers.

    Raises ``ValueError`` for an address that mail cannot be sent to. No header can be added by what the mail says: line
    breaks in it become spaces.
    """
    message = EmailMessage(policy=SMTP)
    name, own = parseaddr(sender)
    message["From"] = _address(own, name)
    message["To"] = _address(mail.to)
    message["Subject"] = one_line(mail.subject)[:MAX_SUBJECT_CHARS]
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = f"<{sha256(mail.key.encode()).hexdigest()[:32]}@{_ascii_domain(own.rpartition('@')[2])}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return _unsubscribe_headers(mail.one_click) + message.as_bytes()


def _unsubscribe_headers(url: str) -> bytes:
    # written by hand: the email package folds a long URL into encoded words, which clients do not read as a URL
    if not url:
        return b""
    if not url.isascii() or not url.isprintable() or any(each in url for each in " <>"):
        raise ValueError("a URL to unsubscribe must be percent-encoded")
    return (f"List-Unsubscribe: <{url}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n").encode()


def _address(text: str, name: str = "") -> Address:
    if len(text) > MAX_ADDRESS_CHARS or not text.isprintable() or " " in text:
        raise ValueError("this is no address")
    local, _, domain = text.rpartition("@")
    if not local or not domain:
        raise ValueError("this is no address")
    if not local.isascii():
        raise ValueError("SES sends to no address with other than ASCII characters before the @-sign")
    try:
        return Address(one_line(name), addr_spec=f"{local}@{_ascii_domain(domain)}")
    except (HeaderDefect, IndexError) as error:
        raise ValueError("this is no address") from error


def _ascii_domain(domain: str) -> str:
    return domain.encode("idna").decode() if domain else ""
