"""The imports of a function: our own modules, and the distributions of the others.

They are read from the source (grimp finds all imports, including those inside functions), so that a zip contains
exactly what its code can reach. Each function's own container module imports what the function needs.
"""

import ast
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import grimp
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from infra.aws import wheels
from infra.local.deployed import project as projects
from infra.local.deployed import sources

PROJECT = projects.PACKAGE
OWN_PACKAGES = sources.own_packages(PROJECT)
#: Distributions that the runtime contains.
#: https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html
IN_RUNTIME = frozenset({"boto3", "botocore", "s3transfer", "awslambdaric"})
#: Chalice's packager adds the part of itself that runs in a function.
ADDED_BY_CHALICE = frozenset({"chalice"})


#: Extras by distribution.
Extras = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Closure:
    """Everything that one function can import."""

    #: dotted names of our modules and packages
    modules: frozenset[str]
    #: canonical names of the distributions to install, for this architecture
    distributions: frozenset[str]
    architecture: str


class UnknownImportError(Exception):
    """Raised when no installed distribution provides an imported module."""


def closure(
    roots: Iterable[str],
    wanted: Extras,
    architecture: str,
    project: Path = PROJECT,
    external: Collection[str] = (),
) -> Closure:
    """Return what the modules `roots` reach, and other distributions' modules `external`, with the `wanted` extras."""
    graph = _graph(project)
    reached = _reach(graph, roots)
    others = {name for name in reached if graph.is_module_squashed(name)}
    own = _with_parents(reached - others)
    needed = _providers(others | set(external), project)
    return Closure(frozenset(own), required(needed, wanted, architecture), architecture)


def _reach(graph: Any, starts: Iterable[str]) -> set[str]:
    """Return `starts` and the modules that they import, transitively."""
    waiting, reached = list(starts), set[str]()
    while waiting:
        module = waiting.pop()
        if module not in reached:
            reached.add(module)
            waiting += graph.find_modules_directly_imported_by(module)
    return reached


def required(distributions: Iterable[str], wanted: Extras, architecture: str) -> frozenset[str]:
    """Return these distributions and their dependencies on the deployed runtime."""
    return _distributions(distributions, wanted, wheels.markers(architecture))


def imported(root: str) -> frozenset[str]:
    """Return the distributions that the modules of one of our packages import directly."""
    graph = _graph()
    found: set[str] = set()
    for module in expand(root):
        found |= {name for name in graph.find_modules_directly_imported_by(module) if graph.is_module_squashed(name)}
    return frozenset(_providers(found))


def imports_of(file: Path, project: Path = PROJECT) -> tuple[frozenset[str], frozenset[str]]:
    """Return what a file outside the packages imports: their modules, and the top-level modules of others."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    packages = set(sources.own_packages(project))
    others = {name.partition(".")[0] for name in found} - packages
    return frozenset(found & _graph(project).modules) - others, frozenset(others - {"__future__"})


def extras(requirements: str) -> dict[str, frozenset[str]]:
    """Return the extras that requirements, one a line, name, by distribution."""
    lines = (line.partition("#")[0].strip() for line in requirements.splitlines())
    wanted = (Requirement(line) for line in lines if line and not line.startswith("-"))
    return {canonicalize_name(each.name): frozenset(each.extras) for each in wanted}


@cache
def _graph(project: Path = PROJECT) -> Any:
    if project != PROJECT and str(project) not in sys.path:
        sys.path.insert(0, str(project))  # the packages are found by their names
    packages = OWN_PACKAGES if project == PROJECT else sources.own_packages(project)
    return grimp.build_graph(
        *packages, include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None
    )


def expand(root: str, project: Path = PROJECT) -> list[str]:
    """Return all modules of one of our packages, because some are found at run time only."""
    return [module for module in _graph(project).modules if module == root or module.startswith(f"{root}.")]


def without(modules: Collection[str], dropped: Collection[str], project: Path = PROJECT) -> list[str]:
    """Return `modules` without `dropped`, and without what only these import."""
    graph = _graph(project)
    behind = _reach(graph, dropped)
    needed = _reach(graph, [module for module in modules if module not in behind])
    return sorted(module for module in modules if module in needed)


def _with_parents(modules: Iterable[str]) -> set[str]:
    whole = set(modules)
    for module in modules:
        parts = module.split(".")
        whole |= {".".join(parts[:n]) for n in range(1, len(parts))}
    return whole


def _providers(modules: Iterable[str], project: Path | None = None) -> set[str]:
    """Return the distributions of top-level modules, without those of the runtime."""
    providers = metadata.packages_distributions()
    found: set[str] = set()
    for module in set(modules) - set(sys.stdlib_module_names) - IN_RUNTIME - ADDED_BY_CHALICE:
        if module not in providers:
            raise UnknownImportError(_unknown(module, project or PROJECT))
        found |= {canonicalize_name(name) for name in providers[module]}
    return found


def _unknown(module: str, project: Path) -> str:
    """Return why an import cannot be packaged, and how to fix it."""
    if not (project / module).is_dir() and not (project / f"{module}.py").is_file():
        where = "requirements/runtime.in"
        if projects.is_own(project):
            where = "`dependencies` in pyproject.toml, and install it here"
        return f"{module} is imported, but no installed distribution provides it: add it to {where}"
    if module in sources.NOT_DEPLOYED:
        return f"{module} is imported, but functions do not get it: move what they need into worker_fn or chalicelib"
    where = "tasks" if projects.is_own(project) else "worker_fn"
    return f"{module} is imported, but is no package: make it a folder with an __init__.py, or move it into {where}"


def _distributions(imported: Iterable[str], wanted_extras: Extras, environment: Mapping[str, str]) -> frozenset[str]:
    """Return the distributions and their dependencies on the deployed runtime."""
    waiting = list(imported)
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in found or name in IN_RUNTIME:
            continue
        found.add(name)
        waiting += _required(name, wanted_extras.get(name, frozenset()), environment)
    return frozenset(found)


def _required(name: str, extras: frozenset[str], environment: Mapping[str, str]) -> list[str]:
    required: list[str] = []
    try:
        lines = metadata.requires(name)
    except metadata.PackageNotFoundError:
        raise UnknownImportError(f"{name} is required by functions, but is not installed here: install it") from None
    for line in lines or []:
        requirement = Requirement(line)
        applies = requirement.marker is None or any(
            requirement.marker.evaluate({**environment, "extra": extra}) for extra in {"", *extras}
        )
        if applies:
            required.append(canonicalize_name(requirement.name))
    return required
