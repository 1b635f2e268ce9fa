"""The command line: `python -m infra.local up | down | status | logs | debug`."""

import argparse
import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from infra.local import children, files, runfile
from infra.local.attach import attach
from infra.local.console import Console
from infra.local.databases import DatabaseError
from infra.local.deployed import project as projects
from infra.local.runfile import AlreadyRunningError
from infra.local.settings import LocalSettings, SettingsError, StartError, without_password

STOP_TIMEOUT_S = 20.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, by default that of the process; return exit status 1 on failure."""
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    parser.add_argument("command", choices=["up", "down", "status", "logs", "debug"])
    parser.add_argument("--project", type=Path, default=Path.cwd(), help="folder of app.py (default: this one)")
    parser.add_argument("--no-reload", action="store_true", help="up: do not watch for changed code")
    parser.add_argument("--debug", action="store_true", help="up: let breakpoint() wait for `debug`")
    given = parser.parse_args(arguments)
    commands = {"up": up, "down": down, "status": status, "logs": logs, "debug": debug}
    if given.no_reload:
        commands["up"] = partial(up, reload=False)
    try:
        settings = LocalSettings.from_env(os.environ, given.project.resolve())
        if given.debug:
            settings = replace(settings, variables={**settings.variables, "BREAKPOINTS": str(settings.breakpoints)})
        return commands[given.command](settings)
    except (SettingsError, DatabaseError, StartError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def up(settings: LocalSettings, *, reload: bool = True) -> int:
    """Start the stack and serve until it is stopped."""
    from infra.local.stack import supervise  # noqa: PLC0415 - half a second that the other commands need not spend

    os.umask(files.PRIVATE_UMASK)
    try:
        lock = runfile.lock(settings.home)
    except AlreadyRunningError as error:
        sys.stderr.write(
            f"A stack (pid {error}) already runs in {settings.home}. Stop it with "
            f"`{projects.of(settings.project).command('down')}`, or start a second "
            "one with QUEUECRAFT_HOME and other ports.\n"
        )
        return 1
    with lock:
        console = Console(environ=os.environ)
        try:
            asyncio.run(supervise(settings, console, reload=reload))
        finally:
            console.close()
    return 0


def down(settings: LocalSettings) -> int:
    """Stop the stack of this home, from another terminal."""
    run = runfile.read(settings.home)
    if run is None:
        sys.stdout.write("No stack runs here.\n")
        return 0
    pid = int(run["pid"])
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    if not children.wait_until(lambda: not runfile.is_locked(settings.home), timeout_s=STOP_TIMEOUT_S, poll_s=0.05):
        children.kill(pid)
    sys.stdout.write("Stopped.\n")
    return 0


def status(settings: LocalSettings) -> int:
    """Show each service, its processes, address and log; return 1 when no stack runs."""
    run = runfile.read(settings.home)
    if run is None:
        sys.stdout.write(f"No stack runs here. Start one with `{projects.of(settings.project).command('up')}`.\n")
        return 1
    sys.stdout.write(f"{run['stack']}: {'ready' if run['ready'] else 'starting'}\n")
    for service in run["services"]:
        pids = ",".join(str(pid) for pid in service.get("pids", [service.get("pid")])) or "-"
        address = without_password(service.get("url", service.get("log", "")))
        sys.stdout.write(f"{service['name']:<18} {pids:<24} {address}\n")
    sys.stdout.write(f"logs: {settings.logs}; URLs with passwords: {settings.home / 'run.json'}\n")
    return 0


def logs(settings: LocalSettings) -> int:
    """Follow the log files of the stack, merged."""
    files = sorted(str(path) for path in settings.logs.glob("*.log"))
    if not files:
        sys.stdout.write("There are no logs yet.\n")
        return 1
    return subprocess.call(["tail", "-n", "20", "-F", *files])  # noqa: S603, S607 - the user's own tail


def debug(settings: LocalSettings) -> int:
    """Attach this terminal to the next breakpoint of a function."""
    with contextlib.suppress(KeyboardInterrupt):
        attach(settings.breakpoints)
    return 0


if __name__ == "__main__":
    sys.exit(main())
