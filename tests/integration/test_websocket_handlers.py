"""Messages of clients over the WebSocket: the handlers on real servers, answers through a real HTTP endpoint."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from chalice.app import Response

from chalicelib.api import websocket
from chalicelib.domain.principals import Role
from tests.api_client import Api, Person
from tests.connections_endpoint import Endpoint
from tests.container import Container
from tests.jobs import TASKS, start
from tests.limited import LIMITED
from tests.managers import Invoker, publish, wait_served
from tests.support import wait_until

pytestmark = pytest.mark.integration


class Client:
    """A WebSocket client, as API Gateway shows it to the functions."""

    def __init__(self, endpoint: Endpoint, connection_id: str = "c") -> None:
        self.endpoint = endpoint
        self.id = connection_id

    def event(self, **fields: Any) -> dict[str, Any]:
        context = {"connectionId": self.id, "routeKey": "$default", "stage": "api", "domainName": "localhost"}
        return {"requestContext": context, "isBase64Encoded": False, **fields}

    def connect(self, **query: str) -> int:
        return self.connect_from({}, **query)

    def connect_from(self, headers: dict[str, str], **query: str) -> int:
        answer = websocket.on_connect(self.event(headers=headers, queryStringParameters=query or None))
        status = answer.status_code if isinstance(answer, Response) else answer["statusCode"]
        return int(status)

    def send(self, frame: Any, **fields: Any) -> None:
        body = frame if isinstance(frame, str) else json.dumps(frame)
        assert websocket.on_message(self.event(body=body, **fields)) == {"statusCode": 200}

    def ask(self, frame: Any, **fields: Any) -> dict[str, Any]:
        """Send a frame; the answer from the handler."""
        before = len(self.endpoint.posts[self.id])
        self.send(frame, **fields)
        (answer,) = self.endpoint.posts[self.id][before:]
        decoded: dict[str, Any] = json.loads(answer)
        return decoded

    def leave(self) -> None:
        assert websocket.on_disconnect(self.event()) == {"statusCode": 200}


@pytest.fixture(autouse=True)
def tasks(container: Container) -> None:
    container.catalogue.register(TASKS)


@pytest.fixture
def quiet(managers: Invoker) -> Invoker:
    """The endpoint without a manager, so that all posts are the handlers'."""
    managers.works = False
    return managers


@pytest.fixture
def client(quiet: Invoker, endpoint: Endpoint, alice: Person) -> Client:
    """Alice's, connected."""
    made = Client(endpoint)
    assert made.connect(token=alice.token) == 200
    return made


def test_a_ticket_is_valid_once(api: Api, alice: Person, quiet: Invoker, endpoint: Endpoint) -> None:
    answer = api.post("/ws/ticket", by=alice).json
    assert answer["expiresInS"] == 30

    assert Client(endpoint, "one").connect(ticket=answer["ticket"]) == 200
    assert Client(endpoint, "two").connect(ticket=answer["ticket"]) == 401
    assert api.container.connection_registry.touch("one").connection.principal == alice.principal  # type: ignore[union-attr]


def test_a_ticket_of_an_ended_session_is_refused(api: Api, alice: Person, quiet: Invoker, endpoint: Endpoint) -> None:
    ticket = api.post("/ws/ticket", by=alice).json["ticket"]
    api.container.sessions.revoke(api.container.sessions.open(alice.token))

    assert Client(endpoint).connect(ticket=ticket) == 401


def test_a_ticket_needs_a_session(api: Api) -> None:
    assert api.post("/ws/ticket").status == 401


def test_tickets_are_kept_by_digest_and_expire(api: Api, alice: Person, container: Container) -> None:
    ticket = api.post("/ws/ticket", by=alice).json["ticket"]
    keys = list(container.redis.scan_iter(match=container.keys.ticket("*")))

    assert len(keys) == 1
    assert ticket.encode() not in keys[0] + (container.redis.get(keys[0]) or b"")
    assert 0 < container.redis.ttl(keys[0]) <= 30


