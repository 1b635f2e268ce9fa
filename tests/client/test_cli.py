"""The command line: each command against the API's document, errors in one line, exit codes, the configuration."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest

from queuecraft_client import Client, errors, models
from queuecraft_client._blocking import run as finish
from queuecraft_client._io import Exchange
from queuecraft_client.cli import config
from queuecraft_client.cli.app import app, run
from queuecraft_client.cli.config import Flags, Server
from queuecraft_client.cli.exits import ExitCode, UsageError, code_of, line_of
from queuecraft_client.cli.explain import reasons_of
from queuecraft_client.cli.output import plain
from queuecraft_client.cli.shell import Shell
from queuecraft_client.models import JobDetail, JobStatus
from tests.client.fake_io import JOB_ID
from tests.client.test_routes import Documented

Answers = Callable[[httpx2.Request], httpx2.Response]


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Other tests of this process let the API's log print what libraries say; the command line has no such log."""
    caplog.set_level(logging.WARNING, "httpx2")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Answers], None]:
    """Return what lets the command line talk to a function in place of a server."""
    monkeypatch.setenv(config.URL, "http://api")
    monkeypatch.setenv(config.API_KEY, "qc_secret")
    monkeypatch.setenv(config.CONFIG, str(tmp_path / "config.toml"))

    def use(answers: Answers) -> None:
        def connected(found: Server) -> Client:
            return Client(found.url, token=found.api_key, retries=0, transport=httpx2.MockTransport(answers))

        monkeypatch.setattr(Shell, "connected", staticmethod(connected))

    return use


def documented(request: httpx2.Request) -> httpx2.Response:
    """Answer as the document says; fail on a call that is not in it."""
    asked = Exchange(
        request.method,
        str(request.url.copy_with(query=None)),
        query=dict(request.url.params),
        body=request.content or None,
    )
    answer = finish(Documented().exchange(asked))
    body = json.loads(answer.body)
    body.update({name: None for name in ("nextCursor", "nextAfter") if name in body})
    return httpx2.Response(answer.status, json=body)


FLOW = '{"name": "w", "nodes": [{"id": "a", "task": "t"}]}'
BATCH = '{"name": "b", "jobs": [{"task": "t"}], "on_success": {"task": "t"}}'
COMMANDS = [
    "jobs list --status dlq --task t --queue q --tag x --batch ID -q word --sort created --scope all"
    " --payload a.b=1 --limit 5",
    "jobs show ID", "jobs cancel ID", "jobs cancel ID ID", "jobs retry ID --payload {} --from-step load",
    "jobs replay ID ID --payload {} --name n --queue q --priority 3 --delay 2", "jobs delete ID", "jobs logs ID",
    "jobs wait ID",
    "jobs submit t {} --name n --queue q --priority 3 --tag x --max-retries 1 --timeout-s 5 --delay 2"
    " --depends-on ID --run-if any_ok --unique-key k --on-conflict keep --idempotency-key i",
    "jobs submit t --run-at 2030-01-31T12:00 --wait", "dlq list --task t --group g -q x", "dlq groups",
    "dlq redrive ID", "dlq redrive --all --dry-run", "dlq delete --task t --yes", "queues list", "queues pause q",
    "queues resume q", "limits list", "limits show l", "limits change l --concurrency 2 --rate 5/s --burst none",
    "limits pause l", "limits resume l", "limits reset l", "schedules list", "schedules show s",
    "schedules put s t {} --every 60 --queue q --missed skip --overlap allow",
    "schedules preview --at 2030-01-31T12:00", "schedules runs s", "schedules run s", "schedules pause s",
    "schedules resume s", "schedules delete s", "workflows list", "workflows show ID", "workflows submit FLOW",
    "workflows cancel ID", "workflows retry ID --node a", "workflows wait ID", "batches list", "batches show ID",
    "batches submit BATCH", "batches jobs ID --status dlq", "batches cancel ID", "batches wait ID", "explain ID",
    "operations list", "operations show ID", "operations cancel ID", "operations wait ID",
    "operations start cancel --status scheduled --task t --queue q --tag x --group 9f2c -q w --scope all --yes --wait",
    "operations start redrive --all --rate 60 --name n --dry-run", "steps ID", 'event ID approval {"by":"ada"}',
]  # fmt: skip


