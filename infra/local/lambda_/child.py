"""The first code of a function's process: tie it to its parent, then run the real `awslambdaric`.

Run by path (`python -P child.py PARENT_PID HANDLER`), so that no module of the local AWS is on the import path of the
function.
"""

import importlib
import importlib.util
import json
import os
import runpy
import sys
import types
from pathlib import Path
from typing import Any


def _die_with_parent(parent_pid: int) -> None:
    if not sys.platform.startswith("linux"):
        return
    import ctypes  # noqa: PLC0415 - only Linux needs it

    set_parent_death_signal, sigkill = 1, 9
    ctypes.CDLL(None).prctl(set_parent_death_signal, sigkill, 0, 0, 0)
    if os.getppid() != parent_pid:
        sys.exit(1)


def _ensure_client() -> None:
    """Use `runtime_client.py` beside this file if `awslambdaric` came without its compiled module, as on macOS."""
    try:
        importlib.import_module("runtime_client")
    except ImportError:
        sys.modules["runtime_client"] = _beside("runtime_client")


def _beside(name: str) -> types.ModuleType:
    """Return the module of a file beside this one, whose folder is not on the import path."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _shared_handlers(handlers: dict[str, str]) -> types.ModuleType:
    """Return a module whose `handle` passes a WebSocket event to the handler of its route.

    It lets functions with the same code share processes.
    """
    by_route = {}
    for route, path in handlers.items():
        module_name, _, function_name = path.rpartition(".")
        by_route[route] = getattr(importlib.import_module(module_name), function_name)

    def handle(event: dict[str, Any], context: Any) -> Any:
        return by_route[event["requestContext"]["routeKey"]](event, context)

    module = types.ModuleType("shared_handlers")
    module.__dict__["handle"] = handle
    return module


def _use_whole_address(runtime_api: str) -> None:
    """Make awslambdaric report an init error to an address with a path, `host:port/path`.

    For events it accepts any address; for this report, it connects to `host:port`.
    """
    from awslambdaric.lambda_runtime_client import BaseLambdaRuntimeClient  # noqa: PLC0415 - after the import path is set

    address, slash, path = runtime_api.partition("/")
    call_rapid = BaseLambdaRuntimeClient.call_rapid

    def call(client: BaseLambdaRuntimeClient, method: str, endpoint: str, *rest: Any, **options: Any) -> None:
        client.lambda_runtime_address = address
        call_rapid(client, method, f"{slash}{path}{endpoint}", *rest, **options)

    BaseLambdaRuntimeClient.call_rapid = call


def main() -> None:
    """Run the handler named on the command line for as long as the Runtime API has events."""
    _die_with_parent(int(sys.argv[1]))
    _ensure_client()
    if folder := os.environ.get("BREAKPOINTS"):
        _beside("breakpoints").install(folder)
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    if "COVERAGE_PROCESS_START" in os.environ:
        import coverage  # noqa: PLC0415 - measured runs only

        coverage.process_startup()
    if "SHARED_HANDLERS" in os.environ:
        sys.modules["shared_handlers"] = _shared_handlers(json.loads(os.environ["SHARED_HANDLERS"]))
    _use_whole_address(os.environ["AWS_LAMBDA_RUNTIME_API"])
    sys.argv = ["awslambdaric", sys.argv[2]]
    runpy.run_module("awslambdaric", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
