"""Test `chalice deploy` of the REST API, for users without the template: deploy it, call it, delete it.

LocalStack's free edition has no WebSocket API, on which `chalice deploy` fails, so the WebSocket handlers are removed
here.
"""

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path

from infra.aws.package import API_ZIP, RUNTIME
from infra.localstack.host import OWN_RUNTIME
from infra.localstack.system import Running

STAGE = "local"
HANDLERS = "\n\n\n@app.on_ws_connect"
TIMEOUT_S = 240


class ChaliceDeployError(RuntimeError):
    """Raised when `chalice deploy` or the deployed API does not work."""


def deploy_by_chalice(project: Path, folder: Path, running: Running, say: Callable[[str], None]) -> None:
    """Deploy a copy of the app below `folder` to the running LocalStack, ask it for the time, and delete it."""
    copy = folder / "chalice"
    _copy(project, copy, running)
    try:
        output = _chalice(copy, running, "deploy")
        match = re.search(r"Rest API URL: https?://(\w+)\.", output)
        if match is None:
            raise ChaliceDeployError(f"chalice deploy printed no URL:\n{output}")
        url = f"{running.endpoint}/_aws/execute-api/{match[1]}/api/sync"
        with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - our own LocalStack
            if not answer.read().isdigit():
                raise ChaliceDeployError(f"{url} does not return the time")
    finally:
        _chalice(copy, running, "delete")
    say("  chalice deploy works too")


def _copy(project: Path, copy: Path, running: Running) -> None:
    shutil.copytree(project / "chalicelib", copy / "chalicelib", ignore=shutil.ignore_patterns("__pycache__"))
    app, found, _ = (project / "app.py").read_text().partition(HANDLERS)
    if not found:
        raise ChaliceDeployError("app.py has no WebSocket handlers where they were")
    (copy / "app.py").write_text(app + "\n")
    (copy / "requirements.txt").touch()
    config = json.loads((project / ".chalice" / "config.json").read_text())
    config["stages"][STAGE] = {"environment_variables": {**running.databases, "SECRET_KEY": secrets.token_hex(32)}}
    (copy / ".chalice").mkdir()
    (copy / ".chalice" / "config.json").write_text(json.dumps(config))
    shutil.copy(project / ".chalice" / "policy.json", copy / ".chalice")
    if OWN_RUNTIME == RUNTIME:
        # Only then are the wheels of the package for this interpreter; another one installs its own.
        with zipfile.ZipFile(running.built / API_ZIP) as archive:
            theirs = [n for n in archive.namelist() if not n.startswith(("app.py", "chalicelib/", "chalice/"))]
            archive.extractall(copy / "vendor", theirs)


def _chalice(copy: Path, running: Running, command: str) -> str:
    code = "import sys; from chalice.cli import main; sys.exit(main())"
    done = subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, "-P", "-c", code, "--project-dir", str(copy), command, "--stage", STAGE],
        capture_output=True,
        text=True,
        check=False,
        cwd=copy,
        timeout=TIMEOUT_S,
        env={
            **os.environ,
            "AWS_ENDPOINT_URL": running.endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
        },
    )
    if done.returncode != 0:
        raise ChaliceDeployError(f"chalice {command} failed:\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout
