"""What a function loads at its start of our own: modules of the domain, and classes that take long to make."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

PROGRAM = """
import importlib, json, sys
importlib.import_module(sys.argv[1])
ours = {name: module for name, module in sys.modules.items()
        if name.partition(".")[0] in {"app", "chalicelib", "worker_fn", "websocket_fn"}}
made = [f"{name}.{key}" for name, module in ours.items() for key, each in vars(module).items()
        if isinstance(each, type) and each.__module__ == name and "__dataclass_fields__" in vars(each)]
print(json.dumps([sorted(ours), made]))
"""
#: Entry → the modules of ``chalicelib.domain`` that it loads. What only some calls need is loaded by them.
DOMAIN = {
    "app": {
        "accounts", "audit", "clock", "connections", "dependencies", "events", "filters", "job_fields", "job_logs",
        "jobs", "limits", "nodes", "one_time_links", "pauses", "payload_search", "pools", "principals", "rollups",
        "sessions", "steps", "terms", "typed_text", "unique",
    },
    "worker_fn.handler": {
        "clock", "dependencies", "events", "histogram", "job_fields", "job_limits", "job_logs", "jobs", "lifecycle",
        "limits", "nodes", "pauses", "pools", "retry", "rollups", "steps", "tasks", "totals", "unique",
    },
    "websocket_fn.handler": {"clock", "connections", "pools", "principals", "tenants"},
}  # fmt: skip
#: Data classes of ours. Making one takes as long as three named tuples, or as running a hundred lines.
DATACLASSES = {"app": 14, "worker_fn.handler": 8, "websocket_fn.handler": 6}


@cache
def start(entry: str) -> tuple[list[str], list[str]]:
    """Return the modules of ours that importing ``entry`` in a function loads, and the data classes in them."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, entry],
        cwd=Path(__file__).parents[2],
        env={
            "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:1", "MONGODB_URI": "mongodb://x", "REDIS_URL": "redis://x",
            "SECRET_KEY": "0123456789abcdef" * 2,
        },
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    modules, made = json.loads(done.stdout)
    return modules, made


@pytest.mark.parametrize("entry", DOMAIN)
def test_a_start_loads_only_what_it_needs_of_the_domain(entry: str) -> None:
    prefix = "chalicelib.domain."
    loaded = {name.removeprefix(prefix) for name in start(entry)[0] if name.startswith(prefix)}

    assert loaded == DOMAIN[entry]


@pytest.mark.parametrize("entry", DATACLASSES)
def test_a_start_makes_few_data_classes(entry: str) -> None:
    made = start(entry)[1]

    assert len(made) <= DATACLASSES[entry], made
