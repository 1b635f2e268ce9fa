"""Idempotency keys: one job per key, even if calls race or die.

A call claims a key by inserting its record. Other calls wait for the job of that call. A call that is refused releases
the key; if it hangs or dies, a waiting call takes the key over with the *same* job id: the first insert creates the
job, and no second one is created.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chalicelib.domain.clock import Clock, Ids
from chalicelib.errors import IdempotencyMismatch, Unavailable
from chalicelib.services.call_keys import KEY_TTL
from chalicelib.store.idempotency import KeyRecord, KeyStore

#: How long a call waits for another call's job before it takes the key over.
WAIT_S: Final = 2.0
#: No call runs this long (API Gateway ends it after 29 s): after that a key without a job is free.
ABANDONED: Final = timedelta(seconds=60)

_FIRST_PAUSE_S: Final = 0.004
_LONGEST_PAUSE_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class KeyRequest:
    """A job that a call requests with ``key``. ``digest`` identifies the body; ``job_id`` is used for a claimed key."""

    key: str
    digest: str
    job_id: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The result of a request. If ``ours``, this call must create the job with ``job_id`` or ``release`` the claim;
    ``job_id`` may be that of a call that gave up, so a duplicate on insert means that the job exists. Otherwise the job
    exists."""

    key: str
    job_id: str
    ours: bool
    holder: str = ""
    #: The job was not created with this key: it held the unique key of the job that was asked for.
    duplicate: bool = False


class Idempotency:
    """Resolves idempotency keys."""

    def __init__(self, store: KeyStore, clock: Clock, ids: Ids, pause: Callable[[float], None] = time.sleep) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._pause = pause

    def claim(self, owner_id: str, requests: Sequence[KeyRequest]) -> list[Claim]:
        """Resolve ``requests`` in order, in two round trips if no call competes; waits at most ``WAIT_S``.

        A key that occurs twice in ``requests`` with one digest gets one claim. Raises ``IdempotencyMismatch`` if a key
        belongs to another body (then nothing stays claimed), ``Unavailable`` if it cannot be resolved.
        """
        round_ = _Round(self._store, self._clock, self._ids.token(), owner_id, requests)
        deadline, pause_s = self._clock.monotonic() + WAIT_S, _FIRST_PAUSE_S
        try:
            while True:
                found = round_.look()
                if not round_.open:
                    return round_.claims()
                if self._clock.monotonic() >= deadline:
                    round_.take_over(found)
                else:
                    self._pause(pause_s)
                    pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
        except Exception:
            self.release(owner_id, round_.done.values())
            raise

    def point(self, owner_id: str, stand: Iterable[tuple[Claim, str]]) -> None:
        """Make the keys of claims that are ours identify the jobs with the given ids, which stand for theirs."""
        for claim, job_id in stand:
            self._store.point(owner_id, claim.key, claim.holder, job_id)

    def release(self, owner_id: str, claims: Iterable[Claim]) -> None:
        """Release the keys of claims that are ours and whose jobs will not be created. Keys taken over stay."""
        self._store.release(owner_id, [(claim.key, claim.holder) for claim in claims if claim.ours])


class _Round:
    """One call of ``claim``: the resolved keys and the open ones."""

    def __init__(
        self, store: KeyStore, clock: Clock, holder: str, owner_id: str, requests: Sequence[KeyRequest]
    ) -> None:
        self._store = store
        self._clock = clock
        self._holder = holder
        self._owner_id = owner_id
        self._order = [request.key for request in requests]
        self.open = _unique(requests)
        self.done: dict[str, Claim] = {}

    def claims(self) -> list[Claim]:
        """Return the claims of all requests."""
        return [self.done[key] for key in self._order]

    def look(self) -> dict[str, KeyRecord]:
        """Claim the free keys and resolve those whose job exists; return the records of the rest, by key."""
        records = [self._record(request) for request in self.open.values()]
        won = self._store.insert(self._owner_id, records) if records else set()
        for record in records:
            if record.key in won:
                self._won(record)
        return self._resolve() if self.open else {}

    def take_over(self, found: dict[str, KeyRecord]) -> None:
        """Take over the keys of calls that neither created their job nor gave up, with their job ids."""
        for key in list(self.open):
            record = found.get(key)
            if record is None or not self._store.take_over(self._owner_id, record, self._holder):
                raise Unavailable("The idempotency key is being used by another call; try again")
            self._won(record)

    def _resolve(self) -> dict[str, KeyRecord]:
        found, made = self._store.find(self._owner_id, list(self.open))
        waiting: dict[str, KeyRecord] = {}
        for record in found:
            exists = record.job_id in made
            if self._is_over(record, made=exists):
                self._replace(record)
            elif record.digest != self.open[record.key].digest:
                raise IdempotencyMismatch("This idempotency key was used with another body")
            elif exists:
                self.done[record.key] = Claim(record.key, record.job_id, ours=False, duplicate=record.duplicate)
                del self.open[record.key]
            else:
                waiting[record.key] = record
        return waiting

    def _is_over(self, record: KeyRecord, *, made: bool) -> bool:
        """Return whether no call uses a key any more."""
        now = self._clock.now()
        return record.expires_at <= now or (not made and record.at + ABANDONED <= now)

    def _replace(self, old: KeyRecord) -> None:
        """Claim a key that no call uses any more, for a new job. If another was faster, the next ``look`` finds it."""
        new = self._record(self.open[old.key])
        if self._store.replace(self._owner_id, old, new):
            self._won(new)

    def _record(self, request: KeyRequest) -> KeyRecord:
        now = self._clock.now()
        return KeyRecord(request.key, request.digest, request.job_id, self._holder, now, now + KEY_TTL)

    def _won(self, record: KeyRecord) -> None:
        self.done[record.key] = Claim(record.key, record.job_id, ours=True, holder=self._holder)
        del self.open[record.key]


def _unique(requests: Sequence[KeyRequest]) -> dict[str, KeyRequest]:
    """Return the first request of each key. Raises ``IdempotencyMismatch`` if one call has a key with two bodies."""
    first: dict[str, KeyRequest] = {}
    for request in requests:
        if first.setdefault(request.key, request).digest != request.digest:
            raise IdempotencyMismatch("This idempotency key comes twice with different bodies")
    return first
