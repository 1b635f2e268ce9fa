"""The steps of a deployment after its functions exist: `python -P bootstrap.py PROJECT_DIR WHAT LEFT_OUT FD`.

It loads the tasks of the worker. When WHAT is `all`, it also has the worker prepare the databases: the worker ensures
the indexes, creates the operator at the first start, whose password is shown this once, and registers the tasks. On
AWS the same two events are sent by Lambda's invoke. When WHAT is `check`, no database is needed.

It writes lines of JSON to the pipe FD (see `deployed/ask.py`): `{"module": NAME}` before each import, and at the end
one with `failed` (reasons by module), `warnings`, `limits` (pool and time limit by task) and `operator`. LEFT_OUT names
modules, separated by commas, that would end or block this process. The tasks of all pools (`POOLS` in the environment)
are loaded and registered.
"""

import importlib
import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

#: Time limit for importing one module of tasks here, in seconds; on Lambda, a whole start has ten.
IMPORT_LIMIT_S = 10.0
LINE = 400


def main(project_dir: str, what: str, left_out: str, descriptor: str) -> None:
    """Prepare the databases that the environment names."""
    os.set_inheritable(int(descriptor), False)
    sys.path.insert(0, project_dir)
    with os.fdopen(int(descriptor), "w") as answers:

        def say(line: dict[str, Any]) -> None:
            answers.write(json.dumps(line) + "\n")
            answers.flush()

        try:
            worked = _worked(what, left_out.split(","), say)
        except Exception as error:
            if not _is_plain(error):
                raise
            sys.exit(f"{type(error).__name__}: {str(error)[:LINE]}")
        say({"operator": None, "failed": {}, "warnings": {}, "limits": {}} | worked)


def _is_plain(error: Exception) -> bool:
    """Return whether the error's text is sufficient: it concerns the databases or a setting, not code."""
    kind = type(error)
    return kind.__module__.partition(".")[0] in {"pymongo", "redis"} or kind.__name__ == "MisconfiguredError"


def _worked(what: str, left_out: list[str], say: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    try:
        worker = importlib.import_module("worker_fn.handler")
    except ModuleNotFoundError as error:
        if error.name != "worker_fn":  # an application without a worker needs no preparation
            raise
        return {}
    failures = worker.modules.load(
        json.loads(os.environ.get("POOLS") or "{}"),
        own=os.environ.get("TASK_PACKAGE", ""),
        leave_out=left_out,
        limit_s=IMPORT_LIMIT_S,
        begin=lambda module: say({"module": module}),
    )
    say({"module": None})
    answer: dict[str, Any] = {
        "failed": {failure.module: failure.reason for failure in failures},
        "slow": [failure.module for failure in failures if type(failure.error).__name__ == "ImportTooLongError"],
        "warnings": _unusable_schemas(),
        "limits": {name: [worker.modules.pool_of(task.module), task.timeout_s] for name, task in _tasks().items()},
    }
    if what == "all":
        made = worker.handle({"action": "create-operator"}, None)
        worker.handle({"action": "register-tasks"}, None)
        if made["created"]:
            answer["operator"] = {"email": made["email"], "password": made["password"]}
    return answer


def _tasks() -> Mapping[str, Any]:
    tasks: Mapping[str, Any] = importlib.import_module("worker_fn.registration.registry").registry.tasks
    return tasks


def _unusable_schemas() -> dict[str, str]:
    """Return why the API cannot check payloads of tasks, by task. Workers have no validator of schemas."""
    payloads = importlib.import_module("chalicelib.services.payloads")
    found = {}
    for name, task in _tasks().items():
        try:
            payloads.validator_of(task.spec.schema)
        except payloads.UnusableSchemaError as error:
            found[name] = str(error)
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
