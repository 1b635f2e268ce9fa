"""Collection ``comments``: on jobs (``job_id``) and on groups of dead letters (``group``, until ``expires_at``).

Jobs know nothing of them, so that other jobs pay nothing: what a list shows is counted for its page.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from bson import ObjectId
from pymongo.database import Database

from chalicelib.domain.comments import KEPT, Comment, Subject
from chalicelib.store.client import Document
from chalicelib.store.owned import page_by_id

MAX_TIME_MS: Final = 3_000


class CommentStore:
    """Comments are never changed."""

    def __init__(self, db: Database[Document]) -> None:
        self._comments = db.comments
        self._jobs = db.jobs

    def get(self, comment_id: str) -> Comment | None:
        """Return a comment."""
        found = self._comments.find_one({"_id": ObjectId(comment_id)}, max_time_ms=MAX_TIME_MS)
        return None if found is None else _comment(found)

    def add(self, comment: Comment) -> bool:
        """Insert a comment; return ``False``, and leave none, if its job was deleted meanwhile.

        The deletion of a job deletes its comments last, so one of the two sees what the other wrote.
        """
        self._comments.insert_one(_document(comment))
        job_id = comment.subject.job_id
        if job_id is None or self._jobs.find_one({"_id": ObjectId(job_id)}, {"_id": 1}):
            return True
        self.remove(comment.id)
        return False

    def remove(self, comment_id: str) -> bool:
        """Delete a comment; return whether it was there."""
        return self._comments.delete_one({"_id": ObjectId(comment_id)}).deleted_count == 1

    def page(self, subject: Subject, after: str | None, limit: int, *, backwards: bool) -> list[Comment]:
        """Return up to ``limit`` comments, the newest first, after the one with an id, or before it."""
        found = page_by_id(self._comments, _about(subject), after, limit, backwards=backwards)
        return [_comment(document) for document in found]

    def count(self, subject: Subject, limit: int) -> int:
        """Return the number of comments, counted up to ``limit``."""
        return self._comments.count_documents(_about(subject), limit=limit, maxTimeMS=MAX_TIME_MS)

    def of_jobs(self, job_ids: Collection[str]) -> dict[str, int]:
        """Return how many comments each of these jobs has, of those that have any."""
        match = {"job_id": {"$in": [ObjectId(job_id) for job_id in job_ids]}}
        return {str(job_id): number for job_id, number in self._numbers(match, "$job_id")} if job_ids else {}

    def of_groups(self, tenant_id: str, groups: Collection[str]) -> dict[str, int]:
        """Return how many comments each of these groups of a tenant has, of those that have any."""
        match = {"tenant_id": ObjectId(tenant_id), "group": {"$in": list(groups)}}
        return dict(self._numbers(match, "$group")) if groups else {}

    def _numbers(self, match: Document, by: str) -> list[tuple[Any, int]]:
        counted = {"$group": {"_id": by, "number": {"$sum": 1}}}
        found = self._comments.aggregate([{"$match": match}, counted], maxTimeMS=MAX_TIME_MS)
        return [(each["_id"], each["number"]) for each in found]


def _about(subject: Subject) -> Document:
    if subject.job_id is not None:
        return {"job_id": ObjectId(subject.job_id)}
    return {"tenant_id": ObjectId(subject.tenant_id), "group": subject.group}


def _document(comment: Comment) -> Document:
    subject = comment.subject
    document: Document = {
        "_id": ObjectId(comment.id),
        "tenant_id": ObjectId(subject.tenant_id),
        "author_id": ObjectId(comment.author_id),
        "text": comment.text,
        "created_at": comment.created_at,
    }
    if subject.job_id is not None:
        document |= {"job_id": ObjectId(subject.job_id), "owner_id": ObjectId(subject.owner_id)}
    else:
        document |= {"group": subject.group, "expires_at": comment.created_at + KEPT}
    return document if comment.key is None else {**document, "key": comment.key}


def _comment(found: Mapping[str, Any]) -> Comment:
    job_id = found.get("job_id")
    return Comment(
        id=str(found["_id"]),
        subject=Subject(
            str(found["tenant_id"]), None if job_id is None else str(job_id), found.get("group"),
            str(found.get("owner_id", "")),
        ),
        author_id=str(found["author_id"]),
        text=found["text"],
        created_at=found["created_at"],
        key=found.get("key"),
    )  # fmt: skip
