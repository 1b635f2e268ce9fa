"""What the worker's steps need of the stores, in memory and by the same rules (``chalicelib.store``)."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from chalicelib.domain.steps import StepEvent, StepKey, StepKind, StepRecord, StepStatus
from chalicelib.store.steps import OVER

_Key = tuple[str, str, StepKey]


class MemorySteps:
    """Records of steps, as ``StepStore`` keeps them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._records: dict[_Key, StepRecord] = {}

    def write(self, records: Sequence[StepRecord]) -> list[StepRecord]:
        """Write each record unless its step has ended; return the records as they are stored then."""
        with self._lock:
            return [self._write(record) for record in records]

    def _write(self, record: StepRecord) -> StepRecord:
        key = record.job_id, record.series, record.key
        stored = self._records.get(key)
        if stored is None or _gives_way(stored, record):
            self._records[key] = record
        return self._records[key]

    def load(self, job_id: str, series: str) -> list[StepRecord]:
        """Return all records of a series, those that began first first."""
        with self._lock:
            found = [record for (of, which, _), record in self._records.items() if (of, which) == (job_id, series)]
        return sorted(found, key=lambda record: record.started_at)

    def result(self, record: StepRecord) -> str | None:
        """Return the result of a record; ``load`` leaves none out here."""
        return record.result

    def invoked(self, job_id: str, series: str) -> list[str]:
        """Return the jobs for which steps of a series still wait."""
        waits = (StepKind.INVOKE, StepStatus.WAITING)
        return [record.subject for record in self.load(job_id, series) if (record.kind, record.status) == waits]

    def of_job(self, job_id: str) -> list[StepRecord]:
        """Return all records of a job, of whatever series."""
        with self._lock:
            return [record for (of, _, _), record in self._records.items() if of == job_id]


def _gives_way(stored: StepRecord, record: StepRecord) -> bool:
    """Return whether ``record`` is written over ``stored``."""
    if record.kind is StepKind.CHECKPOINT:  # the newest one stands
        return stored.attempt <= record.attempt
    failed_before = stored.status is StepStatus.FAILED and not stored.final and stored.attempt < record.attempt
    if record.status in OVER:
        mine = (stored.status, stored.token) == (record.status, record.token)
        tried_anew = record.status is StepStatus.RETRYING and failed_before
        return mine or tried_anew or stored.status.value in OVER[record.status]
    return not stored.status.has_ended or failed_before


class MemoryEvents:
    """Events of jobs, as ``StepEventStore`` keeps them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: dict[str, StepEvent] = {}
        self._taken: dict[tuple[str, str], StepKey] = {}

    def add(self, event: StepEvent) -> bool:
        """Insert an event; return ``False`` if there is one with its id."""
        with self._lock:
            return self._events.setdefault(event.id, event) is event

    def take(self, job_id: str, name: str, series: str, key: StepKey) -> StepEvent | None:
        """Take the first event that no step of the series consumed, for the step ``key``; repeated, the same one."""
        with self._lock:
            of_job = [event for event in self._events.values() if (event.job_id, event.name) == (job_id, name)]
            for event in of_job:
                if self._taken.get((event.id, series)) == key:
                    return event
            for event in of_job:
                if (event.id, series) not in self._taken:
                    self._taken[event.id, series] = key
                    return event
        return None

    def give_back(self, event_id: str, series: str) -> None:
        """Let another step of the series take an event."""
        with self._lock:
            self._taken.pop((event_id, series), None)

    def has_fresh(self, job_id: str, name: str) -> bool:
        """Return whether an event of this name waits to be consumed."""
        with self._lock:
            taken = {event_id for event_id, _ in self._taken}
            return any(
                (event.job_id, event.name) == (job_id, name) and event.id not in taken
                for event in self._events.values()
            )
