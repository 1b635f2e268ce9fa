"""All indexes of all collections, each with its purpose."""

from __future__ import annotations

from typing import Final

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.database import Database

from chalicelib.store.client import Document

INDEXES: Final[dict[str, list[IndexModel]]] = {
    "jobs": [
        # own jobs, newest first; also by status
        IndexModel([("owner_id", ASCENDING), ("_id", DESCENDING)], name="owner"),
        IndexModel([("owner_id", ASCENDING), ("status", ASCENDING), ("_id", DESCENDING)], name="owner_status"),
        # a tenant's jobs
        IndexModel([("tenant_id", ASCENDING), ("_id", DESCENDING)], name="tenant"),
        IndexModel([("tenant_id", ASCENDING), ("status", ASCENDING), ("_id", DESCENDING)], name="tenant_status"),
        # search by words
        IndexModel([("tenant_id", ASCENDING), ("terms", ASCENDING), ("_id", DESCENDING)], name="tenant_terms"),
        # the sweep and the rebuild walk open jobs only; MongoDB makes no partial index on _id alone
        IndexModel([("open", ASCENDING), ("_id", ASCENDING)], name="open", partialFilterExpression={"open": True}),
        # ended jobs with outbox entries, by kind; nearly always none
        IndexModel(
            [("outbox.kind", ASCENDING), ("_id", ASCENDING)],
            name="outbox",
            partialFilterExpression={"outbox.kind": {"$exists": True}},
        ),
        # one holder of each unique key; plain jobs have none
        IndexModel(
            [("unique_key", ASCENDING)],
            name="unique_key",
            unique=True,
            partialFilterExpression={"unique_key": {"$exists": True}},
        ),
        # jobs that wait for the end of another one
        IndexModel(
            [("runs_after", ASCENDING)],
            name="runs_after",
            partialFilterExpression={"runs_after": {"$exists": True}},
        ),
        # who depends on a job, and open ones of these; plain jobs are not in it
        IndexModel(
            [("depends_on", ASCENDING), ("open", ASCENDING), ("_id", ASCENDING)],
            name="depends_on",
            partialFilterExpression={"depends_on": {"$exists": True}},
        ),
        # jobs that wait for others
        IndexModel(
            [("status", ASCENDING), ("_id", ASCENDING)],
            name="blocked",
            partialFilterExpression={"status": "blocked"},
        ),
        # jobs of a batch by state
        IndexModel(
            [("batch", ASCENDING), ("status", ASCENDING), ("_id", ASCENDING)],
            name="batch",
            partialFilterExpression={"batch": {"$exists": True}},
        ),
        # jobs of a workflow by state
        IndexModel(
            [("part.workflow", ASCENDING), ("status", ASCENDING), ("_id", ASCENDING)],
            name="workflow",
            partialFilterExpression={"part.workflow": {"$exists": True}},
        ),
        # groups of the DLQ
        IndexModel(
            [("tenant_id", ASCENDING), ("error.group", ASCENDING), ("_id", DESCENDING)],
            name="dlq_group",
            partialFilterExpression={"status": "dlq"},
        ),
        # jobs that ended badly, by end time; those of one owner are filtered within the index
        IndexModel(
            [
                ("tenant_id", ASCENDING),
                ("status", ASCENDING),
                ("finished_at", DESCENDING),
                ("_id", DESCENDING),
                ("owner_id", ASCENDING),
            ],
            name="ended",
            partialFilterExpression={"status": {"$in": ["dlq", "cancelled"]}},
        ),
        # open jobs of a schedule
        IndexModel(
            [("tenant_id", ASCENDING), ("schedule", ASCENDING)],
            name="schedule",
            partialFilterExpression={"open": True, "schedule": {"$exists": True}},
        ),
        # the jobs of one request; its id comes first, so that one index serves the lists of tenants and of operators
        IndexModel([("trace_id", ASCENDING), ("tenant_id", ASCENDING), ("_id", DESCENDING)], name="trace"),
        # an operator's lists over all tenants, by a status that is rare
        IndexModel(
            [("status", ASCENDING), ("_id", DESCENDING)],
            name="gave_up",
            partialFilterExpression={"status": {"$in": ["dlq", "cancelled"]}},
        ),
    ],
    "idempotency": [
        IndexModel([("expires_at", ASCENDING)], name="ttl", expireAfterSeconds=0),
        # the deletion of a job releases its key
        IndexModel([("job_id", ASCENDING)], name="job"),
    ],
    # changes of limits: those of a tenant, and those of one limit in all tenants
    "limits": [
        IndexModel([("scope", ASCENDING)], name="scope"),
        IndexModel([("name", ASCENDING)], name="name"),
    ],
    # a job's lines in order, each number once
    "job_logs": [IndexModel([("job_id", ASCENDING), ("n", ASCENDING)], name="lines", unique=True)],
    # the steps of a job's series in order
    "job_steps": [
        IndexModel([("job_id", ASCENDING), ("series", ASCENDING), ("started_at", ASCENDING)], name="job"),
    ],
    # the events of a job in order
    "job_events": [IndexModel([("job_id", ASCENDING), ("at", ASCENDING), ("_id", ASCENDING)], name="job")],
    "rollups": [
        IndexModel([("span", ASCENDING), ("tenant_id", ASCENDING), ("start", ASCENDING)], name="tenant_span"),
        IndexModel([("expires_at", ASCENDING)], name="ttl", expireAfterSeconds=0),
    ],
    "totals": [
        IndexModel([("since", ASCENDING), ("_id", ASCENDING)], name="since"),
        IndexModel([("expires_at", ASCENDING)], name="ttl", expireAfterSeconds=0),
    ],
    # the sweep looks for old tombstones; they are few
    "tombstones": [IndexModel([("at", ASCENDING)], name="at")],
    "expired_pages": [IndexModel([("at", ASCENDING)], name="at")],
    # each deletion adds to the counts of an owner
    "deleted_counts": [IndexModel([("owner_id", ASCENDING), ("tenant_id", ASCENDING)], name="owner")],
    # tenants with settings of their own, which the sweep compares with Redis
    "tenants": [
        IndexModel(
            [("adjusted", ASCENDING), ("_id", ASCENDING)],
            name="adjusted",
            partialFilterExpression={"adjusted": True},
        ),
        # those that redact something, which each process knows
        IndexModel([("redacts", ASCENDING)], name="redacts", partialFilterExpression={"redacts": True}),
    ],
    "batches": [
        # lists of a tenant and of an owner, newest first
        IndexModel([("tenant_id", ASCENDING), ("_id", DESCENDING)], name="tenant"),
        IndexModel([("owner_id", ASCENDING), ("_id", DESCENDING)], name="owner"),
        # a key identifies one batch of its owner
        IndexModel(
            [("owner_id", ASCENDING), ("key", ASCENDING)],
            name="key",
            unique=True,
            partialFilterExpression={"key": {"$exists": True}},
        ),
        # those with something left to do
        IndexModel([("open", ASCENDING), ("_id", ASCENDING)], name="open", partialFilterExpression={"open": True}),
        IndexModel([("expires_at", ASCENDING)], name="ttl", expireAfterSeconds=0),
    ],
    "workflows": [
        # lists of a tenant and of an owner, newest first
        IndexModel([("tenant_id", ASCENDING), ("_id", DESCENDING)], name="tenant"),
        IndexModel([("owner_id", ASCENDING), ("_id", DESCENDING)], name="owner"),
        # a key identifies one workflow of its owner
        IndexModel(
            [("owner_id", ASCENDING), ("key", ASCENDING)],
            name="key",
            unique=True,
            partialFilterExpression={"key": {"$exists": True}},
        ),
        # those with something left to do
        IndexModel([("open", ASCENDING), ("_id", ASCENDING)], name="open", partialFilterExpression={"open": True}),
        IndexModel([("expires_at", ASCENDING)], name="ttl", expireAfterSeconds=0),
    ],
    "deployments": [IndexModel([("at", DESCENDING)], name="at")],
    "operations": [
        # lists of a tenant, of an owner and of all, newest first
        IndexModel([("tenant_id", ASCENDING), ("_id", DESCENDING)], name="tenant"),
        IndexModel([("owner_id", ASCENDING), ("_id", DESCENDING)], name="owner"),
        # those of a tenant that have not ended
        IndexModel(
            [("tenant_id", ASCENDING), ("open", ASCENDING)], name="open", partialFilterExpression={"open": True}
        ),
        IndexModel([("expires_at", ASCENDING)], name="ttl", expireAfterSeconds=0),
    ],
    "schedules": [
        IndexModel([("tenant_id", ASCENDING), ("name", ASCENDING)], name="name", unique=True),
        # lists of a tenant and of an owner, newest first
        IndexModel([("tenant_id", ASCENDING), ("_id", DESCENDING)], name="tenant"),
        IndexModel([("owner_id", ASCENDING), ("_id", DESCENDING)], name="owner"),
        # the next fires
        IndexModel([("due_at", ASCENDING)], name="due", partialFilterExpression={"due_at": {"$exists": True}}),
        # those that should fire again, by whether they will: a gauge looks for those that will not
        IndexModel(
            [("recurs", ASCENDING), ("due_at", ASCENDING)], name="stopped", partialFilterExpression={"recurs": True}
        ),
        # those of code
        IndexModel([("generation", ASCENDING)], name="code", partialFilterExpression={"generation": {"$exists": True}}),
    ],
    "schedule_runs": [
        IndexModel([("expires_at", ASCENDING)], name="ttl", expireAfterSeconds=0),
        # runs with something left to do
        IndexModel(
            [("tenant_id", ASCENDING), ("schedule", ASCENDING), ("created_at", ASCENDING)],
            name="open",
            partialFilterExpression={"open": True},
        ),
    ],
    "audit": [
        # the log of a tenant, and of all, newest first; also by who, what and which
        IndexModel([("tenant_id", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)], name="tenant"),
        IndexModel([("at", DESCENDING), ("_id", DESCENDING)], name="at"),
        IndexModel([("actors", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)], name="actor"),
        IndexModel(
            [("tenant_id", ASCENDING), ("action", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)], name="action"
        ),
        IndexModel(
            [("tenant_id", ASCENDING), ("target", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)], name="target"
        ),
        IndexModel([("expires_at", ASCENDING)], name="ttl", expireAfterSeconds=0),
    ],
    "api_keys": [
        # lists of a tenant, newest first
        IndexModel([("tenant_id", ASCENDING), ("_id", DESCENDING)], name="tenant"),
        # the keys of a member who is removed
        IndexModel([("user_id", ASCENDING)], name="user"),
    ],
    "invitations": [
        # lists and counts of a tenant, and the one of an address
        IndexModel([("tenant_id", ASCENDING), ("email", ASCENDING)], name="tenant", unique=True),
        IndexModel([("expires_at", ASCENDING)], name="ttl", expireAfterSeconds=0),
    ],
    "password_resets": [
        IndexModel([("user_id", ASCENDING)], name="user"),
        IndexModel([("expires_at", ASCENDING)], name="ttl", expireAfterSeconds=0),
    ],
    "mails": [
        # queued mails, those that are due first
        IndexModel([("due_at", ASCENDING)], name="due", partialFilterExpression={"state": "queued"}),
        IndexModel([("created_at", DESCENDING), ("_id", DESCENDING)], name="created"),
        # what is deleted with an account or a tenant
        IndexModel([("user_id", ASCENDING)], name="user"),
        IndexModel([("tenant_id", ASCENDING)], name="tenant"),
    ],
    "webhooks": [
        # lists of a tenant, newest first
        IndexModel([("tenant_id", ASCENDING), ("_id", DESCENDING)], name="tenant"),
    ],
    "alert_rules": [
        # lists of a tenant, newest first
        IndexModel([("tenant_id", ASCENDING), ("_id", DESCENDING)], name="tenant"),
        # rules to evaluate
        IndexModel([("due_at", ASCENDING)], name="due", partialFilterExpression={"due_at": {"$exists": True}}),
    ],
    "alert_firings": [
        # the history of a tenant, newest first, and each firing of a rule once
        IndexModel([("tenant_id", ASCENDING), ("_id", DESCENDING)], name="tenant"),
        IndexModel([("rule_id", ASCENDING), ("number", ASCENDING)], name="rule", unique=True),
        IndexModel([("expires_at", ASCENDING)], name="ttl", expireAfterSeconds=0),
    ],
    # views of a person and shared ones of a tenant
    "views": [IndexModel([("tenant_id", ASCENDING), ("owner_id", ASCENDING)], name="tenant")],
    "comments": [
        # those on a job, newest first; counts of a list
        IndexModel([("job_id", ASCENDING), ("_id", DESCENDING)], name="job"),
        # those on a group of a tenant, newest first; all of a tenant that is deleted
        IndexModel([("tenant_id", ASCENDING), ("group", ASCENDING), ("_id", DESCENDING)], name="group"),
        # those of a person who is deleted
        IndexModel([("author_id", ASCENDING)], name="author"),
        IndexModel([("expires_at", ASCENDING)], name="ttl", expireAfterSeconds=0),
    ],
    "webhook_deliveries": [
        # what is to be sent
        IndexModel([("next_at", ASCENDING)], name="due", partialFilterExpression={"next_at": {"$exists": True}}),
        # the log of a webhook, newest first; also of one status
        IndexModel([("webhook_id", ASCENDING), ("_id", DESCENDING)], name="webhook"),
        IndexModel([("webhook_id", ASCENDING), ("status", ASCENDING), ("_id", DESCENDING)], name="status"),
        # each occurrence is reported once
        IndexModel([("key", ASCENDING)], name="key", unique=True),
        IndexModel([("expires_at", ASCENDING)], name="ttl", expireAfterSeconds=0),
    ],
    "users": [
        IndexModel([("email", ASCENDING)], name="email", unique=True),
        # members of a tenant, and its admins
        IndexModel([("tenant_id", ASCENDING), ("role", ASCENDING), ("_id", ASCENDING)], name="tenant_role"),
        # persons who want mails about alerts
        IndexModel(
            [("role", ASCENDING), ("tenant_id", ASCENDING)],
            name="alert_mails",
            partialFilterExpression={"alert_mails": True},
        ),
        # persons who want mails about failures, those for whom to look first
        IndexModel(
            [("notifications.due_at", ASCENDING)],
            name="notifications",
            partialFilterExpression={"notifications.due_at": {"$exists": True}},
        ),
    ],
    "sessions": [
        # a person's list
        IndexModel([("user_id", ASCENDING), ("used_at", DESCENDING)], name="user"),
        IndexModel([("expires_at", ASCENDING)], name="ttl", expireAfterSeconds=0),
    ],
    "stored_objects": [
        # objects to look at, those that were due first; objects of jobs that are there are not in it
        IndexModel([("check_at", ASCENDING)], name="check", partialFilterExpression={"check_at": {"$exists": True}}),
        # what goes with a job, and with a tenant
        IndexModel([("job_id", ASCENDING)], name="job"),
        IndexModel([("tenant_id", ASCENDING)], name="tenant"),
    ],
    # revoked tokens are removed when they would have expired
    "revocations": [IndexModel([("expires_at", ASCENDING)], name="ttl", expireAfterSeconds=0)],
}


def ensure_indexes(db: Database[Document]) -> None:
    """Create missing indexes. Safe at every start and in several processes at once."""
    for collection, models in INDEXES.items():
        db[collection].create_indexes(models)
