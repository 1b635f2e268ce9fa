"""Checks whether a project can be deployed, before anything is built."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from infra.local.deployed import project as projects
from infra.local.deployed import refusals, sources
from infra.local.deployed.model import DeploymentError
from infra.local.deployed.read import check, read_manifest
from infra.local.deployed.tasks import BootstrapFailedError, Prepared, prepare

STAGE = "production"


def problems(project: Path) -> list[str]:
    """Return the problems: task modules that fail to load, functions of the app's own, folders that are no packages,
    a wrong list of pools, tasks that may take longer than their pool's functions.

    Warnings (a schema that the API cannot check) go to stderr.
    """
    try:
        manifest, prepared = asyncio.run(_asked(project))
    except (DeploymentError, BootstrapFailedError) as error:
        return [str(error)]
    for warning in prepared.warned:
        sys.stderr.write(f"{warning}\n")
    return [*refusals.own_functions(manifest), *prepared.missing, *prepared.cut_short, *_orphans(project)]


async def _asked(project: Path) -> tuple[dict[str, Any], Prepared]:
    """Return the app's manifest, and how its tasks load, on the interpreter that packages."""
    check(projects.of(project))
    variables = dict(os.environ)
    return await read_manifest(project, STAGE, variables), await prepare(project, variables, "check")


def _orphans(project: Path) -> list[str]:
    """Return folders with modules that can be imported, but whose imports are not followed."""
    found = set()
    for package in sources.own_packages(project):
        for path in (project / package).rglob("*.py"):
            if not (path.parent / "__init__.py").exists():
                found.add(path.parent.relative_to(project))
    return [f"{folder} has no __init__.py, so it is not packaged: add an empty one" for folder in sorted(found)]
