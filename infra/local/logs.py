"""The log files, one per service, and the merged stream of them on the terminal."""

import contextlib
import os
import shutil
import time
from collections import deque
from pathlib import Path

import orjson

from infra.local.console import Console

ROTATE_BYTES = 20_000_000
BUFFER_BYTES = 64 * 1024
#: How many times of writes are kept for each file, the newest.
MAX_MARKS = 4_096
#: half a screen of general advice that the runtime prints before each init error
RUNTIME_WARNING = b"LAMBDA_WARNING: Unhandled exception."


class LogFile:
    """An append-only file, buffered, and rotated when it is full. A full disk loses lines and nothing else."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pending = bytearray()
        self._fd = -1
        self._size = 0
        self._lost = 0
        #: When bytes from an offset on were written, in epoch milliseconds, oldest first.
        self.marks: deque[tuple[int, int]] = deque([(0, _now_ms())], MAX_MARKS)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)

    def write(self, data: bytes) -> None:
        """Append bytes; never fails."""
        self._pending += data
        if len(self._pending) >= BUFFER_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write the buffer.

        Bytes that the disk does not accept are counted, and reported once it accepts some again.
        """
        if not self._pending:
            return
        left, self._pending = memoryview(bytes(self._pending)), bytearray()
        try:
            self._open()
            self.marks.append((self._size, _now_ms()))
            if self._lost:
                self._size += os.write(self._fd, f"… {self._lost} bytes could not be written\n".encode())
                self._lost = 0
            while left:
                written = os.write(self._fd, left)
                left = left[written:]
                self._size += written
        except OSError:
            self._lost += len(left)

    def close(self) -> None:
        """Flush and close."""
        self.flush()
        self._close()

    def _open(self) -> None:
        if self._fd >= 0 and self._size > ROTATE_BYTES:
            self._close()
        if self._fd < 0:
            with contextlib.suppress(OSError):
                if self.path.stat().st_size > ROTATE_BYTES:
                    self.path.replace(older(self.path))
                    self.marks.clear()
            self._fd = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            self._size = os.fstat(self._fd).st_size

    def _close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def _now_ms() -> int:
    return int(time.time() * 1000)


def older(path: Path) -> Path:
    """Return the file of a rotated log; one is kept."""
    return path.with_suffix(".log.1")


def cut_back(path: Path) -> None:
    """Rotate a log that another program has open for appending: copy it, then empty it."""
    with contextlib.suppress(OSError):
        if path.stat().st_size > ROTATE_BYTES:
            shutil.copyfile(path, older(path))
            os.truncate(path, 0)


class ServiceLog:
    """The log of one service."""

    def __init__(self, name: str, path: Path, console: Console) -> None:
        self.path = path
        self._name = name
        self._console = console
        self._file = LogFile(path)

    def output(self, lines: bytes) -> None:
        """Write whole lines of the service: to the file unchanged, to the terminal in short form."""
        if b"\r" in lines:  # the runtime separates the lines of a traceback in one event by it
            lines = lines.replace(b"\r", b"\n")
        self._file.write(lines)
        if not self._console.has_room():
            self._console.skip(lines.count(b"\n"))
            return
        for line in lines.splitlines():
            if line.strip() and RUNTIME_WARNING not in line:
                level, text = compact(line)
                self._console.line(self._name, text, level)

    def record(self, text: str) -> None:
        """Write bookkeeping (START, END, REPORT) to the file only."""
        self._file.write(text.encode())

    def note(self, text: str) -> None:
        """Write a remark of the local AWS about the service to both."""
        self._file.write(f"{text}\n".encode())
        self._console.line(self._name, text, "WARNING")

    def marks(self) -> list[tuple[int, int]]:
        """Return when bytes from an offset on were written, in epoch milliseconds, oldest first."""
        return list(self._file.marks)

    def flush(self) -> None:
        """Write the buffer."""
        self._file.flush()

    def close(self) -> None:
        """Flush and close the file."""
        self._file.close()


class Logs:
    """The log files of a stack and the console they share."""

    def __init__(self, folder: Path, console: Console) -> None:
        self.folder = folder
        self.console = console
        self._services: dict[str, ServiceLog] = {}

    def service(self, name: str) -> ServiceLog:
        """Return the log of that service, created at the first call."""
        if name not in self._services:
            self._services[name] = ServiceLog(name, self.path(name), self.console)
        return self._services[name]

    def path(self, name: str) -> Path:
        """Return the file of that service."""
        return self.folder / f"{name}.log"

    def flush(self) -> None:
        """Write all buffers."""
        for log in self._services.values():
            log.flush()
        self.console.flush()

    def close(self) -> None:
        """Close the files."""
        for log in self._services.values():
            log.close()
        self._services.clear()
        self.console.flush()


def compact(line: bytes) -> tuple[str | None, str]:
    """Return level and a readable line for a JSON log line; any other line unchanged."""
    if line.startswith(b"{"):
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError:
            record = None
        if isinstance(record, dict) and ("message" in record or "_aws" in record):
            return record.get("level"), _summary(record)
    return None, line.decode(errors="replace")


def _summary(record: dict[str, object]) -> str:
    if "_aws" in record:
        numbers = (f"{name}={value}" for name, value in record.items() if isinstance(value, int | float | list))
        return "metrics " + " ".join(numbers)
    message = str(record["message"])
    event = record.get("event")
    parts = [str(record.get("level", "INFO")), message]
    if event and event != message:
        parts.append(f"event={event}")
    keys = (
        "jobId",
        "method",
        "path",
        "status",
        "durationMs",
        "duration_ms",
        "userId",
        "traceId",
        "errorMessage",
    )
    parts += [f"{key}={record[key]}" for key in keys if record.get(key) not in (None, "")]
    if "exception" in record:
        parts.append(f"— {str(record['exception']).strip().splitlines()[-1]}")
    return " ".join(parts)
