"""Kills processes that a function started and left behind, even those in their own session.

The kernel gives a process whose parent has died to the nearest ancestor that asked for it (a child subreaper): the
supervisor. So its children are those that it started, and orphans. The environment of an orphan names the Runtime API
of the function's process that it descends from; it is killed once that process has ended. Linux only: elsewhere the
system's init adopts orphans, and only the process group of a function is killed.
"""

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

from infra.local import kernel

MARK = "AWS_LAMBDA_RUNTIME_API"
ROUNDS = 200
ROUND_S = 0.01


class Orphans:
    """Tracks the children that we started; `end` kills the others. Thread-safe; does nothing before `adopt`."""

    def __init__(self) -> None:
        self._is_adopting = False
        self._ours: set[int] = set()
        self._starting = 0
        self._lock = threading.Lock()
        #: Runtime APIs of running functions' processes, whose orphans are left alone
        self._living: set[bytes] = set()

    def adopt(self) -> None:
        """Become the subreaper of our descendants."""
        self._is_adopting = kernel.adopt_orphans()

    @contextlib.contextmanager
    def starting(self) -> Iterator[set[int]]:
        """Yield a set for the id of a child that is being started: until it is added, it looks like an orphan."""
        with self._lock:
            self._starting += 1
        started: set[int] = set()
        try:
            yield started
        finally:
            with self._lock:
                self._starting -= 1
                self._ours |= started

    def born(self, runtime_api: str) -> None:
        """Register the Runtime API of a function's process."""
        self._living.add(runtime_api.encode())

    async def ended(self, runtime_api: str) -> None:
        """Kill what the process with this Runtime API left behind."""
        self._living.discard(runtime_api.encode())
        await self.end()

    async def end(self) -> None:
        """Kill orphans, except those of running functions, until there are none: killing one may create others."""
        for _ in range(ROUNDS):
            if not self.kill():
                return
            await asyncio.sleep(ROUND_S)

    def kill(self) -> int:
        """Kill and reap the current orphans; return how many, or 1 while a child is being started."""
        if not self._is_adopting:
            return 0
        with self._lock:
            if self._starting:
                return 1
            children = kernel.children()
            self._ours &= children
            strangers = children - self._ours
        doomed = [pid for pid in strangers if not self._bury(pid) and kernel.variable(pid, MARK) not in self._living]
        for pid in doomed:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        return len(doomed)

    def bury(self) -> None:
        """Reap orphans that have ended by themselves."""
        if not self._is_adopting:
            return
        with self._lock:
            strangers = set() if self._starting else kernel.children() - self._ours
        for pid in strangers:
            self._bury(pid)

    @staticmethod
    def _bury(pid: int) -> bool:
        try:
            return os.waitpid(pid, os.WNOHANG)[0] == pid
        except ChildProcessError:
            return True


#: The orphans of this process.
orphans = Orphans()


async def start(*command: str, **options: Any) -> asyncio.subprocess.Process:
    """Start a child process in its own session, as `asyncio.create_subprocess_exec` does, and register it."""
    with orphans.starting() as started:
        process = await asyncio.create_subprocess_exec(*command, start_new_session=True, **options)
        started.add(process.pid)
    return process
