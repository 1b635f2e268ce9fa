"""`run.json`: the services with their processes and addresses, for `make status`, tests and users."""

import asyncio
import contextlib
import fcntl
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from infra.local import files

DEBOUNCE_S = 0.05


class AlreadyRunningError(RuntimeError):
    """Raised when another stack uses this home."""


class RunFile:
    """Keeps `run.json` up to date; each version replaces the previous one in one step."""

    def __init__(self, home: Path, describe: Callable[[], Mapping[str, Any]]) -> None:
        self.path = home / "run.json"
        self._describe = describe
        self._timer: asyncio.TimerHandle | None = None

    def changed(self) -> None:
        """Schedule a write within 50 ms."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(DEBOUNCE_S, self.write)

    def write(self) -> None:
        """Write now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        files.write(self.path, json.dumps(self._describe(), indent=2) + "\n")

    def remove(self) -> None:
        """Delete the file."""
        if self._timer is not None:
            self._timer.cancel()
        self.path.unlink(missing_ok=True)


def read(home: Path) -> dict[str, Any] | None:
    """Return what the running stack of this home wrote; None when none runs."""
    if not is_locked(home):
        return None
    try:
        run: dict[str, Any] = json.loads((home / "run.json").read_text())
    except FileNotFoundError:
        return None
    return run


def lock(home: Path) -> IO[str]:
    """Lock the home for this process until the file is closed. Raises AlreadyRunningError if it is locked."""
    files.private_folder(home)
    if (home / "lock").exists() or not any(home.iterdir()):  # a folder with other contents is left as it is
        with contextlib.suppress(PermissionError):
            home.chmod(files.PRIVATE_FOLDER)
    file = (home / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        owner = file.read().strip()
        file.close()
        raise AlreadyRunningError(owner) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def is_locked(home: Path) -> bool:
    """Return whether a stack holds this home."""
    try:
        lock_file = (home / "lock").open("r")
    except FileNotFoundError:
        return False
    with lock_file:
        try:
            fcntl.flock(lock_file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
