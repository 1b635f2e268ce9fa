"""The version of the code of this process."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from chalicelib import VERSION

_ROOT: Final = Path(__file__).resolve().parents[1]
_PACKAGES: Final = ("chalicelib", "worker_fn")


def version() -> str:
    """Return the version of the project and a digest of the code of the worker, tasks included: ``0.1.0+1a2b3c4d``.

    It reads all modules, so it is for deployments, not for cold starts.
    """
    digest = hashlib.blake2b(digest_size=4)
    for package in _PACKAGES:
        for path in sorted((_ROOT / package).rglob("*.py*")):
            if path.suffix in {".py", ".pyc"} and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(_ROOT)}\n".encode())
                digest.update(path.read_bytes())
    return f"{VERSION}+{digest.hexdigest()}"
