"""Services of the routes of accounts: sign-up, members, API keys, tickets, the audit log."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.api.containers.tenants import TenantServices

if TYPE_CHECKING:
    from chalicelib.services.accounts import Accounts
    from chalicelib.services.alerts import Alerts
    from chalicelib.services.api_keys import ApiKeys
    from chalicelib.services.audit import AuditLog
    from chalicelib.services.members import Members
    from chalicelib.services.passwords import Passwords
    from chalicelib.services.people_events import PeopleEvents
    from chalicelib.services.tickets import Tickets
    from chalicelib.services.views import Views
    from chalicelib.services.webhooks import Webhooks


class AccountServices(TenantServices):
    """Accounts and what they did."""

    @cached_property
    def accounts(self) -> Accounts:
        from chalicelib.services.accounts import Accounts

        return Accounts(
            users=self.user_store,
            tenants=self.tenant_store,
            sessions=self.sessions,
            passwords=self.passwords,
            throttles=self.throttles,
            clock=self.clock,
            ids=self.ids,
        )

    @cached_property
    def members(self) -> Members:
        from chalicelib.services.members import Members

        return Members(
            users=self.user_store,
            tenants=self.tenant_store,
            passwords=self.passwords,
            schedules=self.schedule_store,
            keys=self.api_key_store,
            throttles=self.throttles,
            events=self.people_events,
            settings=self.settings,
            clock=self.clock,
            ids=self.ids,
        )

    @cached_property
    def people_events(self) -> PeopleEvents:
        from chalicelib.services.people_events import PeopleEvents

        return PeopleEvents(self.event_log, self.projection, self.clock)

    @cached_property
    def passwords(self) -> Passwords:
        from chalicelib.services.passwords import Passwords

        return Passwords()

    @cached_property
    def webhooks(self) -> Webhooks:
        from chalicelib.services.webhooks import Webhooks

        return Webhooks(
            webhooks=self.webhook_store, deliveries=self.delivery_store, subscriptions=self.subscriptions,
            events=self.webhook_events, tenants=self.tenant_store, throttles=self.throttles, event_log=self.event_log,
            projection=self.projection, settings=self.settings, clock=self.clock, ids=self.ids,
        )  # fmt: skip

    @cached_property
    def views(self) -> Views:
        from chalicelib.services.views import Views
        from chalicelib.store.views import ViewStore

        return Views(
            store=ViewStore(self.db), tenants=self.tenant_store, throttles=self.throttles, event_log=self.event_log,
            projection=self.projection, clock=self.clock, ids=self.ids,
        )  # fmt: skip

    @cached_property
    def alerts(self) -> Alerts:
        from chalicelib.services.alerts import Alerts

        return Alerts(
            store=self.alert_store, readings=self.alert_readings, notices=self.alert_notices, tenants=self.tenant_store,
            throttles=self.throttles, event_log=self.event_log, projection=self.projection, settings=self.settings,
            clock=self.clock, ids=self.ids,
        )  # fmt: skip

    @cached_property
    def api_keys(self) -> ApiKeys:
        from chalicelib.services.api_keys import ApiKeys

        return ApiKeys(
            keys=self.api_key_store,
            users=self.user_store,
            tenants=self.tenant_store,
            throttles=self.throttles,
            events=self.people_events,
            settings=self.settings,
            clock=self.clock,
            ids=self.ids,
        )

    @cached_property
    def tickets(self) -> Tickets:
        from chalicelib.queue.tickets import TicketStore
        from chalicelib.services.tickets import Tickets

        return Tickets(
            TicketStore(self.redis, self.keys), self.ids, end_of=lambda who: self.authentication.ends([who])[0]
        )

    @cached_property
    def audit_log(self) -> AuditLog:
        from chalicelib.services.audit import AuditLog
        from chalicelib.store.audit import AuditStore

        return AuditLog(AuditStore(self.db, self.settings.keep_audit_days), self.clock, self.ids, self.log)
