"""Exports of jobs as text: CSV (RFC 4180), one JSON array, or NDJSON. Pure.

Payload and result are JSON in one column each: their fields differ from task to task, and columns that depend on the
data would be known only after the last job.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from chalicelib.domain.jobs import Job, iso
from chalicelib.domain.stored import stub


class ExportFormat(StrEnum):
    """The format of an export."""

    CSV = "csv"
    JSON = "json"
    NDJSON = "ndjson"

    @property
    def content_type(self) -> str:
        """The media type, with its encoding where that is not implied."""
        return _TYPES[self]


_TYPES: Final = {
    ExportFormat.CSV: "text/csv; charset=utf-8; header=present",
    ExportFormat.JSON: "application/json",
    ExportFormat.NDJSON: "application/x-ndjson",
}
#: The columns of a CSV, and the fields of a job in JSON.
COLUMNS: Final = (
    "_id", "name", "task", "queue", "status", "priority", "tags", "attempt", "retryCount", "redrives", "createdAt",
    "readyAt", "startedAt", "finishedAt", "ownerId", "tenantId", "traceId", "batchId", "schedule", "errorType",
    "errorMessage", "payload", "result",
)  # fmt: skip
#: Fields that are JSON text.
_DOCUMENTS: Final = frozenset({"payload", "result"})
#: What spreadsheets take as the start of a formula, full-width forms included, and what they skip before one.
#: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - as they are
_QUOTED: Final = frozenset(',"\r\n')

Value = str | int | list[str] | None


def fields(job: Job) -> dict[str, Value]:
    """Return the fields of a job by column; payload and result are JSON text, those over 64 KB a note of their size."""
    error = job.error
    return {
        "_id": job.id, "name": job.name, "task": job.task, "queue": job.queue, "status": job.status.value,
        "priority": job.priority, "tags": list(job.tags), "attempt": job.attempt, "retryCount": job.retry_count,
        "redrives": job.redrives, "createdAt": iso(job.created_at), "readyAt": iso(job.ready_at),
        "startedAt": iso(job.started_at) if job.started_at else None,
        "finishedAt": iso(job.finished_at) if job.finished_at else None,
        "ownerId": job.owner_id, "tenantId": job.tenant_id, "traceId": job.trace_id, "batchId": job.batch,
        "schedule": job.schedule, "errorType": error.type if error else None,
        "errorMessage": error.message if error else None, "payload": stub(job.payload), "result": stub(job.result),
    }  # fmt: skip


def begin(form: ExportFormat) -> str:
    """Return what comes before the first job."""
    if form is ExportFormat.CSV:
        return csv_row(COLUMNS)
    return "[" if form is ExportFormat.JSON else ""


def row(form: ExportFormat, job: Job, *, first: bool) -> str:
    """Return the text of one job."""
    found = fields(job)
    if form is ExportFormat.CSV:
        return csv_row(found.values())
    text = as_json(found)
    if form is ExportFormat.NDJSON:
        return text + "\n"
    return ("\n" if first else ",\n") + text


def end(form: ExportFormat) -> str:
    """Return what comes after the last job."""
    return "\n]\n" if form is ExportFormat.JSON else ""


def as_json(found: dict[str, Value]) -> str:
    """Return one line of JSON; documents stand in it as they were sent."""
    parts = (f"{json.dumps(name)}:{_json(name, value)}" for name, value in found.items())
    return "{" + ",".join(parts) + "}"


def cell(value: Value) -> str:
    """Return a field of a CSV. Text that a spreadsheet would take as a formula begins with an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    text = value if isinstance(value, str) else ", ".join(value)
    if text.startswith(_FORMULA):
        text = f"'{text}"
    return _quoted(text) if not _QUOTED.isdisjoint(text) else text


def csv_row(values: Iterable[Value]) -> str:
    """Return a line of a CSV."""
    return ",".join(cell(value) for value in values) + "\r\n"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _json(name: str, value: Value) -> str:
    if name in _DOCUMENTS and isinstance(value, str):
        return value.replace("\n", " ").replace("\r", " ")  # line breaks between values; those in strings are escaped
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
