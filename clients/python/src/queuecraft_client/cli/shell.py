"""What every command has: the client, the output, the flag ``--json``."""

from __future__ import annotations

import functools
import inspect
import json
import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import typer

from queuecraft_client import Client
from queuecraft_client.cli.config import Flags, Server, server
from queuecraft_client.cli.exits import UsageError
from queuecraft_client.cli.output import Output

#: Options that several commands have.
Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]
Limit = Annotated[int, typer.Option(min=1, max=100_000, help="How many to list at most.")]
Scope = Annotated[str, typer.Option(help="Whose: own, tenant or all.")]
Timeout = Annotated[float, typer.Option(min=0.0, help="Seconds to wait at most.")]
Tenant = Annotated[str | None, typer.Option(help="Another tenant, by its id; for operators.")]
JobId = Annotated[str, typer.Argument(metavar="JOB", help="The id of a job.")]
JobIds = Annotated[list[str], typer.Argument(metavar="JOB...", help="Ids of jobs.")]


class Shell:
    """The client, made when a command first uses it, and the output."""

    def __init__(self, flags: Flags) -> None:
        self.flags = flags
        self.out = Output()

    @cached_property
    def client(self) -> Client:
        """The client. Raises ``UsageError`` if it is not known for which server."""
        return self.connected(server(self.flags))

    @staticmethod
    def connected(found: Server) -> Client:
        """Return a client of a server. Raises ``UsageError`` if its address is none."""
        try:
            return Client(found.url, token=found.api_key, ws_url=found.ws_url)
        except ValueError as error:
            raise UsageError(str(error), "url") from error

    def close(self) -> None:
        """Close the connections, if there are any."""
        if "client" in self.__dict__:
            self.client.close()


class Commands(typer.Typer):
    """A group of commands."""

    def __init__(self, help: str) -> None:
        super().__init__(help=help, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)

    def add(self, name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
        """Return a decorator that adds a command, with the flag ``--json``."""

        def added(function: Callable[..., None]) -> Callable[..., None]:
            self.command(name)(_with_json(function))
            return function

        return added


def _with_json(function: Callable[..., None]) -> Callable[..., None]:
    """Return a command with one more option, which may so stand last: ``--json``."""
    signature = inspect.signature(function, eval_str=True)

    @functools.wraps(function)
    def command(context: typer.Context, *, as_json: bool, **values: Any) -> None:
        if as_json:
            shell(context).out.as_json = True
        function(context, **values)

    option = inspect.Parameter("as_json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Json)
    parameters = [*signature.parameters.values(), option]
    command.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    return command


def shell(context: typer.Context) -> Shell:
    """Return what the command has."""
    found = context.obj
    if not isinstance(found, Shell):
        raise TypeError("The command runs outside of the command line")
    return found


def json_of(text: str | None, field: str) -> Any:
    """Return the JSON of an argument: itself, ``@file``, or ``-`` for the standard input. Raises ``UsageError``."""
    if text is None:
        return None
    try:
        if text == "-":
            text = sys.stdin.read()
        elif text.startswith("@"):
            text = Path(text[1:]).read_text(encoding="utf-8")
        return json.loads(text)
    except OSError as error:
        raise UsageError(f"{error.strerror or error}: {error.filename}", field) from error
    except ValueError as error:
        raise UsageError(f"is not JSON: {error}", field) from error


def given(**options: Any) -> Any:
    """Return the options that were given, for a call of the client."""
    return {name: value for name, value in options.items() if value not in (None, [], ())}
