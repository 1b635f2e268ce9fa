"""The worked examples: their own tests, and the schedule, the workflow and the webhook on a stack."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import threading
import tomllib
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from chalicelib import VERSION
from infra.local.deployed import pools
from infra.local.deployed import project as projects
from infra.local.deployed.read import check
from infra.local.testing import ROOT, LocalStack
from tests.e2e.clients import Api
from tests.support import wait_until

pytestmark = pytest.mark.e2e
CLIENT = ROOT / "clients" / "python" / "src"
EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/queuecraft.toml"))
BY_NAME = {folder.name: folder for folder in EXAMPLES}


@pytest.mark.parametrize("name", BY_NAME)
def test_an_example_is_a_project_whose_tests_pass(name: str) -> None:
    folder = BY_NAME[name]
    of = projects.of(folder)
    check(of)
    assert (of.stack, of.tasks) == (name, "tasks")
    pools.read(folder)
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    assert project["name"] == name
    assert f"queuecraft=={VERSION}" in project["dependencies"]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("COV_", "PYTEST_"))}
    env |= {"PYTHONPATH": f"{ROOT}:{CLIENT}"}
    options = ("-q", "-p", "queuecraft_testing.plugin", "-p", "no:cacheprovider", "-W", "error")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options],  # as `queuecraft test`
        cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


def test_each_example_is_on_the_page_and_in_the_list() -> None:
    page = (ROOT / "docs" / "examples.md").read_text()
    listed = (ROOT / "examples" / "README.md").read_text()
    for folder in EXAMPLES:
        assert all(f"examples/{path.relative_to(ROOT / 'examples')}" in page for path in folder.glob("tasks/[!_]*.py"))
        assert f"[{folder.name}]({folder.name})" in listed


class Silent(WSGIRequestHandler):
    """Writes no lines on standard error."""

    def log_message(self, *_: object) -> None:
        pass


def receiver() -> Any:
    """Return the module of the shop's receiver."""
    spec = importlib.util.spec_from_file_location("shop_receiver", BY_NAME["shop-webhooks"] / "receiver.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The nightly report with the shop's task: one stack for both. The client is not installed here."""
    folder = tmp_path / "project"
    shutil.copytree(BY_NAME["nightly-report"], folder, ignore=shutil.ignore_patterns("tests", "__pycache__"))
    shutil.copy(BY_NAME["shop-webhooks"] / "tasks" / "invoices.py", folder / "tasks")
    shutil.copytree(CLIENT / "queuecraft_client", folder / "queuecraft_client")
    return folder


def test_the_nightly_report_and_the_message_to_the_shop(project: Path, tmp_path: Path) -> None:
    with LocalStack(project=project, home=tmp_path / "home", env={"HTTP_ALLOW_PRIVATE": "true"}, reload=True) as stack:
        api = Api.signed_up(stack)
        # the key of a tenant is there once the tenant is: a deployment would read it from SSM
        status, key = api.call("POST", "/api-keys", {"name": "nightly", "scopes": ["jobs:read", "jobs:write"]})
        assert status == 201, key
        workers = set(stack.lambda_pids("Worker"))
        (project / ".secrets.toml").write_text(f'QUEUECRAFT_KEY = "{key["secret"]}"\n')
        (project / "tasks" / "__init__.py").write_text('"""Tasks, read again."""\n')
        wait_until(lambda: not workers & set(stack.lambda_pids("Worker")), 60, "the workers are reloaded")

        night = api.create("nightly", task="nightly")
        wait_until(lambda: api.job(night["_id"])["status"] == "completed", 60, "the workflow to start")
        flow = api.job(night["_id"])["result"]["workflow"]

        def ended() -> dict[str, Any] | None:
            found: dict[str, Any] = api.call("GET", f"/workflows/{flow}")[1]["workflow"]
            return found if found["status"] != "running" else None

        found = wait_until(ended, 60, "the end of the workflow")
        assert found is not None
        nodes = {node["id"]: node for node in found["nodes"]}
        states = {name: node["status"] for name, node in nodes.items()}
        assert states == {"shops": "completed", "sales": "completed", "report": "completed", "alarm": "skipped"}
        assert api.job(nodes["report"]["jobId"])["result"]["text"].splitlines()[1:] == [
            "Berlin: 24.99 €", "Lisbon: 120.50 €", "Oslo: 0.00 €",
        ]  # fmt: skip

        shop = receiver().Shop("")
        with make_server("127.0.0.1", 0, shop.app, handler_class=Silent) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            url = f"http://127.0.0.1:{server.server_port}/"
            status, made = api.call("POST", "/webhooks", {"url": url, "events": ["job.completed"]})
            assert status == 201, made
            shop.secret = made["secret"]
            api.create("4711", task="invoice", payload={"order": "4711", "cents": 1250})
            wait_until(lambda: shop.invoiced == {"4711"}, 60, "the message of the invoice")
            server.shutdown()
