"""What Prometheus scrapes: totals over all tenants, never those of one tenant."""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from chalicelib.api.auth import bearer_token
from chalicelib.api.call import Call, Reply
from chalicelib.api.routing import Auth, Routes
from chalicelib.api.schemas.metrics import ScrapedHealthAnswer
from chalicelib.domain.alerts import AlertStatus, Severity
from chalicelib.domain.jobs import iso
from chalicelib.domain.pauses import pause_kind
from chalicelib.domain.rollups import COUNTERS
from chalicelib.domain.totals import TaskTotals, bounded, by_task
from chalicelib.domain.webhooks import WebhookStatus
from chalicelib.errors import InvalidToken
from chalicelib.queue.lanes import CAP
from chalicelib.queue.limit_totals import LimitTotals, read_totals
from chalicelib.telemetry.process import pool_samples, process_samples
from chalicelib.telemetry.prometheus import CONTENT_TYPE, Durations, Sample, exposition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.services.maintenance.sweeper import RoutineTotals
    from chalicelib.services.metrics import Metrics
    from chalicelib.services.schedule_gauges import ScheduleNumbers
    from chalicelib.services.webhook_sending import Backlog
    from chalicelib.services.workers import PoolTally

routes = Routes(__name__, tag="Monitoring")


@routes.get("/prometheus/metrics", auth=Auth.NONE, content_type=CONTENT_TYPE, errors={401})
def scrape(call: Call) -> Reply:
    """Get metrics for Prometheus, over all tenants. Names of queues are included only if a token protects them.

    With `SCRAPE_TOKEN` set, requires `Authorization: Bearer <that token>`.
    """
    wanted = call.container.settings.scrape_token
    given = bearer_token(call.headers.get("authorization", ""))
    if wanted and not hmac.compare_digest(given.encode(), wanted.encode()):
        raise InvalidToken("Invalid token")
    container = call.container
    totals = container.totals.read()
    # names of queues are private to their owners: only holders of the token may read them
    shown = bounded(totals) if wanted else bounded(by_task(totals))
    values = samples(container.metrics.of_scope("all")) + [s for name in COUNTERS for s in _attempts(name, shown)]
    in_limits = read_totals(container.redis, container.keys)
    values += _limits(container.catalogue.limits(), in_limits) + _of_tenants(in_limits)
    values += _routines(container.sweeper.totals())
    values += [s for tally in container.workers.tallies(container.settings.pool_names) for s in _of_pool(tally)]
    values += _of_schedules(container.schedule_gauges.read())
    values += _of_webhooks(container.webhook_store.numbers(), container.webhook_sending.backlog())
    values += _of_pauses(container.engine.paused_lanes())
    values += _of_alerts(container.alert_store.numbers())
    values += _of_spans(container.span_counts.read())
    values += _of_people(container.user_store.number(), container.api_key_store.numbers(container.clock.now()))
    values += process_samples() + pool_samples(container.redis, container.mongo)
    return Reply(exposition(values, _durations(shown)))


@routes.get("/prometheus/health", auth=Auth.NONE, answer=ScrapedHealthAnswer, also={503: ScrapedHealthAnswer})
def scraped_health(call: Call) -> Reply:
    """Check whether MongoDB and Redis work."""
    healthy = call.container.health.check().ok
    timestamp = iso(call.container.clock.now())
    answer = ScrapedHealthAnswer(status="healthy" if healthy else "unhealthy", timestamp=timestamp)
    return Reply(answer, status=200 if healthy else 503)


def _limits(declared: Iterable[str], totals: LimitTotals) -> list[Sample]:
    """Return the gauges of limits. Their names are the code's, so they are few and nobody's secret."""
    states = [(name, *totals.of(name)) for name in list(declared)[:MAX_LIMITS]]
    held = [Sample("limit_held", "gauge", HELD, held, {"limit": name}) for name, held, _ in states]
    return held + [Sample("limit_waiting_lanes", "gauge", LANES, lanes, {"limit": name}) for name, _, lanes in states]


def _of_tenants(totals: LimitTotals) -> list[Sample]:
    """Return the gauges of the tenants' own concurrency, over all of them."""
    held, lanes = totals.of(CAP)
    return [
        Sample("tenant_limit_held", "gauge", TENANT_HELD, held),
        Sample("tenant_limit_waiting_lanes", "gauge", TENANT_LANES, lanes),
    ]


#: Limits with a label of their own.
MAX_LIMITS: Final = 200
HELD = "Jobs that hold a limit."
LANES = "Lanes (a queue's jobs of one key) that wait for a limit."
TENANT_HELD = "Jobs that run in tenants with a concurrency of their own."
TENANT_LANES = "Lanes that wait for the concurrency of their tenant."
WAIT = "Time from being ready to the start of an attempt."
RUN = "Time from start to end of an attempt."


def _attempts(name: str, totals: list[TaskTotals]) -> list[Sample]:
    text = f"Attempts of jobs that {'were' if name == 'retried' else 'have'} {name}, by task and queue."
    if name == "dlq":
        text = "Jobs that went to the DLQ, by task and queue."
    return [Sample(f"task_{name}_total", "counter", text, each.counts[name], _labels(each)) for each in totals]


