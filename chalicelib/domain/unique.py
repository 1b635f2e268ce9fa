"""Unique jobs: what a submission asks for, and what its record keeps. Pure.

A job *holds* its unique key from its submission until it first enters a state that is not among its ``states``. The
database lets only one record hold a key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from chalicelib.errors import InvalidInput

MAX_KEY_CHARS: Final = 200
#: Visible in one line: control characters separate the parts of a stored key.
KEY_PATTERN: Final = r"^[^\x00-\x1f\x7f-\x9f]+$"
MAX_PERIOD_S: Final = 366 * 24 * 3600
MAX_WAIT_S: Final = 366 * 24 * 3600
#: Names of ``JobStatus``; plain text, because ``jobs`` imports this module.
WAITING: Final = ("scheduled", "pending")
OPEN: Final = (*WAITING, "running", "retrying")
ENDED: Final = ("completed", "dlq", "cancelled")
_STATES: Final = (*OPEN, *ENDED)
_NEXT: Final = "\nnext"


class OnConflict(StrEnum):
    """What a submission does when another job holds its unique key."""

    #: Nothing; the answer is the job that holds it.
    KEEP = "keep"
    #: It is refused.
    REJECT = "reject"
    #: It replaces the payload and options of a job that waits.
    REPLACE = "replace"
    #: As ``REPLACE``, and it postpones the job (debounce).
    PUSH_BACK = "push_back"
    #: It waits until the running job has ended.
    RUN_AFTER = "run_after"


@dataclass(frozen=True, slots=True)
class Unique:
    """Makes a job unique: at most one job of its tenant, task, key and period is in one of ``states``.

    An empty ``key`` means the digest of the payload. Empty ``states`` are all open ones, for ``push_back`` the waiting
    ones. Periods are counted from 1970 (UTC), by the time of submission. ``max_wait_s`` limits how long a job is pushed
    back, from its submission.
    """

    key: str = ""
    states: tuple[str, ...] = ()
    period_s: int | None = None
    on_conflict: OnConflict = OnConflict.KEEP
    max_wait_s: float | None = None

    @property
    def held_in(self) -> tuple[str, ...]:
        """The states, with the default."""
        return self.states or (WAITING if self.on_conflict is OnConflict.PUSH_BACK else OPEN)

    def check(self, at: str = "unique.") -> None:
        """Raise ``InvalidInput`` for options that do not fit; ``at`` is the prefix of its field."""
        if len(self.key) > MAX_KEY_CHARS or (self.key and not re.fullmatch(KEY_PATTERN, self.key)):
            raise InvalidInput(f"A key has up to {MAX_KEY_CHARS} characters and no control characters", f"{at}key")
        if self.period_s is not None and not 1 <= self.period_s <= MAX_PERIOD_S:
            raise InvalidInput(f"A period has 1 to {MAX_PERIOD_S} seconds", f"{at}periodS")
        if self.max_wait_s is not None and not 0 < self.max_wait_s <= MAX_WAIT_S:
            raise InvalidInput(f"maxWaitS is above 0, and at most {MAX_WAIT_S}", f"{at}maxWaitS")
        self._check_states(at)
        if self.max_wait_s is not None and self.on_conflict is not OnConflict.PUSH_BACK:
            raise InvalidInput("maxWaitS limits push_back; it needs onConflict: push_back", f"{at}maxWaitS")

    def _check_states(self, at: str) -> None:
        states = set(self.held_in)
        if unknown := states - set(_STATES):
            raise InvalidInput(f"There is no state {min(unknown)!r}", f"{at}states")
        if not states.issuperset(WAITING):
            raise InvalidInput("The states must include scheduled and pending, in which a job begins", f"{at}states")
        if not states.isdisjoint(ENDED) and self.period_s is None:
            raise InvalidInput("Ended states need periodS: otherwise the key would never be free again", f"{at}states")
        if self.on_conflict is OnConflict.RUN_AFTER and states != set(OPEN):
            raise InvalidInput("With run_after a job is unique in all open states and no other", f"{at}states")

    def rule(self, tenant_id: str, task: str, payload_digest: str, now: datetime) -> UniqueRule:
        """Return what the record of a job keeps."""
        period = "" if self.period_s is None else f"{self.period_s}:{int(now.timestamp() // self.period_s)}"
        kind = "key" if self.key else "payload"
        key = self.key or payload_digest
        slot = "\n".join((tenant_id, task, period, kind, key))
        return UniqueRule(key, slot, self.held_in, self.on_conflict, self.period_s, self.max_wait_s)


class UniqueRule(NamedTuple):
    """How a recorded job is unique. ``slot`` is the unique key as it is indexed, for the job's tenant, task and period.

    A job that waits for the end of another one holds ``next_slot``, and takes ``slot`` when that is free.
    """

    key: str
    slot: str
    states: tuple[str, ...]
    on_conflict: OnConflict
    period_s: int | None = None
    max_wait_s: float | None = None

    @property
    def next_slot(self) -> str:
        """The key that a job holds while it waits for the end of another one."""
        return self.slot + _NEXT

    def holds(self, state: str) -> bool:
        """Return whether a job in ``state`` holds its key. A waiting job counts as running: it has begun."""
        return ("running" if state == "waiting" else state) in self.states

    @property
    def again(self) -> Unique:
        """How a replay of the job is unique: in the same way, but it is refused while another job holds the key."""
        of_payload = self.slot.rsplit("\n", 2)[-2] == "payload"
        return Unique("" if of_payload else self.key, self.states, self.period_s, OnConflict.REJECT)

    @property
    def outlives_end(self) -> bool:
        """Whether the key is held after the job has ended."""
        return not set(self.states).isdisjoint(ENDED)
