"""Mails: written into the outbox first, then sent by a worker, with bounded retries.

Whoever wants a mail sent calls ``Mailer.post`` with a key that says what it is about: one mail is sent for a key,
however often it is posted. A worker is invoked for it, and the minute's tick finds what stayed. SES knows no
idempotency, so a process that dies between SES's answer and the note of it sends the mail once more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from chalicelib.domain.clock import Clock
from chalicelib.domain.mails import Letter, Mail, MailKind, MailState, one_line
from chalicelib.errors import MailRefused, NotFound, Unavailable
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from pymongo.client_session import ClientSession

    from chalicelib.services.waker import Waker
    from chalicelib.store.mails import MailStore
    from chalicelib.telemetry.logger import Log

MAX_ATTEMPTS: Final = 10
#: How long a claimed mail is left to the process that sends it.
CLAIM_S: Final = 60
#: The first wait before another attempt; it doubles, up to an hour.
RETRY_S: Final = 30
MAX_RETRY_S: Final = 3_600


class Transport(Protocol):
    """What sends a mail in its wire form."""

    def send(self, raw: bytes, to: str) -> None:
        """Send it. Raises ``Unavailable`` when another attempt may succeed, ``MailRefused`` when none will."""
        ...


@dataclass(frozen=True, slots=True)
class Addressed:
    """Whom a mail concerns, so that it is deleted with them, and its address."""

    to: str
    tenant_id: str | None = None
    user_id: str | None = None


#: Writes a mail when its turn comes; ``None``: there is nothing to send.
Writer = Callable[[Mail], tuple[Letter, Addressed] | None]


class Mailer:
    """Writes mails into the outbox, and sends those that are due."""

    def __init__(
        self, *, store: MailStore, transport: Transport | None, waker: Waker, settings: Settings, clock: Clock, log: Log
    ) -> None:
        """Without ``transport`` mails stay in the outbox, where operators read them: so in the local stack."""
        self._store = store
        self._transport = transport
        self._waker = waker
        self._sender = settings.mail_from
        self._deployed = settings.deployed
        self._clock = clock
        self._log = log
        #: Writers of kinds whose mails are posted without a letter.
        self.writers: dict[MailKind, Writer] = {}

    @property
    def sends(self) -> bool:
        """Whether mails reach anybody: always in the local stack, and where ``MAIL_FROM`` is set."""
        return not self._deployed or bool(self._sender)

    def post(
        self,
        key: str,
        kind: MailKind,
        addressed: Addressed,
        letter: Letter | None,
        session: ClientSession | None = None,
    ) -> bool:
        """Put a mail into the outbox; return whether it is new. Without ``letter`` its kind's writer writes it later.

        In a transaction of ``session``, call ``wake`` after it.
        """
        now = self._clock.now()
        mail = Mail(key, kind, addressed.to, now, now, tenant_id=addressed.tenant_id, user_id=addressed.user_id)
        new = self._store.add(_with(mail, letter) if letter else mail, session)
        if new and session is None:
            self.wake()
        return new

    def wake(self) -> None:
        """Have a worker send what is due. Never raises."""
        self._waker.wake_worker("mail")

    def send_due(self, seconds: float) -> int:
        """Send mails that are due for up to ``seconds``; return how many left the outbox."""
        ends, left = self._clock.monotonic() + seconds, 0
        while self._clock.monotonic() < ends:
            now = self._clock.now()
            mail = self._store.claim(now, now + timedelta(seconds=CLAIM_S))
            if mail is None:
                break
            left += self._send(mail)
        return left

    def newest(self, limit: int) -> list[Mail]:
        """Return the newest mails. Raises ``NotFound`` when deployed: nobody reads the mails of others."""
        if self._deployed:
            raise NotFound("There is an outbox in the local stack only")
        return self._store.newest(limit)

    def _send(self, mail: Mail) -> bool:
        if mail.attempts > MAX_ATTEMPTS:
            return self._end(mail, MailState.FAILED, mail.error or "tried too often")
        try:
            written = mail if mail.text else self._written(mail)
            if written is None:
                return self._end(mail, MailState.DROPPED)
            self._deliver(written)
        except Unavailable as error:
            return self._retry(mail, str(error))
        except (MailRefused, ValueError) as error:
            return self._end(mail, MailState.FAILED, str(error))
        return self._end(mail, MailState.SENT)

    def _written(self, mail: Mail) -> Mail | None:
        made = self.writers[mail.kind](mail)
        if made is None:
            return None
        letter, addressed = made
        mail = _with(replace(mail, to=addressed.to, tenant_id=addressed.tenant_id, user_id=addressed.user_id), letter)
        self._store.write(mail)
        return mail

    def _deliver(self, mail: Mail) -> None:
        if not self.sends:
            raise MailRefused("MAIL_FROM is not set")
        from chalicelib.domain.mail_wire import wire_form  # noqa: PLC0415 - loads `email`, for mails that are sent

        raw = wire_form(mail, self._sender)
        if self._transport is not None:
            self._transport.send(raw, mail.to)

    def _retry(self, mail: Mail, error: str) -> bool:
        if mail.attempts >= MAX_ATTEMPTS:
            return self._end(mail, MailState.FAILED, error)
        wait_s = min(RETRY_S * 2 ** (mail.attempts - 1), MAX_RETRY_S)
        self._store.retry(mail.key, self._clock.now() + timedelta(seconds=wait_s), error)
        return False

    def _end(self, mail: Mail, state: MailState, error: str | None = None) -> bool:
        if state is MailState.FAILED:
            self._log.error("a mail was not sent", event="mail_failed", kind=mail.kind.value, error=(error or "")[:500])
        self._store.end(mail.key, state, self._clock.now(), error, keep_text=not self._deployed)
        return True


def _with(mail: Mail, letter: Letter) -> Mail:
    subject = one_line(letter.subject)
    return replace(mail, subject=subject, text=letter.text, html=letter.html, one_click=letter.one_click)
