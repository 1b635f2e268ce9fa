"""Problems of the databases, and of files of the home, are reported clearly or repaired."""

import asyncio
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local import children, data_services, files
from infra.local.data_services import DataServices
from infra.local.databases import MongoServer, PortTakenError, ValkeyServer, find_mongod, free_port
from infra.local.deployed.ask import ask
from infra.local.settings import LocalSettings
from infra.local.testing import ROOT

pytestmark = pytest.mark.integration
SCRIPT = ROOT / "infra" / "local" / "bootstrap.py"


class Standalone(MongoServer):
    """A server that is not a replica set."""

    def _command(self) -> list[str]:
        (self.home / "data").mkdir()
        where = ("--dbpath", str(self.home / "data"), "--port", str(self.port))
        return [find_mongod(), "--bind_ip", "127.0.0.1", *where, "--nounixsocket"]

    def _await_ready(self, deadline: float) -> None:
        children.wait_until(lambda: not children.port_is_free(self.port), timeout_s=20)


def test_a_standalone_mongodb_is_refused_in_one_line(tmp_path: Path, redis_url: str) -> None:
    with Standalone(tmp_path, free_port()) as server:
        env = {
            **os.environ,
            "MONGODB_URI": f"mongodb://127.0.0.1:{server.port}/",
            "REDIS_URL": redis_url,
            "SECRET_KEY": "s" * 40,
        }
        answer = asyncio.run(ask(SCRIPT, str(ROOT), "all", "", cwd=ROOT, env=env, silence_s=60))
    assert answer.status == 1
    last = answer.printed.strip().splitlines()[-1]
    assert last == "MisconfiguredError: MONGODB_URI must be a replica set (6 or newer), and names a standalone server"
    assert "Traceback" not in answer.printed


@pytest.mark.parametrize(
    "text", ["", "abc", "\x00" * 64, "{", "[]", '{"mongodb": "x", "valkey": [1]}', '{"mongodb": 80}']
)
def test_damaged_files_of_a_home_are_replaced(tmp_path: Path, text: str) -> None:
    (tmp_path / "ports.json").write_text(text)
    (tmp_path / "secret_key").write_text(text[:31])
    ports = data_services._remembered_ports(tmp_path / "ports.json")
    assert all(port in children.LISTENING_PORTS for port in ports.values())
    assert data_services._remembered_ports(tmp_path / "ports.json") == ports
    secret = files.secret(tmp_path / "secret_key")
    assert len(secret) == 64
    assert files.secret(tmp_path / "secret_key") == secret


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which another process listens."""
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        yield squatter.getsockname()[1]


def test_a_database_whose_port_is_taken_after_it_was_chosen_starts_on_another(tmp_path: Path, taken: int) -> None:
    notes: list[str] = []

    async def run() -> tuple[str, str]:
        settings = LocalSettings.from_env({"QUEUECRAFT_HOME": str(tmp_path)}, ROOT)
        data = DataServices(settings, lambda name, text: notes.append(f"{name}: {text}"), lambda: None)
        before = data.redis_url
        valkey = next(server for server in data.servers if server.name == "valkey")
        valkey.port = taken
        data.servers = [valkey]
        await data.start()
        await data.stop()
        return before, data.redis_url

    before, after = asyncio.run(run())
    assert before != after
    assert f":{taken}/" not in after
    port = json.loads((tmp_path / "ports.json").read_text())["valkey"]
    assert f":{port}/" in after
    assert notes == [f"valkey: Port {taken} for valkey is taken by another process. Starting it on port {port}."]


def test_data_of_valkey_stay_where_they_are_when_its_port_is_taken_while_it_starts(
    tmp_path: Path, taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = ValkeyServer(tmp_path, free_port())
    server.start()
    server.stop()
    server.port = taken
    found_free = iter([True])
    monkeypatch.setattr(children, "port_is_free", lambda _: next(found_free, False))
    with pytest.raises(PortTakenError, match=f"Port {taken} for valkey is taken"):
        server.start()
    assert [path.name for path in tmp_path.glob("appendonlydir*")] == ["appendonlydir"]
