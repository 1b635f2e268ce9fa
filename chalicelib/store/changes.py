"""Write many changes of jobs at once, each conditional on the ``rev`` of its record.

There are two ways. One is a bulk write with an update per job, each of which the server plans and runs. The other is
one update for a whole group: a pipeline merges into each record its entry of a list that the command carries, found
by the record's id. The second takes less than half of the server's time (``docs/decisions/040``), but the driver does
not retry it, and the list must fit into one command; so it is used for larger groups of small changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from bson import ObjectId
from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

from chalicelib.domain.jobs import TERMINAL, Job
from chalicelib.store.client import Document, duplicates, merging
from chalicelib.store.documents import changing, unset_by_move

#: Group sizes for which one update pays off. There is a maximum because the list is searched by id.
GROUP_MIN: Final = 8
GROUP_MAX: Final = 200
#: Limits of a small change: characters of a result, attempts in the history.
_SMALL_RESULT: Final = 2_048
_SMALL_HISTORY: Final = 3
#: The condition that no other job waits for the end of this one, as far as is known.
_UNMARKED: Final[Document] = {"has_dependents": {"$exists": False}}

Change = tuple[int, Job]


def write_changes(jobs: Collection[Document], changes: Sequence[Change]) -> int:
    """Write each job over the record that still has its ``rev``; return how many had. Ids must be unique.

    An end without an entry for dependents is not written over a record for whose end others wait.
    """
    groups: dict[tuple[int, bool], list[Job]] = defaultdict(list)
    single: list[Change] = []
    for rev, job in changes:
        if _is_small(job):
            groups[rev, job.status in TERMINAL].append(job)
        else:
            single.append((rev, job))
    matched = 0
    for (rev, terminal), members in groups.items():
        if len(members) < GROUP_MIN:
            single += [(rev, job) for job in members]
            continue
        for first in range(0, len(members), GROUP_MAX):
            matched += _write_group(jobs, rev, members[first : first + GROUP_MAX], terminal=terminal)
    if single:
        matched += _write_singly(jobs, single)
    return matched


def _write_singly(jobs: Collection[Document], changes: Sequence[Change]) -> int:
    """Write changes by an update each. One that takes a unique key which another job holds changes nothing."""
    try:
        return jobs.bulk_write([_update(rev, job) for rev, job in changes], ordered=False).matched_count
    except BulkWriteError as error:
        duplicates(error)
        matched: int = error.details["nMatched"]
        return matched


def _is_small(job: Job) -> bool:
    if job.unique is not None:  # it may take a key, which can fail by itself, and removes fields of its own
        return False
    if job.part is not None and not job.attempt:  # its payload may be written with the move
        return False
    if job.has_dependents:  # other jobs must not have the mark when they end
        return False
    return job.error is None and len(job.attempts) <= _SMALL_HISTORY and len(job.result or "") <= _SMALL_RESULT


def _write_group(jobs: Collection[Document], rev: int, group: Sequence[Job], *, terminal: bool) -> int:
    entries = {ObjectId(job.id): changing(job) for job in group}
    stages: list[dict[str, Any]] = [merging(entries)]
    stages.append({"$unset": "open"} if terminal else {"$set": {"open": True}})
    match = {"_id": {"$in": list(entries)}, "rev": rev} | (_UNMARKED if terminal else {})
    return jobs.update_many(match, stages).matched_count


def _update(rev: int, job: Job) -> UpdateOne:
    change: Document = {"$set": changing(job)}
    gone = unset_by_move(job)
    if job.status in TERMINAL:
        gone["open"] = ""
    else:
        change["$set"]["open"] = True
    if gone:
        change["$unset"] = gone
    unmarked = job.status in TERMINAL and not job.has_dependents
    return UpdateOne({"_id": ObjectId(job.id), "rev": rev} | (_UNMARKED if unmarked else {}), change)
