"""Commands of a project: `queuecraft init | up | down | status | logs | debug | test | package | secrets | deploy`.

They are added to the command line of the client by the entry point `queuecraft.commands`.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from infra.local.deployed import project as projects
from infra.local.deployed.model import DeploymentError
from infra.local.deployed.project_file import FILE

Project = Annotated[Path, typer.Option(help="The folder of the project.", file_okay=False)]
HERE = Path()
#: For commands whose arguments another program reads.
PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def add_to(app: typer.Typer) -> None:
    """Add the commands to a command line."""
    app.command("init")(init)
    for name in ("down", "status", "logs", "debug"):
        app.command(name, help=_LOCAL[name])(_local(name))
    app.command("up")(up)
    for name, command in (("test", test), ("package", package), ("secrets", secrets), ("deploy", deploy)):
        app.command(name, context_settings=PASSED_ON)(command)
    app.command("localstack")(localstack)


def init(
    name: Annotated[str, typer.Argument(help="The name of the project, and of its folder.")],
    folder: Annotated[Path | None, typer.Option(help="Another folder, as . for this one.")] = None,
) -> None:
    """Write a new project."""
    from infra import new_project  # noqa: PLC0415 - commands load what they need

    target = folder or Path(name)
    try:
        written = new_project.write(target, name)
    except new_project.InitError as error:
        raise _failed(str(error)) from None
    typer.echo(f"{len(written)} files were written. Next:\n  cd {target}\n  queuecraft up")


def up(
    project: Project = HERE,
    reload: Annotated[bool, typer.Option(help="Load changed code.")] = True,
    debug: Annotated[bool, typer.Option("--debug", help="Let breakpoint() wait for `queuecraft debug`.")] = False,
) -> None:
    """Start the whole system on this machine; Ctrl-C stops it."""
    more = [*([] if reload else ["--no-reload"]), *(["--debug"] if debug else [])]
    _run_local("up", project, *more)


_LOCAL = {
    "down": "Stop the system, from another terminal.",
    "status": "Show each service, its processes and its address.",
    "logs": "Follow the log files of all services.",
    "debug": "Attach pdb to the next breakpoint() of a function, under `queuecraft up --debug`.",
}


def _local(name: str) -> Callable[..., None]:
    def command(project: Project = HERE) -> None:
        _run_local(name, project)

    return command


def _run_local(name: str, project: Path, *more: str) -> None:
    from infra.local.__main__ import main  # noqa: PLC0415 - as above

    raise typer.Exit(main([name, "--project", str(_of(project).root), *more]))


def test(context: typer.Context) -> None:
    """Run the tests of the project by pytest, which gets the arguments."""
    root = _of(HERE).root
    command = [sys.executable, "-m", "pytest", *context.args]
    raise typer.Exit(subprocess.call(command, cwd=root))  # noqa: S603 - the user's own tests


def package(context: typer.Context) -> None:
    """Build the zips and the template into build/aws; --help lists the options."""
    from infra.aws import package as packaging  # noqa: PLC0415 - as above

    raise typer.Exit(packaging.main(_of(HERE).root, context.args))


def secrets(context: typer.Context) -> None:
    """Store secrets of a deployment (`put`, from the environment), or make a new signing key (`rotate`)."""
    from infra.aws import secrets as stored  # noqa: PLC0415 - as above

    raise typer.Exit(stored.main(_of(HERE).root, context.args))


def deploy(context: typer.Context) -> None:
    """Package the project and deploy it, to AWS or the endpoint in AWS_ENDPOINT_URL; --help lists the options."""
    from infra.aws import deploy as deployment  # noqa: PLC0415 - as above
    from infra.aws import package as packaging  # noqa: PLC0415 - as above

    root = _of(HERE).root
    asks = {"-h", "--help"}.intersection(context.args)
    if not asks and not any(word.partition("=")[0] == "--package" for word in context.args):
        typer.echo("Packaging")
        if code := packaging.main(root, []):
            raise typer.Exit(code)
    raise typer.Exit(deployment.main(root, [*_of_running_stack(root), *context.args]))


def _of_running_stack(root: Path) -> list[str]:
    """Return the arguments for a deployment to the stack of `queuecraft up`, and store the secrets that it has; none
    when AWS_ENDPOINT_URL names another endpoint.
    """
    from infra.aws import secrets as stored  # noqa: PLC0415 - as above
    from infra.aws.session import endpoint, session  # noqa: PLC0415 - as above
    from infra.local import runfile  # noqa: PLC0415 - as above
    from infra.local.settings import LocalSettings  # noqa: PLC0415 - as above

    url = endpoint(os.environ)
    run = runfile.read(LocalSettings.from_env(os.environ, root).home) if url else None
    if url is None or run is None or urlsplit(url).port != urlsplit(run["urls"]["aws"]).port:
        return []
    databases = {"MONGODB_URI": run["urls"]["mongodb"], "REDIS_URL": run["urls"]["valkey"]}
    own = projects.of(root)
    known = own.here({}) if own.file is not None else {}
    declared = {name: known[name] for name in (own.file.secrets if own.file is not None else []) if known.get(name)}
    stored.put(session(os.environ).client("ssm"), run["stack"], databases | declared)
    return ["--stack", run["stack"], "Redis=outside", "Dashboard=false"]


def localstack(project: Project = HERE) -> None:
    """Deploy to a LocalStack of its own on this machine, and run until Ctrl-C."""
    from infra.localstack.__main__ import main  # noqa: PLC0415 - as above

    raise typer.Exit(main(["up", "--project", str(_of(project).root)]))


def _of(folder: Path) -> projects.Project:
    root = folder.resolve()
    if not projects.is_own(root) and root != projects.PACKAGE:
        raise _failed(f"{root} has no {FILE}: go to the folder of a project, or make one by: queuecraft init NAME")
    try:
        return projects.of(root)
    except DeploymentError as error:
        raise _failed(str(error)) from None


def _failed(why: str) -> Any:
    """Print why; return what ends the command line, with the code for wrong arguments."""
    typer.echo(f"queuecraft: {why}", err=True)
    return typer.Exit(2)
