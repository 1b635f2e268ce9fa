"""Models of the routes of the audit log."""

from __future__ import annotations

from typing import Any, Final, Literal

import orjson
from pydantic import Field

from chalicelib.api.call import Input, Output
from chalicelib.api.schemas.fields import Id, Time
from chalicelib.api.schemas.job_lists import DEFAULT_PAGE, MAX_PAGE
from chalicelib.domain.audit import AuditEntry, AuditFilter
from chalicelib.domain.exports import ExportFormat, csv_row
from chalicelib.domain.jobs import iso
from chalicelib.domain.principals import Kind

#: Entries in one export.
MAX_EXPORT: Final = 10_000
MAX_ACTION_CHARS: Final = 64
MAX_TARGET_CHARS: Final = 200
_ACTION: Final = r"^[a-z-]+\.[a-z-]+$"
_TARGET: Final = r"^[a-z-]+(:[A-Za-z0-9._:-]+)?$"


class FindEntries(Input):
    """Which entries."""

    actor: Id | None = Field(None, description="Id of a user or of an API key.")
    action: str | None = Field(None, max_length=MAX_ACTION_CHARS, pattern=_ACTION, examples=["queue.pause"])
    target: str | None = Field(None, max_length=MAX_TARGET_CHARS, pattern=_TARGET, examples=["queue:emails"])
    since: Time | None = Field(None, alias="from", description="Made at this time or later.")
    until: Time | None = Field(None, alias="to", description="Made before this time.")
    tenant: Id | None = Field(None, description="Of one tenant; operators see those of all without it.")
    cursor: str | None = Field(None, max_length=64, description="`nextCursor` or `prevCursor` of a page.")

    def filter(self) -> AuditFilter:
        """Return the conditions as services take them."""
        return AuditFilter(self.tenant, self.actor, self.action, self.target, self.since, self.until)


class ListEntries(FindEntries):
    """Which entries, from which position."""

    limit: int = Field(DEFAULT_PAGE, ge=1, le=MAX_PAGE)


class ExportEntries(FindEntries):
    """Which entries to export."""

    limit: int = Field(MAX_EXPORT, ge=1, le=MAX_EXPORT)
    format: ExportFormat = ExportFormat.NDJSON


class KeyOfActor(Output):
    """An API key, as it was called then."""

    id: str = Field(alias="_id")
    name: str


class ActorOut(Output):
    """Who made a change. A key acts for the user who created it."""

    id: str = Field(alias="_id")
    kind: Kind
    email: str
    api_key: KeyOfActor | None = Field(alias="apiKey")


class EntryOut(Output):
    """A change. `before` and `after` have what the action concerns, without secrets and payloads.

    `outcome` is `unknown` while a change is made, and stays so if the call died: it may have been made.
    """

    id: str = Field(alias="_id")
    at: str
    tenant_id: str = Field(alias="tenantId")
    actor: ActorOut
    action: str
    target: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    outcome: Literal["done", "unknown"]
    trace_id: str = Field(alias="traceId")


class EntriesAnswer(Output):
    """Entries, newest first."""

    success: Literal[True] = True
    entries: list[EntryOut]
    next_cursor: str | None = Field(alias="nextCursor")
    prev_cursor: str | None = Field(alias="prevCursor")


#: The columns of a CSV of entries.
COLUMNS: Final = (
    "_id", "at", "tenantId", "actorId", "actorKind", "actorEmail", "apiKeyId", "apiKeyName", "action", "target",
    "before", "after", "outcome", "traceId",
)  # fmt: skip


def entry_row(entry: AuditEntry) -> str:
    """Return the line of an entry in a CSV; the states before and after are JSON."""
    actor = entry.actor
    states = [None if state is None else orjson.dumps(state).decode() for state in (entry.before, entry.after)]
    outcome = "done" if entry.done else "unknown"
    return csv_row([
        entry.id, iso(entry.at), entry.tenant_id, actor.user_id, actor.kind.value, actor.email, actor.key_id,
        actor.key_name, entry.action, entry.target, *states, outcome, entry.trace_id,
    ])  # fmt: skip


def entry_data(entry: AuditEntry) -> dict[str, Any]:
    """Return an entry as clients see it."""
    actor = entry.actor
    return {
        "_id": entry.id,
        "at": iso(entry.at),
        "tenantId": entry.tenant_id,
        "actor": {
            "_id": actor.user_id,
            "kind": actor.kind.value,
            "email": actor.email,
            "apiKey": {"_id": actor.key_id, "name": actor.key_name} if actor.key_id else None,
        },
        "action": entry.action,
        "target": entry.target,
        "before": entry.before,
        "after": entry.after,
        "outcome": "done" if entry.done else "unknown",
        "traceId": entry.trace_id,
    }
