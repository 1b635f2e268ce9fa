"""Which events the webhooks of each tenant report, and what each redacts, at hand where ends of jobs are written.

A process asks for the version of the webhooks at most once a second, by one small read, however many jobs end, and
loads them again only after a change. So a change holds everywhere ``MAX_AGE_S`` after it was written.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.jobs import Job
from chalicelib.domain.webhooks import reported

if TYPE_CHECKING:
    from chalicelib.store.redactions import RedactionStore
    from chalicelib.store.webhooks import WebhookStore

#: For how long a process relies on what it knows.
MAX_AGE_S: Final = 1.0


class Subscriptions:
    """May be asked from any thread. Raises the errors of the database: what is to be written then cannot be written."""

    def __init__(self, store: WebhookStore, redactions: RedactionStore, clock: Clock) -> None:
        self._store = store
        self._redactions = redactions
        self._clock = clock
        self._lock = threading.Lock()
        self._checked_at = float("-inf")
        self._version = -1
        self._events: dict[str, frozenset[str]] = {}
        self._redacted: dict[str, tuple[str, ...]] = {}

    def redacted(self, tenant_id: str) -> tuple[str, ...]:
        """Return the paths that a tenant redacts in payloads and results."""
        self._known()
        return self._redacted.get(tenant_id, ())

    def last_redacted(self, tenant_id: str) -> tuple[str, ...]:
        """Return the paths that a tenant redacts, as far as this process knows: it asks nobody."""
        return self._redacted.get(tenant_id, ())

    def exist(self) -> bool:
        """Return whether any webhook is active."""
        return bool(self._known())

    def of(self, tenant_id: str) -> frozenset[str]:
        """Return the events that the webhooks of a tenant report."""
        return self._known().get(tenant_id, frozenset())

    def marked(self, changes: Sequence[tuple[int, Job]]) -> Sequence[tuple[int, Job]]:
        """Return changes of jobs with an outbox entry for each event of theirs that a webhook reports."""
        events = self._known()
        if not events:
            return changes
        none: frozenset[str] = frozenset()
        return [(rev, reported(job, events.get(job.tenant_id, none))) for rev, job in changes]

    def forget(self) -> None:
        """Ask again at the next use, after a change by this process."""
        self._checked_at = float("-inf")

    def _known(self) -> dict[str, frozenset[str]]:
        now = self._clock.monotonic()
        if now - self._checked_at < MAX_AGE_S:
            return self._events
        with self._lock:
            if now - self._checked_at >= MAX_AGE_S:
                version = self._store.version()
                if version != self._version:
                    self._events, self._redacted = self._store.subscriptions(), self._redactions.all()
                    self._version = version
                self._checked_at = now
        return self._events
