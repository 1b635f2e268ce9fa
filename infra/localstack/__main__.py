"""The command line: `python -m infra.localstack up | smoke | install`.

`up` runs the system on LocalStack until Ctrl-C. `smoke` starts it on free ports with its own data, uses it, raises
its alarms, and stops it. `install` makes the environments of LocalStack and of the functions.
"""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from infra.aws.deploy import DeploymentFailedError
from infra.aws.imports import UnknownImportError
from infra.aws.package import PackagingError
from infra.aws.session import session
from infra.aws.wheels import NotLockedError, WheelError
from infra.local import children
from infra.local.databases import DatabaseError
from infra.local.deployed.model import DeploymentError
from infra.localstack.alarm_proof import AlarmProof, AlarmProofError
from infra.localstack.chalice_deploy import ChaliceDeployError, deploy_by_chalice
from infra.localstack.host import LocalStackError, install, install_runtime
from infra.localstack.python import NoPythonError
from infra.localstack.settings import LocalStackSettings, SettingsError
from infra.localstack.smoke import SmokeError, smoke
from infra.localstack.system import Running, System

EXPECTED = (
    AlarmProofError, ChaliceDeployError, DatabaseError, DeploymentError, DeploymentFailedError, LocalStackError,
    NoPythonError, NotLockedError, PackagingError, SettingsError, SmokeError, UnknownImportError, WheelError,
)  # fmt: skip


def main(words: Sequence[str] | None = None) -> int:
    """Run a command; return exit status 1 on failure."""
    parser = argparse.ArgumentParser(prog="python -m infra.localstack", description=__doc__)
    parser.add_argument("command", choices=["up", "smoke", "install"])
    parser.add_argument("--project", type=Path, default=Path.cwd(), help="folder of app.py (default: this one)")
    arguments = parser.parse_args(words)
    try:
        settings = LocalStackSettings.from_env(os.environ, arguments.project.resolve())
        if arguments.command == "install":
            say(f"LocalStack is installed: {install(settings.venv_home)}, {install_runtime(settings.venv_home)}")
        else:
            asyncio.run(up(settings) if arguments.command == "up" else run_smoke(settings))
    except EXPECTED as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


async def up(settings: LocalStackSettings) -> None:
    """Run the system until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    system = System(settings, say)
    try:
        say(_announcement(await system.start()))
        await stop.wait()
        say("\nStopping …")
    finally:
        await system.stop()


async def run_smoke(settings: LocalStackSettings) -> None:
    """Deploy, use, stop. Raises SmokeError if anything fails or is left running."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="queuecraft-localstack-") as folder:
        settings = replace(settings, home=Path(folder), venv_home=settings.venv_home, port=0, ws_port=0, ui_port=0)
        system = System(settings, say)
        pids: tuple[int, ...] = ()
        try:
            running = await system.start()
            pids = running.pids
            say(f"Deployed after {time.monotonic() - begun:.1f} s")
            await smoke(running.url, say)
            clients = session({"AWS_ENDPOINT_URL": running.endpoint})
            await asyncio.to_thread(AlarmProof(clients, settings.stack, running.built, say).run)
            await asyncio.to_thread(deploy_by_chalice, settings.project, Path(folder), running, say)
        finally:
            await system.stop()
    if left := [pid for pid in pids if children.is_alive(pid)]:
        raise SmokeError(f"Still running: {left}")
    say(f"All works; {time.monotonic() - begun:.1f} s in all, nothing is left running")


def _announcement(running: Running) -> str:
    lines = [
        "\n  QueueCraft runs on LocalStack (Ctrl-C stops it)",
        f"    dashboard  {running.url}",
        f"    API        {running.url}/api",
        f"    WebSocket  {running.ws_url}",
        f"    AWS        {running.endpoint}",
    ]
    if running.operator is not None:
        email, password = running.operator
        lines.append(f"    operator   {email}, password {password} (shown only once)")
    return "\n".join(lines)


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
