"""What a deployment does once its functions exist: `python -P bootstrap.py PROJECT_DIR`.

The worker knows how: it ensures the indexes, makes the operator at the first start, whose password is printed as
JSON this once, and tells the API which tasks there are. On AWS the same two events are sent by Lambda's invoke.
"""

import contextlib
import importlib
import json
import sys


def main(project_dir: str) -> None:
    """Prepare the databases that the environment names."""
    sys.path.insert(0, project_dir)
    made = {}
    with contextlib.redirect_stdout(sys.stderr):
        try:
            worker = importlib.import_module("worker_fn.handler")
        except ModuleNotFoundError as error:
            if error.name != "worker_fn":  # an application without a worker has nothing to prepare
                raise
        else:
            made = worker.handle({"action": "create-operator"}, None)
            worker.handle({"action": "register-tasks"}, None)
    sys.stdout.write(json.dumps({"email": made["email"], "password": made["password"]} if "email" in made else {}))


if __name__ == "__main__":
    main(sys.argv[1])
