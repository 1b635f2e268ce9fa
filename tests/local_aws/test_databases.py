"""The embedded databases keep acknowledged writes and leave no process behind."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pymongo
import pytest
import redis

from infra.local import children
from infra.local.databases import DatabaseError, DatabaseServer, MongoServer, ValkeyServer, free_port

pytestmark = pytest.mark.integration


def test_mongo_keeps_a_journaled_write_through_a_crash_and_a_new_port(tmp_path: Path) -> None:
    server = MongoServer(tmp_path, free_port())
    server.start()
    with pymongo.MongoClient[dict[str, Any]](server.uri, w="majority", journal=True) as client:
        client.app.jobs.insert_one({"name": "kept"})
    server.kill()
    assert server.pid is None

    with (
        MongoServer(tmp_path, free_port()) as moved,
        pymongo.MongoClient[dict[str, Any]](moved.uri) as client,
    ):
        assert [job["name"] for job in client.app.jobs.find()] == ["kept"]


def test_mongo_runs_transactions_and_change_streams(tmp_path: Path) -> None:
    with (
        MongoServer(tmp_path, free_port()) as server,
        pymongo.MongoClient[dict[str, Any]](server.uri) as client,
        client.app.jobs.watch(max_await_time_ms=2000) as changes,
    ):
        with client.start_session() as session, session.start_transaction():
            client.app.jobs.insert_one({"name": "streamed"}, session=session)
        assert next(changes)["fullDocument"]["name"] == "streamed"


def test_valkey_keeps_its_data_through_a_restart(tmp_path: Path) -> None:
    server = ValkeyServer(tmp_path, free_port(), durable=True)
    server.start()
    try:
        with redis.Redis.from_url(server.uri) as client:
            client.set("kept", "yes")
        server.restart()
        with redis.Redis.from_url(server.uri) as client:
            assert client.get("kept") == b"yes"
    finally:
        server.stop()


def test_strangers_are_refused(tmp_path: Path) -> None:
    with MongoServer(tmp_path / "m", free_port()) as mongo, ValkeyServer(tmp_path / "v", free_port()) as valkey:
        assert mongo.password not in _command_line(mongo) and valkey.password not in _command_line(valkey)
        with redis.Redis(port=valkey.port) as client, pytest.raises(redis.exceptions.AuthenticationError):
            client.get("x")
        with (
            pymongo.MongoClient[dict[str, Any]]("127.0.0.1", mongo.port, directConnection=True) as client,
            pytest.raises(pymongo.errors.OperationFailure, match="requires authentication"),
        ):
            client.app.jobs.find_one()
        with (
            pymongo.MongoClient[dict[str, Any]]("127.0.0.1", mongo.port, directConnection=True) as client,
            pytest.raises(pymongo.errors.OperationFailure, match="requires authentication"),
        ):
            client.admin.command("createUser", "me", pwd="mine", roles=["root"])


def _command_line(server: DatabaseServer) -> str:
    shown = Path(f"/proc/{server.pid}/cmdline")
    if shown.exists():
        return shown.read_text()
    command = ["ps", "-ww", "-o", "command=", "-p", str(server.pid)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout


class OpenMongoServer(MongoServer):
    """The server of older versions, without passwords."""

    @property
    def uri(self) -> str:
        return f"mongodb://127.0.0.1:{self.port}/?directConnection=true"

    def _command(self) -> list[str]:
        command = super()._command()
        where = command.index("--keyFile")
        return command[:where] + command[where + 4 :]

    def _is_primary(self, client: pymongo.MongoClient[dict[str, Any]]) -> bool:
        with pymongo.MongoClient[dict[str, Any]](self.uri) as anybody:
            return super()._is_primary(anybody)


def test_data_from_before_there_were_passwords_is_kept_and_a_lost_password_replaced(tmp_path: Path) -> None:
    with OpenMongoServer(tmp_path, free_port()) as old, pymongo.MongoClient[dict[str, Any]](old.uri) as client:
        client.app.jobs.insert_one({"name": "kept"})
    for _ in range(2):
        (tmp_path / "password").write_text("cut off")
        with MongoServer(tmp_path, free_port()) as new, pymongo.MongoClient[dict[str, Any]](new.uri) as client:
            assert [job["name"] for job in client.app.jobs.find()] == ["kept"]


def _cut_manifest(files: Path) -> None:
    (files / "appendonly.aof.manifest").write_text("")


def _damaged_command(files: Path) -> None:
    next(files.glob("*.incr.aof")).write_bytes(b"*3\r\n$3\r\nSET\r\n garbage")


@pytest.mark.parametrize("damage", [_damaged_command, _cut_manifest])
def test_valkey_starts_without_data_that_it_cannot_read(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    server = ValkeyServer(tmp_path, free_port())
    server.start()
    server.stop()
    damage(tmp_path / "appendonlydir")
    server.start()
    try:
        assert [str(tmp_path / "appendonlydir.damaged") in remark for remark in server.remarks] == [True]
        assert (tmp_path / "appendonlydir.damaged" / "appendonly.aof.manifest").exists()
        with redis.Redis.from_url(server.uri) as client:
            assert client.set("x", "y")
    finally:
        server.stop()


def test_data_stay_where_they_are_when_valkey_fails_for_another_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = ValkeyServer(tmp_path, free_port())
    server.start()
    server.stop()
    monkeypatch.setattr(server, "_command", lambda: ["false"])
    with pytest.raises(DatabaseError, match="valkey exited at start"):
        server.start()
    assert [path.name for path in tmp_path.glob("appendonlydir*")] == ["appendonlydir"]


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with (
        ValkeyServer(tmp_path / "one", free_port(), durable=False) as first,
        pytest.raises(DatabaseError, match=f"Port {first.port} for valkey is taken"),
    ):
        ValkeyServer(tmp_path / "two", first.port).start()


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "appendonlydir").write_text("in the way of the folder it needs")
    with pytest.raises(DatabaseError, match=r"valkey exited at start:\n(.|\n)*appendonlydir"):
        ValkeyServer(tmp_path, free_port(), durable=True).start()


def test_children_die_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys, time; from infra.local.databases import ValkeyServer, free_port\n"
        "server = ValkeyServer(pathlib.Path(sys.argv[1]), free_port(), durable=False); server.start()\n"
        "print(server.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE)
    with parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert children.is_alive(child)
        parent.kill()
    assert children.wait_until(lambda: not children.is_alive(child), timeout_s=5)
