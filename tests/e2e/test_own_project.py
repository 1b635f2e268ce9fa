"""A project of its own on a stack: its tasks with a distribution from PyPI, its routes, its secrets; reloading."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra import new_project
from infra.local.testing import ROOT, LocalStack
from tests.e2e.clients import Api
from tests.support import wait_until

pytestmark = pytest.mark.e2e
ENDED = {"completed", "dlq"}
#: What the page has people write: a task with a distribution that functions of QueueCraft lack, one with a secret, a
#: route for anybody, a route that knows its caller.
RENDER, CHARGE, _, ORDERS, FUNCTIONS = re.findall(
    r"```python\n(.*?)```", (ROOT / "docs" / "own-project.md").read_text(), re.DOTALL
)
TASK = '''
import os

from queuecraft import task


@task("fail", retries=0)
def fail(ctx, payload):
    """Fail."""
    raise ValueError("no")


@task("greeting")
def greeting(ctx, payload):
    """Return a variable."""
    return os.environ["GREETING"]
'''


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a task, a secret and a route."""
    project = tmp_path_factory.mktemp("own") / "shop"
    new_project.write(project, "shop")
    for name, text in (("pages", RENDER), ("charge", CHARGE), ("more", TASK)):
        (project / "tasks" / f"{name}.py").write_text(text)
    text = (project / "queuecraft.toml").read_text()
    text = text.replace("secrets = []", 'secrets = ["STRIPE_KEY", "OTHER_KEY"]')
    (project / "queuecraft.toml").write_text(text.replace("[environment]", '[environment]\nGREETING = "hi"'))
    (project / ".secrets.toml").write_text('STRIPE_KEY = "sk_live_1"\n')
    with (project / "app.py").open("a") as app:
        app.write(f"\n\n{ORDERS}\n\n{FUNCTIONS}")
    return project


@pytest.fixture(scope="module")
def stack(shop: Path) -> Iterator[LocalStack]:
    with LocalStack(project=shop, reload=True) as running:
        yield running


@pytest.fixture(scope="module")
def api(stack: LocalStack) -> Api:
    return Api.signed_up(stack)


def run(api: Api, task: str, payload: Any) -> dict[str, Any]:
    created = api.create(task=task, payload=payload, maxRetries=0)

    def ended() -> dict[str, Any] | None:
        job = api.job(created["_id"])
        return job if job["status"] in ENDED else None

    found = wait_until(ended, 60, f"the end of {task}")
    assert found is not None
    return found


def test_its_tasks_run_with_what_they_require(api: Api, stack: LocalStack) -> None:
    assert run(api, "greet", {"who": "Ada"})["result"] == {"text": "Hello, Ada!"}
    assert run(api, "render", {"text": "*hi*"})["result"] == {"html": "<p><em>hi</em></p>"}
    assert run(api, "charge", {})["result"] == {"live": True}
    assert run(api, "greeting", {})["result"] == "hi"
    failed = run(api, "fail", {})
    assert 'File "tasks/more.py", line' in failed["error"]["traceback"]
    known = {task["name"] for task in api.call("GET", "/tasks")[1]["tasks"]}
    assert known == {"charge", "fail", "greet", "greeting", "render", "http_request", "simulated"}
    assert stack.run()["stack"].startswith("shop-local")
    assert "the secret OTHER_KEY has no value here" in stack.output


def test_its_routes_answer_and_know_their_caller(api: Api, stack: LocalStack) -> None:
    assert api.call("GET", "/hello") == (200, {"hello": "world"})
    status, body = api.call("GET", "/shop/orders")
    assert (status, len(body.get("owner", ""))) == (200, 24), body
    assert Api(stack).call("GET", "/shop/orders")[0] == 401
    assert "/shop/orders" in api.call("GET", "/openapi.json")[1]["paths"]


def test_its_functions_are_invoked_and_fire_with_its_secrets(stack: LocalStack) -> None:
    name = f"{stack.run()['stack']}-refund"
    answer = stack.aws_client("lambda").invoke(FunctionName=name, Payload=b'{"order": 7}')
    assert json.loads(answer["Payload"].read()) == {"order": 7, "live": True}
    wait_until(lambda: "reporting at 20" in stack.output, 60, "the schedule has fired")


def test_a_change_is_loaded_and_a_wrong_one_is_named(api: Api, stack: LocalStack, shop: Path) -> None:
    (shop / "tasks" / "late.py").write_text(CHARGE.replace('"charge"', '"late"'))
    wait_until(lambda: run_or_none(api, "late"), 60, "the new task")
    (shop / "queuecraft.toml").write_text((shop / "queuecraft.toml").read_text() + "\n[tasks]\n")
    wait_until(lambda: "tasks: there is no such key; allowed are" in stack.output, 60, "the wrong key is named")
    (shop / "queuecraft.toml").write_text((shop / "queuecraft.toml").read_text().replace("\n[tasks]\n", ""))
    app = (shop / "app.py").read_text()
    (shop / "app.py").write_text(app + "\n\n@app.on_s3_event('orders')\ndef order(event):\n    pass\n")
    wait_until(lambda: "@app.on_s3_event order: of the app's own" in stack.output, 60, "it is refused by name")
    (shop / "app.py").write_text(app)
    assert run(api, "greet", {})["result"] == {"text": "Hello, world!"}


def run_or_none(api: Api, task: str) -> bool:
    known = {each["name"] for each in api.call("GET", "/tasks")[1]["tasks"]}
    return task in known
