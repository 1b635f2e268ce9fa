"""Detects changes of code or configuration."""

import os
from collections.abc import Iterator
from pathlib import Path

from infra.local.deployed.project_file import FILE, SECRETS_FILE
from infra.local.deployed.sources import own_packages

#: files besides the packages that functions import
WATCHED = ("app.py", ".chalice", "infra/aws", FILE, SECRETS_FILE)
SUFFIXES = (".py", ".lua", ".json", ".yaml", ".yml")
INTERVAL_S = 0.5


class Watcher:
    """Compares the files of a project with their state at the last call."""

    def __init__(self, project: Path) -> None:
        self._project = project
        self._seen = self._look()

    def changes(self) -> list[str]:
        """Return the paths that were written, added or removed since the last call, relative to the project."""
        now = self._look()
        changed = [path for path, stamp in now.items() if self._seen.get(path) != stamp]
        changed += [path for path in self._seen if path not in now]
        self._seen = now
        return sorted(os.path.relpath(path, self._project) for path in changed)

    def _look(self) -> dict[str, tuple[int, int]]:
        stamps = {}
        for name in (*WATCHED, *own_packages(self._project)):
            for path in _files(self._project / name):
                try:
                    status = path.stat()
                except OSError:  # removed, or not readable
                    continue
                stamps[str(path)] = (status.st_mtime_ns, status.st_size)
        return stamps


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for folder, folders, files in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(("__", ".")) and name != "deployed"]
        yield from (Path(folder) / name for name in files if name.endswith(SUFFIXES))