@pytest.mark.parametrize(
    "query",
    [{}, {"ticket": "nope"}, {"ticket": "x" * 5000}, {"ticket": "\ud800"}, {"token": "nope"}, {"token": "a.b.c"}],
)
def test_connections_without_valid_credentials_are_refused(
    api: Api, quiet: Invoker, endpoint: Endpoint, query: dict[str, str]
) -> None:
    assert Client(endpoint).connect(**query) == 401


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://localhost:3000", 200), ("https://evil.example", 403), ("null", 403), ("http://localhost:3000.evil", 403)],
)
def test_browsers_may_connect_only_from_the_dashboard(
    api: Api, alice: Person, quiet: Invoker, endpoint: Endpoint, origin: str, status: int
) -> None:
    assert Client(endpoint).connect_from({"Origin": origin}, token=alice.token) == status


def test_scope_and_since_may_be_given_on_connect(api: Api, alice: Person, quiet: Invoker, endpoint: Endpoint) -> None:
    assert Client(endpoint, "a").connect(token=alice.token, scope="tenant", since="1-1") == 200
    assert Client(endpoint, "b").connect(token=alice.token, scope="all") == 403
    assert Client(endpoint, "c").connect(token=alice.token, scope="galaxy") == 400
    assert Client(endpoint, "d").connect(token=alice.token, since="yesterday") == 400


def test_ping(client: Client) -> None:
    answer = client.ask({"action": "ping", "requestId": "p1"})

    assert (answer["type"], answer["requestId"]) == ("pong", "p1")
    assert answer["timestamp"].endswith("Z")


def test_a_pong_shows_events_that_no_manager_delivers(api: Api, alice: Person, client: Client) -> None:
    before = client.ask({"action": "ping"})["data"]
    api.post("/job/create", {"name": "unheard"}, by=alice)

    pong = client.ask({"action": "ping"})["data"]

    assert pong["deliveredEventId"] == before["deliveredEventId"]
    assert int(pong["lastEventId"].partition("-")[2]) > int(before["lastEventId"].partition("-")[2])


def test_stats(client: Client) -> None:
    answer = client.ask({"action": "request:stats", "requestId": 3})

    assert (answer["type"], answer["requestId"]) == ("stats:update", 3)
    assert answer["data"] == {"pending": 0, "running": 0, "completed": 0, "failed": 0, "total": 0}


def test_a_duplicate_and_a_rejected_job_name_the_one_that_stands(client: Client) -> None:
    frame = {"action": "job:create", "name": "x", "unique": {"key": "k"}}
    first, second = (client.ask(frame)["data"] for _ in range(2))
    assert [each["duplicate"] for each in (first, second)] == [False, True]
    refused = client.ask({**frame, "unique": {"key": "k", "on_conflict": "reject"}})
    assert (refused["type"], refused["code"], refused["jobId"]) == ("error", "not_unique", first["job"]["_id"])


def test_a_job_is_created_and_cancelled(client: Client, api: Api, alice: Person) -> None:
    made = client.ask({"action": "job:create", "requestId": "r", "name": "by socket", "delay_s": 60, "tags": ["x"]})
    assert (made["type"], made["requestId"], made["data"]["created"]) == ("job:create:ok", "r", True)
    job = made["data"]["job"]
    assert api.get(f"/job/{job['_id']}", by=alice).json["job"]["name"] == "by socket"

    ended = client.ask({"action": "job:cancel", "jobId": job["_id"]})

    assert ended["type"] == "job:cancel:ok"
    assert ended["data"]["job"]["status"] == "cancelled"
    unknown = client.ask({"action": "job:cancel", "jobId": "0" * 24, "requestId": 9})
    assert (unknown["type"], unknown["code"], unknown["requestId"]) == ("error", "not_found", 9)


