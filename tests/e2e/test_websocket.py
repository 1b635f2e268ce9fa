"""The WebSocket on a whole stack: live events, resuming, isolation, malformed frames, and processes that are killed."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from infra.local.testing import LocalStack
from tests.e2e.clients import Api
from tests.support import wait_until

pytestmark = pytest.mark.e2e

FAST = {
    "RATE_LIMIT_MAX_REQUESTS": "0",
    "MAX_ACTIVE_JOBS_PER_USER": "0",
    "SIMULATED_JOB_S": "0.05",
    "LEASE_MS": "2000",
    "HEARTBEAT_MS": "500",
    "SIGN_UPS_PER_HOUR": "0",
}


@pytest.fixture(scope="module")
def stack() -> Iterator[LocalStack]:
    with LocalStack(env=FAST) as running:
        yield running


class Listener:
    """A client that keeps all events that it receives; batches are split."""

    def __init__(self, stack: LocalStack, query: str) -> None:
        self._opened = connect(f"{stack.ws_url}/?{query}", max_size=2**20)
        self.socket: ClientConnection = self._opened.__enter__()
        self.frames: list[dict[str, Any]] = []
        self.closed = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    @classmethod
    def of(cls, stack: LocalStack, api: Api, **more: str) -> Listener:
        """With a fresh ticket of this user."""
        status, body = api.call("POST", "/ws/ticket")
        assert status == 200, body
        return cls(stack, "&".join(f"{name}={value}" for name, value in {"ticket": body["ticket"], **more}.items()))

    def _listen(self) -> None:
        try:
            for text in self.socket:
                frame = json.loads(text)
                self.frames += frame["events"] if frame.get("type") == "batch" else [frame]
        except ConnectionClosed:
            pass
        self.closed.set()

    def send(self, frame: Any) -> None:
        self.socket.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))

    def ask(self, request_id: str, **frame: Any) -> dict[str, Any]:
        """Send a request and wait for its answer."""
        self.send({**frame, "requestId": request_id})
        return wait_until(lambda: [f for f in self.frames if f.get("requestId") == request_id], 20)[0]

    def events(self) -> list[dict[str, Any]]:
        return [frame for frame in list(self.frames) if "id" in frame]

    def types_of(self, job_id: str) -> list[str]:
        """Return the events of one job."""
        found = []
        for event in self.events():
            data = event["data"]
            if job_id in (data.get("_id"), data.get("jobId")) and event["type"] not in {"job:log", "job:progress"}:
                found.append(data.get("newStatus") or event["type"])
        return found

    def close(self) -> None:
        self._opened.__exit__(None, None, None)
        assert self.closed.wait(10)


def log_of(stack: LocalStack, owner_id: str) -> list[str]:
    """Return the ids of all events of an owner in the log."""
    with redis.Redis.from_url(stack.redis_url) as client:
        entries: Any = client.xrange("{qc}:events")
    return [raw.decode() for raw, fields in entries if fields[b"o"].decode() == owner_id]


def test_a_job_is_followed_from_its_creation_to_its_end(stack: LocalStack) -> None:
    api = Api.signed_up(stack)
    client = Listener.of(stack, api)
    assert client.ask("s", action="subscribe")["type"] == "subscribe:ok"

    by_http = api.create("by http")["_id"]
    by_socket = client.ask("c", action="job:create", name="by socket")["data"]["job"]["_id"]

    for job_id in (by_http, by_socket):
        wait_until(lambda job_id=job_id: "job:completed" in client.types_of(job_id), 30)  # type: ignore[misc]
        assert client.types_of(job_id) == ["job:created", "running", "completed", "job:completed"]
    assert client.ask("n", action="request:stats")["data"]["completed"] == 2
    client.close()


def test_a_client_that_resumes_gets_each_event_once_in_order(stack: LocalStack) -> None:
    api = Api.signed_up(stack)
    first = Listener.of(stack, api)
    first.ask("s", action="subscribe")
    before = api.create_many(20)
    wait_until(lambda: any("job:completed" in first.types_of(i) for i in before), 30)
    first.close()
    seen = first.events()
    away = api.create_many(40)
    wait_until(lambda: all(api.job(job_id)["status"] == "completed" for job_id in away), 60)

    second = Listener.of(stack, api, since=seen[-1]["id"])
    after = api.create_many(20)
    wait_until(lambda: all("job:completed" in second.types_of(job_id) for job_id in after), 60)

    owner = seen[0]["ownerId"]
    assert [event["id"] for event in seen + second.events()] == log_of(stack, owner)
    second.close()


def test_one_users_events_never_reach_another(stack: LocalStack) -> None:
    people = [Api.signed_up(stack) for _ in range(4)]
    clients = [Listener.of(stack, api) for api in people]
    for client in clients:
        client.ask("s", action="subscribe")
    jobs = [api.create_many(10) for api in people]

    for client, mine in zip(clients, jobs, strict=True):
        wait_until(lambda c=client, m=mine: all("job:completed" in c.types_of(j) for j in m), 60)  # type: ignore[misc]
        assert len({event["ownerId"] for event in client.events()}) == 1
        assert {i for event in client.events() if (i := event["data"].get("_id"))} == set(mine)
        client.close()


def test_a_malformed_frame_gets_an_error_and_the_connection_stays_open(stack: LocalStack) -> None:
    client = Listener.of(stack, Api.signed_up(stack))
    rubbish = ["", "{", "[]", "null", '{"action":7}', '{"action":"dance"}', "\x00", b"\x00\xff", '{"a":' * 60]
    for frame in rubbish:
        client.send(frame)
    wait_until(lambda: sum(f["type"] == "error" for f in client.frames) == len(rubbish), 30)

    assert {frame["code"] for frame in client.frames} == {"invalid_input"}
    assert client.ask("p", action="ping")["type"] == "pong"
    client.close()


@pytest.mark.parametrize("query", ["", "ticket=nope", "token=nope"])
def test_connections_without_valid_credentials_are_refused(stack: LocalStack, query: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        Listener(stack, query)
    assert refused.value.response.status_code == 401


def test_logging_out_closes_the_connection(stack: LocalStack) -> None:
    api = Api.signed_up(stack)
    client = Listener(stack, f"token={api.token}")
    assert client.ask("p", action="ping")["type"] == "pong"

    assert api.call("POST", "/logout")[0] == 200

    assert client.closed.wait(40)
    assert client.frames[-1]["code"] == "logged_out"


def test_no_event_is_lost_when_the_manager_is_killed(stack: LocalStack) -> None:
    api = Api.signed_up(stack)
    client = Listener.of(stack, api)
    client.ask("s", action="subscribe")
    seen = api.create()["_id"]
    wait_until(lambda: "job:completed" in client.types_of(seen), 30)

    for pid in stack.lambda_pids("ConnectionManager"):
        os.kill(pid, signal.SIGKILL)
    missed = api.create_many(10)

    def arrived() -> bool:
        client.send({"action": "ping"})
        return all("job:completed" in client.types_of(job_id) for job_id in missed)

    wait_until(arrived, 30, "the events of the time without a manager")
    ids = list(dict.fromkeys(event["id"] for event in client.events()))
    assert ids == log_of(stack, client.events()[0]["ownerId"])
    client.close()


def test_a_connection_survives_a_restart_of_valkey(stack: LocalStack) -> None:
    api = Api.signed_up(stack)
    client = Listener.of(stack, api)
    client.ask("s", action="subscribe")
    before = stack.service("valkey").pid

    os.kill(before, signal.SIGKILL)
    wait_until(lambda: stack.service("valkey").pid not in {0, before}, 10, "the supervisor to restart Valkey")

    jobs: list[str] = []
    for _ in range(2):
        wait_until(lambda: _accept(api, jobs), 30)
        wait_until(lambda: "job:completed" in client.types_of(jobs[-1]) or _resynced(client), 40)
    wait_until(lambda: "job:completed" in client.types_of(jobs[-1]), 40)
    client.close()


def _accept(api: Api, jobs: list[str]) -> bool:
    status, body = api.call("POST", "/job/create", {"name": "after the restart"})
    if status == 201:
        jobs.append(body["job"]["_id"])
    return status == 201


def _resynced(client: Listener) -> bool:
    return any(frame["type"] == "resync" for frame in client.frames)
