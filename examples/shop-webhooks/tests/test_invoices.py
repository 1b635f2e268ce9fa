import base64
import json
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from queuecraft_testing import InvalidInput, QueueCraft
from standardwebhooks import Webhook

from receiver import Shop

SECRET = "whsec_" + base64.b64encode(b"0" * 32).decode()
BODY = json.dumps({"type": "job.completed", "data": {"task": "invoice", "name": "4711"}})


@pytest.fixture
def shop() -> Shop:
    return Shop(SECRET)


def post(shop: Shop, body: str, *, secret: str = SECRET, at: datetime | None = None) -> str:
    """Send a signed message; return the status of the answer."""
    sent = at or datetime.now(UTC)
    environ = {
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body.encode()),
        "HTTP_WEBHOOK_ID": "msg_1",
        "HTTP_WEBHOOK_TIMESTAMP": str(int(sent.timestamp())),
        "HTTP_WEBHOOK_SIGNATURE": Webhook(secret).sign("msg_1", sent, body),
    }
    statuses: list[str] = []
    shop.app(environ, lambda status, headers: statuses.append(status))
    return statuses[0]


def test_an_invoice_is_written(qc: QueueCraft) -> None:
    assert qc.run("invoice", {"order": "4711", "cents": 1250}) == {"invoice": "Order 4711: 12.50 €"}
    with pytest.raises(InvalidInput) as refused:
        qc.submit("invoice", {"order": "4711", "cents": 0})
    assert refused.value.field == "payload.cents"


def test_the_shop_learns_of_it_once(shop: Shop) -> None:
    assert [post(shop, BODY), post(shop, BODY)] == ["204 No Content"] * 2
    assert (shop.invoiced, shop.seen) == ({"4711"}, {"msg_1"})


def test_the_shop_takes_nothing_that_is_not_signed_now(shop: Shop) -> None:
    other = "whsec_" + base64.b64encode(b"1" * 32).decode()
    assert post(shop, BODY, secret=other) == "401 Unauthorized"
    assert post(shop, BODY, at=datetime.now(UTC) - timedelta(hours=1)) == "401 Unauthorized"
    assert post(shop, "x" * 70_000) == "413 Content Too Large"
    assert not shop.invoiced
