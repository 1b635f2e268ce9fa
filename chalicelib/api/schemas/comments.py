"""Models of the routes of comments."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from chalicelib.api.call import Input, Output
from chalicelib.api.schemas.fields import Id
from chalicelib.api.schemas.job_lists import DEFAULT_PAGE, MAX_PAGE
from chalicelib.domain.comments import MAX_TEXT_CHARS, Comment, comment_text
from chalicelib.domain.jobs import iso


class AddComment(Input):
    """A comment: plain text."""

    text: Annotated[
        str,
        Field(min_length=1, max_length=MAX_TEXT_CHARS, examples=["The bank is down; redrive at noon."]),
        AfterValidator(comment_text),
    ]


class OfTenant(Input):
    """Whose groups; only an operator may name another tenant."""

    tenant: Id | None = None


class ListComments(Input):
    """Which comments, from which position."""

    cursor: str | None = Field(None, max_length=64, description="`nextCursor` or `prevCursor` of a page.")
    limit: int = Field(DEFAULT_PAGE, ge=1, le=MAX_PAGE)


class ListGroupComments(OfTenant, ListComments):
    """Which comments on a group, from which position."""


class CommentOut(Output):
    """A comment on the job ``jobId`` or the ``group``. ``ownerId`` is who wrote it, ``key`` the name of the API key by
    which a service did.
    """

    id: str = Field(alias="_id")
    tenant_id: str = Field(alias="tenantId")
    job_id: str | None = Field(alias="jobId")
    group: str | None
    owner_id: str = Field(alias="ownerId")
    key: str | None
    text: str
    con: str


class CommentAnswer(Output):
    """A comment."""

    success: Literal[True] = True
    comment: CommentOut


class CommentsAnswer(Output):
    """Comments, newest first. ``owners`` maps ids to names of the authors; removed ones are missing."""

    success: Literal[True] = True
    comments: list[CommentOut]
    owners: dict[str, str]
    next_cursor: str | None = Field(alias="nextCursor")
    prev_cursor: str | None = Field(alias="prevCursor")


def comment_data(comment: Comment) -> dict[str, Any]:
    """Return a comment as clients see it."""
    return {
        "_id": comment.id,
        "tenantId": comment.subject.tenant_id,
        "jobId": comment.subject.job_id,
        "group": comment.subject.group,
        "ownerId": comment.author_id,
        "key": comment.key,
        "text": comment.text,
        "con": iso(comment.created_at),
    }
