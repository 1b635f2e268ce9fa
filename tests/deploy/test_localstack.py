"""The golden files and `make localstack` on LocalStack, if there is a Python 3.13 to run it."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from infra import new_project
from infra.aws import zips
from infra.aws.deploy import Deployer
from infra.aws.package import ROOT
from infra.aws.session import session
from infra.local import children
from infra.local.children import free_port, wait_until
from infra.local.deployed import template as cloudformation
from infra.localstack import python
from infra.localstack.host import HostLocalStack
from infra.localstack.settings import LocalStackSettings
from infra.localstack.smoke import smoke
from infra.localstack.system import System
from tests.deploy.golden import differences, golden
from tests.deploy.golden.cases import CASES

PROBE = ROOT / "tests" / "deploy" / "probe"
LONG = os.environ.get("QUEUECRAFT_TESTS") == "all"
INSTALLED = ROOT / ".queuecraft" / "localstack"


def missing() -> str | None:
    """Return why LocalStack cannot run here, None if it can."""
    try:
        python.find(os.environ)
    except python.NoPythonError as error:
        return str(error)
    return None


WHY_NOT = missing()
runs = pytest.mark.skipif(WHY_NOT is not None, reason=WHY_NOT or "")


def test_localstack_runs_where_ci_installed_its_python() -> None:
    """CI sets the variable when it has installed Python 3.13, so that the tests below are not skipped silently."""
    if os.environ.get("EXPECT_LOCALSTACK"):
        assert WHY_NOT is None


@dataclass
class LocalStackTarget:
    """The probe on LocalStack."""

    api_url: str
    functions: Any
    ticked: Path

    def wait_for(self, path: Path) -> Any:
        assert wait_until(path.exists, timeout_s=120, poll_s=0.1)
        return json.loads(path.read_text())


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStackTarget]:
    folder = tmp_path_factory.mktemp("probe")
    localstack = HostLocalStack(tmp_path_factory.mktemp("localstack"), free_port(), INSTALLED)
    localstack.start()
    pid = localstack.pid
    try:
        yield deploy_probe(localstack.endpoint, folder)
    finally:
        localstack.stop()
    assert pid is not None and not children.is_alive(pid)


def deploy_probe(endpoint: str, folder: Path) -> LocalStackTarget:
    """Deploy the probe's template with a REST API, which the Chalice app defines on the local AWS."""
    zips.write(folder / "probe.zip", {"probe.py": (PROBE / "probe.py").read_bytes()})
    template = cloudformation.load(PROBE / "infra" / "aws" / "template.yaml")
    api = {"StageName": "api", "BinaryMediaTypes": ["application/x-probe"]}
    route = {"RestApiId": {"Ref": "RestAPI"}, "Path": "/echo/{name}"}
    template["Resources"]["RestAPI"] = {"Type": "AWS::Serverless::Api", "Properties": api}
    template["Resources"]["Echo"]["Properties"]["Events"] = {
        method: {"Type": "Api", "Properties": {**route, "Method": method}} for method in ("get", "post")
    }
    template["Outputs"] = {"Api": {"Value": {"Ref": "RestAPI"}}}
    (folder / "template.json").write_text(json.dumps(template))
    clients = session({"AWS_ENDPOINT_URL": endpoint})
    ticked = folder / "tick.json"
    outputs = Deployer(clients, "probe", url=endpoint).deploy(folder, {"ProbeFile": str(ticked)})
    api_url = f"{endpoint}/_aws/execute-api/{outputs['Api']}/api"
    return LocalStackTarget(api_url, clients.client("lambda"), ticked)


@runs
@pytest.mark.parametrize("name", CASES)
def test_golden(name: str, target: LocalStackTarget, tmp_path: Path) -> None:
    assert differences(golden(name)["seen"], CASES[name](target, tmp_path)) == []


@runs
def test_the_whole_system_on_localstack() -> None:
    """Deploy, sign up, run jobs that succeed and fail, live events, alarms, chalice deploy, stop."""
    done = subprocess.run(
        [sys.executable, "-m", "infra.localstack", "smoke"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "All works" in done.stdout
    steps = (
        "signed up",
        "connected",
        "job:completed",
        "job:movedToDLQ",
        "alarms were raised",
        "chalice deploy works",
    )
    assert [step for step in steps if step not in done.stdout] == []


@runs
@pytest.mark.skipif(not LONG, reason="takes minutes: QUEUECRAFT_TESTS=all")
def test_a_project_of_its_own_on_localstack(tmp_path: Path) -> None:
    """Its package is deployed, QueueCraft's own journey works, and so do its route and its task."""
    new_project.write(tmp_path / "shop", "shop")
    asyncio.run(used(tmp_path / "shop", tmp_path / "home"))


async def used(project: Path, home: Path) -> None:
    settings = LocalStackSettings.from_env({}, project)
    assert settings.stack == "shop"
    settings = replace(settings, home=home, venv_home=INSTALLED, port=0, ws_port=0, ui_port=0)
    system = System(settings)
    try:
        running = await system.start()
        await smoke(running.url)
        assert await greeted(f"{running.url}/api") == {"text": "Hello, zip!"}
    finally:
        await system.stop()


async def greeted(api: str) -> Any:
    """Return the result of the project's task; its route answers too."""
    account = {"email": "ada@example.com", "password": "correct horse battery"}
    async with aiohttp.ClientSession(api + "/", raise_for_status=True) as session, asyncio.timeout(120):
        assert await (await session.get("hello")).json() == {"hello": "world"}
        await session.post("user/create", json={"username": "ada", **account})
        known = await (await session.post("login", json=account)).json()
        headers = {"Authorization": f"Bearer {known['jwt']}"}
        body = {"name": "greet", "task": "greet", "payload": {"who": "zip"}, "maxRetries": 0}
        job = (await (await session.post("job/create", json=body, headers=headers)).json())["job"]
        while job["status"] not in {"completed", "dlq"}:
            await asyncio.sleep(0.1)
            job = (await (await session.get(f"job/{job['_id']}", headers=headers)).json())["job"]
        return job.get("result")
