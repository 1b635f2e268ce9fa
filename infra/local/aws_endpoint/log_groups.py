"""CloudWatch Logs of local functions: their log files, as log groups that can be read. ``aws logs tail`` works.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
"""

import asyncio
import re
import shlex
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from infra.local.http.http1 import Request, Response
from infra.local.lambda_.model import ACCOUNT, FunctionSpec
from infra.local.lambda_.service import LambdaService
from infra.local.logs import Logs, older

#: The header ``X-Amz-Target`` of each call begins with it.
TARGET = "Logs_20140328."
PREFIX = "/aws/lambda/"
#: Events, and bytes of them, in one answer, as on AWS.
MAX_EVENTS = 10_000
MAX_PAGE_BYTES = 1024 * 1024
#: The only stream of each group.
STREAM = "local"
_TIME = re.compile(rb'"timestamp":"([^"]{1,40})"')


class RefusedError(Exception):
    """A call that is refused. ``code`` is AWS's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a log file. ``place``: where it begins; ``at_ms``: its time, or that of the line before."""

    place: str
    at_ms: int
    text: str


class LogGroups:
    """Answers the calls that read log groups of functions."""

    def __init__(self, functions: LambdaService, logs: Logs) -> None:
        self._functions = functions
        self._logs = logs
        self._marks: dict[str, list[tuple[int, int]]] = {}
        self._calls: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
            "DescribeLogGroups": self._groups,
            "DescribeLogStreams": self._streams,
            "FilterLogEvents": self._filter,
            "GetLogEvents": self._events,
        }

    @staticmethod
    def serves(request: Request) -> bool:
        """Return whether a call is about log groups of functions."""
        if not request.lookup.get("x-amz-target", "").startswith(TARGET):
            return False
        asked = _json(request.body)
        return any(isinstance(asked.get(name), str) and PREFIX in f"{asked[name]}/" for name in _GROUP_FIELDS)

    def respond(self, request: Request) -> Awaitable[Response]:
        """Answer a call; refusals have AWS's codes."""
        self._logs.flush()
        for spec in self._functions.functions.values():
            self._marks[spec.logical_id] = self._logs.service(spec.logical_id).marks()
        return asyncio.to_thread(self._answer, request.lookup["x-amz-target"].removeprefix(TARGET), request.body or b"")

    def _answer(self, call: str, body: bytes) -> Response:
        try:
            if call not in self._calls:
                raise RefusedError(
                    "InvalidOperationException",
                    f"{call} is not supported: logs of local functions are files, see make logs (docs/local-aws.md)",
                )
            return Response.json(self._calls[call](_json(body)))
        except RefusedError as error:
            body_out = {"__type": error.code, "message": str(error)}
            return Response.json(body_out, 400, {"x-amzn-ErrorType": error.code})

    # --- groups and streams ------------------------------------------------------------------------------------
    def _groups(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        prefix, pattern = asked.get("logGroupNamePrefix") or "", asked.get("logGroupNamePattern") or ""
        names = sorted(PREFIX + spec.name for spec in self._functions.functions.values())
        return {
            "logGroups": [
                {
                    "logGroupName": name,
                    "arn": _arn(name),
                    "logGroupArn": _arn(name),
                    "creationTime": 0,
                    "storedBytes": 0,
                }
                for name in names
                if name.startswith(prefix) and pattern in name
            ]
        }

    def _streams(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        lines = list(self._lines(self._spec(asked)))
        if not lines:
            return {"logStreams": []}
        stream = {
            "logStreamName": STREAM, "creationTime": lines[0].at_ms, "firstEventTimestamp": lines[0].at_ms,
            "lastEventTimestamp": lines[-1].at_ms, "lastIngestionTime": lines[-1].at_ms,
        }  # fmt: skip
        return {"logStreams": [stream]}

    # --- events ------------------------------------------------------------------------------------------------
    def _filter(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        matches, after = _matcher(asked.get("filterPattern") or ""), asked.get("nextToken")
        spec, begin, end = self._spec(asked), asked.get("startTime") or 0, asked.get("endTime")
        found, token = _page(
            (
                line
                for line in self._lines(spec, after)
                if line.at_ms >= begin and (end is None or line.at_ms < end) and matches(line.text)
            ),
            _limit(asked),
        )
        events = [{**_event(line), "logStreamName": STREAM, "eventId": line.place} for line in found]
        return {"events": events, "searchedLogStreams": [], **({"nextToken": token} if token else {})}

    def _events(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        if asked.get("logStreamName") != STREAM:
            raise RefusedError("ResourceNotFoundException", f"The only log stream is {STREAM!r}")
        begin, end, limit = asked.get("startTime") or 0, asked.get("endTime"), _limit(asked)
        token = str(asked.get("nextToken") or "")
        lines = [
            line
            for line in self._lines(self._spec(asked), token.partition("/")[2] or None)
            if line.at_ms >= begin and (end is None or line.at_ms < end)
        ]
        found = lines[:limit] if token or asked.get("startFromHead") else lines[-limit:]
        last = found[-1].place if found else token.partition("/")[2]
        first = found[0].place if found else last
        return {
            "events": [_event(line) for line in found],
            "nextForwardToken": f"f/{last}", "nextBackwardToken": f"b/{first}",
        }  # fmt: skip

    def _spec(self, asked: Mapping[str, Any]) -> FunctionSpec:
        group = next(str(asked[name]) for name in _GROUP_FIELDS if asked.get(name))
        name = group.removesuffix(":*").rpartition(PREFIX)[2]
        for spec in self._functions.functions.values():
            if spec.name == name:
                return spec
        raise RefusedError("ResourceNotFoundException", "The specified log group does not exist.")

    def _lines(self, spec: FunctionSpec, after: str | None = None) -> Iterator[Line]:
        """Yield the lines of a function, oldest first, behind a place if it is still there."""
        path = self._logs.path(spec.logical_id)
        files = [(file, file.stat()) for file in (older(path), path) if file.exists()]
        known = after is not None and any(after.startswith(f"{stat.st_ino:020d}") for _, stat in files)
        for file, stat in files:
            marks = self._marks[spec.logical_id] if file == path else [(0, int(stat.st_mtime * 1000))]
            for line in _read(file, f"{stat.st_ino:020d}", marks):
                if not known:
                    yield line
                elif line.place == after:
                    known = False


#: The fields in which a call names a group.
_GROUP_FIELDS = ("logGroupName", "logGroupIdentifier", "logGroupNamePrefix", "logGroupNamePattern")


def _read(file: Path, inode: str, marks: list[tuple[int, int]]) -> Iterator[Line]:
    """Yield the lines of a file; one without a time has that of the line before, or when it was written."""
    at_ms, offset, written = 0, 0, deque(marks)
    with file.open("rb") as opened:
        for raw in opened:
            found = _TIME.search(raw) if raw.startswith(b"{") else None
            while len(written) > 1 and written[1][0] <= offset:
                written.popleft()
            known_ms = written[0][1] if written else 0
            at_ms = max(at_ms, known_ms) if found is None else _ms(found[1].decode()) or at_ms
            text = raw.decode(errors="replace").rstrip("\r\n")
            if text:
                yield Line(f"{inode}{offset:036d}", at_ms, text)
            offset += len(raw)


def _ms(text: str) -> int:
    try:
        return int(datetime.fromisoformat(text).timestamp() * 1000)
    except ValueError:
        return 0


def _page(lines: Iterator[Line], limit: int) -> tuple[list[Line], str]:
    """Return the first lines, and the place of the last one if there are more."""
    found: list[Line] = []
    size = 0
    for line in lines:
        if len(found) == limit or (found and size + len(line.text) > MAX_PAGE_BYTES):
            return found, found[-1].place
        found.append(line)
        size += len(line.text)
    return found, ""


def _limit(asked: Mapping[str, Any]) -> int:
    limit = asked.get("limit") or MAX_EVENTS
    if not isinstance(limit, int) or not 1 <= limit <= MAX_EVENTS:
        raise RefusedError("InvalidParameterException", f"limit is a number from 1 to {MAX_EVENTS}")
    return limit


def _matcher(pattern: str) -> Callable[[str], bool]:
    """Return what finds lines with all terms of a pattern, and without those after ``-``."""
    if pattern.lstrip()[:1] in {"{", "[", "%"}:
        raise RefusedError("InvalidParameterException", "Only terms are supported as a filter pattern here")
    try:
        terms = shlex.split(pattern)
    except ValueError as error:
        raise RefusedError("InvalidParameterException", f"Invalid filter pattern: {error}") from None
    wanted, unwanted = [t for t in terms if t[0] != "-"], [t[1:] for t in terms if t[0] == "-"]
    return lambda text: all(term in text for term in wanted) and not any(term in text for term in unwanted)


def _event(line: Line) -> dict[str, Any]:
    return {"timestamp": line.at_ms, "ingestionTime": line.at_ms, "message": line.text}


def _arn(group: str) -> str:
    return f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{group}"


def _json(body: bytes | None) -> dict[str, Any]:
    try:
        asked = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError:
        return {}
    return asked if isinstance(asked, dict) else {}