def _routines(totals: Mapping[str, RoutineTotals]) -> list[Sample]:
    text = "Repairs by maintenance routines: jobs, leases, intents, lanes, tombstones."
    mended = [
        Sample("maintenance_mended_total", "counter", text, each.mended, {"routine": name})
        for name, each in totals.items()
    ]
    text = "Runs of maintenance routines that failed, other than by an error of a database."
    failed = [
        Sample("maintenance_failed_total", "counter", text, each.failed, {"routine": name})
        for name, each in totals.items()
    ]
    return mended + failed


def _of_pool(tally: PoolTally) -> list[Sample]:
    labels = {"pool": tally.pool}
    return [
        Sample("workers", "gauge", "Live workers, by pool.", tally.workers, labels),
        Sample("worker_slots", "gauge", "Jobs that live workers may run at a time, by pool.", tally.slots, labels),
        Sample("worker_slots_used", "gauge", "Jobs that live workers run, by pool.", tally.running, labels),
    ]


def _of_schedules(numbers: ScheduleNumbers) -> list[Sample]:
    overdue, stopped = "Schedules whose next fire is late.", "Schedules that should fire again and have no next fire."
    return [
        Sample("schedules_overdue", "gauge", overdue, numbers.overdue),
        Sample("schedules_without_next", "gauge", stopped, numbers.without_next),
    ]


def _of_webhooks(numbers: Mapping[str, int], backlog: Backlog) -> list[Sample]:
    text = "Webhooks, by status."
    webhooks = [Sample("webhooks", "gauge", text, numbers.get(each, 0), {"status": each}) for each in WebhookStatus]
    late = "How long the delivery that is due first has been due, in seconds."
    return [
        *webhooks,
        Sample("webhook_deliveries_pending", "gauge", "Deliveries of webhooks to be tried.", backlog.pending),
        Sample("webhook_delivery_late_seconds", "gauge", late, backlog.late_s),
    ]


def _of_pauses(names: Iterable[str]) -> list[Sample]:
    text = "Pauses that hold: of queues, of all queues of a tenant, of everything, of tasks."
    found = Counter(pause_kind(name) for name in names)
    kinds = ("queue", "tenant", "everything", "task")
    return [Sample("pauses", "gauge", text, found[kind], {"kind": kind}) for kind in kinds]


def _of_alerts(numbers: Mapping[tuple[AlertStatus, Severity], int]) -> list[Sample]:
    text = "Enabled alert rules of all tenants, by status and severity."
    return [
        Sample("alerts", "gauge", text, numbers.get((status, severity), 0), {"status": status, "severity": severity})
        for status in AlertStatus
        for severity in Severity
    ]


def _of_spans(dropped: Mapping[str, int]) -> list[Sample]:
    text = "Spans that were never sent to the collector, by function: too many waited, or they were refused."
    return [Sample("spans_dropped_total", "counter", text, n, {"function": name}) for name, n in dropped.items()]


def _of_people(members: int, keys: tuple[int, int]) -> list[Sample]:
    text = "API keys of all tenants that were not revoked, by whether they have expired."
    return [
        Sample("members", "gauge", "Members of all tenants.", members),
        *(Sample("api_keys", "gauge", text, n, {"state": s}) for s, n in zip(("valid", "expired"), keys, strict=True)),
    ]


def _durations(totals: list[TaskTotals]) -> list[Durations]:
    waits = [Durations("job_wait_seconds", WAIT, each.wait, _labels(each)) for each in totals]
    return waits + [Durations("job_run_seconds", RUN, each.run, _labels(each)) for each in totals]


def _labels(totals: TaskTotals) -> dict[str, str]:
    return {"task": totals.task, "queue": totals.queue}


def samples(m: Metrics) -> list[Sample]:
    """Return the metrics under the names that dashboards use."""
    return [
        Sample("jobs_total", "counter", "Jobs submitted in total.", m.submitted),
        Sample("jobs_submitted_total", "counter", "Jobs submitted since the last reset.", m.submitted),
        Sample("jobs_completed_total", "counter", "Jobs completed since the last reset.", m.completed),
        Sample("jobs_failed_total", "counter", "Jobs that went to the DLQ since the last reset.", m.failed),
        Sample("jobs_retries_total", "counter", "Retries since the last reset.", m.retries),
        Sample("rate_limit_hits_total", "counter", "Submissions refused by a limit.", m.rate_limit_hits),
        Sample("jobs_pending", "gauge", "Open jobs that do not run.", m.pending),
        Sample("jobs_running", "gauge", "Running jobs.", m.running),
        Sample("jobs_active", "gauge", "Jobs counted against the active limit.", m.active),
        Sample("jobs_waiting", "gauge", "Durable jobs that wait for a time, an event or another job.", m.waiting),
        Sample("jobs_dlq", "gauge", "Jobs in the dead-letter queue.", m.dlq),
        Sample("jobs_success_rate", "gauge", "Percentage of ended jobs that completed.", m.success_rate),
        Sample("jobs_failure_rate", "gauge", "Percentage of ended jobs that went to the DLQ.", m.failure_rate),
    ]
