"""The merged log: a file for each service, and one stream for people on the terminal."""

import io
import re
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

import orjson

#: More lines in a second than anybody reads are counted in place of shown; the files have them all.
CONSOLE_LINES_PER_S = 400
ROTATE_BYTES = 20_000_000
COLOURS = ("36", "33", "35", "32", "34", "96", "93", "95", "92", "94")
LEVEL_COLOURS = {"ERROR": "31", "CRITICAL": "31", "WARNING": "33"}
#: half a screen of general advice that the runtime prints before each error of loading a handler
RUNTIME_WARNING = b"LAMBDA_WARNING: Unhandled exception."
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x9b]")


class Console:
    """Prefixes each line by its service and writes it, buffered; `flush` is called a few times a second."""

    def __init__(self, stream: TextIO | None = None, environ: Mapping[str, str] | None = None) -> None:
        self._stream = stream if stream is not None else sys.stdout
        environ = environ or {}
        is_colour = bool(environ.get("FORCE_COLOR")) or self._stream.isatty()
        self.colour = is_colour and not environ.get("NO_COLOR")
        self._colours: dict[str, str] = {}
        self._second = 0
        self._shown = 0
        self._skipped = 0

    def line(self, service: str, text: str, level: str | None = None) -> None:
        """Show one line of a service, unless the terminal has had enough of them in this second."""
        second = int(time.monotonic())
        if second != self._second:
            self._end_second(second)
        if self._shown >= CONSOLE_LINES_PER_S:
            self._skipped += 1
            return
        self._shown += 1
        text = CONTROL.sub("?", text)
        self._stream.write(f"{self._prefix(service)} {self._paint(text, LEVEL_COLOURS.get(level or ''))}\n")

    def has_room(self) -> bool:
        """Whether a line would be shown now."""
        return int(time.monotonic()) != self._second or self._shown < CONSOLE_LINES_PER_S

    def skip(self, lines: int) -> None:
        """Count lines that are not shown."""
        self._skipped += lines

    def say(self, text: str) -> None:
        """Write lines of the supervisor's own, at once."""
        self._stream.write(text + "\n")
        self._stream.flush()

    def flush(self) -> None:
        """Write out what is buffered."""
        if self._skipped and int(time.monotonic()) != self._second:
            self._end_second(int(time.monotonic()))
        self._stream.flush()

    def close(self) -> None:
        """Close the stream, if it is not the process's own."""
        if self._stream is not sys.stdout:
            self._stream.close()

    def _end_second(self, second: int) -> None:
        if self._skipped:
            self._stream.write(f"{self._prefix('log')} … {self._skipped} more lines are in the log files\n")
        self._second, self._shown, self._skipped = second, 0, 0

    def _prefix(self, service: str) -> str:
        colour = self._colours.setdefault(service, COLOURS[len(self._colours) % len(COLOURS)])
        return self._paint(f"{service[:18]:<18}|", colour)

    def _paint(self, text: str, colour: str | None) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self.colour and colour else text


class ServiceLog:
    """The log of one service."""

    def __init__(self, name: str, path: Path, console: Console) -> None:
        self.path = path
        self._name = name
        self._console = console
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > ROTATE_BYTES:
            path.replace(path.with_suffix(".log.1"))
        self._file = io.BufferedWriter(io.FileIO(path, "a"), buffer_size=64 * 1024)

    def output(self, lines: bytes) -> None:
        """Whole lines that the service printed: to the file as they are, to the terminal compacted."""
        if b"\r" in lines:  # how the runtime keeps the lines of a traceback in one event
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
        """Bookkeeping (START, END, REPORT): to the file only."""
        self._file.write(text.encode())

    def note(self, text: str) -> None:
        """A remark of the local AWS about the service, in both."""
        self._file.write(f"{text}\n".encode())
        self._console.line(self._name, text, "WARNING")

    def flush(self) -> None:
        """Write out what is buffered."""
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
        """The log of that service, made at the first call."""
        if name not in self._services:
            self._services[name] = ServiceLog(name, self.path(name), self.console)
        return self._services[name]

    def path(self, name: str) -> Path:
        """The file of that service."""
        return self.folder / f"{name}.log"

    def flush(self) -> None:
        """Write out everything buffered."""
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
    """Level and one readable line of a JSON log line; any other line comes back as it is."""
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
