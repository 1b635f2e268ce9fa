"""Routes whose modules a function imports at their first call."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import app
from chalicelib.api.late import LATE
from chalicelib.api.routing import ROUTES

ROOT = Path(__file__).parents[2]
PROGRAM = """
import json, sys
import app
at_start = [name for name in sys.modules if name.startswith("chalicelib.api.")]
paths = json.loads(sys.argv[1])
app.app.routes["/openapi.json"]
documented = json.loads(sys.modules["chalicelib.api.docs"]._document("stack"))["paths"]
found = {path: sorted(app.app.routes[path]) for path in paths}
print(json.dumps([at_start, found, app.app.routes["/unknown"], sorted(documented)]))
"""


def modules() -> dict[str, set[str]]:
    """Return the paths of each module of routes."""
    found: dict[str, set[str]] = {}
    for route in ROUTES:
        found.setdefault(route.handler.__module__.rpartition(".")[2], set()).add(route.path)
    return found


def test_the_table_names_exactly_the_paths_of_late_modules() -> None:
    for name, paths in modules().items():
        of_others = [begins for other, begins in LATE.items() if other != name]
        assert not [path for path in paths for begins in of_others if path.startswith(begins)], name
        assert all(path.startswith(LATE.get(name, ("/",))) for path in paths), name
    assert LATE.keys() <= modules().keys()


class Function(NamedTuple):
    """The modules of a function's start, the methods of all paths and of an unknown one, and the paths documented."""

    at_start: list[str]
    routes: dict[str, list[str]]
    unknown: dict[str, object]
    documented: list[str]


@pytest.fixture(scope="module")
def function() -> Function:
    variables = {
        "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9", "SECRET_KEY": "x" * 40, "FRONTEND_URL": "https://example.com",
        "MONGODB_URI": "mongodb://127.0.0.1:9", "REDIS_URL": "redis://127.0.0.1:9",
    }  # fmt: skip
    paths = json.dumps(sorted({route.path for route in ROUTES}))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, paths],
        cwd=ROOT, env=os.environ | variables, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return Function(*json.loads(done.stdout))


def test_a_function_imports_late_modules_at_their_first_call(function: Function) -> None:
    assert not {f"chalicelib.api.{name}" for name in LATE} & set(function.at_start)
    assert function.routes == {path: sorted(methods) for path, methods in app.app.routes.items()}
    assert function.unknown == {}


def test_a_function_documents_all_routes(function: Function) -> None:
    assert set(function.documented) == {route.path for route in ROUTES}
