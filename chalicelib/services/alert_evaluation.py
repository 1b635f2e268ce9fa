"""Evaluates alert rules, and sends notices of what fires and resolves.

A new state is written over the one that it follows, together with its notice, so of two processes that evaluate a rule
one writes. A notice is made after it was written, under keys of its own, and then removed: after a crash the next
evaluation makes it, and nobody is notified twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from pymongo.errors import ExecutionTimeout

from chalicelib.domain.alerts import (
    EVERY,
    AlertRule,
    Notice,
    NoticeKind,
    Reading,
    alert_letter,
    condition_text,
    step,
)
from chalicelib.domain.clock import Clock
from chalicelib.domain.events import Event, EventType
from chalicelib.domain.jobs import iso
from chalicelib.domain.mails import MailKind
from chalicelib.domain.principals import Permission, Role, Scope, roles_with
from chalicelib.domain.webhooks import WebhookEvent
from chalicelib.errors import Throttled
from chalicelib.services.mails import Addressed
from chalicelib.services.webhook_events import Occurrence

if TYPE_CHECKING:
    from chalicelib.domain.notifications import Recipient
    from chalicelib.queue.events import EventLog
    from chalicelib.queue.throttle import Throttle
    from chalicelib.services.alert_readings import AlertReadings
    from chalicelib.services.mails import Mailer
    from chalicelib.services.notifications import UnsubscribeLinks
    from chalicelib.services.webhook_events import WebhookEvents
    from chalicelib.store.alerts import AlertStore
    from chalicelib.store.notifications import NotificationStore
    from chalicelib.telemetry.logger import Log

#: Rules of one run, and how long it may take; the rest is left to the next one.
MAX_RULES: Final = 1_000
RUN_S: Final = 10.0
MAX_RECIPIENTS: Final = 200
MAILS_PER_HOUR: Final = 12
_HOUR_MS: Final = 3_600_000
_TYPES: Final = {
    NoticeKind.FIRING: WebhookEvent.ALERT_FIRING.value, NoticeKind.RESOLVED: WebhookEvent.ALERT_RESOLVED.value,
}  # fmt: skip


class AlertEvaluation:
    """Safe in several processes at once."""

    def __init__(
        self, *, store: AlertStore, readings: AlertReadings, notices: AlertNotices, event_log: EventLog, clock: Clock,
        log: Log,
    ) -> None:  # fmt: skip
        self._store = store
        self._readings = readings
        self._notices = notices
        self._event_log = event_log
        self._clock = clock
        self._log = log

    def run(self) -> int:
        """Evaluate the rules that are due; return how many changed their status, and how many notices were left."""
        ends = self._clock.monotonic() + RUN_S
        changed = 0
        for rule in _in_turns(self._store.due(self._clock.now(), MAX_RULES)):
            if self._clock.monotonic() >= ends:
                break
            self._notices.make(rule, rule.notices)
            changed += len(rule.notices) + self._evaluate(rule)
        return changed

    def _evaluate(self, rule: AlertRule) -> bool:
        now = self._clock.now()
        try:
            # a rule that was disabled measures nothing, and its firing ends
            reading = self._readings.read(rule.condition, rule.tenant_id) if rule.enabled else Reading(None)
        except ExecutionTimeout:
            self._log.warning("an alert rule could not be measured in time", event="alert_unmeasured", alert=rule.id)
            self._store.postpone(rule, now + EVERY)
            return False
        state, notice = step(rule, reading, now)
        # looked at once more after a notice, in case this process dies before it is made
        due_at = now + EVERY if rule.enabled or notice is not None else None
        if not self._store.advance(rule, state, notice, due_at):
            return False
        if notice is not None:
            self._notices.make(rule, [notice])
        if state.status is rule.state.status:
            return False
        data = {"alertId": rule.id, "status": state.status.value, "severity": rule.severity.value, "at": iso(now)}
        self._event_log.publish([Event(EventType.ALERT_UPDATED, rule.tenant_id, "", data, now)])
        return True


class AlertNotices:
    """Makes notices: the history, webhooks, mails. Each may be made again; what was made stays one."""

    def __init__(
        self, *, store: AlertStore, people: NotificationStore, webhooks: WebhookEvents, mailer: Mailer,
        links: UnsubscribeLinks, throttle: Throttle, site: str,
    ) -> None:  # fmt: skip
        self._store = store
        self._people = people
        self._webhooks = webhooks
        self._mailer = mailer
        self._links = links
        self._throttle = throttle
        self._site = site

    def make(self, rule: AlertRule, notices: Sequence[Notice]) -> None:
        """Make notices of a rule, in order, and remove them from it."""
        for notice in notices:
            self._store.note(rule, notice)
            if notice.notify:
                self.notify(rule, notice)
            self._store.made(rule, notice)

    def notify(self, rule: AlertRule, notice: Notice) -> None:
        """Send a notice to the webhooks of the rule's tenant that report it, and to its members who want mails."""
        kind, number = _TYPES[notice.kind], f"{notice.firing}/{notice.number}"
        what = Occurrence(rule.tenant_id, kind, f"alert:{rule.id}", number, notice.at, _data(rule, notice))
        self._webhooks.report([what])
        for person in self._recipients(rule):
            self._mail(rule, notice, person)

    def _recipients(self, rule: AlertRule) -> list[Recipient]:
        if rule.condition.scope is Scope.ALL:
            return self._people.wanting_alerts([Role.OPERATOR], None, MAX_RECIPIENTS)
        return self._people.wanting_alerts(sorted(roles_with(Permission.READ_TENANT)), rule.tenant_id, MAX_RECIPIENTS)

    def _mail(self, rule: AlertRule, notice: Notice, person: Recipient) -> None:
        try:
            # a rule that fires and resolves each minute must not use up what the deployment may send
            self._throttle.attempt("alert-mail", {person.user_id: MAILS_PER_HOUR}, _HOUR_MS)
        except Throttled:
            return
        key = f"alert:{rule.id}:{notice.firing}/{notice.number}/{notice.kind.value}:{person.user_id}"
        addressed = Addressed(person.email, person.tenant_id, person.user_id)
        letter = alert_letter(rule, notice, self._site, self._links.token(person.user_id))
        self._mailer.post(key, MailKind.ALERT, addressed, letter)


def _data(rule: AlertRule, notice: Notice) -> dict[str, object]:
    resolved = notice.kind is NoticeKind.RESOLVED
    condition = rule.condition
    return {
        "alertId": rule.id,
        "tenantId": rule.tenant_id,
        "name": rule.name,
        "kind": condition.kind.value,
        "scope": condition.scope.value,
        "severity": rule.severity.value,
        "condition": condition_text(condition),
        "threshold": condition.threshold,
        "value": notice.reading.value,
        "subject": notice.reading.subject,
        "firing": notice.firing,
        "repeat": notice.number if not resolved else 0,
        "firedAt": iso(notice.fired_at),
        "resolvedAt": iso(notice.at) if resolved else None,
    }


def _in_turns(rules: Sequence[AlertRule]) -> list[AlertRule]:
    """Return the rules so that tenants take turns: one whose rules are slow leaves time for those of others."""
    seen: Counter[str] = Counter()
    turns = []
    for rule in rules:
        turns.append((seen[rule.tenant_id], rule))
        seen[rule.tenant_id] += 1
    return [rule for _, rule in sorted(turns, key=lambda each: each[0])]
