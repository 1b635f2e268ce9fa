"""The records of a job's steps as one attempt uses them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from chalicelib.domain.jobs import AttemptRecord, Job, Outcome
from chalicelib.domain.steps import COPIED, MAX_STEPS, StepKey, StepKind, StepRecord, StepStatus
from worker_fn.steps.options import NonDeterministic, TooManySteps

#: Names listed in a warning.
_NAMED: Final = 20


class Memo:
    """Which steps were recorded before, and which of them this attempt has reached. For any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: Counter[str] = Counter()
        #: Records that were not reached yet.
        self._known: dict[StepKey, StepRecord] = {}
        self._reached = 0
        #: When the first step began, ``None`` if none has.
        self.began_at: datetime | None = None
        #: The versions of the task that recorded steps.
        self.versions: frozenset[int] = frozenset()
        self.is_loaded = False

    def next_key(self, name: str) -> StepKey:
        """Return the key of the next step of this name. Raises ``TooManySteps``."""
        with self._lock:
            self._seen[name] += 1
            self._reached += 1
            if self._reached > MAX_STEPS:
                raise TooManySteps(f"a job takes at most {MAX_STEPS} steps")
            return StepKey(name, self._seen[name])

    def fill(self, records: Iterable[StepRecord], job: Job) -> None:
        """Take what earlier attempts of ``job`` recorded."""
        last = job.attempts[-1] if job.attempts else None
        known = {record.key: _as_left(record, last) for record in records}
        own = [record for record in known.values() if record.version != COPIED]
        with self._lock:
            self._known = known
            self.began_at = min((record.started_at for record in own), default=None)
            self.versions = frozenset(record.version for record in known.values())
            self.is_loaded = True

    def reach(self, key: StepKey, kind: StepKind) -> StepRecord | None:
        """Return what is known of a step that the task has come to. Raises ``NonDeterministic``."""
        with self._lock:
            known = self._known.pop(key, None)
        if known is not None and known.kind is not kind:
            raise NonDeterministic(
                f"step {key.name!r} ({key.n}) was recorded as {known.kind}, and the code has a {kind} of this name"
            )
        return known

    def note(self, record: StepRecord) -> None:
        """Note that this attempt wrote ``record``."""
        if self.began_at is None:
            self.began_at = record.started_at

    @property
    def is_replaying(self) -> bool:
        """Whether steps were recorded that this attempt has not reached yet."""
        return bool(self._known)

    def passed_by(self) -> str:
        """Return the names of steps that ended before and were not reached, as text; empty if there are none."""
        with self._lock:
            gone = [key for key, record in self._known.items() if record.status.has_ended and _is_named(record)]
        named = sorted(f"{key.name!r}" + (f" ({key.n})" if key.n > 1 else "") for key in gone)
        more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
        return ", ".join(named[:_NAMED]) + more


def _is_named(record: StepRecord) -> bool:
    return record.kind is not StepKind.CHECKPOINT


def _as_left(record: StepRecord, last: AttemptRecord | None) -> StepRecord:
    """Return a record as the next attempt takes it: the failure that ended the attempt before is no memo."""
    if record.status is not StepStatus.FAILED or record.final or last is None or last.outcome is not Outcome.FAILED:
        return record
    caused = record.attempt == last.number and record.error is not None and last.error is not None
    if caused and (record.error.type, record.error.message) == (last.error.type, last.error.message):  # type: ignore[union-attr]
        return record.with_(status=StepStatus.RETRYING, attempts=0, until=None)
    return record
