"""Exit codes, which scripts may rely on, and the line that an error becomes."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, Final

from queuecraft_client.errors import (
    ApiError,
    BadRequest,
    Conflict,
    ConnectionFailed,
    Forbidden,
    InvalidWorkflow,
    NotCompleted,
    NotFound,
    RateLimited,
    ServerError,
    TooLarge,
    Unauthorized,
    UnexpectedAnswer,
    WaitTimeout,
)


class ExitCode(IntEnum):
    """How a command ended. The table of ``docs/cli.md`` has the same rows."""

    OK = 0
    #: What was waited for ended otherwise than completed, or a part of what was asked for was refused.
    NOT_COMPLETED = 1
    #: Wrong arguments, a wrong configuration, or values that the server refuses.
    USAGE = 2
    #: No or bad credentials, or too few rights.
    NOT_ALLOWED = 3
    NOT_FOUND = 4
    CONFLICT = 5
    RATE_LIMITED = 6
    #: No answer, a failure of the server, or an answer that is none of QueueCraft.
    UNAVAILABLE = 7
    #: It has not ended in time, and goes on.
    TIMED_OUT = 8
    INTERRUPTED = 130


class UsageError(Exception):
    """Raised when arguments or the configuration do not fit. ``field`` names the value."""

    def __init__(self, message: str, field: str | None = None) -> None:
        self.field = field
        super().__init__(message)


_CODES: Final[tuple[tuple[type[Exception], ExitCode], ...]] = (
    (WaitTimeout, ExitCode.TIMED_OUT),
    (NotCompleted, ExitCode.NOT_COMPLETED),
    (UsageError, ExitCode.USAGE),
    (BadRequest, ExitCode.USAGE),
    (TooLarge, ExitCode.USAGE),
    (InvalidWorkflow, ExitCode.USAGE),
    (Unauthorized, ExitCode.NOT_ALLOWED),
    (Forbidden, ExitCode.NOT_ALLOWED),
    (NotFound, ExitCode.NOT_FOUND),
    (Conflict, ExitCode.CONFLICT),
    (RateLimited, ExitCode.RATE_LIMITED),
    (ServerError, ExitCode.UNAVAILABLE),
    (ConnectionFailed, ExitCode.UNAVAILABLE),
    (UnexpectedAnswer, ExitCode.UNAVAILABLE),
)


def code_of(error: Exception) -> ExitCode:
    """Return the exit code of an error."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), ExitCode.USAGE)


def described(error: Exception) -> dict[str, Any]:
    """Return an error as an object: what ``--json`` writes to the standard error."""
    found: dict[str, Any] = {"error": _message(error), "exitCode": int(code_of(error))}
    if (field := getattr(error, "field", None)) is not None:
        found["field"] = field
    if isinstance(error, ApiError):
        found |= {"status": error.status, "code": error.code, "traceId": error.trace_id}
    return found


def line_of(error: Exception) -> str:
    """Return an error as one line that begins with the field, if one is wrong."""
    found = described(error)
    field = f"{found['field']}: " if "field" in found else ""
    return " ".join(f"{field}{found['error']}".split())


def _message(error: Exception) -> str:
    return error.message if isinstance(error, ApiError) else str(error) or type(error).__name__
