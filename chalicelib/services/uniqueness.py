"""Submissions of unique jobs: the database decides who holds a key, and the others do what their rule says.

A *contest* takes the jobs of one call through rounds: look who holds the keys, insert what is free, write over jobs
that wait, and look again where another call was faster. Nothing is locked. A process may die at any point: what is
inserted runs, what is written over a job is in its record, and the rest was not accepted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.conflicts import Conflict as Judged
from chalicelib.domain.conflicts import Verdict, behind, judge, lost_key, pushed_back, replaced
from chalicelib.domain.events import deduplicated
from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.domain.principals import Principal
from chalicelib.domain.unique import OnConflict, UniqueRule
from chalicelib.errors import Conflict, Forbidden, NotUnique
from chalicelib.queue.intents import permit_text
from chalicelib.services.submitter import Submitted

if TYPE_CHECKING:
    from chalicelib.queue.due_times import DueTimes
    from chalicelib.queue.engine import Engine
    from chalicelib.queue.events import EventLog
    from chalicelib.queue.limits import CreationLimits
    from chalicelib.services.projection import Projection
    from chalicelib.services.submitter import Submitter
    from chalicelib.services.successors import Successors
    from chalicelib.store.jobs import JobStore
    from chalicelib.store.uniqueness import UniqueStore

#: How long a call waits for a worker to start the job that it wants to push back; then it writes over it all the same.
START_S: Final = 1.0
#: How long a call tries in all.
GIVE_UP_S: Final = 5.0
_PAUSE_S: Final = 0.02

#: Applies the limits on creating jobs: to those that are to be created, and to others that only count as attempts.
Admit = Callable[[Sequence[Job], Sequence[Job]], None]


class Uniqueness:
    """Decides on unique jobs."""

    def __init__(
        self,
        *,
        store: UniqueStore,
        jobs: JobStore,
        engine: Engine,
        due_times: DueTimes,
        limits: CreationLimits,
        submitter: Submitter,
        successors: Successors,
        projection: Projection,
        event_log: EventLog,
        clock: Clock,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.store = store
        self.jobs = jobs
        self.due_times = due_times
        self.submitter = submitter
        self.successors = successors
        self.clock = clock
        self.pause = pause
        self._engine = engine
        self._limits = limits
        self._projection = projection
        self._event_log = event_log

    def contest(self, principal: Principal, jobs: Sequence[Job], order: Sequence[str], admit: Admit) -> Contest:
        """Look who holds the keys of new ``jobs``, and apply the limits; ``Contest.settle`` does the rest.

        ``order`` has the ids of all jobs of the call. Each job counts as an attempt, whatever becomes of it. Raises
        ``NotUnique``, ``Forbidden``, and what ``admit`` raises; then nothing is written.
        """
        contest = Contest(self, principal, jobs, order)
        first, refusal = contest.look()
        fresh = [] if refusal else list(first.fresh.values())
        admit(fresh, [job for job in jobs if refusal or job.id not in first.fresh])
        if refusal is not None:
            self.give_back(jobs, keep_places=order)
            raise refusal
        return contest

    def taken(self, jobs: Iterable[Job]) -> dict[str, NotUnique]:
        """Return why jobs of the DLQ cannot be redriven: other jobs hold their keys. By the ids of those jobs."""
        rules = {job.id: job.unique for job in jobs if job.unique is not None}
        held = self.holders(rules.values()) if rules else {}
        return {
            job_id: NotUnique("Another job holds the unique key of this one")
            for job_id, rule in rules.items()
            if rule.slot in held and held[rule.slot].id != job_id
        }

    def holders(self, rules: Iterable[UniqueRule]) -> dict[str, Job]:
        """Return who holds the keys of ``rules``, by key. Keys that processes of older versions left are freed."""
        held = self.store.holders({key for rule in rules for key in (rule.slot, rule.next_slot)})
        for job in held.values():
            if lost_key(job):
                self.store.free(job)
        return {key: job for key, job in held.items() if not lost_key(job)}

    def give_back(self, jobs: Sequence[Job], keep_places: Collection[str] = ()) -> None:
        """Remove the permits of jobs that are not created, and their active places except those in ``keep_places``."""
        if jobs:
            self._projection.follow(lambda: self._engine.clear_intents([permit_text(job) for job in jobs]))
            ids = [job.id for job in jobs if job.id not in keep_places]
            self._projection.follow(lambda: self._limits.give_back(jobs[0].owner_id, ids))

    def publish(self, counts: Sequence[tuple[Job, str, int]]) -> None:
        """Publish ``job:deduplicated`` for each (job that stands, what was done with it, number of submissions)."""
        now = self.clock.now()
        events = [deduplicated(job, action, count, now) for job, action, count in counts]
        moved = [job for job, action, _ in counts if action == _PUSHED_BACK]
        if moved:
            self._projection.follow(lambda: self.due_times.postpone(moved))
        if events:
            self._projection.follow(lambda: self._event_log.publish(events))


@dataclass(slots=True)
class _Round:
    """What one look found: jobs to insert by id, and the others with what to do about them, in their order."""

    fresh: dict[str, Job] = field(default_factory=dict)
    others: list[tuple[Job, Judged]] = field(default_factory=list)


class Contest:
    """The jobs of one call. Call ``look``, then ``settle``."""

    def __init__(self, parts: Uniqueness, principal: Principal, jobs: Sequence[Job], order: Sequence[str]) -> None:
        self._parts = parts
        self._principal = principal
        self._jobs = jobs
        self._order = order
        self._left = list(jobs)
        self._first: _Round | None = None
        self._began = parts.clock.monotonic()
        self._rounds = 0
        self._done: dict[str, Submitted] = {}
        self._written = False
        #: The jobs that stand, as they are now, with what was done last and how often.
        self._stand: dict[str, tuple[Job, str, int]] = {}
        # what is refused must not be found after others were inserted
        self._together = len(jobs) > 1 and any(
            job.unique is not None and job.unique.on_conflict is OnConflict.REJECT for job in jobs
        )

    def look(self) -> tuple[_Round, NotUnique | Forbidden | None]:
        """Look who holds the keys; return what to do, and why the call is refused, if it is."""
        self._first = found = self._look()
        refusals = (self._refusal(job, judged, found) for job, judged in found.others)
        return found, next((refusal for refusal in refusals if refusal is not None), None)

    def settle(self, keep_places: Collection[str] = ()) -> dict[str, Submitted]:
        """Create the jobs or find those that stand for them; return the results by the ids of ``jobs``.

        Raises ``NotUnique`` and ``Forbidden`` only if nothing was written, ``Conflict`` if the jobs keep changing.
        """
        try:
            self._go_on()
        except (Conflict, Forbidden):
            self._parts.give_back([job for job in self._jobs if job.id not in self._done], keep_places)
            raise
        finally:
            stood_for = [job for job in self._jobs if job.id in self._done and self._done[job.id].duplicate]
            self._parts.give_back(stood_for, keep_places)
            self._parts.publish(list(self._stand.values()))
        return self._done

    def _go_on(self) -> None:
        while self._left:
            found = self._first or self._look()
            self._first = None
            self._refuse(found)
            self._insert(found)
            self._settle_others(found)
            self._left = [job for job in self._left if job.id not in self._done]
            if self._left:
                self._wait()

    def _look(self) -> _Round:
        rules = [job.unique for job in self._left if job.unique is not None]
        held = self._parts.holders(rules)
        pending = [job.id for job in held.values() if job.status is JobStatus.PENDING]
        leased = self._parts.due_times.leased(pending) if pending else set()
        found = _Round()
        for job in self._left:
            if job.unique is None:
                found.fresh[job.id] = job
                continue
            holder, successor = held.get(job.unique.slot), held.get(job.unique.next_slot)
            if existing := next((each for each in (holder, successor) if each and each.id == job.id), None):
                self._done[job.id] = Submitted(existing, created=False)
                continue
            is_leased = holder is not None and holder.id in leased
            self._plan(job, job.unique, judge(job.unique, holder, successor, leased=is_leased), found, held)
        return found

    def _plan(self, job: Job, rule: UniqueRule, judged: Judged, found: _Round, held: dict[str, Job]) -> None:
        """Add ``job`` to the round. Later jobs of the call meet it as if it were inserted."""
        stands = judged.stands
        if judged.verdict is Verdict.CREATE:
            held[rule.slot] = found.fresh[job.id] = job
        elif judged.verdict is Verdict.RUN_AFTER and stands is not None:
            held[rule.next_slot] = found.fresh[job.id] = behind(job, stands)
        else:
            found.others.append((job, judged))
            if stands is not None and stands.id in found.fresh and judged.verdict in _REWRITES:
                new = self._rewritten(judged.verdict, stands, job).with_(rev=stands.rev)
                held[new.unique_key] = found.fresh[new.id] = new

    def _refusal(self, job: Job, judged: Judged, found: _Round) -> NotUnique | Forbidden | None:
        """Return why ``job`` is refused, ``None`` if it is not."""
        stands, who = judged.stands, self._principal
        if stands is None:
            return None
        at = f"jobs.{self._order.index(job.id)}.unique" if len(self._order) > 1 else "unique"
        scope = who.scope_of(stands.tenant_id, stands.owner_id)
        if not who.may_read(scope):
            return NotUnique("A job of another member holds this unique key", field=at)
        if judged.verdict in _REWRITES and not who.may_write(scope):
            return Forbidden("Your role may not change the job that holds this unique key")
        if judged.verdict not in {Verdict.REJECT, Verdict.REJECT_REPLACEMENT}:
            return None
        if stands.id in found.fresh:
            return NotUnique("Another job of this call has this unique key", field=at)
        state = "about to start" if stands.status is JobStatus.PENDING else stands.status.value
        why = f", and is {state}" if judged.verdict is Verdict.REJECT_REPLACEMENT else ""
        return NotUnique(f"Job {stands.id} holds this unique key{why}", stands.id, at)

    def _refuse(self, found: _Round) -> None:
        """Raise the refusal of a job. Once something is written, what cannot be replaced any more is kept."""
        for n, (job, judged) in enumerate(found.others):
            refusal = self._refusal(job, judged, found)
            if refusal is not None and not self._written:
                raise refusal
            if refusal is not None:
                found.others[n] = job, judged._replace(verdict=Verdict.KEEP)

    def _insert(self, found: _Round) -> None:
        fresh = list(found.fresh.values())
        if not fresh:
            return
        recorded = self._parts.submitter.insert(fresh, together=self._together)
        lost = [job.id for job in fresh if job.id not in recorded]
        existing = {job.id: job for job in self._parts.jobs.get_many(lost)[0]} if lost else {}
        self._parts.submitter.requeue([job for job in existing.values() if job.status.is_open])
        for job in fresh:
            if job.id in existing:
                self._done[job.id] = Submitted(existing[job.id], created=False)
            elif job.id in recorded:
                self._done[job.id] = Submitted(recorded[job.id], created=True)
                self._written = True
        # the job before it may have ended since
        self._release(job for job in fresh if job.id not in lost)

    def _settle_others(self, found: _Round) -> None:
        for job, judged in found.others:
            if judged.stands is None:
                continue
            if judged.stands.id in found.fresh:
                if mine := self._done.get(judged.stands.id):
                    self._stands(job, mine.job, _KEPT)
                continue
            stands = self._stand.get(judged.stands.id, (judged.stands,))[0]
            if judged.verdict is Verdict.KEEP:
                self._stands(job, stands, _KEPT)
            elif judged.verdict is not Verdict.LOOK_AGAIN or self._tried_for(START_S):
                self._rewrite(judged.verdict, stands, job)

    def _rewrite(self, verdict: Verdict, stands: Job, job: Job) -> None:
        new = self._rewritten(verdict, stands, job)
        if self._parts.store.rewrite(stands, new):
            self._written = True
            self._stands(job, new, _PUSHED_BACK if verdict is Verdict.PUSH_BACK else _REPLACED)
            self._release([new])

    def _rewritten(self, verdict: Verdict, stands: Job, job: Job) -> Job:
        now = self._parts.clock.now()
        return (pushed_back if verdict is Verdict.PUSH_BACK else replaced)(stands, job, now)

    def _release(self, jobs: Iterable[Job]) -> None:
        """Look whether successors among ``jobs`` may run by now."""
        rules = [job.unique for job in jobs if job.unique is not None and job.runs_after is not None]
        if rules:
            self._parts.successors.release(rules)

    def _stands(self, job: Job, stands: Job, action: str) -> None:
        """Note that ``stands`` stands for ``job``."""
        count = self._stand[stands.id][2] if stands.id in self._stand else 0
        self._stand[stands.id] = stands, action, count + 1
        self._done[job.id] = Submitted(stands, created=False, duplicate=True)

    def _tried_for(self, seconds: float) -> bool:
        """Return whether the call went on for this long, or looked as often as it does in that time."""
        return self._parts.clock.monotonic() - self._began > seconds or self._rounds * _PAUSE_S > seconds

    def _wait(self) -> None:
        if self._tried_for(GIVE_UP_S):
            raise Conflict("The job with this unique key keeps changing; try again")
        self._rounds += 1
        self._parts.pause(_PAUSE_S)


_REWRITES: Final = frozenset({Verdict.REPLACE, Verdict.PUSH_BACK, Verdict.LOOK_AGAIN})
_KEPT: Final = "kept"
_REPLACED: Final = "replaced"
_PUSHED_BACK: Final = "pushed_back"
