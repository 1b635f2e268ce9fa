"""The local AWS passes to its functions and clients what the golden files contain."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect

from infra.aws.package import ROOT
from infra.local.children import free_port, wait_until
from infra.local.lambda_.model import Outcome
from infra.local.testing import LocalStack
from infra.local.websocket.connections import Connections
from infra.local.websocket.gateway import WebSocketGateway
from infra.localstack.front import deployment
from tests.deploy.golden import differences, golden
from tests.deploy.golden.cases import CASES

PROBE = ROOT / "tests" / "deploy" / "probe"


@dataclass
class LocalTarget:
    """The probe on the local AWS."""

    api_url: str
    functions: Any
    ticked: Path

    def wait_for(self, path: Path) -> Any:
        assert wait_until(path.exists, timeout_s=90, poll_s=0.1)
        return json.loads(path.read_text())


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalTarget]:
    ticked = tmp_path_factory.mktemp("probe") / "tick.json"
    with LocalStack(project=PROBE, env={"PROBE_FILE": str(ticked)}) as stack:
        yield LocalTarget(stack.api_url, stack.aws_client("lambda"), ticked)


@pytest.mark.parametrize("name", CASES)
def test_golden(name: str, target: LocalTarget, tmp_path: Path) -> None:
    assert differences(golden(name)["seen"], CASES[name](target, tmp_path)) == []


class Recorder:
    """Functions that record their events and accept every connection."""

    def __init__(self) -> None:
        self.events: list[Any] = []

    async def invoke(self, name: str, payload: bytes, *, wait_for_capacity_s: float = 0.0) -> Outcome:
        self.events.append(json.loads(payload))
        return Outcome(b'{"statusCode": 200}')


def test_golden_websocket_events() -> None:
    """The same gateway runs in front of LocalStack's functions."""
    recorder = Recorder()

    async def talk() -> None:
        gateway = WebSocketGateway(recorder, Connections(), "127.0.0.1")
        names = ("Connect", "Message", "Disconnect")
        gateway.deploy(deployment({f"Websocket{name}HandlerName": name for name in names}))
        port = free_port()
        server = await asyncio.get_running_loop().create_server(gateway.socket, "127.0.0.1", port)
        async with server, connect(f"ws://127.0.0.1:{port}/?ticket=t") as client:
            await client.send('{"action":"ping"}')
            await client.close()
            async with asyncio.timeout(10):
                while len(recorder.events) < 3:
                    await asyncio.sleep(0.01)

    asyncio.run(talk())
    for kind, event in zip(("connect", "message", "disconnect"), recorder.events, strict=True):
        assert differences(golden(f"websocket_{kind}")["seen"], event) == [], kind


def test_a_difference_is_reported() -> None:
    wanted = {"a": "<int>", "b": ["<uuid>"], "c": "<absent>", "d": "~x+", "e": "<any>"}
    assert differences(wanted, {"a": 1, "b": ["0" * 8 + "-0000" * 3 + "-" + "0" * 12], "d": "xx", "e": None}) == []
    answers = differences(wanted, {"a": True, "b": ["x"], "c": 1, "d": "y"})
    assert len(answers) == 5
