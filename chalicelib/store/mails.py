"""Collection ``mails``: one document for each mail, deleted a week after it was written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING, ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chalicelib.domain.mails import Mail, MailKind, MailState
from chalicelib.store.client import Document

MAX_TIME_MS: Final = 5_000
#: How long a mail is known, and so not sent again.
KEPT: Final = timedelta(days=7)
_TEXT: Final = ("subject", "text", "html", "one_click")


class MailStore:
    """Several processes may claim and send mails at the same time."""

    def __init__(self, db: Database[Document]) -> None:
        self._mails = db.mails

    def add(self, mail: Mail, session: ClientSession | None = None) -> bool:
        """Insert a mail; return whether there was none with its key."""
        try:
            self._mails.insert_one(_document(mail), session=session)
        except DuplicateKeyError:
            return False
        return True

    def claim(self, now: datetime, until: datetime) -> Mail | None:
        """Return a queued mail that is due, and count an attempt; it is due again at ``until`` if nothing is noted."""
        found = self._mails.find_one_and_update(
            {"state": MailState.QUEUED.value, "due_at": {"$lte": now}},
            {"$set": {"due_at": until}, "$inc": {"attempts": 1}},
            sort=[("due_at", ASCENDING)],
            return_document=ReturnDocument.AFTER,
        )
        return None if found is None else _mail(found)

    def write(self, mail: Mail) -> None:
        """Store what a mail says that was written when its turn came."""
        change = {name: getattr(mail, name) for name in _TEXT} | _of(mail)
        self._mails.update_one({"_id": mail.key}, {"$set": change})

    def retry(self, key: str, at: datetime, error: str) -> None:
        """Note a failed attempt; the next one is at ``at``."""
        self._mails.update_one({"_id": key}, {"$set": {"due_at": at, "error": error}})

    def end(self, key: str, state: MailState, at: datetime, error: str | None = None, *, keep_text: bool) -> None:
        """Note what became of a mail.

        Unless ``keep_text``, what it said is deleted, since its link may let somebody in, and a dropped one whole.
        """
        if state is MailState.DROPPED and not keep_text:
            self._mails.delete_one({"_id": key})
            return
        change: Document = {"$set": {"state": state.value, "sent_at": at, "error": error}}
        if not keep_text:
            change["$set"] |= dict.fromkeys(_TEXT[1:], "")
        self._mails.update_one({"_id": key}, change)

    def newest(self, limit: int) -> list[Mail]:
        """Return the newest mails."""
        found = self._mails.find().sort([("created_at", DESCENDING), ("_id", DESCENDING)]).limit(limit)
        return [_mail(document) for document in found.max_time_ms(MAX_TIME_MS)]


def _of(mail: Mail) -> Document:
    return {
        "tenant_id": ObjectId(mail.tenant_id) if mail.tenant_id else None,
        "user_id": ObjectId(mail.user_id) if mail.user_id else None,
    }


def _document(mail: Mail) -> Document:
    return {
        "_id": mail.key,
        "kind": mail.kind.value,
        "to": mail.to,
        "created_at": mail.created_at,
        "due_at": mail.due_at,
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "one_click": mail.one_click,
        **_of(mail),
        "state": mail.state.value,
        "attempts": mail.attempts,
        "sent_at": mail.sent_at,
        "error": mail.error,
        "expires_at": mail.created_at + KEPT,
    }


def _mail(found: Mapping[str, Any]) -> Mail:
    return Mail(
        key=found["_id"],
        kind=MailKind(found["kind"]),
        to=found["to"],
        created_at=found["created_at"],
        due_at=found["due_at"],
        subject=found["subject"],
        text=found["text"],
        html=found["html"],
        one_click=found["one_click"],
        tenant_id=str(found["tenant_id"]) if found["tenant_id"] else None,
        user_id=str(found["user_id"]) if found["user_id"] else None,
        state=MailState(found["state"]),
        attempts=found["attempts"],
        sent_at=found["sent_at"],
        error=found["error"],
    )
