"""Ends this process when a task that was given up still occupies a thread: Python cannot kill threads.

The runtime's client sends the response after the handler returns, so a timer ends the process a moment later; the
runtime then starts a new process for the next event. On Lambda the environment may be frozen before that, and the timer
fires when the next event thaws it: then that call of the handler passes its event on to a new environment before the
process ends.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

#: Time from the handler's return until the exit, enough to send the response.
EXIT_AFTER_S: Final = 0.1


class Recycler:
    """Decides when this process ends. ``leave`` never returns; tests pass another."""

    def __init__(self, leave: Callable[[], None] | None = None, *, exit_after_s: float = EXIT_AFTER_S) -> None:
        self._leave = leave or _exit
        self._exit_after_s = exit_after_s
        self._lock = threading.Lock()
        self._recycling = False
        #: When the answer to the last held event has been sent (monotonic).
        self._answered_at = 0.0

    def recycle(self) -> None:
        """End the process soon after the handler returns."""
        self._recycling = True
        self._end_later()

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Keep the process until the answer is sent, for an event whose caller waits for it."""
        with self._lock:
            yield
            self._answered_at = time.monotonic() + self._exit_after_s

    def pass_on(self, event: dict[str, Any], invoke: Callable[[dict[str, Any]], None]) -> bool:
        """Pass ``event`` on to a new process and end, if this one is being recycled; otherwise return ``False``."""
        if not self._recycling:
            return False
        with self._lock:
            try:
                invoke(event)
            finally:
                self._leave()
        return True

    def _end_later(self) -> None:
        timer = threading.Timer(self._exit_after_s, self._end)
        timer.daemon = True
        timer.start()

    def _end(self) -> None:
        with self._lock:  # not while an event is being passed on or answered
            if time.monotonic() < self._answered_at:
                self._end_later()
            else:
                self._leave()


def _exit() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
