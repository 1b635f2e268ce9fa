"""Parts shared by API and worker: alert rules."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.containers.jobs import JobParts
from chalicelib.containers.mail import MailParts

if TYPE_CHECKING:
    from chalicelib.queue.vitals import VitalSigns
    from chalicelib.services.alert_evaluation import AlertEvaluation, AlertNotices
    from chalicelib.services.alert_readings import AlertReadings
    from chalicelib.store.alerts import AlertStore


class AlertParts(JobParts, MailParts):
    """Rules, what they measure, and the notices of them."""

    @cached_property
    def alert_store(self) -> AlertStore:
        from chalicelib.store.alerts import AlertStore

        return AlertStore(self.db)

    @cached_property
    def vital_signs(self) -> VitalSigns:
        from chalicelib.queue.vitals import VitalSigns

        return VitalSigns(self.redis, self.keys, self.engine, self.settings.websocket_shards)

    @cached_property
    def alert_readings(self) -> AlertReadings:
        from chalicelib.services.alert_readings import AlertReadings
        from chalicelib.store.alert_schedules import AlertSchedules
        from chalicelib.store.series import SeriesStore

        return AlertReadings(
            engine=self.engine,
            series=SeriesStore(self.db),
            schedules=AlertSchedules(self.db),
            oldest_ready_s=lambda now_ms: self.vital_signs.read(now_ms).oldest_ready_s,
            clock=self.clock,
        )

    @cached_property
    def alert_notices(self) -> AlertNotices:
        from chalicelib.queue.throttle import Throttle
        from chalicelib.services.alert_evaluation import AlertNotices

        return AlertNotices(
            store=self.alert_store,
            people=self.notification_store,
            webhooks=self.webhook_events,
            mailer=self.mailer,
            links=self.unsubscribe_links,
            throttle=Throttle(self.scripts),
            site=self.settings.frontend_url,
        )

    @cached_property
    def alert_evaluation(self) -> AlertEvaluation:
        from chalicelib.services.alert_evaluation import AlertEvaluation

        return AlertEvaluation(
            store=self.alert_store,
            readings=self.alert_readings,
            notices=self.alert_notices,
            event_log=self.event_log,
            clock=self.clock,
            log=self.log,
        )
