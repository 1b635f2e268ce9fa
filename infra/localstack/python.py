"""Find Python 3.13, by running candidates: a name on PATH may be a shim that fails."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

WANTED = "3.13"


class NoPythonError(RuntimeError):
    """Raised when there is no Python 3.13; the text says what to do."""


def find(environ: Mapping[str, str]) -> str:
    """Return the path of a Python 3.13: QUEUECRAFT_PYTHON313, `python3.13` on PATH, pyenv's.

    Raises NoPythonError if there is none.
    """
    for candidate in _candidates(environ):
        path = _executable(candidate, environ)
        if path is not None:
            return path
    raise NoPythonError(
        f"LocalStack on the host needs Python {WANTED}, and none was found. Install it (pyenv install {WANTED}, or "
        f"uv python install {WANTED}), or name one: QUEUECRAFT_PYTHON313=/path/to/python{WANTED}. With Docker, start "
        "the container in compose.localstack.yaml and set AWS_ENDPOINT_URL; then it is not needed."
    )


def _candidates(environ: Mapping[str, str]) -> list[str]:
    if named := environ.get("QUEUECRAFT_PYTHON313"):
        return [named]
    root = Path(environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    versions = sorted(root.glob(f"versions/{WANTED}.*/bin/python{WANTED}"), reverse=True)
    uv = sorted((Path.home() / ".local/share/uv/python").glob(f"cpython-{WANTED}.*/bin/python{WANTED}"), reverse=True)
    return [f"python{WANTED}", "python3", *map(str, versions), *map(str, uv)]


def _executable(candidate: str, environ: Mapping[str, str]) -> str | None:
    code = "import sys; print('.'.join(map(str, sys.version_info[:2])), sys.executable)"
    try:
        done = subprocess.run(  # noqa: S603 - an interpreter, asked who it is
            [candidate, "-I", "-c", code], capture_output=True, text=True, timeout=20, check=False, env=dict(environ)
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    version, _, path = done.stdout.strip().partition(" ")
    return path if done.returncode == 0 and version == WANTED else None


if __name__ == "__main__":
    print(find(os.environ))  # noqa: T201 - for Makefiles and CI
