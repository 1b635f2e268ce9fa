"""The supervisor: starts, restarts and reloads what it runs, and leaves nothing behind."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pymongo
import pytest
import redis

from infra.local import children
from infra.local.testing import ROOT, LocalStack, StackFailedError
from tests.local_aws.conftest import PROJECT

pytestmark = pytest.mark.e2e


def get(port: int, path: str) -> tuple[int, bytes, dict[str, str]]:
    """Return status, body and headers of a GET."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read(), dict(response.headers)
    finally:
        connection.close()


def pids_of(stack: LocalStack) -> set[int]:
    """Return every process of a stack."""
    pids = {stack.pid}
    for service in stack.run()["services"]:
        pids |= {pid for pid in (*service.get("pids", ()), service.get("pid")) if pid}
    return pids


@pytest.fixture
def own(tmp_path: Path) -> Iterator[LocalStack]:
    """A stack of this test's own, not started, with a copy of the sample project."""
    project = tmp_path / "project"
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns("__pycache__"))
    stack = LocalStack(project=project, home=tmp_path / "home", env={"MARKS": str(tmp_path / "marks")}, reload=True)
    yield stack
    if stack.is_running:
        stack.stop()


def test_a_stack_that_starts_again_keeps_its_data(own: LocalStack) -> None:
    own.start()
    with pymongo.MongoClient[dict[str, str]](own.mongodb_uri) as mongo, redis.Redis.from_url(own.redis_url) as cache:
        mongo.app.jobs.insert_one({"name": "kept"})
        cache.set("kept", "yes")
    secret = (own.home / "secret_key").read_text()
    addresses = own.mongodb_uri, own.redis_url
    assert own.stop() == 0

    own.start()
    assert (own.mongodb_uri, own.redis_url) == addresses
    with pymongo.MongoClient[dict[str, str]](own.mongodb_uri) as mongo, redis.Redis.from_url(own.redis_url) as cache:
        assert mongo.app.jobs.count_documents({"name": "kept"}) == 1
        assert cache.get("kept") == b"yes"
    assert (own.home / "secret_key").read_text() == secret
    assert [path for path in (own.home, *own.home.rglob("*")) if path.stat().st_mode & 0o077] == []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_no_process_outlives_it(own: LocalStack, how: signal.Signals) -> None:
    own.start()
    pids = pids_of(own)
    assert own.stop(how=how) == 0
    assert [pid for pid in pids if children.is_alive(pid)] == []
    assert own.run() == {}


@pytest.mark.parametrize("how", ["os._exit", "make down"])
def test_nothing_that_a_function_started_outlives_it(own: LocalStack, tmp_path: Path, how: str) -> None:
    own.start()
    pids = pids_of(own)
    client, left = own.aws_client("lambda"), tmp_path / "left"
    event = {"leave": str(left)} | ({"exit": 1} if how == "os._exit" else {})
    client.invoke(FunctionName="Recorder", Payload=json.dumps(event))
    orphans = json.loads(left.read_text())
    assert len(orphans) == 5
    if how == "make down":
        assert all(map(children.is_alive, orphans)), "a function that lives keeps what it started"
        assert own.stop() == 0
    else:
        assert children.wait_until(lambda: not any(map(children.is_alive, orphans)), timeout_s=20)
        client.invoke(FunctionName="Recorder", Payload="{}")
        assert own.stop() == 0
        assert "restarted on" not in own.output, "a database is none of the orphans"
    assert [pid for pid in (*orphans, *pids) if children.is_alive(pid)] == []


def test_the_kernel_ends_everything_when_the_supervisor_is_killed(own: LocalStack) -> None:
    own.start()
    pids = pids_of(own)
    own.kill()
    assert children.wait_until(lambda: not any(map(children.is_alive, pids)), timeout_s=10)
    own.start()
    assert get(own.port, "/sync")[0] == 200


@pytest.mark.parametrize("name", ["mongodb", "valkey"])
def test_a_crashed_database_is_restarted_at_the_same_address(stack: LocalStack, name: str) -> None:
    before = stack.service(name)
    os.kill(before.pid, signal.SIGKILL)
    again = f"restarted on port {before.port}"
    assert children.wait_until(lambda: again in stack.output, timeout_s=15)
    assert stack.service(name).pid not in {0, before.pid}
    assert stack.service(name).url == before.url
    with (
        redis.Redis.from_url(stack.redis_url) as cache,
        pymongo.MongoClient[dict[str, str]](stack.mongodb_uri) as mongo,
    ):
        assert cache.ping()
        assert mongo.admin.command("hello")["isWritablePrimary"]


def test_changed_code_is_loaded_and_broken_code_is_not(own: LocalStack) -> None:
    own.start()
    app = own.project / "app.py"
    good = app.read_text()
    assert get(own.port, "/version")[1] == b"one"

    app.write_text(
        good.replace('return "one"', 'return "two"') + '\n\n@app.route("/new")\ndef new():\n    return "new"\n'
    )
    assert children.wait_until(lambda: own.output.count("the new version runs") == 1, timeout_s=30)
    assert get(own.port, "/version")[1] == b"two"
    assert get(own.port, "/new")[1] == b"new"

    app.write_text("import nothing_of_that_name\n")
    assert children.wait_until(lambda: "the last good version keeps running" in own.output, timeout_s=15)
    assert "nothing_of_that_name" in own.output
    assert get(own.port, "/version")[1] == b"two"

    app.write_text(good)
    assert children.wait_until(lambda: own.output.count("the new version runs") == 2, timeout_s=30)
    assert get(own.port, "/version")[1] == b"one"
    assert get(own.port, "/new")[0] == 404


