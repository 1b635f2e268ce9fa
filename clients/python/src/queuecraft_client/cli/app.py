"""The commands, put together; errors become one line and an exit code."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from queuecraft_client._version import VERSION
from queuecraft_client.cli import config, jobs, queues, workflows
from queuecraft_client.cli.config import Flags, Server
from queuecraft_client.cli.dlq import dlq
from queuecraft_client.cli.exits import ExitCode, UsageError, code_of, described, line_of
from queuecraft_client.cli.explain import explain
from queuecraft_client.cli.operations import operations
from queuecraft_client.cli.output import plain
from queuecraft_client.cli.replay import replay
from queuecraft_client.cli.schedules import schedules
from queuecraft_client.cli.shell import Commands, Json, Shell, shell
from queuecraft_client.cli.tail import tail
from queuecraft_client.errors import QueueCraftError

app = Commands("Jobs, queues, workflows of a QueueCraft server.")
for name, group in (
    ("jobs", jobs.jobs),
    ("dlq", dlq),
    ("queues", queues.queues),
    ("limits", queues.limits),
    ("schedules", schedules),
    ("workflows", workflows.workflows),
    ("batches", workflows.batches),
    ("operations", operations),
):
    app.add_typer(group, name=name)
for name, command in (
    ("tail", tail),
    ("explain", explain),
    ("steps", jobs.steps),
    ("event", jobs.event),
    ("replay", replay),
):
    app.add(name)(command)
#: Other distributions add commands here: the server's has `init`, `up`, `test`, `deploy`. Each is a function of `app`.
for point in entry_points(group="queuecraft.commands"):
    point.load()(app)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(VERSION)
        raise typer.Exit


Url = Annotated[str | None, typer.Option(help=f"Address of the API [env: {config.URL}].")]
WsUrl = Annotated[
    str | None, typer.Option(help=f"Address of the WebSocket, if the API does not say it [env: {config.WS_URL}].")
]
KeyFile = Annotated[Path | None, typer.Option(help=f"File with the API key [env: {config.API_KEY} is the key itself].")]
ConfigFile = Annotated[Path | None, typer.Option("--config", help=f"The configuration [env: {config.CONFIG}].")]
Version = Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")]


@app.callback()
def options(
    context: typer.Context, url: Url = None, ws_url: WsUrl = None, api_key_file: KeyFile = None,
    config_file: ConfigFile = None, as_json: Json = False, version: Version = False,
) -> None:  # fmt: skip
    """Jobs, queues, workflows of a QueueCraft server."""
    context.obj = Shell(Flags(url, ws_url, api_key_file, config_file))
    context.obj.out.as_json = as_json
    context.call_on_close(context.obj.close)


@app.add("login")
def login(context: typer.Context) -> None:
    """Store the address of a server and an API key, which is read without being shown."""
    sh = shell(context)
    stored = config.read(config.path_of(sh.flags))
    url = config.url_of(sh.flags) or stored.get("url")
    if url is None:
        raise UsageError("say where the server is: queuecraft --url URL login", "url")
    shown = sys.stdin.isatty()
    key = typer.prompt("API key", hide_input=True, err=True) if shown else sys.stdin.readline().strip()
    if not key:
        raise UsageError("no key was given", "api_key")
    found = Server(url, key, sh.flags.ws_url)
    with sh.connected(found) as client:
        client.jobs.stats()
    path = config.path_of(sh.flags)
    config.write(path, found)
    sh.out.done(f"The key works, and is stored in {path}", url=url, config=str(path))


def run(arguments: Sequence[str]) -> int:
    """Run a command; return its exit code."""
    try:
        code = app(list(arguments), prog_name="queuecraft", standalone_mode=False)
    except TyperException as error:
        return _failed(UsageError(error.format_message()), arguments)
    except (QueueCraftError, UsageError) as error:
        return _failed(error, arguments)
    except (TypeError, ValueError) as error:  # values that cannot be sent
        return _failed(UsageError(str(error)), arguments)
    except (KeyboardInterrupt, typer.Abort):
        return ExitCode.INTERRUPTED
    except BrokenPipeError:  # the reader has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    return code if isinstance(code, int) else ExitCode.OK


def _failed(error: Exception, arguments: Sequence[str]) -> int:
    line = json.dumps(described(error)) if "--json" in arguments else f"queuecraft: {plain(line_of(error))}"
    sys.stderr.write(line + "\n")
    return code_of(error)
