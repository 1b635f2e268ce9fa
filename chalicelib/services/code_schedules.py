"""Schedules of the deployed code: created, changed and retired by deployments.

Each deployment has a *generation*, a number that is given to it and is greater than that of any before, also when it
rolls back to older code. What the newest generation does not have is retired; an older one changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.schedules import CodeSchedule, Schedule
from chalicelib.services import schedule_data
from chalicelib.services.schedules import with_next
from chalicelib.telemetry.logger import Log

if TYPE_CHECKING:
    from chalicelib.queue.events import EventLog
    from chalicelib.services.ticking import Ticking
    from chalicelib.store.schedules import ScheduleStore
    from chalicelib.store.users import UserStore

#: How often a change is tried again if the schedule was changed meanwhile.
RACES: Final = 5


@dataclass(slots=True)
class Reconciled:
    """What a deployment changed: names of schedules."""

    changed: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    #: Names that schedules of people have.
    taken: list[str] = field(default_factory=list)
    #: Whether a newer deployment came before, so that nothing was changed.
    outdated: bool = False


class CodeSchedules:
    """Makes the schedules of code what the newest deployment has."""

    def __init__(
        self,
        *,
        store: ScheduleStore,
        users: UserStore,
        ticking: Ticking,
        event_log: EventLog,
        clock: Clock,
        ids: Ids,
        log: Log,
    ) -> None:
        self._store = store
        self._users = users
        self._ticking = ticking
        self._event_log = event_log
        self._clock = clock
        self._ids = ids
        self._log = log

    def reconcile(
        self, wanted: Sequence[CodeSchedule], generation: int, kept: Collection[str] = (), *, retire: bool = True
    ) -> Reconciled:
        """Create, change and retire schedules. ``kept``: tasks whose schedules stay, since their modules do not load.

        A deployment of several pools retires with the last one. Safe to repeat, and in several deployments at once: the
        newest one wins.
        """
        operator = self._users.operator()
        if operator is None or not self._store.claim_generation(generation):
            return Reconciled(outdated=operator is not None)
        done = Reconciled()
        for schedule in wanted:
            self._put(operator.tenant_id, schedule, generation, done)
        names = {schedule.name for schedule in wanted}
        for known in self._store.of_code():
            if known.spec.job.task in kept and known.name not in names and not known.retired:
                self._put(operator.tenant_id, CodeSchedule(known.name, known.spec), generation, done)
        newest = self._store.generation()
        if not retire and newest == generation:
            return done
        # what a newer deployment has not, though this one just put it, goes too
        gone = self._store.retire(newest, self._clock.now())
        done.retired += [schedule.name for schedule in gone]
        self._publish(gone)
        return done

    def _put(self, tenant_id: str, wanted: CodeSchedule, generation: int, done: Reconciled) -> None:
        for _ in range(RACES):
            known = self._store.find(tenant_id, wanted.name)
            if known is None:
                made = self._new(tenant_id, wanted, generation)
                if self._store.insert(made):
                    return self._changed(made, done)
                continue
            if known.generation is None:
                done.taken.append(wanted.name)
                self._log.error("a person has a schedule of this name", event="schedule_taken", name=wanted.name)
                return None
            if known.generation > generation:
                return None
            changed = self._with(known, wanted, generation)
            if self._store.replace(changed):
                same = known.spec == wanted.spec and not known.retired
                return None if same else self._changed(changed, done)
        self._log.error("a schedule keeps changing", event="schedule_races", name=wanted.name)
        return None

    def _new(self, tenant_id: str, wanted: CodeSchedule, generation: int) -> Schedule:
        now = self._clock.now()
        made = Schedule(self._ids.object_id(), tenant_id, tenant_id, wanted.name, wanted.spec, now, now, now)
        return with_next(replace(made, generation=generation), now)

    def _with(self, known: Schedule, wanted: CodeSchedule, generation: int) -> Schedule:
        """Return ``known`` as the code has it now. Its phase and next fire stay while its timing does."""
        now = self._clock.now()
        same = wanted.spec.timing == known.spec.timing and wanted.spec.jitter_s == known.spec.jitter_s
        changed = replace(
            known,
            spec=wanted.spec,
            anchor=known.anchor if wanted.spec.timing == known.spec.timing else now,
            generation=generation,
            retired=False,
            updated_at=now if wanted.spec != known.spec or known.retired else known.updated_at,
            rev=known.rev + 1,
        )
        return changed if same and not known.retired else with_next(changed, now)

    def _changed(self, schedule: Schedule, done: Reconciled) -> None:
        done.changed.append(schedule.name)
        self._publish([schedule])
        self._ticking.ensure(schedule.due_at)

    def _publish(self, schedules: Sequence[Schedule]) -> None:
        now = self._clock.now()
        try:
            self._event_log.publish([schedule_data.updated(schedule, now) for schedule in schedules])
        except Exception as error:
            self._log.warning("schedules were not published", event="schedule_unpublished", error=repr(error)[:500])
