"""The version of the code of this process."""

from __future__ import annotations

import hashlib
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from chalicelib import VERSION

_PACKAGES: Final = ("chalicelib", "worker_fn")


def version(task_package: str = "") -> str:
    """Return the version of QueueCraft and a digest of the code of the worker, tasks included: ``0.1.0+1a2b3c4d``.

    It reads all modules, so it is for deployments, not for cold starts.
    """
    digest = hashlib.blake2b(digest_size=4)
    for package in (*_PACKAGES, task_package) if task_package else _PACKAGES:
        for path in sorted(_folder(package).rglob("*.py*")):
            if path.suffix in {".py", ".pyc"} and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(_folder(package).parent)}\n".encode())
                digest.update(path.read_bytes())
    return f"{VERSION}+{digest.hexdigest()}"


def _folder(package: str) -> Path:
    """Return the folder of a package that is imported."""
    spec = sys.modules[package].__spec__ if package in sys.modules else find_spec(package)
    (folder, *_) = (spec and spec.submodule_search_locations) or ["."]
    return Path(folder).resolve()
