"""JSON lines on stdout: one object per line, with the same fields from the API, the workers and the manager.

Always present: ``timestamp`` (UTC, milliseconds), ``level``, ``service``, ``message``, ``event``. The subject
follows: ``jobId``, ``traceId``, ``userId`` and the fields of the call.

Fields are passed with the call, never set beforehand: keys appended to a Powertools logger would appear in the lines
of other jobs that run at the same time.

Records of ``logging`` from tasks and libraries become lines of the same form (``Log.adopt_standard``). Lines of
``Log`` do not depend on the configuration of ``logging``, which a task may change at any time.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache, lru_cache, partial
from typing import IO, TYPE_CHECKING, Any, Final

import orjson
from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.filters import SuppressFilter
from aws_lambda_powertools.logging.formatter import BasePowertoolsFormatter

from chalicelib.domain.jobs import Job

if TYPE_CHECKING:
    from chalicelib.domain.traces import TraceContext

#: Suffixes of field names (in lower case, without ``_`` and ``-``) whose values are never logged.
SECRET_ENDINGS: Final = (
    "password", "passwordhash", "secret", "secretkey", "token", "jwt", "authorization", "cookie", "ticket",
)  # fmt: skip
REDACTED: Final = "[redacted]"
#: Loggers of our clients. At DEBUG they write whole commands with payloads, so they never inherit the root's level.
PINNED: Final = ("pymongo", "redis", "botocore", "boto3", "urllib3")
#: Attributes of every record; all others of a record are ``extra`` fields.
_OF_EACH: Final = frozenset(logging.makeLogRecord({}).__dict__) | {
    "message", "asctime", "taskName", "timestamp", "level", "service", "logger",
}  # fmt: skip
#: Fields of a task's line that the task did not write.
_OURS: Final = frozenset({
    "timestamp", "level", "service", "event", "logger", "jobId", "traceId", "task", "attempt", "trace_id", "span_id",
})  # fmt: skip


#: The job whose task runs in this context.
current_job: Final[ContextVar[Job | None]] = ContextVar("current_job", default=None)
#: The span in which this context runs: an attempt, or a step. Only where spans are exported.
current_span: Final[ContextVar[TraceContext | None]] = ContextVar("current_span", default=None)


class JobEvent(StrEnum):
    """The events of a job that are logged; each line has job id and trace id."""

    SUBMIT = "submit"
    START = "start"
    FINISH = "finish"
    FAIL = "fail"
    RETRY = "retry"
    DLQ = "dlq"


class JsonLines(BasePowertoolsFormatter):
    """Formats a record as one line of JSON from its message and the fields of the call."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self.service = service
        #: Takes redacted values of a job out of a line that its task wrote.
        self.hide: Callable[[Job, str], str] | None = None

    def append_keys(self, **additional_keys: Any) -> None:
        """Do nothing: appended keys would leak between concurrent jobs. Pass fields with the call."""

    def clear_state(self) -> None:
        """Do nothing: no state is kept between lines."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "timestamp": _timestamp(record.created),
            "level": record.levelname,
            "service": self.service,
            "message": record.getMessage(),
        }
        fields = record.__dict__.get("fields")
        line.update(redacted(fields if isinstance(fields, dict) else _said_elsewhere(record)))
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = self.formatException(record.exc_info)
        if self.hide is not None and (job := current_job.get()) is not None:
            line = _without(line, partial(self.hide, job))
        return _encoded(line).decode()


def _without(line: dict[str, Any], hide: Callable[[str], str]) -> dict[str, Any]:
    """Return ``line`` with all texts and numbers passed through ``hide``, except those that are ours."""

    def hidden(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: hidden(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [hidden(inner) for inner in value]
        if value is None or isinstance(value, bool):
            return value
        text = str(value)
        return value if (new := hide(text)) == text else new

    return {name: value if name in _OURS else hidden(value) for name, value in line.items()}


def _said_elsewhere(record: logging.LogRecord) -> dict[str, Any]:
    """Return the fields of a foreign record: its ``extra``, and the job whose task wrote it."""
    extra = {name: value for name, value in record.__dict__.items() if name not in _OF_EACH}
    job = current_job.get()
    about = {"jobId": job.id, "traceId": job.trace_id, "task": job.task} if job is not None else {}
    about |= span_fields()
    return {"event": "log", "logger": record.name, "stack": record.stack_info, **extra, **about}


def span_fields() -> dict[str, str]:
    """Return the ids of the current span, by the names that OpenTelemetry gives them in logs; empty without one."""
    span = current_span.get()
    return {} if span is None else {"trace_id": span.trace_id, "span_id": span.span_id}


def redacted(fields: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return ``fields`` with the values of secret names replaced, also in nested mappings, and without ``None``."""
    out: dict[Any, Any] = {}
    for name, value in fields.items():
        if value is None:
            continue
        if _is_secret(name):
            out[name] = REDACTED
        else:
            out[name] = redacted(value) if isinstance(value, dict) else value
    return out


@lru_cache(maxsize=1024)
def _is_secret(name: object) -> bool:
    return str(name).lower().replace("_", "").replace("-", "").endswith(SECRET_ENDINGS)


