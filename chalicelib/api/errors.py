"""The mapping from errors to HTTP answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from chalicelib import errors as e

#: Most specific class first; the first match is used.
STATUS: Final[tuple[tuple[type[e.QueueCraftError], int], ...]] = (
    (e.InvalidInput, 400),
    (e.Unauthenticated, 401),
    (e.Forbidden, 403),
    (e.NotFound, 404),
    (e.Conflict, 409),
    (e.TooLarge, 413),
    (e.LimitExceeded, 429),
    (e.Unavailable, 503),
    (e.MisconfiguredError, 500),
    (e.QueueCraftError, 500),
)
#: Seconds after which to retry ``Unavailable``.
UNAVAILABLE_RETRY_S: Final = 2

Body = dict[str, Any]


def status_of(error: e.QueueCraftError) -> int:
    """Return the HTTP status of an error."""
    return next(status for kind, status in STATUS if isinstance(error, kind))


def present(error: e.QueueCraftError, trace_id: str) -> tuple[int, Body, dict[str, str]]:
    """Return status, body and headers of an error.

    The body is ``{success: false, error, code, traceId, field?, errors?, jobId?, scope?, retryAfter?}``, except for the
    five answers whose bodies the original's clients know (``_KNOWN``).
    """
    status = status_of(error)
    if status == 500:
        error = e.QueueCraftError("Internal error")
    make = next((body for kind, body in _KNOWN if isinstance(error, kind)), _plain)
    return status, make(error, trace_id), _headers(error)


def wrap_dependency_error(error: Exception) -> e.QueueCraftError | None:
    """Return ``Unavailable`` for an error of the MongoDB or Redis client that is temporary, otherwise ``None``."""
    module = type(error).__module__.partition(".")[0]
    if module == "redis":
        from chalicelib.queue import client as queue  # noqa: PLC0415 - loaded by then

        if queue.is_unavailable(error):
            return e.Unavailable("The queue is not available; try again")
    if module == "pymongo":
        from chalicelib.store import client as store  # noqa: PLC0415 - loaded by then

        if store.is_unavailable(error):
            return e.Unavailable("The database is not available; try again")
    return None


def _plain(error: e.QueueCraftError, trace_id: str) -> Body:
    body: Body = {"success": False, "error": error.message, "code": error.code, "traceId": trace_id}
    if isinstance(error, e.InvalidInput):
        if error.field is not None:
            body["field"] = error.field
        if isinstance(error, InvalidFields):
            body["errors"] = error.errors
    if isinstance(error, e.NotUnique):
        body |= {name: value for name, value in (("jobId", error.job_id), ("field", error.field)) if value}
    if isinstance(error, e.MissingScope):
        body["scope"] = error.scope
    if isinstance(error, e.LimitExceeded) and error.retry_after_s is not None:
        body["retryAfter"] = error.retry_after_s
    return body


def _rate_limited(error: e.QueueCraftError, trace_id: str) -> Body:
    retry_after_s = error.retry_after_s if isinstance(error, e.RateLimited) else None
    return {
        "success": False,
        "error": "Rate limit exceeded",
        "message": error.message,
        "retryAfter": retry_after_s,
    }


def _too_many_active(error: e.QueueCraftError, trace_id: str) -> Body:
    return {"success": False, "error": error.message, "traceId": trace_id}


def _invalid_token(error: e.QueueCraftError, trace_id: str) -> Body:
    return _plain(error, trace_id) | {"error": "Invalid token", "message": error.message}


def _denied(error: e.QueueCraftError, trace_id: str) -> Body:
    return _plain(error, trace_id) | {"message": "Authorisation Denied", "error": "Authorisation Denied"}


_KNOWN: Final[tuple[tuple[type[e.QueueCraftError], Callable[[e.QueueCraftError, str], Body]], ...]] = (
    (e.RateLimited, _rate_limited),
    (e.TooManyActiveJobs, _too_many_active),
    (e.WrongCredentials, _plain),
    (e.InvalidToken, _invalid_token),
    (e.Unauthenticated, _denied),
)


def _headers(error: e.QueueCraftError) -> dict[str, str]:
    if isinstance(error, e.LimitExceeded) and error.retry_after_s is not None:
        return {"Retry-After": str(error.retry_after_s)}
    if isinstance(error, e.Unavailable):
        return {"Retry-After": str(UNAVAILABLE_RETRY_S)}
    if isinstance(error, e.Unauthenticated) and not isinstance(error, e.WrongCredentials):
        return {"WWW-Authenticate": "Bearer"}
    return {}


class InvalidFields(e.InvalidInput):
    """Raised when several fields are invalid: ``errors`` is ``[{field, message}]``."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__(errors[0]["message"], errors[0]["field"])
        self.errors = errors