def test_an_ended_job_is_replayed(client: Client, api: Api, alice: Person) -> None:
    frame = {"action": "job:create", "name": "once", "task": "resize", "payload": {"width": 1}, "delay_s": 60}
    job = client.ask(frame)["data"]["job"]["_id"]
    assert client.ask({"action": "job:replay", "jobId": job})["code"] == "invalid_transition"
    client.ask({"action": "job:cancel", "jobId": job})

    wrong = client.ask({"action": "job:replay", "jobId": job, "payload": {"width": 0}})
    assert (wrong["type"], wrong["field"]) == ("error", "payload.width")
    made = client.ask({"action": "job:replay", "jobId": job, "payload": {"width": 2}, "requestId": 1})

    assert (made["type"], made["data"]["created"], made["data"]["job"]["replayOf"]) == ("job:replay:ok", True, job)
    new = api.get(f"/job/{made['data']['job']['_id']}", by=alice).json["job"]
    assert (new["payload"], new["status"]) == ({"width": 2}, "pending")
    [entry] = api.get("/audit", by=alice, query={"action": "job.replay"}).json["entries"]
    assert (entry["target"], entry["after"]["replay"]) == (f"job:{job}", new["_id"])


def test_a_job_is_counted_under_the_key_that_its_frame_gives(
    client: Client, api: Api, alice: Person, container: Container
) -> None:
    """In place of the key in its payload."""
    container.catalogue.register([*TASKS, *LIMITED])
    container.limit_definitions.repair()
    frame = {"action": "job:create", "name": "x", "task": "send", "payload": {"account": "1"}}
    ids = [client.ask({**frame, "limitKeys": {"account": "42"}})["data"]["job"]["_id"] for _ in range(2)]
    (running,) = start(container)

    found = api.get("/limits/account", by=alice).json["limit"]
    assert found["keys"] == [{"key": "42", "held": 1, "waiting": 1}]
    assert found["holders"] == [running.id]
    (waiting,) = {*ids} - {running.id}
    (block,) = api.get(f"/job/{waiting}", by=alice).json["job"]["blockedBy"]
    assert (block["limit"], block["key"], block["why"], block["held"]) == ("account", "42", "full", 1)
    refused = client.ask({**frame, "limitKeys": {"stripe": "42"}})
    assert (refused["type"], refused["field"]) == ("error", "limitKeys.stripe")


@pytest.mark.parametrize(
    ("frame", "field"),
    [
        ("", None),
        ("not json", None),
        ("[]", None),
        ("null", None),
        ("7", None),
        ('"text"', None),
        ("{", None),
        ("\x00", None),
        ({}, "action"),
        ({"action": None}, "action"),
        ({"action": 7}, "action"),
        ({"action": ["ping"]}, "action"),
        ({"action": "dance"}, "action"),
        ({"action": "ping", "more": 1}, "more"),
        ({"action": "ping", "requestId": {}}, "requestId"),
        ({"action": "ping", "requestId": True}, "requestId"),
        ({"action": "ping", "requestId": "x" * 129}, "requestId"),
        ({"action": "subscribe", "since": 7}, "since"),
        ({"action": "subscribe", "since": "x"}, "since"),
        ({"action": "subscribe", "since": {"$gt": ""}}, "since"),
        ({"action": "subscribe", "scope": "galaxy"}, "scope"),
        ({"action": "job:create"}, "name"),
        ({"action": "job:create", "name": {"$gt": ""}}, "name"),
        ({"action": "job:create", "name": "x", "status": "completed"}, "status"),
        ({"action": "job:create", "name": "x", "priority": 99}, "priority"),
        ({"action": "job:cancel"}, "jobId"),
        ({"action": "job:cancel", "jobId": "x"}, "jobId"),
        ({"action": "job:replay"}, "jobId"),
        ({"action": "job:replay", "jobId": "0" * 24, "priority": 99}, "priority"),
        ({"action": "request:stats", "scope": 1}, "scope"),
    ],
)
def test_a_malformed_frame_is_answered_and_the_connection_stays_open(
    client: Client, frame: Any, field: str | None
) -> None:
    answer = client.ask(frame)

    assert (answer["type"], answer["code"]) == ("error", "invalid_input")
    assert answer["error"]
    assert answer.get("field") == field
    assert client.ask({"action": "ping"})["type"] == "pong"


def test_an_error_names_its_request(client: Client) -> None:
    assert client.ask({"action": "dance", "requestId": "r7"})["requestId"] == "r7"
    assert client.ask({"action": "job:create", "requestId": 8})["requestId"] == 8


