"""Idempotency keys: which job a user's key stands for. MongoDB collection ``idempotency``.

Document: ``{_id: "<owner>|<key>", digest, job_id, holder, at, expires_at}``; a TTL index on ``expires_at``.

A key is won by inserting its document; the unique ``_id`` lets one of any number of parallel calls win. Losers wait
for the winner's job. A winner that is refused frees the key; one that hangs or dies loses it to a waiter, who goes on
under the *same* job id, so that whoever inserts the job first makes it, and nobody makes a second.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from bson import ObjectId
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from chalicelib.domain.clock import Clock, Ids
from chalicelib.errors import IdempotencyMismatch, Unavailable
from chalicelib.store.client import duplicates

#: How long a key stands for its job.
KEY_TTL: Final = timedelta(hours=24)
#: How long a call waits for another call's job before it goes on in its place.
WAIT_S: Final = 2.0
#: No call lives this long (API Gateway ends it after 29 s): a key without a job is then free for all.
ABANDONED: Final = timedelta(seconds=60)
#: Longest time of one query, in ms.
MAX_TIME_MS: Final = 2_000

_FIRST_PAUSE_S: Final = 0.004
_LONGEST_PAUSE_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class KeyRequest:
    """A job that a call wants under ``key``. ``digest`` tells bodies apart; ``job_id`` is used if the key is won."""

    key: str
    digest: str
    job_id: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What became of a request. If ``ours``, this call must create the job under ``job_id`` (which may be the id of a
    call that gave up, so a duplicate on insert means: it exists), or ``release`` the claim. Else the job exists."""

    key: str
    job_id: str
    ours: bool
    holder: str = ""


class Idempotency:
    """Keys of all users; a key belongs to one user."""

    def __init__(
        self,
        db: Database[dict[str, Any]],
        clock: Clock,
        ids: Ids,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._keys = db.idempotency
        self._jobs = db.jobs
        self._clock = clock
        self._ids = ids
        self._pause = pause

    def claim(self, owner_id: str, requests: Sequence[KeyRequest]) -> list[Claim]:
        """Resolve ``wishes`` in order, in one round trip each way if nobody competes; waits at most ``WAIT_S``.

        A key named twice in ``wishes`` with one digest yields one claim for both. Raises ``IdempotencyMismatch`` when
        a key stands for another body (then nothing stays claimed) and ``Unavailable`` when it can't be resolved.
        """
        round_ = _Round(self, owner_id, requests)
        try:
            return round_.run()
        except Exception:
            self.release(owner_id, round_.done.values())
            raise

    def release(self, owner_id: str, claims: Iterable[Claim]) -> None:
        """Free the keys of claims that are ours and whose jobs will not be made. Keys taken over stay."""
        ours = [{"_id": _id(owner_id, c.key), "holder": c.holder} for c in claims if c.ours]
        if ours:
            self._keys.delete_many({"$or": ours})


class _Round:
    """One call of ``claim``: what is resolved, what is still open."""

    def __init__(self, store: Idempotency, owner_id: str, requests: Sequence[KeyRequest]) -> None:
        self.store = store
        self.owner_id = owner_id
        self.order = [request.key for request in requests]
        self.open = _unique(requests)
        self.done: dict[str, Claim] = {}
        self.holder = store._ids.token()
        self.deadline = store._clock.monotonic() + WAIT_S

    def run(self) -> list[Claim]:
        pause_s = _FIRST_PAUSE_S
        while True:
            self._insert()
            found = self._look()
            if not self.open:
                return [self.done[key] for key in self.order]
            if self.store._clock.monotonic() >= self.deadline:
                self._take_over(found)
            else:
                self.store._pause(pause_s)
                pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

    def _document(self, request: KeyRequest) -> dict[str, Any]:
        now = self.store._clock.now()
        return {
            "digest": request.digest,
            "job_id": ObjectId(request.job_id),
            "holder": self.holder,
            "at": now,
            "expires_at": now + KEY_TTL,
        }

    def _insert(self) -> None:
        """Win the keys that nobody holds."""
        keys = list(self.open)
        if not keys:
            return
        lost: set[int] = set()
        try:
            documents = [{"_id": _id(self.owner_id, k), **self._document(self.open[k])} for k in keys]
            self.store._keys.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            lost = set(duplicates(error))
        for index, key in enumerate(keys):
            if index not in lost:
                self._won(key, self.open[key].job_id)

    def _look(self) -> dict[str, dict[str, Any]]:
        """Resolve keys whose job exists, or that nobody will use any more; answer the documents of the rest."""
        if not self.open:
            return {}
        ids = {_id(self.owner_id, key): key for key in self.open}
        documents = list(self.store._keys.find({"_id": {"$in": list(ids)}}).max_time_ms(MAX_TIME_MS))
        made = self._made([document["job_id"] for document in documents])
        waiting: dict[str, dict[str, Any]] = {}
        for document in documents:
            key = ids[document["_id"]]
            if self._over(document, made):
                self._replace(key, document)
            elif document["digest"] != self.open[key].digest:
                raise IdempotencyMismatch("This idempotency key was used with another body")
            elif document["job_id"] in made:
                self.done[key] = Claim(key, str(document["job_id"]), ours=False)
                del self.open[key]
            else:
                waiting[key] = document
        return waiting

    def _made(self, job_ids: list[ObjectId]) -> set[ObjectId]:
        query = {"_id": {"$in": job_ids}, "owner_id": ObjectId(self.owner_id)}
        return {job["_id"] for job in self.store._jobs.find(query, {"_id": 1}).max_time_ms(MAX_TIME_MS)}

    def _over(self, document: dict[str, Any], made: set[ObjectId]) -> bool:
        now = self.store._clock.now()
        abandoned = document["job_id"] not in made and document["at"] + ABANDONED <= now
        return abandoned or bool(document["expires_at"] <= now)

    def _replace(self, key: str, document: dict[str, Any]) -> None:
        """Take a key that nobody uses any more, for a new job. If another call was faster, the next look tells."""
        match = {"_id": document["_id"], "holder": document["holder"], "at": document["at"]}
        request = self.open[key]
        if self.store._keys.update_one(match, {"$set": self._document(request)}).modified_count:
            self._won(key, request.job_id)

    def _take_over(self, found: dict[str, dict[str, Any]]) -> None:
        """Go on in the place of calls that neither made their job nor gave up, under their job's id."""
        for key in list(self.open):
            document = found.get(key)
            if document is None:
                raise Unavailable("The idempotency key is being used by another call; try again")
            match = {"_id": document["_id"], "holder": document["holder"]}
            if not self.store._keys.update_one(match, {"$set": {"holder": self.holder}}).modified_count:
                raise Unavailable("The idempotency key is being used by another call; try again")
            self._won(key, str(document["job_id"]))

    def _won(self, key: str, job_id: str) -> None:
        self.done[key] = Claim(key, job_id, ours=True, holder=self.holder)
        del self.open[key]


def _unique(requests: Sequence[KeyRequest]) -> dict[str, KeyRequest]:
    """The first request of each key; raises ``IdempotencyMismatch`` if one call gives a key two bodies."""
    first: dict[str, KeyRequest] = {}
    for request in requests:
        if first.setdefault(request.key, request).digest != request.digest:
            raise IdempotencyMismatch("This idempotency key comes twice with different bodies")
    return first


def _id(owner_id: str, key: str) -> str:
    return f"{owner_id}|{key}"