def words(line: str) -> list[str]:
    stand_ins = {"ID": JOB_ID, "FLOW": FLOW, "BATCH": BATCH}
    return [stand_ins.get(word, word) for word in line.split()]


@pytest.fixture
def completed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let examples of answers count as completed."""
    for kind, status in (
        (models.JobDetail, "completed"),
        (models.Batch, "completed"),
        (models.WorkflowDetail, "completed"),
        (models.Operation, "completed"),
    ):
        parse = kind.parse
        monkeypatch.setattr(kind, "parse", lambda data, parse=parse, s=status: parse({**data, "status": s}))


@pytest.mark.usefixtures("completed")
@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_is_as_the_document_says(line: str, server: Any, capsys: pytest.CaptureFixture[str]) -> None:
    server(documented)
    assert run(words(line)) in {ExitCode.OK, ExitCode.NOT_COMPLETED}
    as_text = capsys.readouterr().out
    assert as_text.strip(), "something is printed"
    assert "\x1b" not in as_text, "no colours in a pipe"
    run([*words(line), "--json"])
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert all(isinstance(json.loads(each), dict) for each in lines)


def commands() -> set[str]:
    groups = {
        f"{group.name} {command.name}"
        for group in app.registered_groups
        if group.typer_instance is not None
        for command in group.typer_instance.registered_commands
    }
    return groups | {str(command.name) for command in app.registered_commands}


def test_every_command_is_tried() -> None:
    tried = {name for name in commands() if any(f"{line} ".startswith(f"{name} ") for line in COMMANDS)}
    assert commands() - tried == {"tail", "login", "replay"}  # tested below, or on a real stack


@pytest.mark.parametrize(
    ("status", "body", "code", "line"),
    [
        (400, {"field": "priority", "message": "is above 9"}, 2, "queuecraft: priority: is above 9"),
        (401, {"message": "no"}, 3, "queuecraft: no"),
        (403, {"message": "your role\nmay not"}, 3, "queuecraft: your role may not"),
        (404, {"message": "there is no such job"}, 4, "queuecraft: there is no such job"),
        (409, {"message": "it has ended"}, 5, "queuecraft: it has ended"),
        (429, {"message": "later"}, 6, "queuecraft: later"),
        (500, {"message": "broken"}, 7, "queuecraft: broken"),
    ],
)
def test_a_refusal_is_one_line_and_a_code(
    status: int, body: Any, code: int, line: str, server: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    server(lambda _: httpx2.Response(status, json={"success": False, **body}))
    assert run(["jobs", "show", JOB_ID]) == code
    assert capsys.readouterr().err == f"{line}\n"
    assert run(["jobs", "show", JOB_ID, "--json"]) == code
    message = json.loads(capsys.readouterr().err)
    assert (message["exitCode"], message["status"]) == (code, status)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("jobs submit t {", "payload: is not JSON"),
        ("jobs submit t @/no/such/file", "payload: No such file"),
        ("jobs submit t --run-at soon", "run-at: Invalid isoformat"),
        ("jobs submit", "Missing argument"),
        ("jobs fly", "No such command"),
        ("jobs list --limit 0", "greater than or equal to 1"),
        ("limits change l --burst many", "burst: 'many' is neither"),
        ("dlq redrive", "JOB: give ids, conditions, or --all"),
        ("dlq redrive ID --all", "JOB: give ids or conditions, not both"),
        ("dlq delete --all", "yes: deletes for good"),
        ("operations start cancel", "ACTION: give conditions, or --all"),
        ("operations start cancel --all", "yes: changes all jobs that match"),
        ("workflows submit []", "document: is not an object"),
        ("batches submit {}", "jobs: jobs is a list"),
    ],
)
def test_wrong_arguments_are_one_line(line: str, said: str, server: Any, capsys: pytest.CaptureFixture[str]) -> None:
    server(lambda _: pytest.fail("nothing is sent"))
    assert run(words(line)) == ExitCode.USAGE
    [message] = capsys.readouterr().err.splitlines()
    assert message.startswith("queuecraft: ")
    assert said in message


def test_no_server_is_a_code_of_its_own(server: Any, capsys: pytest.CaptureFixture[str]) -> None:
    def refuse(_: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    server(refuse)
    assert run(["queues", "list"]) == ExitCode.UNAVAILABLE
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_an_interrupt_is_a_code_of_its_own(server: Any, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(_: httpx2.Request) -> httpx2.Response:
        raise KeyboardInterrupt

    server(interrupt)
    assert run(["queues", "list"]) == ExitCode.INTERRUPTED
    assert capsys.readouterr() == ("", "")


def test_one_refusal_of_many_does_not_stop_the_rest(server: Any, capsys: pytest.CaptureFixture[str]) -> None:
    def some(request: httpx2.Request) -> httpx2.Response:
        if "bad" in request.url.path:
            return httpx2.Response(404, json={"message": "no such job"})
        return httpx2.Response(200, json={"job": {"_id": JOB_ID, "name": "a", "status": "cancelled"}})

    server(some)
    assert run(["jobs", "cancel", "bad", JOB_ID]) == ExitCode.NOT_COMPLETED
    said = capsys.readouterr()
    assert (said.out, said.err) == (f"{JOB_ID} cancelled\n", "bad: no such job\n")


def test_each_error_has_a_code() -> None:
    raised = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, Exception)]
    for kind in raised:
        assert isinstance(code_of(kind.__new__(kind)), ExitCode)
    assert line_of(UsageError("is wrong", "field")) == "field: is wrong"


def test_the_page_has_the_exit_codes_and_the_commands() -> None:
    page = (Path(__file__).parents[2] / "docs" / "cli.md").read_text()
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)} == {int(each) for each in ExitCode}
    for group in {name.partition(" ")[0] for name in commands()}:
        assert f"`{group}" in page, group


# --- the configuration --------------------------------------------------------------------------------------------
def test_flags_go_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    path, key = tmp_path / "sub" / "config.toml", tmp_path / "key"
    config.write(path, Server("http://file", 'a "quoted" key', "ws://file"))
    key.write_text("of the flag\n")
    flags = Flags(config=path)
    assert config.server(flags, {}) == Server("http://file", 'a "quoted" key', "ws://file")
    environ = {config.URL: "http://env", config.API_KEY: "of the environment"}
    assert config.server(flags, environ) == Server("http://env", "of the environment")
    given = Flags(url="http://flag", api_key_file=key, config=path)
    assert config.server(given, environ) == Server("http://flag", "of the flag")
    assert config.path_of(Flags(), {"XDG_CONFIG_HOME": "/x"}) == Path("/x/queuecraft/config.toml")


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    config.write(path, Server("http://api", "key"))
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    with pytest.raises(UsageError, match="chmod 600"):
        config.read(path)


@pytest.mark.parametrize("text", ["url = [", "url = 3", 'other = "x"', "\udcff"])
def test_a_wrong_file_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.touch(mode=0o600)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError):
        config.read(path)


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    flags = Flags(config=tmp_path / "none")
    with pytest.raises(UsageError, match="where the server is"):
        config.server(flags, {})
    with pytest.raises(UsageError, match="an API key is needed"):
        config.server(flags, {config.URL: "http://api"})
    with pytest.raises(UsageError, match="cannot be read"):
        config.server(Flags(api_key_file=tmp_path / "none"), {})


def test_login_stores_a_key_that_works(
    server: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = []

    def answers(request: httpx2.Request) -> httpx2.Response:
        keys.append(request.headers["authorization"])
        good = keys[-1] == "Bearer qc_good"
        return httpx2.Response(200, json={"stats": {}}) if good else httpx2.Response(401, json={"message": "bad key"})

    server(answers)
    monkeypatch.setattr("sys.stdin.readline", lambda: "qc_bad\n", raising=False)
    assert run(["login"]) == ExitCode.NOT_ALLOWED
    assert not (tmp_path / "config.toml").exists()
    monkeypatch.setattr("sys.stdin.readline", lambda: "qc_good\n", raising=False)
    assert run(["login"]) == ExitCode.OK
    assert config.read(tmp_path / "config.toml") == {"url": "http://api", "api_key": "qc_good"}
    assert "qc_good" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [("good", 0, "completed: "), ("this will fail", 1, "failed: SimulatedFailure")],
)
def test_a_job_is_replayed_here(
    name: str, code: int, said: str, server: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def answers(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/steps"):
            return httpx2.Response(200, json={"steps": [], "events": [], "nextAfter": None})
        job = {"_id": JOB_ID, "name": name, "status": "dlq", "task": "simulated", "payload": {"page": 3}}
        return httpx2.Response(200, json={"job": job})

    server(answers)
    monkeypatch.setattr("worker_fn.tasks.simulated.asyncio", SimpleNamespace(sleep=lambda _: asyncio.sleep(0)))
    debugged: list[Any] = []
    monkeypatch.setattr("pdb.post_mortem", debugged.append)
    assert run(["replay", JOB_ID]) == ExitCode.USAGE
    assert "say --local" in capsys.readouterr().err
    root = str(Path(__file__).parents[2])
    assert run(["replay", JOB_ID, "--local", "--pdb", "--project", root]) == code
    assert said in capsys.readouterr().out
    assert len(debugged) == code
    assert run(["replay", JOB_ID, "--local", "--project", root, "--json"]) == code
    assert json.loads(capsys.readouterr().out)["outcome"] == ("completed" if code == 0 else "failed")


# --- what is said of a job ----------------------------------------------------------------------------------------
def explained(status: str, **more: Any) -> str:
    found = reasons_of(JobDetail.parse({"_id": JOB_ID, "name": "a", "status": status, **more}))
    return "; ".join(f"{each.why} > {each.frees} > {each.command}" for each in found)


@pytest.mark.parametrize("status", list(JobStatus))
def test_every_state_is_explained(status: JobStatus) -> None:
    assert explained(status)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"status": "blocked", "runIf": "all_ok", "needs": [{"_id": "p", "name": "parent", "status": "running"}]},
            "it depends on parent (p), which is running > the end of that job; this one runs if all completed",
        ),
        ({"status": "blocked", "runsAfter": "x"}, "it is unique, and x runs"),
        ({"status": "blocked", "batchId": "x"}, "its batch is being submitted"),
        (
            {"status": "pending", "blockedBy": [{"queue": "q", "why": "paused"}]},
            "the queue q is paused > the end of the pause > queuecraft queues resume q",
        ),
        (
            {"status": "pending", "blockedBy": [{"limit": "l", "key": "7", "why": "full", "held": 2, "of": 2}]},
            "the limit l of 7 is full: 2 of 2 run",
        ),
        (
            {"status": "pending", "blockedBy": [{"limit": "l", "why": "paused"}]},
            "queuecraft limits resume l",
        ),
        (
            {"status": "pending", "blockedBy": [{"tenant": "t", "why": "rate", "until": "2030-01-31T12:00:00Z"}]},
            "the limit of the tenant allows no start yet > the next start at 2030-01-31",
        ),
        ({"status": "waiting", "waitsFor": ["event:approval"]}, f"queuecraft event {JOB_ID} approval JSON"),
        ({"status": "waiting", "waitsFor": ["job:x"]}, "queuecraft explain x"),
        ({"status": "waiting", "readyAt": "2030-01-31T12:00:00Z"}, "it sleeps > the time 2030-01-31"),
        ({"status": "running", "cancelRequested": True}, "it was asked to stop"),
        ({"status": "dlq", "error": {"type": "E", "message": "m"}}, "E: m > a redrive"),
        ({"status": "skipped", "needs": [{"_id": "p", "name": "parent", "status": "dlq"}]}, "(parent is dlq)"),
        ({"status": "of a newer server"}, "a newer client knows this state"),
    ],
)
def test_the_reason_is_told(fields: dict[str, Any], said: str) -> None:
    assert said in explained(**fields)


def test_what_terminals_obey_is_not_printed() -> None:
    assert plain("a\x1b[31m\tb\n") == "a\N{REPLACEMENT CHARACTER}[31m b "


def test_the_client_needs_no_typer() -> None:
    script = "import queuecraft_client, sys; sys.exit(bool({'typer', 'rich'} & set(sys.modules)))"
    source = Path(__file__).parents[2] / "clients" / "python" / "src"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60, env={"PYTHONPATH": str(source)})