def test_too_large_too_deep_and_binary_frames(client: Client) -> None:
    assert client.ask("x" * 300_000)["code"] == "too_large"
    assert client.ask('{"action":' + "[" * 500 + "]" * 500 + "}")["code"] == "invalid_input"
    binary = base64.b64encode(b'{"action":"ping"}').decode()
    assert client.ask(binary, isBase64Encoded=True)["type"] == "pong"
    assert client.ask("***", isBase64Encoded=True)["code"] == "invalid_input"


def test_roles_apply_to_the_websocket(api: Api, alice: Person, quiet: Invoker, endpoint: Endpoint) -> None:
    viewer = api.person(Role.VIEWER, tenant_id=alice.user.tenant_id)
    member = api.person(Role.MEMBER, tenant_id=alice.user.tenant_id)
    looking, doing = Client(endpoint, "viewer"), Client(endpoint, "member")
    assert looking.connect(token=viewer.token) == doing.connect(token=member.token) == 200
    job = doing.ask({"action": "job:create", "name": "x", "delay_s": 60})["data"]["job"]["_id"]

    assert looking.ask({"action": "job:create", "name": "x"})["code"] == "forbidden"
    assert looking.ask({"action": "job:cancel", "jobId": job})["code"] == "forbidden"
    assert doing.ask({"action": "subscribe", "scope": "tenant"})["code"] == "forbidden"
    assert doing.ask({"action": "request:stats", "scope": "all"})["code"] == "forbidden"
    stranger = Client(endpoint, "stranger")
    stranger.connect(token=api.person().token)
    assert stranger.ask({"action": "job:cancel", "jobId": job})["code"] == "not_found"


def test_a_connection_of_a_logged_out_user_is_closed(client: Client, container: Container, alice: Person) -> None:
    container.sessions.revoke(container.sessions.open(alice.token))

    answer = client.ask({"action": "job:create", "name": "x"})

    assert (answer["type"], answer["code"]) == ("error", "logged_out")
    assert client.endpoint.deleted == ["c"]
    assert container.connection_registry.touch("c") is None


def test_an_unknown_connection_is_closed(quiet: Invoker, api: Api, endpoint: Endpoint) -> None:
    stray = Client(endpoint, "stray")

    assert stray.ask({"action": "ping"})["code"] == "not_found"
    assert endpoint.deleted == ["stray"]


def test_a_closed_connection_is_removed(client: Client, container: Container) -> None:
    client.leave()
    client.leave()

    assert container.connection_registry.touch("c") is None


def test_an_answer_that_cannot_be_delivered_is_no_error(client: Client) -> None:
    for status in (410, 413, 429, 500):
        client.endpoint.status["c"] = status
        client.send({"action": "ping"})


def test_from_connecting_to_live_events(
    managers: Invoker, api: Api, alice: Person, endpoint: Endpoint, container: Container
) -> None:
    client = Client(endpoint)
    ticket = api.post("/ws/ticket", by=alice).json["ticket"]
    assert client.connect(ticket=ticket) == 200
    wait_served(container)
    client.send({"action": "subscribe", "requestId": "s", "scope": "tenant"})
    wait_until(lambda: "subscribe:ok" in endpoint.types("c"))
    client.send({"action": "job:create", "name": "hello", "delay_s": 60, "requestId": "j"})
    wait_until(lambda: "job:created" in endpoint.types("c"))
    other = api.person(Role.MEMBER, tenant_id=alice.user.tenant_id)
    last = publish(container, 1, other.principal)

    wait_until(lambda: last in endpoint.ids("c"))
    assert sorted(endpoint.types("c")) == ["job:create:ok", "job:created", "job:progress", "subscribe:ok"]
    client.leave()
    assert managers.runs[0].ended() == "no connections left"


def test_a_job_has_the_trace_of_its_frame(client: Client) -> None:
    traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    frame = {"action": "job:create", "name": "n", "task": TASKS[0].name, "traceparent": traceparent}
    made = client.ask(frame)["data"]["job"]
    assert (made["traceparent"], made["traceId"]) == (traceparent, "4bf92f3577b34da6a3ce929d0e0e4736")
    refused = client.ask({**frame, "traceparent": f"00-{'0' * 32}-00f067aa0ba902b7-01"})
    assert (refused["type"], refused["field"]) == ("error", "traceparent")
