"""Which folders beside `app.py` hold code that functions run."""

from pathlib import Path

#: ours, which each function's code is in
PACKAGES = ("chalicelib", "worker_fn", "websocket_fn")
#: packages of the project that no function has
NOT_DEPLOYED = frozenset({"bench", "build", "infra", "tests"})


def own_packages(project: Path) -> tuple[str, ...]:
    """Packages that functions may import: ours, and others beside them with an `__init__.py`."""
    others = {path.parent.name for path in project.glob("*/__init__.py")} - {*PACKAGES, *NOT_DEPLOYED}
    return (*PACKAGES, *sorted(name for name in others if name.isidentifier()))
