"""The folders beside `app.py` whose code functions run."""

from pathlib import Path

from infra.local.deployed.project import is_own

#: our packages, which contain each function's code
PACKAGES = ("chalicelib", "worker_fn", "websocket_fn")
#: what projects of their own import
PUBLIC = "queuecraft"
#: packages of the project that no function contains
NOT_DEPLOYED = frozenset({"bench", "build", "infra", "queuecraft_testing", "tests"})


def own_packages(project: Path) -> tuple[str, ...]:
    """Return the packages that functions may import: ours, and others beside them with an `__init__.py`."""
    packages = (*PACKAGES, PUBLIC) if is_own(project) else PACKAGES
    others = {path.parent.name for path in project.glob("*/__init__.py")} - {*PACKAGES, *NOT_DEPLOYED}
    return (*packages, *sorted(name for name in others if name.isidentifier()))
