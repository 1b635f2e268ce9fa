"""Comments on jobs, and on groups of dead letters."""

from __future__ import annotations

from collections.abc import AsyncIterator

from queuecraft_client import _body
from queuecraft_client._blocking import Blocking, blocking, blocking_iterator
from queuecraft_client._request import Request, nothing, one
from queuecraft_client._session import Session
from queuecraft_client.models import Comment
from queuecraft_client.options import Ref, id_of


class AsyncComments:
    """``client.comments``. Operators may name another ``tenant`` for a group."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def on_job(self, job: Ref, text: str) -> Comment:
        """Comment on a job."""
        return await self._add(_job(job), None, text)

    async def on_group(self, group: str, text: str, *, tenant: str | None = None) -> Comment:
        """Comment on a group of dead letters, which ``dlq.groups`` names."""
        return await self._add(_group(group), tenant, text)

    def of_job(self, job: Ref, *, limit: int | None = None) -> AsyncIterator[Comment]:
        """Iterate over the comments on a job, newest first, at most ``limit``."""
        return self._session.pages(Comment, _job(job), "comments", {}, limit)

    def of_group(self, group: str, *, tenant: str | None = None, limit: int | None = None) -> AsyncIterator[Comment]:
        """Iterate over the comments on a group of dead letters, newest first, at most ``limit``."""
        return self._session.pages(Comment, _group(group), "comments", {"tenant": tenant}, limit)

    async def delete(self, comment: Ref) -> None:
        """Delete a comment of one's own; admins delete any."""
        await self._session.send(Request("DELETE", _body.path("comments", id_of(comment)), nothing))

    async def _add(self, path: str, tenant: str | None, text: str) -> Comment:
        query = _body.query({"tenant": tenant})
        return await self._session.send(
            Request("POST", path, one(Comment, "comment"), query=query, body={"text": text})
        )


class Comments(Blocking[AsyncComments]):
    """``client.comments``. Operators may name another ``tenant`` for a group."""

    on_job = blocking(AsyncComments.on_job)
    on_group = blocking(AsyncComments.on_group)
    of_job = blocking_iterator(AsyncComments.of_job)
    of_group = blocking_iterator(AsyncComments.of_group)
    delete = blocking(AsyncComments.delete)


def _job(job: Ref) -> str:
    return _body.path("job", id_of(job), "comments")


def _group(group: str) -> str:
    return _body.path("dlq", "groups", group, "comments")
