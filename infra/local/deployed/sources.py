"""The folders beside `app.py` whose code functions run."""

from pathlib import Path

#: our packages, which contain each function's code
PACKAGES = ("chalicelib", "worker_fn", "websocket_fn")
#: packages of the project that no function contains
NOT_DEPLOYED = frozenset({"bench", "build", "infra", "queuecraft_testing", "tests"})


def own_packages(project: Path) -> tuple[str, ...]:
    """Return the packages that functions may import: ours, and others beside them with an `__init__.py`."""
    others = {path.parent.name for path in project.glob("*/__init__.py")} - {*PACKAGES, *NOT_DEPLOYED}
    return (*PACKAGES, *sorted(name for name in others if name.isidentifier()))
