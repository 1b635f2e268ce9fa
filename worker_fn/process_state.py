"""Process-wide state that a task can change: working directory, umask, environment."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.settings import environment, set_environment

if TYPE_CHECKING:
    from chalicelib.telemetry.logger import Log


class ProcessState:
    """The state when this object was created. Restore it while no task runs."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._folder = _folder()
        self._umask = _umask()
        self._environment = environment()

    def restore(self) -> None:
        """Restore what tasks changed, and log its names. Takes about 20 µs if nothing changed."""
        changed = []
        if self._folder is not None and _folder() != self._folder:
            changed.append("working directory")
            with suppress(OSError):  # it was deleted, or is not accessible
                os.chdir(self._folder)
        if os.umask(self._umask) != self._umask:
            changed.append("umask")
        if environment() != self._environment:
            changed += set_environment(self._environment)
        if changed:
            message = "a task changed what all jobs share; it is as before"
            self._log.warning(message, event="process_state_restored", changed=changed[:20])


def _folder() -> str | None:
    try:
        return str(Path.cwd())
    except OSError:  # a task changed to a folder that was deleted
        return None


def _umask() -> int:
    umask = os.umask(0o077)  # it cannot be read without setting it
    os.umask(umask)
    return umask