def _encoded(line: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(line, default=str)
    except TypeError:
        pass
    try:
        return orjson.dumps(line, default=str, option=orjson.OPT_NON_STR_KEYS)  # this option takes twice as long
    except TypeError:  # a lone surrogate, a huge number, endless nesting: write an imperfect line rather than none
        return json.dumps({str(name): str(value) for name, value in line.items()}).encode()


def _timestamp(created: float) -> str:
    return datetime.fromtimestamp(created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _Stdout(logging.StreamHandler[Any]):
    """Writes to the current ``sys.stdout``: the Lambda runtime replaces it after import."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> IO[str]:
        return sys.stdout


class Log:
    """Writes lines for one service. Thread-safe."""

    def __init__(self, service: str, level: str = "INFO", stream: IO[str] | None = None) -> None:
        self._service = service
        self._handler: logging.StreamHandler[Any] = logging.StreamHandler(stream) if stream else _Stdout()
        self._formatter = formatter = JsonLines(service)
        self._handler.setFormatter(formatter)
        Logger(service=service, level=level, logger_handler=self._handler, logger_formatter=formatter)
        #: The logger of the standard library that Powertools configures under this name.
        self._logger = logging.getLogger(service)
        self._logger.propagate = False
        self._level = self._logger.level
        for handler in logging.root.handlers:  # Powertools drops the records of other loggers whose names contain ours
            for each in [f for f in handler.filters if isinstance(f, SuppressFilter)]:
                handler.removeFilter(each)

    def hide(self, work: Callable[[Job, str], str]) -> None:
        """Pass each line that a task writes to ``work`` with its job; what it returns is written."""
        self._formatter.hide = work

    def adopt_standard(self) -> None:
        """Write records of ``logging`` as lines like ours, from the level of this log up.

        Call it again after code that may configure ``logging``. Handlers that write elsewhere stay.
        """
        for handler in list(logging.root.handlers):
            if type(handler) in {logging.StreamHandler, _Stdout} or type(handler).__module__.startswith("awslambdaric"):
                logging.root.removeHandler(handler)
        logging.root.addHandler(self._handler)
        logging.root.setLevel(self._level)
        for name in PINNED:
            logging.getLogger(name).setLevel(logging.WARNING)

    def debug(self, message: str, *, event: str, **fields: Any) -> None:
        """Write a line that is off by default."""
        self._write(logging.DEBUG, message, event, fields)

    def info(self, message: str, *, event: str, **fields: Any) -> None:
        """Write a line about normal operation."""
        self._write(logging.INFO, message, event, fields)

    def warning(self, message: str, *, event: str, **fields: Any) -> None:
        """Write a line about something that recovered or was refused, and should be rare."""
        self._write(logging.WARNING, message, event, fields)

    def error(self, message: str, *, event: str, exc_info: bool = False, **fields: Any) -> None:
        """Write a line about a failure; ``exc_info`` adds the current traceback."""
        self._write(logging.ERROR, message, event, fields, exc_info=exc_info)

    def job(self, event: JobEvent, job: Job, **fields: Any) -> None:
        """Write a line about ``job``: at WARNING for failures, otherwise at INFO."""
        self._write(_level(event), f"job {event.value}", event.value, _about(job) | fields)

    def jobs(self, lines: Iterable[tuple[JobEvent, Job, Mapping[str, Any]]]) -> None:
        """Write lines as ``job`` does, from (event, job, fields), in one write: for jobs that end by the hundred.

        Fields are not redacted: they must not have secret names.
        """
        timestamp = _timestamp(time.time())
        heads: dict[JobEvent, dict[str, Any] | None] = {}
        encoded = []
        about: dict[str, Any] = {}
        known: Job | None = None
        for event, job, fields in lines:
            if event not in heads:
                heads[event] = self._head(event, timestamp)
            head = heads[event]
            if head is None:
                continue
            if job is not known:  # the lines of a job are adjacent
                known, about = job, _about(job)
            encoded.append(_encoded({**head, **about, **fields}))
        if encoded:
            encoded.append(b"")
            text = b"\n".join(encoded).decode()
            with self._handler.lock or nullcontext():
                self._handler.stream.write(text)
                self._handler.flush()

    def _head(self, event: JobEvent, timestamp: str) -> dict[str, Any] | None:
        """Return the common fields of lines about ``event``; ``None`` if its level is disabled."""
        level = _level(event)
        if level < self._level:
            return None
        about = {"timestamp": timestamp, "level": logging.getLevelName(level), "service": self._service}
        return {**about, "message": f"job {event.value}", "event": event.value}

    def _write(self, level: int, message: str, event: str, fields: dict[str, Any], *, exc_info: bool = False) -> None:
        if level < self._level:
            return
        # built here, because finding the calling line would take as long as everything else
        record = logging.LogRecord(self._logger.name, level, "", 0, message, None, sys.exc_info() if exc_info else None)
        record.fields = {"event": event} | fields
        self._handler.handle(record)


def _level(event: JobEvent) -> int:
    return logging.WARNING if event in {JobEvent.FAIL, JobEvent.DLQ} else logging.INFO


def _about(job: Job) -> dict[str, Any]:
    return {
        "jobId": job.id,
        "traceId": job.trace_id,
        "userId": job.owner_id,
        "tenantId": job.tenant_id,
        "task": job.task,
        "queue": job.queue,
        "status": job.status._value_,
        "attempt": job.attempt,
    }


@cache
def get_log(service: str, level: str = "INFO") -> Log:
    """Return the process's log of ``service``: ``api``, ``websocket``, ``worker`` or ``manager``."""
    log = Log(service, level)
    log.adopt_standard()
    return log
