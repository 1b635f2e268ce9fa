"""Schedules of people: put, read, pause, resume, run, delete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.events import Event
from chalicelib.domain.filters import Visibility, Whose, visibility
from chalicelib.domain.principals import Principal, Scope
from chalicelib.domain.schedules import Run, Schedule, ScheduleSpec, Timing, due_at
from chalicelib.errors import Conflict, Forbidden, NotFound, TooManySchedules
from chalicelib.services import schedule_data, timetable
from chalicelib.services.pages import Page, page_of
from chalicelib.settings import Settings
from chalicelib.telemetry.logger import Log

if TYPE_CHECKING:
    from chalicelib.queue.events import EventLog
    from chalicelib.services.firing import Firing
    from chalicelib.services.payloads import Payloads
    from chalicelib.services.redactions import Redactions
    from chalicelib.services.throttles import Throttles
    from chalicelib.services.ticking import Ticking
    from chalicelib.store.schedule_runs import RunStore
    from chalicelib.store.schedules import ScheduleStore

#: How often a change is tried again if the schedule was changed meanwhile.
RACES: Final = 5
#: Limit of counting the total of a list.
MAX_TOTAL: Final = 10_000


class ScheduleService:
    """Use cases of HTTP. For a caller, schedules that the caller may not see do not exist."""

    def __init__(
        self,
        *,
        store: ScheduleStore,
        runs: RunStore,
        firing: Firing,
        ticking: Ticking,
        payloads: Payloads,
        redactions: Redactions,
        throttles: Throttles,
        event_log: EventLog,
        settings: Settings,
        clock: Clock,
        ids: Ids,
        log: Log,
    ) -> None:
        self._store = store
        self._runs = runs
        self._firing = firing
        self._ticking = ticking
        self._payloads = payloads
        self._redactions = redactions
        self._throttles = throttles
        self._event_log = event_log
        self._most = settings.max_schedules_per_tenant
        self._clock = clock
        self._ids = ids
        self._log = log

    # --- change ----------------------------------------------------------------------------------------------
    def put(
        self,
        principal: Principal,
        name: str,
        spec: ScheduleSpec,
        *,
        paused: bool | None = None,
        tenant_id: str | None = None,
    ) -> tuple[Schedule, bool]:
        """Create a schedule, or replace what it does; return it, and whether it was created.

        With the same timing as before, its next fire and the phase of its interval stay. ``paused``: ``None`` leaves it
        as it is. Raises ``InvalidInput``, ``Forbidden``, ``Conflict`` for a name of somebody else, or of code,
        ``TooManySchedules``.
        """
        if not principal.may_write(Scope.OWN):
            raise Forbidden("Your role may not create schedules")
        tenant = _tenant(principal, tenant_id)
        asked = spec
        for _ in range(RACES):
            known = self._store.find(tenant, name)
            spec = asked if known is None else self._restored(known, asked)
            self._payloads.check(spec.job.task, spec.job.payload)
            if known is None:
                made = self._new(principal, tenant, name, spec, paused=bool(paused))
                if self._store.insert(made):
                    return self._changed(made), True
                continue
            self._check_mine(principal, known)
            changed = self._with_spec(known, spec, paused=known.paused if paused is None else paused)
            if self._store.replace(changed):
                return self._changed(changed), False
        raise Conflict("The schedule keeps changing; try again")

    def _restored(self, known: Schedule, spec: ScheduleSpec) -> ScheduleSpec:
        """Return ``spec`` with the values that its payload shows as redacted. Another task has none of them."""
        if spec.job.task != known.spec.job.task:
            return spec
        payload = self._redactions.restored_text(
            known.tenant_id, spec.job.task, spec.job.payload, known.spec.job.payload
        )
        return spec if payload == spec.job.payload else replace(spec, job=replace(spec.job, payload=payload))

    def _new(self, principal: Principal, tenant: str, name: str, spec: ScheduleSpec, *, paused: bool) -> Schedule:
        now = self._clock.now()
        timetable.check(spec.timing, now)
        if self._most and self._store.count(Visibility(tenant, None), self._most) >= self._most:
            raise TooManySchedules(f"A tenant has at most {self._most} schedules.")
        # a schedule that an operator makes for another tenant is the tenant's own
        owner_id = principal.user_id if tenant == principal.tenant_id else tenant
        schedule = Schedule(self._ids.object_id(), tenant, owner_id, name, spec, now, now, now, paused=paused)
        return with_next(schedule, now)

    def _with_spec(self, known: Schedule, spec: ScheduleSpec, *, paused: bool) -> Schedule:
        now = self._clock.now()
        same_timing = spec.timing == known.spec.timing and not known.retired
        if not same_timing:
            timetable.check(spec.timing, now)
        changed = replace(
            known,
            spec=spec,
            paused=paused,
            anchor=known.anchor if same_timing else now,
            updated_at=now,
            rev=known.rev + 1,
            # one that the code had is a person's from now on
            generation=None if known.retired else known.generation,
            retired=False,
        )
        if same_timing and paused == known.paused and spec.jitter_s == known.spec.jitter_s:
            return changed
        if same_timing and known.next_at is not None and not paused:
            return _with_due(changed, known.next_at)
        return with_next(changed, now)

    def set_paused(self, principal: Principal, name: str, *, paused: bool, tenant_id: str | None = None) -> Schedule:
        """Pause or resume a schedule. It resumes from now: what it did not make meanwhile is not made."""

        def change(known: Schedule) -> Schedule:
            if known.paused == paused:
                return known
            now = self._clock.now()
            return with_next(replace(known, paused=paused, updated_at=now, rev=known.rev + 1), now)

        return self._change(principal, name, tenant_id, change)

    def _change(
        self, principal: Principal, name: str, tenant_id: str | None, change: Callable[[Schedule], Schedule]
    ) -> Schedule:
        for _ in range(RACES):
            known = self._writable(principal, name, tenant_id)
            changed = change(known)
            if changed is known:
                return known
            if self._store.replace(changed):
                return self._changed(changed)
        raise Conflict("The schedule keeps changing; try again")

    def run(self, principal: Principal, name: str, tenant_id: str | None = None) -> Run:
        """Make a job of a schedule now, also of a paused one, whatever it has open. Raises ``Throttled``."""
        schedule = self._writable(principal, name, tenant_id)
        if schedule.retired:
            raise Conflict("The schedule is retired: the present deployment does not have it")
        self._throttles.run_schedule(schedule.tenant_id)
        return self._firing.run_now(schedule)

    def delete(self, principal: Principal, name: str, tenant_id: str | None = None) -> None:
        """Delete a schedule. Its jobs stay; a run that waits for one of them is skipped."""
        for _ in range(RACES):
            known = self._writable(principal, name, tenant_id)
            if known.generation is not None and not known.retired:
                raise Conflict("The schedule is part of the code: remove it there")
            if self._store.delete(known):
                self._publish(schedule_data.deleted(known, self._clock.now()))
                return
        raise Conflict("The schedule keeps changing; try again")

    # --- read ------------------------------------------------------------------------------------------------
    def get(self, principal: Principal, name: str, tenant_id: str | None = None) -> Schedule:
        """Return a schedule. Raises ``NotFound`` if there is none that ``principal`` may see."""
        schedule = self._store.find(_tenant(principal, tenant_id), name)
        if schedule is None or not principal.may_read(principal.scope_of(schedule.tenant_id, schedule.owner_id)):
            raise NotFound("There is no such schedule")
        return schedule

    def page(
        self, principal: Principal, whose: Whose, after: str | None, limit: int, *, backwards: bool = False
    ) -> Page[Schedule]:
        """Return schedules, the newest first, after the one with an id, or before it."""
        read = partial(self._store.page, visibility(principal, whose))
        return page_of(read, after, limit, backwards=backwards)

    def total(self, principal: Principal, whose: Whose) -> int:
        """Return how many schedules there are, counted up to ``MAX_TOTAL`` + 1."""
        return self._store.count(visibility(principal, whose), MAX_TOTAL + 1)

    def runs(
        self, principal: Principal, name: str, before: str | None, limit: int, tenant_id: str | None = None
    ) -> list[Run]:
        """Return runs of a schedule, the newest first, before a time in the form of ``Run.id``."""
        schedule = self.get(principal, name, tenant_id)
        return self._runs.page(schedule.tenant_id, name, schedule.created_at, before, limit)

    def preview(self, timing: Timing, start: datetime | None = None) -> tuple[str, list[datetime]]:
        """Return a timing in words, and its next five fires from ``start`` on. Raises ``InvalidInput``."""
        start = start or self._clock.now()
        timetable.check(timing, start)
        return timetable.words(timing), timetable.upcoming(timing, start, start, schedule_data.SHOWN)

    # --- parts -----------------------------------------------------------------------------------------------
    def _writable(self, principal: Principal, name: str, tenant_id: str | None) -> Schedule:
        schedule = self.get(principal, name, tenant_id)
        if not principal.may_write(principal.scope_of(schedule.tenant_id, schedule.owner_id)):
            raise Forbidden("Your role may not change this schedule")
        return schedule

    def _check_mine(self, principal: Principal, known: Schedule) -> None:
        scope = principal.scope_of(known.tenant_id, known.owner_id)
        if not principal.may_read(scope):
            raise Conflict("Another member has a schedule of this name")
        if not principal.may_write(scope):
            raise Forbidden("Your role may not change this schedule")
        if known.generation is not None and not known.retired:
            raise Conflict("The schedule is part of the code: change it there")

    def _changed(self, schedule: Schedule) -> Schedule:
        """Publish a change, and wake the ticker if the next fire is near."""
        self._publish(schedule_data.updated(schedule, self._clock.now()))
        self._ticking.ensure(schedule.due_at)
        return schedule

    def _publish(self, event: Event) -> None:
        try:
            self._event_log.publish([event])
        except Exception as error:
            self._log.warning("a schedule was not published", event="schedule_unpublished", error=repr(error)[:500])


def with_next(schedule: Schedule, now: datetime) -> Schedule:
    """Return a schedule with its first fire after ``now``; with none if it is paused or retired."""
    active = not schedule.paused and not schedule.retired
    return _with_due(schedule, timetable.next_after(schedule.spec.timing, schedule.anchor, now) if active else None)


def _with_due(schedule: Schedule, next_at: datetime | None) -> Schedule:
    due = due_at(schedule.tenant_id, schedule.name, schedule.spec, next_at) if next_at else None
    return replace(schedule, next_at=next_at, due_at=due)


def _tenant(principal: Principal, tenant_id: str | None) -> str:
    if tenant_id is not None and tenant_id != principal.tenant_id and not principal.may_write(Scope.ALL):
        raise Forbidden("Only an operator reaches the schedules of other tenants")
    return tenant_id or principal.tenant_id
