"""The outbox of the local stack: mails that a deployment would send."""

from __future__ import annotations

from typing import Any

from chalicelib.api.call import Call, Nothing
from chalicelib.api.routing import KeyScope, Routes
from chalicelib.api.schemas.mails import ListMails, MailsAnswer, mail_data
from chalicelib.domain.principals import Permission

routes = Routes(__name__, tag="Mails")


@routes.get(
    "/outbox",
    query=ListMails,
    answer=MailsAnswer,
    errors={404},
    needs=Permission.MANAGE_TENANTS,
    scope=KeyScope.ADMIN,
)
def list_mails(call: Call[Nothing, ListMails]) -> dict[str, Any]:
    """List the mails of the local stack, newest first, with what they say.

    A deployment sends them by Amazon SES and answers 404.
    """
    return {"success": True, "mails": [mail_data(mail) for mail in call.container.mailer.newest(call.query.limit)]}
