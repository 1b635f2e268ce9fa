"""Pools: worker functions with limits of their own, and the task modules that each has. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

#: The pool of a job whose task names none. A pool is a worker function.
DEFAULT_POOL: Final = "default"
MAX_POOL_CHARS: Final = 32
#: Part of a function's name.
POOL_PATTERN: Final = r"^[a-z][a-z0-9-]*$"
#: Task modules by pool, below the package of tasks (``reports``, ``media.resize``); the default pool has the rest.
PoolModules = Mapping[str, Sequence[str]]


def pool_of(module: str, pools: PoolModules) -> str:
    """Return the pool of a task module: the one that names it, or a package that it is in."""
    for pool, names in pools.items():
        if any(f"{module}.".startswith(f"{name}.") for name in names):
            return pool
    return DEFAULT_POOL
