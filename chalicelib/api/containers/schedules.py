"""Services of the routes of schedules."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.api.containers.submissions import SubmissionServices
from chalicelib.containers.connections import ConnectionParts

if TYPE_CHECKING:
    from chalicelib.services.schedules import ScheduleService


class ScheduleServices(SubmissionServices, ConnectionParts):
    """Schedules."""

    @cached_property
    def schedules(self) -> ScheduleService:
        from chalicelib.services.schedules import ScheduleService

        return ScheduleService(
            store=self.schedule_store,
            runs=self.run_store,
            firing=self.firing,
            ticking=self.ticking,
            payloads=self.payloads,
            redactions=self.redactions,
            throttles=self.throttles,
            event_log=self.event_log,
            settings=self.settings,
            clock=self.clock,
            ids=self.ids,
            log=self.log,
        )
