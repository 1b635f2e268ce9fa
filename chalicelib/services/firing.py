"""Makes what is due of schedules: for each fire a run, then its job, then the next fire, in this order.

A run's row is written before its job, and its key is the fire: however many processes make the same fire, at the same
time or after a pause of any length, it has one row, and one job whose id derives from the row. The next fire is set
last, by compare-and-set. So a fire is made again until all of it is done, and never twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from chalicelib.domain.clock import Clock
from chalicelib.domain.events import Event
from chalicelib.domain.schedules import (
    RUNS_KEPT,
    RUNS_KEPT_AT_LEAST,
    RUNS_KEPT_FOR,
    WAIT,
    Busy,
    LastRun,
    Overlap,
    Run,
    Schedule,
    Skip,
    decide,
    due_at,
)
from chalicelib.services import timetable
from chalicelib.services.schedule_data import run_event
from chalicelib.telemetry.logger import Log

if TYPE_CHECKING:
    from chalicelib.queue.events import EventLog
    from chalicelib.queue.room import Room, TenantRoom
    from chalicelib.services.run_jobs import RunJobs
    from chalicelib.store.schedule_jobs import ScheduleJobs
    from chalicelib.store.schedule_runs import RunStore
    from chalicelib.store.schedules import Advance, ScheduleStore

#: Schedules made in one step.
BATCH: Final = 500
#: Fires of one schedule made in one step; more are due only after an outage.
FIRES_AT_ONCE: Final = 1_000
#: Fires made in one step, about.
FIRES_IN_STEP: Final = 5_000
#: Steps of one call: the rest is left to the next one.
MAX_STEPS: Final = 100

Key = tuple[str, str]


class Plan(NamedTuple):
    """What is due of one schedule: its runs, as they are if this process is first, and the fire that follows."""

    schedule: Schedule
    runs: list[Run]
    next_at: datetime | None


class Firing:
    """Safe to repeat, and in several processes at once. Raises ``QueueClosed`` and errors of the databases."""

    def __init__(
        self,
        *,
        schedules: ScheduleStore,
        runs: RunStore,
        open_jobs: ScheduleJobs,
        jobs: RunJobs,
        room: TenantRoom,
        event_log: EventLog,
        clock: Clock,
        log: Log,
    ) -> None:
        self._schedules = schedules
        self._runs = runs
        self._open_jobs = open_jobs
        self._jobs = jobs
        self._room = room
        self._event_log = event_log
        self._clock = clock
        self._log = log

    # --- what is due -----------------------------------------------------------------------------------------
    def make_due(self) -> int:
        """Make what is due of all schedules; return the number of fires."""
        count = 0
        for _ in range(MAX_STEPS):
            due = self._schedules.due(self._clock.now(), BATCH)
            made = self._make(due)
            count += made
            if made == 0:
                break
        return count

    def _make(self, due: Sequence[Schedule]) -> int:
        plans = self._plans(due)
        runs = [run for plan in plans for run in plan.runs]
        stored = self._runs.insert([(run, self._expiry(plan)) for plan in plans for run in plan.runs])
        plans = [plan._replace(runs=[stored.get(run.id, run) for run in plan.runs]) for plan in plans]
        self._submit([(plan.schedule, run) for plan in plans for run in plan.runs])
        self._schedules.advance([_advance(plan) for plan in plans])
        self._publish(plans, stored)
        for plan in plans:
            if any(run.waiting for run in plan.runs):  # what they wait for may have ended before they were written
                self.begin_next(plan.schedule.tenant_id, plan.schedule.name)
        return len(runs)

    def _plans(self, due: Sequence[Schedule]) -> list[Plan]:
        now = self._clock.now()
        rooms = self._room.of({schedule.tenant_id for schedule in due}) if due else {}
        busy = self._busy([(schedule.tenant_id, schedule.name) for schedule in due if _minds_overlap(schedule)])
        plans: list[Plan] = []
        planned = 0
        for schedule in due:
            try:
                plans.append(self._plan(schedule, now, busy, rooms[schedule.tenant_id]))
            except Exception:  # such as a zone that is no more; the others must fire
                self._log.error("a schedule cannot fire", event="schedule_failed", name=schedule.name, exc_info=True)
                continue
            planned += len(plans[-1].runs)
            if planned >= FIRES_IN_STEP:
                break
        return plans

    def _plan(self, schedule: Schedule, now: datetime, busy: Mapping[Key, Busy], room: Room) -> Plan:
        fires, next_at = _due_fires(schedule, now)
        late_s = [(now - at).total_seconds() for _, at in fires]
        queue = self._jobs.queue_of(schedule)

        def refuse() -> Skip | None:
            if not room.has_jobs_left:
                return Skip.TOO_MANY_OPEN_JOBS
            if not room.has_queue(queue):
                return Skip.TOO_MANY_QUEUES
            room.take(queue)
            return None

        more = next_at is not None and due_at(schedule.tenant_id, schedule.name, schedule.spec, next_at) <= now
        has = busy.get((schedule.tenant_id, schedule.name)) or Busy()
        decisions = decide(schedule.spec, late_s, more=more, busy=has, refuse=refuse)
        runs = [
            Run(
                schedule.tenant_id,
                schedule.name,
                at,
                now,
                skipped=decision if isinstance(decision, Skip) else None,
                open=not isinstance(decision, Skip),
                waiting=decision is WAIT,
            )
            for (at, _), decision in zip(fires, decisions, strict=True)
        ]
        return Plan(schedule, runs, next_at)

    def _busy(self, keys: Sequence[Key]) -> dict[Key, Busy]:
        """Return what schedules have open. Rows are read before jobs: what has just ended counts as open."""
        waiting = {(run.tenant_id, run.schedule) for run in self._runs.open_of(keys)}
        jobs = self._open_jobs.open_of(keys)
        return {key: Busy(len(jobs.get(key, ())), key in waiting) for key in keys}

    def _submit(self, made: Iterable[tuple[Schedule, Run]]) -> None:
        """Submit the jobs of open runs that wait for nothing, and close the runs."""
        ready = [(schedule, run) for schedule, run in made if run.open and not run.waiting]
        if not ready:
            return
        replacing = [pair for pair in ready if pair[0].spec.overlap is Overlap.CANCEL_RUNNING]
        if replacing:
            before = self._open_jobs.open_of({(schedule.tenant_id, schedule.name) for schedule, _ in replacing})
            own = {run.derived_id for _, run in replacing}
            self._jobs.cancel([job_id for ids in before.values() for job_id in ids if job_id not in own])
        self._jobs.submit(ready)
        self._runs.close([run for _, run in ready])

    def run_now(self, schedule: Schedule) -> Run:
        """Make a job of a schedule now, whatever else it has open; return its run."""
        now = self._clock.now()
        run = Run(schedule.tenant_id, schedule.name, now, now, open=True, manual=True)
        stored = self._runs.insert([(run, now + RUNS_KEPT_FOR)])
        run = stored.get(run.id, run)
        self._jobs.submit([(schedule, run)])
        self._runs.close([run])
        self._publish([Plan(schedule, [run], schedule.next_at)], {})
        return run

    # --- what waits ------------------------------------------------------------------------------------------
    def begin_next(self, tenant_id: str, name: str) -> int:
        """Submit the job of the oldest run of a schedule that waits, if none of its jobs is open; return how many.

        Called when a job of the schedule has ended. Always the oldest open run: of several processes that come at the
        same time, each finds what the others began, and only finishes it.
        """
        key = (tenant_id, name)
        open_runs = self._runs.open_of([key])
        if not open_runs or self._open_jobs.open_of([key]):
            return 0
        schedule = self._schedules.find(tenant_id, name)
        if schedule is None or schedule.retired or schedule.paused:
            gone = Skip.PAUSED if schedule is not None and schedule.paused else Skip.DELETED
            self._runs.abandon([run for run in open_runs if run.waiting], gone)
            return 0
        first = min(open_runs, key=lambda run: (run.waiting, run.at))
        begun = self._runs.begin(first, self._clock.now()) if first.waiting else first
        if begun is None:
            return 0
        self._submit([(schedule, begun)])
        self._publish([Plan(schedule, [begun], schedule.next_at)], {})
        return 1

    def finish(self, overdue_s: float) -> int:
        """Finish runs that a crash left ``overdue_s`` ago or before, and begin those whose turn it is; return how many.

        A run whose schedule is still due at it is finished with that fire as well.
        """
        left = self._runs.unfinished(self._clock.now() - timedelta(seconds=overdue_s), BATCH)
        schedules = self._schedules.by_names({(run.tenant_id, run.schedule) for run in left})
        known = [(schedules.get((run.tenant_id, run.schedule)), run) for run in left]
        self._runs.abandon([run for schedule, run in known if schedule is None], Skip.DELETED)
        self._submit((schedule, run) for schedule, run in known if schedule is not None)
        return len(left) + sum(self.begin_next(*key) for key in self._runs.with_waiting(BATCH))

    # --- after -----------------------------------------------------------------------------------------------
    def _expiry(self, plan: Plan) -> datetime:
        """Return until when the runs of a plan are kept: the fewer, the longer."""
        now = self._clock.now()
        first = plan.runs[0].at if plan.runs else now
        gap = (plan.next_at or now) - first
        kept = max(RUNS_KEPT_AT_LEAST, 2 * timedelta(seconds=plan.schedule.spec.catchup_s))
        return now + max(kept, min(RUNS_KEPT_FOR, RUNS_KEPT * gap / max(1, len(plan.runs))))

    def _publish(self, plans: Sequence[Plan], known: Mapping[str, Run]) -> None:
        """Publish runs that this process made. A failure is logged: clients read them with the next page."""
        now = self._clock.now()
        events: list[Event] = [
            run_event(plan.schedule, run, plan.next_at, now)
            for plan in plans
            for run in plan.runs
            if run.id not in known
        ]
        try:
            self._event_log.publish(events)
        except Exception as error:
            self._log.warning("runs were not published", event="runs_unpublished", error=repr(error)[:500])


def _minds_overlap(schedule: Schedule) -> bool:
    return schedule.spec.overlap in {Overlap.SKIP, Overlap.QUEUE_ONE}


def _due_fires(schedule: Schedule, now: datetime) -> tuple[list[tuple[datetime, datetime]], datetime | None]:
    """Return the first due fires of a schedule, each with the time at which it was due, and the fire after them."""
    found: list[tuple[datetime, datetime]] = []
    at = schedule.next_at
    rest = timetable.fires(schedule.spec.timing, schedule.anchor, at) if at is not None else iter(())
    while at is not None and len(found) < FIRES_AT_ONCE:
        due = due_at(schedule.tenant_id, schedule.name, schedule.spec, at)
        if due > now:
            break
        found.append((at, due))
        at = next(rest, None)
    return found, at


def _advance(plan: Plan) -> Advance:
    from chalicelib.store.schedules import Advance  # noqa: PLC0415 - MongoDB's client loads on first use

    schedule, next_at = plan.schedule, plan.next_at
    due = due_at(schedule.tenant_id, schedule.name, schedule.spec, next_at) if next_at else None
    return Advance(schedule, next_at, due, last_of(plan.runs))


def last_of(runs: Sequence[Run]) -> LastRun | None:
    """Return the newest of runs as the list of schedules shows it."""
    if not runs:
        return None
    return LastRun(runs[-1].at, runs[-1].job_id, runs[-1].skipped)
