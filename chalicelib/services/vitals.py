"""The metrics that the alarms use, sent to CloudWatch once a minute by every worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.clock import Clock

if TYPE_CHECKING:
    from chalicelib.queue.vitals import VitalSigns
    from chalicelib.services.metrics import MetricsService
    from chalicelib.services.schedule_gauges import ScheduleGauges
    from chalicelib.telemetry.metrics import QueueMetrics


class VitalsService:
    """Reads the state of the queue and reports it as metrics."""

    def __init__(
        self,
        signs: VitalSigns,
        metrics: MetricsService,
        gauges: ScheduleGauges,
        output: QueueMetrics,
        clock: Clock,
    ) -> None:
        self._gauges = gauges
        self._signs = signs
        self._metrics = metrics
        self._output = output
        self._clock = clock

    def report(self) -> None:
        """Write one line of metrics, on deployed stages. Raises ``Unavailable`` while Redis is down or rebuilt."""
        if not self._output.enabled:
            return
        vitals, totals = self._signs.read(self._clock.now_ms()), self._metrics.of_scope("all")
        schedules = self._gauges.read()
        self._output.vitals(
            {
                "Heartbeat": 1,
                "JobsWaiting": totals.pending,
                "JobsRunning": totals.running,
                "DlqDepth": totals.dlq,
                "JobsCompletedTotal": totals.completed,
                "JobsFailedTotal": totals.failed,
                "RetriesTotal": totals.retries,
                "OldestJobAge": vitals.oldest_ready_s,
                "Workers": vitals.workers,
                "Connections": vitals.connections,
                "UnattendedShards": vitals.unattended_shards,
                "SchedulesOverdue": schedules.overdue,
                "SchedulesWithoutNext": schedules.without_next,
            }
        )
