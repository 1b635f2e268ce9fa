"""Compile bytecode for the deployed Python.

Without it, every cold start compiles all that it imports, because `/var/task` is read-only. That costs more than
everything else in a cold start (docs/decisions/071-bytecode.md).
"""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from infra.aws.wheels import PYTHON_VERSION
from infra.localstack import python

TAG = f"cpython-{PYTHON_VERSION.replace('.', '')}"


def interpreter(environ: Mapping[str, str]) -> str | None:
    """Return a Python of the deployed version; None if there is none."""
    if f"{sys.version_info.major}.{sys.version_info.minor}" == PYTHON_VERSION:
        return sys.executable
    try:
        return python.find(environ)
    except python.NoPythonError:
        return None


def compiled(files: Mapping[str, bytes], compiler: str, work: Path) -> dict[str, bytes]:
    """Return the bytecode of every Python file among `files`, by its name in `__pycache__`.

    It is validated by the hash of its source, unchecked at run time, so that it contains no time; it refers to the
    source by its path on Lambda.
    """
    for name, content in files.items():
        if name.endswith(".py"):
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            (work / name).write_bytes(content)
    subprocess.run(  # noqa: S603 - an interpreter of ours
        [
            *(compiler, "-I", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"),
            *("-s", str(work), "-p", "/var/task", str(work)),
        ],
        check=False,  # some wheels contain templates that are not valid Python
        capture_output=True,
    )
    return {str(path.relative_to(work)): path.read_bytes() for path in sorted(work.rglob(f"*.{TAG}.pyc"))}
