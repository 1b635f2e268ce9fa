"""JSON of clients is stored unchanged, or refused by field: over HTTP, over the WebSocket, in a redrive."""

from __future__ import annotations

import json
from typing import Any

import pytest

import app
from chalicelib.api.json_body import json_object
from chalicelib.domain.jobs import JobStatus
from infra.local.deployed.model import Route
from infra.local.http.http1 import Request
from infra.local.rest.events import Call, proxy_event
from infra.local.rest.routes import Match
from tests.api_client import Api, Person
from tests.connections_endpoint import Endpoint
from tests.container import Container
from tests.integration.test_websocket_handlers import Client
from tests.jobs import a_job, prepare, put
from tests.managers import Invoker

pytestmark = pytest.mark.integration
JSON = {"Content-Type": "application/json"}
#: Payloads that cannot be stored unchanged, and the field that the error names.
UNFIT = [
    ('{"id":123456789012345678901234}', "payload.id"),
    ('{"ids":[1,{"id":-9223372036854775809}]}', "payload.ids.1.id"),
    ('{"id":18446744073709551616}', "payload.id"),
    (f'{{"id":{"9" * 5000}}}', "payload.id"),
    ('{"much":1e400}', "payload.much"),
    ('{"much":-1.5E+999}', "payload.much"),
    ('{"to":{"mail":"a","mail":"b"}}', "payload.to.mail"),
    ('{"to":"a","\\u0074o":"b"}', "payload.to"),
]
KEPT = '{"id":18446744073709551615,"n":-9223372036854775808,"x":1.5e+300,"text":"123456789012345678901234 1e400"}'


@pytest.fixture(autouse=True)
def tasks(container: Container) -> None:
    prepare(container)


@pytest.mark.parametrize(("payload", "field"), UNFIT)
def test_json_that_would_change_is_refused_by_field(api: Api, alice: Person, payload: str, field: str) -> None:
    raw = f'{{"name":"x","payload":{payload}}}'
    for path, raw_body, at in (
        ("/job/create", raw, field),
        ("/job/bulk", f'{{"jobs":[{{"name":"y"}},{raw}]}}', f"jobs.1.{field}"),
        (f"/job/{'a' * 24}/retry", f'{{"payload":{payload}}}', field),
        (f"/dlq/{'a' * 24}/redrive", f'{{"payload":{payload}}}', field),
    ):
        answer = api.post(path, raw=raw_body, headers=JSON, by=alice)
        assert (answer.status, answer.json["field"]) == (400, at), (path, answer.text)
    assert api.get("/job", by=alice).json["jobs"] == []


def test_numbers_are_stored_exactly(api: Api, alice: Person, container: Container) -> None:
    made = api.post("/job/create", raw=f'{{"name":"x","payload":{KEPT}}}', headers=JSON, by=alice)
    [dead] = put(container, [a_job(alice.principal, status=JobStatus.DLQ)])
    again = api.post(f"/dlq/{dead.id}/redrive", raw=f'{{"payload":{KEPT}}}', headers=JSON, by=alice)
    for answer in (made, again):
        full = api.get(f"/job/{answer.json['job']['_id']}", by=alice)
        assert full.json["job"]["payload"] == json.loads(KEPT)
        assert '"id":18446744073709551615' in full.text


def test_frames_are_parsed_like_bodies(api: Api, alice: Person, managers: Invoker, endpoint: Endpoint) -> None:
    managers.works = False
    client = Client(endpoint)
    assert client.connect(token=alice.token) == 200
    for payload, field in UNFIT:
        frame = f'{{"action":"job:create","requestId":"r","name":"x","payload":{payload}}}'
        error = client.ask(frame)
        assert (error["type"], error["code"], error["field"]) == ("error", "invalid_input", field)
    made = client.ask(f'{{"action":"job:create","name":"x","payload":{KEPT}}}')
    assert made["type"] == "job:create:ok"
    assert json_object(b'{"a":"\\ufffd"}') == {"a": "\ufffd"}, "it can be sent as an escape"


# --- charsets, through the local gateway, which replaces bytes as API Gateway does ----------------------------


def post(path: str, body: bytes, headers: dict[str, str], query: str = "") -> dict[str, Any]:
    """The response of the app to a request through the gateway."""
    sent = [*headers.items(), ("Host", "localhost")]
    request = Request("POST", path, sent, {name.lower(): value for name, value in sent}, body)
    call = Call(request, path, query, "request-1", "Root=1", 0.0)
    match = Match(Route(path, frozenset({"POST"})), {})
    answer = app.app(proxy_event(call, match, stage="api", binary_types=frozenset()), None)
    return {"status": answer["statusCode"], **json.loads(answer["body"])}


@pytest.mark.parametrize(
    ("body", "headers", "field"),
    [
        ('{"name":"Zoë"}'.encode("latin-1"), JSON, None),
        ('{"name":"Zoë"}'.encode("latin-1"), {"Content-Type": "application/json; charset=ISO-8859-1"}, "Content-Type"),
        (b'{"name":"x"}', {"Content-Type": 'application/json; charset="utf-16"'}, "Content-Type"),
        (b"\x1f\x8b\x08\x00abc", {**JSON, "Content-Encoding": "gzip"}, "Content-Encoding"),
        (b'{"name":"x"}', {**JSON, "Content-Encoding": "br"}, "Content-Encoding"),
    ],
)
def test_characters_are_never_replaced(
    api: Api, alice: Person, body: bytes, headers: dict[str, str], field: str | None
) -> None:
    answer = post("/job/create", body, {**headers, "Authorization": f"Bearer {alice.token}"})
    assert (answer["status"], answer.get("field")) == (400, field), answer
    assert api.get("/job", by=alice).json["jobs"] == []


def test_passwords_and_queries_in_another_charset_are_refused(api: Api, alice: Person) -> None:
    body = '{"username":"Zoe","email":"zoe@example.com","password":"süßes geheimnis"}'
    assert post("/user/create", body.encode("latin-1"), JSON)["status"] == 400
    assert post("/user/create", body.encode(), {"Content-Type": "application/json;charset=UTF8"})["status"] == 200
    answer = api.get("/job", by=alice, query={"q": "caf\ufffd"})
    assert (answer.status, answer.json["field"]) == (400, "q")