def test_an_app_that_is_broken_at_the_start_is_waited_for(own: LocalStack) -> None:
    app = own.project / "app.py"
    good = app.read_text()
    app.write_text("import nothing_of_that_name\n")
    own.launch()
    assert children.wait_until(lambda: "waiting for app.py to be fixed" in own.output, timeout_s=20)
    app.write_text(good)
    own.wait_ready()
    assert get(own.port, "/sync")[0] == 200


def test_a_taken_port_is_named_with_the_variable_that_moves_it(own: LocalStack) -> None:
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", own.ws_port))
        squatter.listen()
        with pytest.raises(StackFailedError, match=f"Port {own.ws_port} is taken.*WS_PORT={own.ws_port + 1} make up"):
            own.start()


#: starts a stack that chooses ports on which others listen
ON_TAKEN_PORTS = """
import sys
from infra.local import __main__, data_services

data_services._remembered_ports = lambda _: {"mongodb": %d, "valkey": %d}
sys.exit(__main__.main())
"""


def test_databases_whose_ports_were_taken_get_others_which_functions_know(
    own: LocalStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as one, socket.socket() as two:
        for squatter in (one, two):
            squatter.bind(("127.0.0.1", 0))
            squatter.listen()
        script = ON_TAKEN_PORTS % (one.getsockname()[1], two.getsockname()[1])
        spawn = children.spawn
        monkeypatch.setattr(children, "spawn", lambda line, **given: spawn([line[0], "-c", script, *line[3:]], **given))
        own.start()
        chosen = json.loads((own.home / "ports.json").read_text())
        assert f":{chosen['mongodb']}/" in own.mongodb_uri
        assert f":{chosen['valkey']}/" in own.redis_url
        assert own.output.count("is taken by another process. Starting it on port") == 2
        environ = json.loads(get(own.port, "/environment")[1])
        assert (environ["MONGODB_URI"], environ["REDIS_URL"]) == (own.mongodb_uri, own.redis_url)


def test_a_second_stack_in_the_same_home_is_refused(stack: LocalStack) -> None:
    second = LocalStack(project=PROJECT, home=stack.home / "..", env={"QUEUECRAFT_HOME": str(stack.home)})
    second.home = stack.home.with_name(f"{stack.home.name}-second")
    with pytest.raises(StackFailedError, match=rf"A stack \(pid {stack.pid}\) already runs"):
        second.launch()
        assert children.wait_until(lambda: not second.is_running, timeout_s=20)
        second.wait_ready()
    shutil.rmtree(second.home)


def test_status_and_down_work_from_another_terminal(own: LocalStack) -> None:
    own.start()
    environ = {**os.environ, "QUEUECRAFT_HOME": str(own.home)}

    def command(name: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "infra.local", name]
        return subprocess.run(line, env=environ, cwd=ROOT, capture_output=True, text=True, check=False)

    shown = command("status")
    assert shown.returncode == 0
    for name in ("mongodb", "valkey", "APIHandler", "Recorder"):
        assert name in shown.stdout
    assert command("down").stdout == "Stopped.\n"
    assert children.wait_until(lambda: not own.is_running, timeout_s=15)
    assert command("status").returncode == 1
    assert command("down").stdout == "No stack runs here.\n"


def test_the_schedule_of_the_template_fires(stack: LocalStack) -> None:
    log = stack.service("Recorder").log
    assert log is not None
    assert children.wait_until(lambda: "REPORT RequestId" in log.read_text(), timeout_s=10)


def test_the_dashboards_server_has_the_api_below_it_and_safe_headers(stack: LocalStack) -> None:
    status, body, headers = get(stack.ui_port, "/")
    assert (status, b"make ui" in body) == (200, True)
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert get(stack.ui_port, "/api/sync")[0] == 200
    assert get(stack.ui_port, "/api/nothing")[0] == 404
    config = get(stack.ui_port, "/config.json")[1]
    assert f"ws://127.0.0.1:{stack.ws_port}".encode() in config


def test_a_built_dashboard_is_served_with_its_own_routes(own: LocalStack) -> None:
    dist = own.project / "frontend" / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("<p>the page</p>")
    (dist / "assets" / "main-Ab12Cd34.js").write_text("1")
    (own.project / "secret.txt").write_text("secret")
    own.start()
    assert get(own.ui_port, "/job/12")[1] == b"<p>the page</p>"
    assert get(own.ui_port, "/")[2]["Cache-Control"] == "no-cache"
    script = get(own.ui_port, "/assets/main-Ab12Cd34.js")
    assert script[2]["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "javascript" in script[2]["Content-Type"]
    assert get(own.ui_port, "/assets/gone.js")[0] == 404
    assert b"secret" not in get(own.ui_port, "/../../secret.txt")[1]


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads /proc")
def test_everything_listens_on_this_machine_only(stack: LocalStack) -> None:
    pids = pids_of(stack)
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    inodes = {fields[9]: fields[1] for fields in listening if fields[3] == "0A"}
    for pid in pids:
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            try:
                target = str(descriptor.readlink())
            except FileNotFoundError:
                continue
            inode = target.removeprefix("socket:[").removesuffix("]")
            assert inodes.get(inode, "0100007F:").startswith("0100007F:"), target
