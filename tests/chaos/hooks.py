"""A webhook of the tenant under fire: each ended job is reported at least once, and nothing else is."""

from __future__ import annotations

import random
import time
from typing import Any, Final

from pymongo.errors import PyMongoError

from chalicelib.domain.webhooks import WebhookEvent
from chalicelib.services.subscriptions import MAX_AGE_S
from chalicelib.services.webhooks import NewWebhook
from tests.chaos.people import CALLER
from tests.container import Container
from tests.receiver import Receiver

EVENTS: Final = tuple(event.value for event in WebhookEvent if event is not WebhookEvent.JOB_FAILED)
_ENDS: Final = {
    "completed": "job.completed", "dlq": "job.dead", "cancelled": "job.cancelled", "skipped": "job.skipped"
}  # fmt: skip
#: Share of the messages that the receiver refuses.
REFUSED: Final = 0.05
TAKEN: Final = 204


class Hooks:
    """``receiver`` runs in this process, and refuses some messages."""

    def __init__(self, container: Container, receiver: Receiver, seed: int) -> None:
        self._container = container
        self._receiver = receiver
        chance = random.Random(f"{seed} hooks")
        receiver.answer = lambda path: 503 if chance.random() < REFUSED else TAKEN

    def start(self) -> None:
        """Create the webhook, and wait until all processes know of it."""
        new = NewWebhook(self._receiver.url(), EVENTS)
        self._receiver.secret = self._container.webhooks.create(CALLER, new)[1]
        time.sleep(MAX_AGE_S)

    @property
    def taken(self) -> int:
        """How many messages the receiver took."""
        return sum(each.status == TAKEN for each in list(self._receiver.received))

    def wrong(self, witness: Container, gone: set[str], patience_s: float) -> list[str]:
        """Send what is left, as the next hours would; return ended jobs that were not reported, and unknown ones.

        ``gone``: ids of jobs that may have been deleted.
        """
        deadline = time.monotonic() + patience_s
        while self._left(witness) and time.monotonic() < deadline:
            time.sleep(0.2)
        reported: set[tuple[str, str]] = set()
        meant: dict[str, str] = {}
        #: Batches whose call died, and their jobs, which were deleted.
        given_up = {str(each["_id"]) for each in witness.db.batches.find({"status": "undone"}, {"_id": 1})}
        undone: set[str] = set()
        found = [f"a message was not signed: {each.body}" for each in self._receiver.unverified]
        for each in [each for each in list(self._receiver.received) if each.status == TAKEN]:
            about = each.json["data"]["_id"]
            reported.add((each.type, about))
            if each.json["data"].get("batchId") in given_up:
                undone.add(about)
            if meant.setdefault(each.message_id, each.body) != each.body:
                found.append(f"two messages have the id {each.message_id}")
        known = {str(job["_id"]): job["status"] for job in witness.db.jobs.find({}, {"status": 1})}
        found += [
            f"{job_id} is {status}, which no webhook reported"
            for job_id, status in known.items()
            if status in _ENDS and (_ENDS[status], job_id) not in reported
        ]
        others = {
            str(each["_id"]) for group in ("batches", "workflows") for each in witness.db[group].find({}, ["_id"])
        }
        unknown = {about for _, about in reported} - known.keys() - others - gone - undone
        return found + [f"a webhook reported {about}, which does not exist" for about in sorted(unknown)]

    def _left(self, witness: Container) -> bool:
        """Let failed deliveries be tried now; return whether any is left."""
        now = witness.clock.now()
        # the last sweep ran by a clock that is ahead, and so made deliveries that are due later
        failed_or_ahead = [{"tries": {"$gt": 0}}, {"created_at": {"$gt": now}}]
        later: dict[str, Any] = {"next_at": {"$gt": now}, "$or": failed_or_ahead}
        try:
            witness.db.webhook_deliveries.update_many(later, {"$set": {"next_at": now}})
            return bool(witness.delivery_store.count_pending())
        except PyMongoError:
            return True
