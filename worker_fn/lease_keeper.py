"""Renews the leases of a worker whose interpreter is blocked, from a separate process.

A C call may hold Python's interpreter lock for longer than a lease; then no thread of the worker can renew it. The
keeper is a second interpreter that starts with the worker, loads nothing and waits. The worker writes each attempt
that begins into shared memory, and counts its heartbeats there. When heartbeats are missing, the keeper loads a Redis
client and renews the leases of attempts that have begun and have time left. It ends with the worker: its standard input
is closed then, or its parent has changed.

This file is both sides: the worker imports ``LeaseKeeper``, the keeper runs the file. So the imports above are few.
"""

from __future__ import annotations

import mmap
import os
import select
import signal
import sys
import threading
import time

TYPE_CHECKING = False  # as in typing, which is slow to import
if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from chalicelib.queue.fleet import Fleet
    from chalicelib.settings import Settings
    from chalicelib.telemetry.logger import Log

    #: Job id, token, and until when the attempt may run (monotonic time, the same for all processes of a machine).
    Begun = tuple[str, str, float]

#: Room for the attempts that begin between two heartbeats, about 14,000; others wait for the next heartbeat.
SIZE = 1 << 20
#: The count of heartbeats; after it, as text that ends with a NUL: what the worker reports, then one line for each
#: attempt.
_COUNT = slice(0, 8)
_TEXT = 8
#: Number of missing heartbeats after which the keeper renews: a lease lasts for at least two.
_PATIENCE = 1.5


class LeaseKeeper:
    """The worker's side."""

    def __init__(self, worker_id: str, settings: Settings, *, interval_s: float, log: Log) -> None:
        self._worker_id = worker_id
        self._settings = settings
        self._interval_s = interval_s
        self._log = log
        self._lock = threading.Lock()
        self._beats = 0
        self._end = _TEXT
        self._map: mmap.mmap | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the keeper. If that fails, the worker continues, and only its own heartbeats renew leases."""
        import subprocess  # noqa: PLC0415 - not for the keeper
        from dataclasses import asdict  # noqa: PLC0415

        import orjson  # noqa: PLC0415

        known = {"worker": self._worker_id, "path": sys.path, "settings": asdict(self._settings)}
        file = _memory()
        command = [sys.executable, "-I", "-S", __file__, str(file), str(self._interval_s)]
        try:
            self._map = mmap.mmap(file, SIZE)
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[file])  # noqa: S603 - our own
            assert self._process.stdin is not None  # noqa: S101
            self._process.stdin.write(orjson.dumps(known) + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            self._log.warning("the lease keeper did not start", event="keeper_failed", error=str(error))
        finally:
            os.close(file)

    def beat(self, about: Mapping[str, Any], begun: Callable[[], Iterable[Begun]]) -> None:
        """Count a heartbeat, and write the attempts that have begun over the former list."""
        import orjson  # noqa: PLC0415

        with self._lock:
            if self._map is None:
                return
            self._end = _TEXT
            self._write(orjson.dumps(dict(about)))
            for job_id, token, until in begun():
                self._write(_line(job_id, token, until))
            self._beats += 1
            self._map[_COUNT] = self._beats.to_bytes(8, "little")

    def began(self, job_id: str, token: str, until: float) -> None:
        """Add one attempt to the list."""
        with self._lock:
            self._write(_line(job_id, token, until))

    def close(self) -> None:
        """End the keeper."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
        with self._lock:
            if self._map is not None:
                self._map.close()
            self._map = None

    def _write(self, text: bytes) -> None:
        end = self._end + len(text)
        if self._map is not None and end < SIZE:
            self._map[self._end : end + 1] = text + b"\0"
            self._end = end


def _memory() -> int:
    """Return a file that both processes map; in memory, so a full disk does not matter."""
    if hasattr(os, "memfd_create"):
        file = os.memfd_create("leases")
        os.truncate(file, SIZE)
        return file
    import tempfile  # noqa: PLC0415

    with tempfile.TemporaryFile() as unnamed:
        unnamed.write(bytes(SIZE))
        unnamed.flush()
        return os.dup(unnamed.fileno())


def _line(job_id: str, token: str, until: float) -> bytes:
    return f"\n{job_id} {token} {int(until)}".encode()


# --- the keeper's side ---------------------------------------------------------------------------------------------
class Keeper:
    """Watches the heartbeats. ``known`` is the line of JSON that the worker wrote."""

    def __init__(self, table: mmap.mmap, interval_s: float, known: bytes) -> None:
        self._table = table
        self._interval_s = interval_s
        self._known = known
        self._parent = os.getppid()
        self._fleet: Fleet | None = None
        self._log: Log | None = None
        self._count = b""
        self._beat_at = time.monotonic()
        self._warned = False

    def serve(self) -> None:
        """Run until the worker has ended."""
        while not select.select([sys.stdin], [], [], self._interval_s / 2)[0] and os.getppid() == self._parent:
            self._look()

    def _look(self) -> None:
        now, count = time.monotonic(), self._table[_COUNT]
        if count != self._count:
            self._count, self._beat_at, self._warned = count, now, False
        elif now - self._beat_at >= self._interval_s * _PATIENCE and not is_stopped(self._parent):
            about, leases = read(self._table, now)
            if leases:
                self._renew(about, leases)

    def _renew(self, about: str, leases: dict[str, str]) -> None:
        import json  # noqa: PLC0415

        known = json.loads(self._known)
        try:
            if self._fleet is None or self._log is None:
                self._fleet, self._log = _connect(known)
            self._fleet.heartbeat(known["worker"], json.loads(about), leases)
            if not self._warned:
                message = "a task blocks the interpreter; leases are renewed for as long as their jobs may run"
                self._log.warning(message, event="interpreter_blocked", worker=known["worker"], jobs=list(leases)[:20])
            self._warned = True
        except Exception as error:  # tried again after the next interval
            if self._log is not None:
                self._log.warning("leases were not renewed", event="keeper_failed", error=str(error))


def _connect(known: Mapping[str, Any]) -> tuple[Fleet, Log]:
    sys.path[:] = known["path"]
    from chalicelib.containers.core import Core  # noqa: PLC0415
    from chalicelib.settings import Settings  # noqa: PLC0415

    container = Core(Settings(**known["settings"]))
    return container.fleet, container.log


def read(table: mmap.mmap, now: float) -> tuple[str, dict[str, str]]:
    """Return what the worker reported, and the token of each attempt that has time left at ``now``."""
    about, *lines = table[_TEXT : table.find(b"\0", _TEXT)].decode().split("\n")
    begun = [line.split(" ") for line in lines]
    return about, {job_id: token for job_id, token, until in begun if int(until) > now}


def is_stopped(process: int) -> bool:
    """Return whether a process is stopped by a signal: then its jobs make no progress."""
    try:
        with open(f"/proc/{process}/stat", "rb") as file:  # noqa: PTH123 - pathlib is slow to import
            return file.read().rpartition(b")")[2].split()[0] in b"TtZX"
    except OSError:  # no /proc
        return False


def _main() -> None:
    for ending in (signal.SIGINT, signal.SIGTERM):  # the worker gets them too, and stops in order
        signal.signal(ending, signal.SIG_IGN)
    table = mmap.mmap(int(sys.argv[1]), SIZE, access=mmap.ACCESS_READ)
    Keeper(table, float(sys.argv[2]), sys.stdin.buffer.readline()).serve()


if __name__ == "__main__":
    _main()
