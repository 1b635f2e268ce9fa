"""The catalogue of tasks (collection ``tasks``): the tasks that the deployed workers run, pool by pool."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any, Final

import orjson
from pymongo import DeleteMany, ReplaceOne, UpdateOne
from pymongo.database import Database

from chalicelib.domain.limits import Limit
from chalicelib.domain.pools import DEFAULT_POOL
from chalicelib.domain.tasks import TaskSpec
from chalicelib.domain.unique import OnConflict, Unique
from chalicelib.store.client import Document

#: The document with the digest of each pool's tasks; no task can have this name.
_DIGEST: Final = "$digest"
#: Fields that a later version may add are passed over.
_LIMIT_FIELDS: Final = frozenset(field.name for field in fields(Limit))
#: Its field for the default pool, which versions without pools know; those of others are named after the pool.
_DEFAULT: Final = "value"
#: Its field with what tasks redacted that are gone: ``[{task, paths}]``.
_FORMER: Final = "redacted"
#: Gone tasks of which that is kept, the newest.
MAX_FORMER: Final = 1_000


class TaskStore:
    """Reads and replaces the catalogue."""

    def __init__(self, db: Database[Document]) -> None:
        self._tasks = db.tasks

    def all(self) -> list[TaskSpec]:
        """Return all tasks, by name."""
        return self.read()[0]

    def read(self) -> tuple[list[TaskSpec], dict[str, tuple[str, ...]]]:
        """Return all tasks, by name, and what tasks redacted that are no longer there: their jobs may be."""
        found = list(self._tasks.find().sort("_id", 1))
        former = [each for document in found if document["_id"] == _DIGEST for each in document.get(_FORMER, ())]
        specs = [_spec(document) for document in found if document["_id"] != _DIGEST]
        return specs, {each["task"]: tuple(each["paths"]) for each in former}

    def digest(self, pool: str = DEFAULT_POOL) -> str | None:
        """Return the ``digest_of`` the tasks that were last stored for ``pool``."""
        found = self._tasks.find_one({"_id": _DIGEST}) or {}
        return found.get(_field(pool))

    def replace(
        self, specs: Iterable[TaskSpec], gone: Iterable[str], *, pool: str = DEFAULT_POOL, robbed: Iterable[str] = ()
    ) -> None:
        """Make ``specs`` the tasks of ``pool`` and delete the tasks named in ``gone``.

        Pools ``robbed`` of a task lose their digest, so that their next worker registers its tasks again. Readers may
        see a mixture for a moment.
        """
        tasks, gone = list(specs), list(gone)
        writes: list[ReplaceOne[Document] | DeleteMany | UpdateOne] = [
            ReplaceOne({"_id": task.name}, _document(task), upsert=True) for task in tasks
        ]
        writes += self._keep_redacted(gone)
        writes.append(DeleteMany({"_id": {"$in": gone}}))
        # last, so that the next worker repeats it after a crash in between
        change: dict[str, Any] = {"$set": {_field(pool): digest_of(tasks)}}
        if lost := {_field(each): "" for each in robbed}:
            change["$unset"] = lost
        writes.append(UpdateOne({"_id": _DIGEST}, change, upsert=True))
        self._tasks.bulk_write(writes, ordered=True)

    def _keep_redacted(self, gone: list[str]) -> list[UpdateOne]:
        """Return the writes that keep what tasks redact that are about to be deleted."""
        if not gone:
            return []
        found = self._tasks.find({"_id": {"$in": gone}, "redact": {"$exists": True}}, {"redact": 1})
        former = [{"task": document["_id"], "paths": document["redact"]} for document in found]
        if not former:
            return []
        push = {"$push": {_FORMER: {"$each": former, "$slice": -MAX_FORMER}}}
        return [
            UpdateOne({"_id": _DIGEST}, {"$pull": {_FORMER: {"task": {"$in": [each["task"] for each in former]}}}}),
            UpdateOne({"_id": _DIGEST}, push, upsert=True),
        ]


def digest_of(specs: Iterable[TaskSpec]) -> str:
    """Return a short text that differs when any task differs."""
    ordered = sorted((_document(spec) | {"_id": spec.name} for spec in specs), key=lambda each: str(each["_id"]))
    return hashlib.sha256(orjson.dumps(ordered, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _field(pool: str) -> str:
    return _DEFAULT if pool == DEFAULT_POOL else f"pool:{pool}"


def _document(spec: TaskSpec) -> dict[str, Any]:
    document = {
        # as text: a schema has keys such as $ref, which MongoDB treats specially
        "schema": orjson.dumps(spec.schema).decode(),
        "max_retries": spec.max_retries,
        "timeout_s": spec.timeout_s,
        "queue": spec.queue,
        "doc": spec.doc,
        "module": spec.module,
    }
    if spec.limits:
        document["limits"] = [_limit_document(limit) for limit in spec.limits]
    if spec.redact:
        document["redact"] = list(spec.redact)
    if spec.unique is not None:
        document["unique"] = _unique_document(spec.unique)
    return document if spec.pool == DEFAULT_POOL else {**document, "pool": spec.pool}


def _limit_document(limit: Limit) -> dict[str, Any]:
    return {name: value for name, value in asdict(limit).items() if value not in {None, False}}


def _spec(document: Document) -> TaskSpec:
    return TaskSpec(
        name=document["_id"],
        schema=orjson.loads(document["schema"]),
        max_retries=document["max_retries"],
        timeout_s=document["timeout_s"],
        queue=document["queue"],
        doc=document["doc"],
        module=document.get("module", ""),
        limits=tuple(_limit(each) for each in document.get("limits", ())),
        pool=document.get("pool", DEFAULT_POOL),
        unique=_unique_of(document["unique"]) if "unique" in document else None,
        redact=tuple(document.get("redact", ())),
    )


def _limit(document: Document) -> Limit:
    return Limit(**{name: value for name, value in document.items() if name in _LIMIT_FIELDS})


def _unique_document(unique: Unique) -> dict[str, Any]:
    return {**asdict(unique), "states": list(unique.states), "on_conflict": unique.on_conflict.value}


def _unique_of(found: dict[str, Any]) -> Unique:
    return Unique(**{**found, "states": tuple(found["states"]), "on_conflict": OnConflict(found["on_conflict"])})
