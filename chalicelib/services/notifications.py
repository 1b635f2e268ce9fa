"""Mails about failures: what a person wants, and the looks at the DLQ.

A look finds the jobs that ended in the DLQ since the last one, by an index on the time of their end. Ends may be
written late, so each look covers ``OVERLAP`` again, without those that mails named then. Mails are posted under the
time from which a look begins, so a look that is repeated after a crash posts the same mail.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.mails import MailKind
from chalicelib.domain.notifications import Preferences, Watch, failure_letter, next_look
from chalicelib.domain.principals import PERMISSIONS, Permission, Principal, Scope
from chalicelib.errors import InvalidInput, NotFound
from chalicelib.services.mails import Addressed
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from chalicelib.services.mails import Mailer
    from chalicelib.store.notifications import NotificationStore

#: How late an end may be written and still be named in a mail.
OVERLAP: Final = timedelta(minutes=10)
#: Failures that one look reads.
MAX_READ: Final = 1_000
#: Persons in one run.
MAX_LOOKS: Final = 200
_PURPOSE: Final = b"unsubscribe\n"
_SIGNATURE_CHARS: Final = 40


class Notifications:
    """Which mails persons want, and links that end them."""

    def __init__(self, store: NotificationStore, links: UnsubscribeLinks, clock: Clock) -> None:
        self._store = store
        self._links = links
        self._clock = clock

    def get(self, principal: Principal) -> Preferences:
        """Return what the caller wants."""
        return self._store.get(principal.user_id)

    def set(self, principal: Principal, wanted: Preferences) -> Preferences:
        """Store what the caller wants. Raises ``InvalidInput`` for what is about jobs that the caller may not read."""
        if not principal.may_read(wanted.scope):
            raise InvalidInput("Your role reads your own jobs only", "scope")
        if wanted.alerts and not principal.may_read(Scope.TENANT):
            raise InvalidInput("Your role reads your own jobs only", "alerts")
        now, held = self._clock.now(), self._store.get(principal.user_id)
        if (wanted.failures, wanted.scope) != (held.failures, held.scope):
            self._store.set(principal.user_id, wanted, now, next_look(wanted.failures, now, mailed=False))
        if wanted.alerts != held.alerts:
            self._store.set_alerts(principal.user_id, wanted=wanted.alerts)
        return wanted

    def unsubscribe(self, token: str) -> None:
        """End the mails of the person in a link. Raises ``NotFound`` for one that was not made here."""
        now, user_id = self._clock.now(), self._links.user_of(token)
        self._store.set(user_id, Preferences(), now, now)
        self._store.set_alerts(user_id, wanted=False)


class UnsubscribeLinks:
    """Signs and reads tokens ``<user id>.<signature>``. They do not expire: mails are kept for long."""

    def __init__(self, settings: Settings) -> None:
        secrets = (settings.secret_key, settings.secret_key_previous)
        self._keys = [hashlib.sha256(_PURPOSE + key.encode()).digest() for key in secrets if key]

    def token(self, user_id: str) -> str:
        """Return the token of a person."""
        return f"{user_id}.{_signature(self._keys[0], user_id)}"

    def user_of(self, token: str) -> str:
        """Return the person of a token. Raises ``NotFound``."""
        user_id, _, given = token.partition(".")
        if not any(hmac.compare_digest(_signature(key, user_id), given) for key in self._keys if token.isascii()):
            raise NotFound("There is no such link")
        return user_id


class FailureLooks:
    """Looks at failures for those who want mails, and posts these."""

    def __init__(
        self, store: NotificationStore, mailer: Mailer, links: UnsubscribeLinks, site: str, clock: Clock
    ) -> None:
        self._store = store
        self._mailer = mailer
        self._links = links
        self._site = site
        self._clock = clock

    def look(self) -> int:
        """Look for everybody for whom it is due; return how many mails were posted."""
        due = self._store.due(self._clock.now(), MAX_LOOKS)
        return sum(self._look(watch) for watch in due)

    def _look(self, watch: Watch) -> bool:
        until = self._clock.now()
        first = max(watch.since - OVERLAP, watch.asked_at)
        failures = self._store.failed(watch.tenant_id, _owner(watch), first, until, MAX_READ)
        new = [each for each in failures if each.key not in watch.mailed]
        if new:
            more = len(failures) == MAX_READ
            letter = failure_letter(new, self._site, self._links.token(watch.user_id), more=more)
            key = f"failures:{watch.user_id}:{int(watch.since.timestamp() * 1000)}"
            self._mailer.post(key, MailKind.FAILURES, Addressed(watch.email, watch.tenant_id, watch.user_id), letter)
        mailed = [each.key for each in failures if each.ended_at >= until - OVERLAP]
        self._store.looked(watch, until, next_look(watch.preferences.failures, until, mailed=bool(new)), mailed)
        return bool(new)


def _owner(watch: Watch) -> str | None:
    all_of_tenant = watch.preferences.scope is Scope.TENANT and Permission.READ_TENANT in PERMISSIONS[watch.role]
    return None if all_of_tenant else watch.user_id


def _signature(key: bytes, user_id: str) -> str:
    return hmac.digest(key, user_id.encode(), "sha256").hex()[:_SIGNATURE_CHARS]
