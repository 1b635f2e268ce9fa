"""The audit log: list and export."""

from __future__ import annotations

import json
from typing import Any, Final

import orjson

from chalicelib.api import cursor
from chalicelib.api.answers import MAX_ANSWER_BYTES
from chalicelib.api.call import Call, Nothing, Reply
from chalicelib.api.routing import KeyScope, Routes
from chalicelib.api.schemas.audit import (
    COLUMNS,
    EntriesAnswer,
    ExportEntries,
    FindEntries,
    ListEntries,
    entry_data,
    entry_row,
)
from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.exports import ExportFormat, csv_row
from chalicelib.domain.filters import Place, Start
from chalicelib.domain.principals import Permission
from chalicelib.errors import InvalidInput

routes = Routes(__name__, tag="Audit")
#: Has the cursor of the next export, if there are further entries.
NEXT_HEADER: Final = "X-Next-Cursor"
_PAGE: Final = 500


@routes.get("/audit", query=ListEntries, answer=EntriesAnswer, needs=Permission.READ_AUDIT, scope=KeyScope.ADMIN)
def list_audit(call: Call[Nothing, ListEntries]) -> dict[str, Any]:
    """List who changed what, newest first.

    Admins see the changes in their tenant, operators all. Pages as the list of jobs does.
    """
    asked = call.query
    start = cursor.decode(asked.cursor, asked)
    page = call.container.audit_log.page(call.principal, asked.filter(), start, asked.limit)
    first, last = page.entries[:1], page.entries[-1:]
    return {
        "success": True,
        "entries": [entry_data(entry) for entry in page.entries],
        "nextCursor": _cursor(last[0], asked) if last and page.after else None,
        "prevCursor": _cursor(first[0], asked, backwards=True) if first and page.before else None,
    }


@routes.get(
    "/audit/export",
    query=ExportEntries,
    content_type=ExportFormat.NDJSON.content_type,
    other_types=[ExportFormat.JSON.content_type, ExportFormat.CSV.content_type],
    needs=Permission.READ_AUDIT,
    scope=KeyScope.ADMIN,
)
def export_audit(call: Call[Nothing, ExportEntries]) -> Reply:
    """Export the audit log as NDJSON, JSON or CSV, newest first.

    As many as fit into an answer, at most 10,000. If there are more, the header `X-Next-Cursor` has the `cursor` of the
    next call.
    """
    asked, size = call.query, 0
    lines: list[str] = []
    following: Start | None = None
    start = cursor.decode(asked.cursor, asked)
    if start is not None and start.backwards:
        raise InvalidInput("An export continues from a nextCursor", "cursor")
    while following is None:
        want = min(_PAGE, asked.limit - len(lines))
        page = call.container.audit_log.page(call.principal, asked.filter(), start, want)
        for entry in page.entries:
            line = _line(asked.format, entry)
            size += len(json.dumps(line))  # as Lambda counts
            if size > MAX_ANSWER_BYTES:
                following = start
                break
            lines.append(line)
            start = Start(_place(entry))
        if not page.after:
            break
        if len(lines) == asked.limit:
            following = start
    headers = {NEXT_HEADER: cursor.encode(following, asked)} if following else {}
    name = f"audit-{call.container.clock.now():%Y-%m-%d}.{asked.format.value}"
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Reply(_whole(asked.format, lines), headers=headers, content_type=asked.format.content_type)


def _line(form: ExportFormat, entry: AuditEntry) -> str:
    if form is ExportFormat.CSV:
        return entry_row(entry)
    return orjson.dumps(entry_data(entry)).decode() + ("\n" if form is ExportFormat.NDJSON else "")


def _whole(form: ExportFormat, lines: list[str]) -> Any:
    if form is ExportFormat.CSV:
        return csv_row(COLUMNS) + "".join(lines)
    return orjson.Fragment(f"[{','.join(lines)}]") if form is ExportFormat.JSON else "".join(lines)


def _cursor(entry: AuditEntry, asked: FindEntries, *, backwards: bool = False) -> str:
    return cursor.encode(Start(_place(entry), backwards), asked)


def _place(entry: AuditEntry) -> Place:
    return Place(entry.id, entry.at)
