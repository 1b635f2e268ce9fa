"""Mails: what they say, and their states. Pure. Their form on the wire is in `mail_wire`.

A ``Letter`` is what a person reads. A ``Mail`` is its record: it is written first and sent later, by a key that says
what it is about, so that asking twice for one mail sends one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from html import escape
from typing import Final


class MailKind(StrEnum):
    """What a mail is for."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password-reset"  # noqa: S105 - a word, not a secret
    #: Jobs that ended in the DLQ.
    FAILURES = "failures"
    ALERT = "alert"


class MailState(StrEnum):
    """Where a mail is."""

    QUEUED = "queued"
    SENT = "sent"
    #: Refused, or tried too often.
    FAILED = "failed"
    #: There was nothing to send when its turn came, such as for an address without an account.
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says. A paragraph may have several lines. ``link`` is a label and a URL.

    ``unsubscribe`` is a page where one ends mails of this kind, ``one_click`` a URL that does so by a POST alone (RFC
    8058); both are empty for mails that somebody asked for.
    """

    subject: str
    paragraphs: tuple[str, ...]
    link: tuple[str, str] | None = None
    unsubscribe: str = ""
    one_click: str = ""

    @property
    def text(self) -> str:
        """The letter as plain text."""
        parts = [*self.paragraphs, *([f"{self.link[0]}:\n{self.link[1]}"] if self.link else [])]
        if self.unsubscribe:
            parts.append(f"--\nTo get no more mails like this one:\n{self.unsubscribe}")
        return "\n\n".join(parts) + "\n"

    @property
    def html(self) -> str:
        """The letter as HTML, all of its text escaped."""
        body = [f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in self.paragraphs]
        if self.link:
            label, url = escape(self.link[0]), escape(self.link[1])
            body.append(f'<p><a href="{url}" style="{_BUTTON}">{label}</a></p><p style="{_SMALL}">{url}</p>')
        if self.unsubscribe:
            body.append(f'<p style="{_SMALL}"><a href="{escape(self.unsubscribe)}">Unsubscribe</a></p>')
        title = escape(self.subject)
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>' + title + "</title></head>"
            f'<body style="{_BODY}">{"".join(body)}</body></html>'
        )


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as MongoDB holds it. ``key`` identifies it. Empty ``text``: it is written when its turn comes."""

    key: str
    kind: MailKind
    to: str
    created_at: datetime
    due_at: datetime
    subject: str = ""
    text: str = ""
    html: str = ""
    one_click: str = ""
    #: Whom it concerns, so that it can be deleted with them.
    tenant_id: str | None = None
    user_id: str | None = None
    state: MailState = MailState.QUEUED
    attempts: int = 0
    sent_at: datetime | None = None
    error: str | None = None


def one_line(text: str) -> str:
    """Return ``text`` without control characters and line breaks."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


_BODY: Final = "font-family:system-ui,sans-serif;line-height:1.5;max-width:36rem;margin:2rem auto;padding:0 1rem"
_BUTTON: Final = "display:inline-block;padding:.6rem 1rem;border-radius:.4rem;background:#1d4ed8;color:#fff"
_SMALL: Final = "font-size:.85rem;color:#555;overflow-wrap:anywhere"
