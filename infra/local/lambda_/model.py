"""Values of the Lambda service: functions, invocations, and their outcomes."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import getrandbits

import orjson

REGION = "us-east-1"
ACCOUNT = "000000000000"
#: maximum payload sizes: of a synchronous invocation and its answer, of an asynchronous one
MAX_PAYLOAD_BYTES = 6 * 1024 * 1024
MAX_EVENT_BYTES = 1024 * 1024
ASYNC_RETRIES = 2
ASYNC_EVENT_AGE_S = 6 * 3600.0


def new_id() -> str:
    """Return a random UUID (version 4). Not a secret, so the fast generator is sufficient."""
    digits = f"{getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """A deployed function, as the Chalice app or the template defines it."""

    name: str
    #: its key in the template, which logs and `run.json` use
    logical_id: str
    #: `module.function`
    handler: str
    #: folder that is on the import path and is the working directory
    task_root: Path
    #: variables of the deployment; the runtime's own take precedence
    environment: Mapping[str, str] = field(default_factory=dict)
    timeout_s: float = 60.0
    memory_mb: int = 128
    #: maximum number of concurrent events
    concurrency: int = 10
    #: number of environments that are started before the first event and kept
    warm: int = 0
    #: further attempts after a failed asynchronous one
    async_retries: int = ASYNC_RETRIES
    #: an asynchronous event older than this is dropped, seconds
    async_event_age_s: float = ASYNC_EVENT_AGE_S
    #: ARN of the function that gets the record of a failed asynchronous event
    on_failure: str | None = None

    @property
    def arn(self) -> str:
        """Amazon resource name, without qualifier."""
        return function_arn(self.name)


def function_arn(name: str) -> str:
    """Return the Amazon resource name of the function `name` in the local account."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of an invocation: the function's result, or an error."""

    payload: bytes
    #: "Unhandled" when the function failed, for any reason
    function_error: str | None = None
    #: the last 4 KB of the invocation's log, if requested
    log_tail: bytes = b""

    @classmethod
    def failure(cls, error_type: str, message: str) -> "Outcome":
        """Return the outcome of an invocation without an answer of the function."""
        body = orjson.dumps({"errorType": error_type, "errorMessage": message})
        return cls(body, function_error="Unhandled")


@dataclass(slots=True)
class Invocation:
    """An event; `done` gets its `Outcome`, or ThrottledError if no environment took it."""

    function_name: str
    payload: bytes
    done: asyncio.Future[Outcome]
    request_id: str = field(default_factory=new_id)
    trace_id: str | None = None
    #: JSON
    client_context: str | None = None
    wants_log_tail: bool = False

    def finish(self, outcome: Outcome) -> None:
        """Set the outcome, unless the caller has stopped waiting."""
        if not self.done.done():
            self.done.set_result(outcome)


def new_trace_id() -> str:
    """Return an unsampled X-Ray trace header, so that the SDK records nothing."""
    digits = f"{getrandbits(128):032x}"
    return f"Root=1-{int(time.time()):08x}-{digits[:24]};Parent={digits[16:]};Sampled=0"


class LambdaServiceError(Exception):
    """Raised when an invocation is refused before it reaches the function; subclasses have AWS's code."""

    code = "ServiceException"
    status = 500


class FunctionNotFoundError(LambdaServiceError):
    """Raised when no function has that name."""

    code = "ResourceNotFoundException"
    status = 404


class RequestTooLargeError(LambdaServiceError):
    """Raised when the payload is larger than Lambda allows."""

    code = "RequestTooLargeException"
    status = 413


class InvalidRequestError(LambdaServiceError):
    """Raised when payload or client context is not JSON."""

    code = "InvalidRequestContentException"
    status = 400


class ValidationError(LambdaServiceError):
    """Raised when a parameter of the call has an unknown value."""

    code = "ValidationException"
    status = 400


class NotHereError(LambdaServiceError):
    """Raised for a call of Lambda's API that the local one does not support."""

    code = "NotImplementedException"
    status = 501


class ThrottledError(LambdaServiceError):
    """Raised when the function has reached its limit of concurrent events."""

    code = "TooManyRequestsException"
    status = 429
