"""The shop: an application of its own (WSGI, for any server), which gets the messages of QueueCraft."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

MAX_BODY = 65_536


@dataclass
class Shop:
    """``app`` is the application. A real shop would keep both sets in its database."""

    secret: str
    #: names of the jobs that completed: the shop submits each with the number of the order as its name
    invoiced: set[str] = field(default_factory=set)
    #: ids of messages: one may come more than once
    seen: set[str] = field(default_factory=set)

    def app(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Take one message. Work that takes long would be done after the answer."""
        start(self.status_of(environ), [("Content-Length", "0")])
        return [b""]

    def status_of(self, environ: dict[str, Any]) -> str:
        """Verify a message, and take it in once; return the status of the answer."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > MAX_BODY:
            return "413 Content Too Large"
        # as it came: what is parsed and written again may have another signature
        body = environ["wsgi.input"].read(length)
        headers = {name: environ.get(f"HTTP_{name.upper().replace('-', '_')}", "") for name in HEADERS}
        try:
            message = Webhook(self.secret).verify(body, headers)
        except WebhookVerificationError:
            return "401 Unauthorized"
        if headers["webhook-id"] not in self.seen:
            self.seen.add(headers["webhook-id"])
            if message["type"] == "job.completed" and message["data"]["task"] == "invoice":
                self.invoiced.add(message["data"]["name"])
        return "204 No Content"


HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
