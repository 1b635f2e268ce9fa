"""A project of its own on a stack: its tasks with a distribution from PyPI, its routes, its secrets; reloading."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra import new_project
from infra.local.testing import LocalStack
from tests.e2e.clients import Api
from tests.support import wait_until

pytestmark = pytest.mark.e2e
ENDED = {"completed", "dlq"}
#: `markdown` is a distribution that QueueCraft's functions do not have.
TASK = '''
"""Renders texts."""

import os

import markdown

from queuecraft import secret, task


@task("fail", retries=0)
def fail(ctx, payload):
    """Fail."""
    raise ValueError("no")


@task("render")
def render(ctx, payload):
    """Render Markdown."""
    return {"html": markdown.markdown(payload["text"]), "key": secret("SHOP_KEY"), "greeting": os.environ["GREETING"]}
'''
ROUTES = '''

from queuecraft.routes import PERSONS, Call, Output, Routes


class Orders(Output):
    """The orders of the caller."""

    owner: str


routes = Routes(__name__, tag="Shop")


@routes.get("/shop/orders", answer=Orders, scope=PERSONS)
def orders(call: Call) -> Orders:
    """List the orders of the caller."""
    return Orders(owner=call.principal.user_id)


app.register_blueprint(routes.blueprint)
'''


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a task, a secret and a route."""
    project = tmp_path_factory.mktemp("own") / "shop"
    new_project.write(project, "shop")
    (project / "tasks" / "render.py").write_text(TASK)
    text = (project / "queuecraft.toml").read_text()
    text = text.replace("secrets = []", 'secrets = ["SHOP_KEY", "OTHER_KEY"]')
    (project / "queuecraft.toml").write_text(text.replace("[environment]", '[environment]\nGREETING = "hi"'))
    (project / ".secrets.toml").write_text('SHOP_KEY = "of the shop"\n')
    with (project / "app.py").open("a") as app:
        app.write(ROUTES)
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
    rendered = run(api, "render", {"text": "*hi*"})
    assert rendered["result"] == {"html": "<p><em>hi</em></p>", "key": "of the shop", "greeting": "hi"}
    failed = run(api, "fail", {})
    assert 'File "tasks/render.py", line' in failed["error"]["traceback"]
    known = {task["name"] for task in api.call("GET", "/tasks")[1]["tasks"]}
    assert known == {"fail", "greet", "render", "http_request", "simulated"}
    assert stack.run()["stack"].startswith("shop-local")
    assert "the secret OTHER_KEY has no value here" in stack.output


def test_its_routes_answer_and_know_their_caller(api: Api, stack: LocalStack) -> None:
    assert api.call("GET", "/hello") == (200, {"hello": "world"})
    status, body = api.call("GET", "/shop/orders")
    assert (status, len(body.get("owner", ""))) == (200, 24), body
    assert Api(stack).call("GET", "/shop/orders")[0] == 401
    assert "/shop/orders" in api.call("GET", "/openapi.json")[1]["paths"]


def test_a_change_is_loaded_and_a_wrong_one_is_named(api: Api, stack: LocalStack, shop: Path) -> None:
    (shop / "tasks" / "late.py").write_text(TASK.replace('"render"', '"late"').replace('"fail"', '"late-fail"'))
    wait_until(lambda: run_or_none(api, "late"), 60, "the new task")
    (shop / "queuecraft.toml").write_text((shop / "queuecraft.toml").read_text() + "\n[tasks]\n")
    wait_until(lambda: "tasks: there is no such key; allowed are" in stack.output, 60, "the wrong key is named")
    (shop / "queuecraft.toml").write_text((shop / "queuecraft.toml").read_text().replace("\n[tasks]\n", ""))
    app = (shop / "app.py").read_text()
    (shop / "app.py").write_text(app + "\n\n@app.schedule('rate(1 hour)')\ndef nightly(event):\n    pass\n")
    wait_until(lambda: "@app.schedule nightly: your own functions are not" in stack.output, 60, "it is refused by name")
    (shop / "app.py").write_text(app)
    assert run(api, "greet", {})["result"] == {"text": "Hello, world!"}


def run_or_none(api: Api, task: str) -> bool:
    known = {each["name"] for each in api.call("GET", "/tasks")[1]["tasks"]}
    return task in known
