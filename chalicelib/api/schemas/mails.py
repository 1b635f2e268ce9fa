"""Models of the outbox."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from chalicelib.api.call import Input, Output
from chalicelib.domain.jobs import iso
from chalicelib.domain.mails import Mail, MailKind, MailState


class ListMails(Input):
    """How many mails to list."""

    limit: int = Field(50, ge=1, le=100)


class MailOut(Output):
    """A mail, and what became of it. `sentAt`: when it was sent, given up or dropped."""

    id: str = Field(alias="_id")
    kind: MailKind
    to: str
    subject: str
    text: str
    html: str
    state: MailState
    attempts: int
    error: str | None
    sent_at: str | None = Field(alias="sentAt")
    con: str


class MailsAnswer(Output):
    """The newest mails."""

    success: Literal[True] = True
    mails: list[MailOut]


def mail_data(mail: Mail) -> dict[str, Any]:
    """Return a mail as operators see it."""
    return {
        "_id": mail.key,
        "kind": mail.kind.value,
        "to": mail.to,
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "state": mail.state.value,
        "attempts": mail.attempts,
        "error": mail.error,
        "sentAt": iso(mail.sent_at) if mail.sent_at else None,
        "con": iso(mail.created_at),
    }
