"""Alert rules of a tenant, managed by its admins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.alerts import (
    AlertRule,
    AlertStatus,
    Condition,
    Firing,
    Notice,
    NoticeKind,
    Reading,
    Severity,
    check,
)
from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.events import Event, EventType
from chalicelib.domain.jobs import iso
from chalicelib.domain.principals import Principal, Scope
from chalicelib.errors import Conflict, Forbidden, NotFound, TooManyAlerts
from chalicelib.services.pages import Page, page_of
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from pymongo.client_session import ClientSession

    from chalicelib.queue.events import EventLog
    from chalicelib.services.alert_evaluation import AlertNotices
    from chalicelib.services.alert_readings import AlertReadings
    from chalicelib.services.projection import Projection
    from chalicelib.services.throttles import Throttles
    from chalicelib.store.alerts import AlertStore
    from chalicelib.store.tenants import TenantStore

#: Maximum number of rules in one answer.
MAX_LISTED: Final = 1_000
_RACES: Final = 5


@dataclass(frozen=True, slots=True)
class NewAlert:
    """A rule to create."""

    name: str
    condition: Condition
    for_s: int = 0
    repeat_s: int = 0
    severity: Severity = Severity.WARNING
    enabled: bool = True


class Alerts:
    """Creates, changes, mutes and deletes the rules of the caller's own tenant, and shows their firings.

    Rules for all tenants are made and seen by operators alone.
    """

    def __init__(
        self, *, store: AlertStore, readings: AlertReadings, notices: AlertNotices, tenants: TenantStore,
        throttles: Throttles, event_log: EventLog, projection: Projection, settings: Settings, clock: Clock, ids: Ids,
    ) -> None:  # fmt: skip
        self._store = store
        self._readings = readings
        self._notices = notices
        self._tenants = tenants
        self._throttles = throttles
        self._event_log = event_log
        self._projection = projection
        self._most = settings.max_alerts_per_tenant
        self._clock = clock
        self._ids = ids

    # --- read ------------------------------------------------------------------------------------------------
    def list(self, principal: Principal) -> list[AlertRule]:
        """Return the rules of the caller's tenant, the newest first, at most ``MAX_LISTED``."""
        return [rule for rule in self._store.of_tenant(principal.tenant_id, MAX_LISTED) if _sees(principal, rule)]

    def get(self, principal: Principal, rule_id: str) -> AlertRule:
        """Return a rule. Raises ``NotFound``."""
        rule = self._store.get(rule_id)
        if rule is None or rule.tenant_id != principal.tenant_id or not _sees(principal, rule):
            raise NotFound("There is no such alert rule")
        return rule

    def firings(
        self, principal: Principal, rule_id: str | None, after: str | None, limit: int, *, backwards: bool
    ) -> Page[Firing]:
        """Return a page of the firings of the tenant's rules, or of one, the newest first. Raises ``NotFound``."""
        if rule_id is not None:
            self.get(principal, rule_id)
        all_scopes = principal.may_read(Scope.ALL)

        def read(after: str | None, limit: int, *, backwards: bool) -> list[Firing]:
            return self._store.firings(
                principal.tenant_id, rule_id, after, limit, all_scopes=all_scopes, backwards=backwards
            )

        return page_of(read, after, limit, backwards=backwards)

    def preview(self, principal: Principal, condition: Condition) -> Reading:
        """Return what a rule would measure now. Raises ``InvalidInput``, ``Forbidden``, ``Throttled``."""
        _check(principal, condition)
        self._throttles.preview_alert(principal)
        return self._readings.read(condition, principal.tenant_id)

    # --- change ----------------------------------------------------------------------------------------------
    def create(self, principal: Principal, new: NewAlert) -> AlertRule:
        """Create a rule. It is evaluated within a minute.

        Raises ``InvalidInput``, ``Forbidden``, ``TooManyAlerts``, ``Throttled``.
        """
        _check(principal, new.condition)
        self._throttles.change_alert(principal.tenant_id)
        now = self._clock.now()
        rule = AlertRule(
            id=self._ids.object_id(), tenant_id=principal.tenant_id, owner_id=principal.user_id, name=new.name,
            condition=new.condition, created_at=now, updated_at=now, for_s=new.for_s, repeat_s=new.repeat_s,
            severity=new.severity, enabled=new.enabled,
        )  # fmt: skip

        def check_room(session: ClientSession) -> None:
            # because of this write, a transaction that sees room for another rule conflicts
            self._tenants.touch(rule.tenant_id, now, session)
            if self._most and self._store.count(rule.tenant_id, session) >= self._most:
                raise TooManyAlerts(f"A tenant has at most {self._most} alert rules")

        self._store.add(rule, check_room)
        self._publish(rule, rule.state.status.value, now)
        return rule

    def change(self, principal: Principal, rule_id: str, changes: dict[str, Any]) -> AlertRule:
        """Change fields of a rule, or of its condition. A firing goes on until the next evaluation says otherwise.

        Raises ``NotFound``, ``InvalidInput``, ``Forbidden``, ``Conflict``, ``Throttled``.
        """
        of_condition = {name: value for name, value in changes.items() if name in Condition.__slots__}
        rest = {name: value for name, value in changes.items() if name not in of_condition}

        def changed(rule: AlertRule) -> AlertRule:
            condition = replace(rule.condition, **of_condition)
            _check(principal, condition)
            return replace(rule, condition=condition, **rest)

        return self._change(principal, rule_id, changed)

    def mute(self, principal: Principal, rule_id: str, until: datetime | None) -> AlertRule:
        """Notify nobody of new firings until a time; ``None``: notify again.

        Raises ``NotFound``, ``Conflict``, ``Throttled``.
        """
        return self._change(principal, rule_id, lambda rule: replace(rule, muted_until=until))

    def delete(self, principal: Principal, rule_id: str) -> None:
        """Delete a rule with its history. Whoever knows that it fires gets its end. Raises ``NotFound``."""
        rule, now = self.get(principal, rule_id), self._clock.now()
        for notice in rule.notices:
            if notice.notify:
                self._notices.notify(rule, notice)
        state = rule.state
        if state.status is AlertStatus.FIRING and state.sent:
            fired_at = state.fired_at or now
            self._notices.notify(
                rule, Notice(NoticeKind.RESOLVED, state.firings, state.sent, now, fired_at, state.reading)
            )
        if not self._store.remove(rule):
            raise NotFound("There is no such alert rule")
        self._publish(rule, "deleted", now)

    def _change(self, principal: Principal, rule_id: str, change: Callable[[AlertRule], AlertRule]) -> AlertRule:
        self._throttles.change_alert(principal.tenant_id)
        for _ in range(_RACES):
            rule, now = self.get(principal, rule_id), self._clock.now()
            changed = replace(change(rule), updated_at=now)
            if self._store.replace(changed, rule):
                self._publish(changed, changed.state.status.value, now)
                return changed
        raise Conflict("The alert rule keeps changing; try again")

    def _publish(self, rule: AlertRule, status: str, now: datetime) -> None:
        data = {"alertId": rule.id, "status": status, "severity": rule.severity.value, "at": iso(now)}
        event = Event(EventType.ALERT_UPDATED, rule.tenant_id, "", data, now)
        self._projection.follow(lambda: self._event_log.publish([event]))


def _sees(principal: Principal, rule: AlertRule) -> bool:
    return rule.condition.scope is not Scope.ALL or principal.may_read(Scope.ALL)


def _check(principal: Principal, condition: Condition) -> None:
    if condition.scope is Scope.ALL and not principal.may_read(Scope.ALL):
        raise Forbidden("Only operators have rules for all tenants")
    check(condition)
