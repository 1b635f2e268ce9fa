"""Collections ``alert_rules``, with the state of each rule, and ``alert_firings``, their history.

``due_at`` exists while a rule is to be evaluated. ``notices`` are written together with the state that they are about,
and removed once they were made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.write_concern import WriteConcern

from chalicelib.domain.alerts import (
    KEPT,
    AlertKind,
    AlertRule,
    AlertState,
    AlertStatus,
    Condition,
    Firing,
    Notice,
    NoticeKind,
    Reading,
    Severity,
)
from chalicelib.domain.principals import Scope
from chalicelib.store.client import Document
from chalicelib.store.owned import page_by_id

MAX_TIME_MS: Final = 5_000


class AlertStore:
    """Several processes may evaluate the same rules at once: a state is written over the one that it follows."""

    def __init__(self, db: Database[Document]) -> None:
        self._client = db.client
        self._rules = db.alert_rules
        self._firings = db.alert_firings

    # --- rules -----------------------------------------------------------------------------------------------
    def get(self, rule_id: str) -> AlertRule | None:
        """Return a rule."""
        found = self._rules.find_one({"_id": ObjectId(rule_id)}, max_time_ms=MAX_TIME_MS)
        return None if found is None else _rule(found)

    def of_tenant(self, tenant_id: str, limit: int) -> list[AlertRule]:
        """Return up to ``limit`` rules of a tenant, the newest first."""
        found = self._rules.find({"tenant_id": ObjectId(tenant_id)}).sort("_id", DESCENDING).limit(limit)
        return [_rule(document) for document in found.max_time_ms(MAX_TIME_MS)]

    def count(self, tenant_id: str, session: ClientSession | None = None) -> int:
        """Return how many rules a tenant has."""
        return self._rules.count_documents({"tenant_id": ObjectId(tenant_id)}, session=session)

    def numbers(self) -> dict[tuple[AlertStatus, Severity], int]:
        """Return how many enabled rules of all tenants there are, by status and severity."""
        group = {"$group": {"_id": {"status": "$state.status", "severity": "$severity"}, "count": {"$sum": 1}}}
        found = self._rules.aggregate([{"$match": {"enabled": True}}, group], maxTimeMS=MAX_TIME_MS)
        return {
            (AlertStatus(each["_id"]["status"]), Severity(each["_id"]["severity"])): each["count"] for each in found
        }

    def add(self, rule: AlertRule, check: Callable[[ClientSession], object]) -> None:
        """Insert a rule in a transaction, in which ``check`` is called first."""

        def work(session: ClientSession) -> None:
            check(session)
            self._rules.insert_one(_document(rule), session=session)

        with self._client.start_session() as session:
            session.with_transaction(work, write_concern=WriteConcern(w="majority", j=True))

    def replace(self, rule: AlertRule, old: AlertRule) -> bool:
        """Write what a person changed of a rule; return whether nobody else had changed it. Its state stays."""
        change: Document = {"$set": _chosen(rule), "$inc": {"rev": 1}}
        if rule.is_active:
            change["$set"]["due_at"] = rule.updated_at
        else:
            change["$unset"] = {"due_at": ""}
        match = {"_id": ObjectId(rule.id), "rev": old.rev, "seq": old.seq}
        return self._rules.update_one(match, change).matched_count == 1

    def remove(self, rule: AlertRule) -> bool:
        """Delete a rule with its history; return whether it was there."""
        self._firings.delete_many({"rule_id": ObjectId(rule.id)})
        return self._rules.delete_one({"_id": ObjectId(rule.id)}).deleted_count == 1

    # --- evaluation ------------------------------------------------------------------------------------------
    def due(self, now: datetime, limit: int) -> list[AlertRule]:
        """Return rules to evaluate, those due for longest first."""
        found = self._rules.find({"due_at": {"$lte": now}}).sort("due_at", ASCENDING).limit(limit)
        return [_rule(document) for document in found.hint("due").max_time_ms(MAX_TIME_MS)]

    def advance(self, rule: AlertRule, state: AlertState, notice: Notice | None, due_at: datetime | None) -> bool:
        """Write the state that follows the one of ``rule``, with its notice; return whether no other process, and no
        change of the rule, came first.
        """
        fields: Document = {"state": _state_document(state)}
        change: Document = {"$set": fields, "$inc": {"seq": 1}}
        if due_at is None:
            change["$unset"] = {"due_at": ""}
        else:
            fields["due_at"] = due_at
        if notice is not None:
            change["$push"] = {"notices": _notice_document(notice)}
        match = {"_id": ObjectId(rule.id), "rev": rule.rev, "seq": rule.seq}
        return self._rules.update_one(match, change).matched_count == 1

    def postpone(self, rule: AlertRule, due_at: datetime) -> None:
        """Let a rule be due later, its state as it is."""
        match = {"_id": ObjectId(rule.id), "rev": rule.rev, "seq": rule.seq}
        self._rules.update_one(match, {"$set": {"due_at": due_at}})

    def made(self, rule: AlertRule, notice: Notice) -> None:
        """Remove a notice that was made."""
        self._rules.update_one({"_id": ObjectId(rule.id)}, {"$pull": {"notices": {"id": notice.id}}})
        self._rules.update_one({"_id": ObjectId(rule.id), "notices": []}, {"$unset": {"notices": ""}})

    # --- history ---------------------------------------------------------------------------------------------
    def note(self, rule: AlertRule, notice: Notice) -> None:
        """Note a notice in the history. Safe to repeat."""
        begun: Document = {
            "tenant_id": ObjectId(rule.tenant_id),
            "name": rule.name,
            "severity": rule.severity.value,
            "scope": rule.condition.scope.value,
            "fired_at": notice.fired_at,
            "expires_at": notice.fired_at + KEPT,
        }
        change: Document = {"$setOnInsert": begun, "$max": {"notified": notice.notify}}
        if notice.kind is NoticeKind.RESOLVED:
            change["$set"] = {"resolved_at": notice.at}
        else:
            change["$set"] = {"value": notice.reading.value, "subject": notice.reading.subject}
        same = {"rule_id": ObjectId(rule.id), "number": notice.firing}
        self._firings.update_one(same, change, upsert=True)

    def firings(
        self, tenant_id: str, rule_id: str | None, after: str | None, limit: int, *, all_scopes: bool, backwards: bool
    ) -> list[Firing]:
        """Return firings of a tenant's rules, the newest first, of one rule if given; those of rules for all tenants
        only with ``all_scopes``.
        """
        match: Document = {"tenant_id": ObjectId(tenant_id)}
        if rule_id is not None:
            match = {"rule_id": ObjectId(rule_id), **match}
        if not all_scopes:
            match["scope"] = Scope.TENANT.value
        found = page_by_id(self._firings, match, after, limit, backwards=backwards)
        return [_firing(document) for document in found]


def _chosen(rule: AlertRule) -> Document:
    condition = rule.condition
    return {
        "name": rule.name,
        "kind": condition.kind.value,
        "scope": condition.scope.value,
        "threshold": condition.threshold,
        "window_s": condition.window_s,
        "min_jobs": condition.min_jobs,
        "queue": condition.queue,
        "task": condition.task,
        "schedule": condition.schedule,
        "for_s": rule.for_s,
        "repeat_s": rule.repeat_s,
        "severity": rule.severity.value,
        "enabled": rule.enabled,
        "muted_until": rule.muted_until,
        "updated_at": rule.updated_at,
    }


def _document(rule: AlertRule) -> Document:
    document: Document = {
        "_id": ObjectId(rule.id),
        "tenant_id": ObjectId(rule.tenant_id),
        "owner_id": ObjectId(rule.owner_id),
        **_chosen(rule),
        "created_at": rule.created_at,
        "rev": rule.rev,
        "seq": rule.seq,
        "state": _state_document(rule.state),
    }
    return document | ({"due_at": rule.created_at} if rule.is_active else {})


def _rule(found: Mapping[str, Any]) -> AlertRule:
    return AlertRule(
        id=str(found["_id"]),
        tenant_id=str(found["tenant_id"]),
        owner_id=str(found["owner_id"]),
        name=found["name"],
        condition=Condition(
            kind=AlertKind(found["kind"]),
            threshold=found["threshold"],
            window_s=found["window_s"],
            min_jobs=found["min_jobs"],
            queue=found["queue"],
            task=found["task"],
            schedule=found["schedule"],
            scope=Scope(found["scope"]),
        ),
        created_at=found["created_at"],
        updated_at=found["updated_at"],
        for_s=found["for_s"],
        repeat_s=found["repeat_s"],
        severity=Severity(found["severity"]),
        enabled=found["enabled"],
        muted_until=found["muted_until"],
        state=_state(found["state"]),
        rev=found["rev"],
        seq=found["seq"],
        notices=tuple(_notice(each) for each in found.get("notices", ())),
    )


def _state_document(state: AlertState) -> Document:
    return {
        "status": state.status.value,
        "since": state.since,
        "reading": _reading_document(state.reading),
        "checked_at": state.checked_at,
        "firings": state.firings,
        "fired_at": state.fired_at,
        "sent": state.sent,
        "sent_at": state.sent_at,
    }


def _state(found: Mapping[str, Any]) -> AlertState:
    rest = {name: found[name] for name in ("since", "checked_at", "firings", "fired_at", "sent", "sent_at")}
    return AlertState(status=AlertStatus(found["status"]), reading=Reading(**found["reading"]), **rest)


def _reading_document(reading: Reading) -> Document:
    return {"value": reading.value, "subject": reading.subject, "jobs": reading.jobs}


def _notice_document(notice: Notice) -> Document:
    return {
        "id": notice.id,
        "kind": notice.kind.value,
        "firing": notice.firing,
        "number": notice.number,
        "at": notice.at,
        "fired_at": notice.fired_at,
        "reading": _reading_document(notice.reading),
        "notify": notice.notify,
    }


def _notice(found: Mapping[str, Any]) -> Notice:
    return Notice(
        kind=NoticeKind(found["kind"]),
        firing=found["firing"],
        number=found["number"],
        at=found["at"],
        fired_at=found["fired_at"],
        reading=Reading(**found["reading"]),
        notify=found["notify"],
    )


def _firing(found: Mapping[str, Any]) -> Firing:
    return Firing(
        id=str(found["_id"]),
        rule_id=str(found["rule_id"]),
        tenant_id=str(found["tenant_id"]),
        name=found["name"],
        number=found["number"],
        severity=Severity(found["severity"]),
        scope=Scope(found["scope"]),
        fired_at=found["fired_at"],
        value=found.get("value"),
        subject=found.get("subject", ""),
        resolved_at=found.get("resolved_at"),
        notified=found.get("notified", False),
    )
