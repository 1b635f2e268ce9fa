"""Comments on jobs and on groups of dead letters."""

from __future__ import annotations

from typing import Any

from chalicelib.api import auditing, cursor
from chalicelib.api.auditing import Audited
from chalicelib.api.call import Call, Nothing
from chalicelib.api.routing import Routes
from chalicelib.api.schemas.accounts import Done
from chalicelib.api.schemas.comments import (
    AddComment,
    CommentAnswer,
    CommentsAnswer,
    ListComments,
    ListGroupComments,
    OfTenant,
    comment_data,
)
from chalicelib.domain.comments import Comment, Subject
from chalicelib.domain.filters import Place, Start
from chalicelib.domain.principals import KeyScope, Permission

routes = Routes(__name__, tag="Comments")
_ADD = Audited("comment.create", summary=auditing.of_comment)


@routes.get("/job/{id}/comments", query=ListComments, answer=CommentsAnswer, errors={404}, scope=KeyScope.JOBS_READ)
def list_job_comments(call: Call[Nothing, ListComments]) -> dict[str, Any]:
    """List the comments on a job, newest first. They are deleted with the job."""
    return _page(call, call.container.comments.job(call.principal, call.id), call.query)


@routes.post(
    "/job/{id}/comments",
    body=AddComment,
    answer=CommentAnswer,
    status=201,
    errors={429},
    needs=Permission.WRITE_OWN,
    scope=KeyScope.JOBS_WRITE,
    audit=_ADD,
)
def comment_on_job(call: Call[AddComment]) -> dict[str, Any]:
    """Comment on a job that the caller can read. A job has at most 200 comments."""
    return _add(call, call.container.comments.job(call.principal, call.id))


@routes.get(
    "/dlq/groups/{name}/comments",
    query=ListGroupComments,
    answer=CommentsAnswer,
    errors={404},
    scope=KeyScope.JOBS_READ,
)
def list_group_comments(call: Call[Nothing, ListGroupComments]) -> dict[str, Any]:
    """List the comments on a group of dead letters of a tenant, newest first.

    For those who see a job of the group in the DLQ. A comment on a group is kept for a year, so it is there when the
    error comes back.
    """
    subject = call.container.comments.group(call.principal, call.params["name"], call.query.tenant)
    return _page(call, subject, call.query)


@routes.post(
    "/dlq/groups/{name}/comments",
    body=AddComment,
    query=OfTenant,
    answer=CommentAnswer,
    status=201,
    errors={404, 429},
    needs=Permission.WRITE_OWN,
    scope=KeyScope.JOBS_WRITE,
    audit=_ADD,
)
def comment_on_group(call: Call[AddComment, OfTenant]) -> dict[str, Any]:
    """Comment on a group of dead letters of which the caller sees a job. A group has at most 200 comments."""
    return _add(call, call.container.comments.group(call.principal, call.params["name"], call.query.tenant))


@routes.delete(
    "/comments/{id}",
    answer=Done,
    needs=Permission.WRITE_OWN,
    scope=KeyScope.JOBS_WRITE,
    audit=Audited("comment.delete", auditing.comment),
)
def delete_comment(call: Call) -> Done:
    """Delete a comment of one's own; admins delete any of their tenant."""
    call.container.comments.delete(call.principal, call.id)
    return Done(message="Comment deleted")


def _add(call: Call[AddComment, Any], subject: Subject) -> dict[str, Any]:
    comment = call.container.comments.add(call.principal, subject, call.body.text)
    return {"success": True, "comment": comment_data(comment)}


def _page(call: Call[Any, Any], subject: Subject, asked: ListComments) -> dict[str, Any]:
    start = cursor.decode(asked.cursor, asked)
    after, backwards = (start.place.job_id, start.backwards) if start else (None, False)
    page = call.container.comments.page(subject, after, asked.limit, backwards=backwards)
    first, last = page.items[:1], page.items[-1:]
    return {
        "success": True,
        "comments": [comment_data(each) for each in page.items],
        "owners": call.container.user_store.names({each.author_id for each in page.items}),
        "nextCursor": _cursor(last, asked) if page.after else None,
        "prevCursor": _cursor(first, asked, backwards=True) if page.before else None,
    }


def _cursor(at: list[Comment], asked: ListComments, *, backwards: bool = False) -> str | None:
    return cursor.encode(Start(Place(at[0].id), backwards), asked) if at else None
