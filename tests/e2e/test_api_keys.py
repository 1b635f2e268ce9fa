"""A service with an API key, and the audit log, through the sockets of a whole stack."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from websockets.sync.client import connect

from infra.local.testing import LocalStack
from tests.e2e.clients import Api, Judge
from tests.support import wait_until

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def stack() -> Iterator[LocalStack]:
    with LocalStack(env={"SIMULATED_JOB_S": "0.01", "SIGN_UPS_PER_HOUR": "0"}) as running:
        yield running


def test_a_service_runs_jobs_until_its_key_is_revoked(stack: LocalStack) -> None:
    admin = Api.signed_up(stack)
    status, made = admin.call("POST", "/api-keys", {"name": "service", "scopes": ["jobs:read", "jobs:write"]})
    assert status == 201, made
    service, judge = Api(stack, made["secret"]), Judge(stack)

    # more than a person may submit in a minute, and have active
    ids = [service.create(f"job {n}")["_id"] for n in range(12)]
    wait_until(lambda: judge.all_ended(ids), 120, "the jobs of the service")
    judge.close()
    assert service.job(ids[0])["apiKeyId"] == made["apiKey"]["_id"]
    status, refused = service.call("POST", "/queues/default/pause")
    assert (status, refused["scope"]) == (403, "queues:write")

    with connect(f"{stack.ws_url}/?token={service.token}") as socket:
        socket.send(json.dumps({"action": "ping", "requestId": 1}))
        assert json.loads(socket.recv(timeout=30))["type"] == "pong"
        status, _ = admin.call("DELETE", f"/api-keys/{made['apiKey']['_id']}")
        assert status == 200
        frames = [json.loads(frame) for frame in socket]  # until the connection is closed
        assert (frames[-1]["type"], frames[-1]["code"]) == ("error", "invalid_api_key")
        assert {frame["type"] for frame in frames[:-1]} <= {"api-key:updated"}
    assert service.call("GET", "/job")[0] == 401

    _, log = admin.call("GET", "/audit")
    assert [entry["action"] for entry in log["entries"]] == ["api-key.revoke", "api-key.create"]
    assert made["secret"] not in json.dumps(log)
