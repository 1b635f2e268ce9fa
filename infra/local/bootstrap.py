"""Prepare the application's data at each start: `python -P bootstrap.py PROJECT_DIR`.

Ensures the indexes and makes the operator at the first start, whose password is printed as JSON, this once.
"""

import json
import sys


def main(project_dir: str) -> None:
    """Prepare the databases that the environment names."""
    sys.path.insert(0, project_dir)
    try:
        from chalicelib.container import Container  # noqa: PLC0415 - the path is set above
    except ModuleNotFoundError as error:
        if error.name != "chalicelib":
            raise
        sys.stdout.write("{}")  # an application without stores
        return
    from chalicelib.services.operators import ensure_operator  # noqa: PLC0415
    from chalicelib.settings import Settings  # noqa: PLC0415
    from chalicelib.store.indexes import ensure_indexes  # noqa: PLC0415

    container = Container(Settings.from_env())
    try:
        ensure_indexes(container.db)
        operator = ensure_operator(container)
    finally:
        container.close()
    made = {"email": operator.email, "password": operator.password} if operator is not None else {}
    sys.stdout.write(json.dumps(made))


if __name__ == "__main__":
    main(sys.argv[1])
