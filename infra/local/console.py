"""The terminal: the merged output of all services. If it fails or blocks, the stack continues."""

import contextlib
import errno
import io
import os
import queue
import re
import sys
import threading
import time
from collections.abc import Mapping
from typing import Final, TextIO

#: Lines per second above which further ones are counted, not shown; the log files have all of them.
CONSOLE_LINES_PER_S: Final = 400
#: Maximum length of a line; the log file has it all.
CONSOLE_LINE_CHARS: Final = 4_000
#: Writes that wait for a blocked terminal; later ones are dropped.
MAX_WAITING: Final = 64
CLOSE_S: Final = 2.0
COLOURS = ("36", "33", "35", "32", "34", "96", "93", "95", "92", "94")
LEVEL_COLOURS = {"ERROR": "31", "CRITICAL": "31", "WARNING": "33"}
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x9b]")
#: Errors after which nothing can be written any more: the reader has ended.
GONE = {errno.EPIPE, errno.EBADF, errno.EIO}


class Console:
    """Prefixes each line with its service and writes it, buffered. `flush` is called a few times a second."""

    def __init__(self, stream: TextIO | None = None, environ: Mapping[str, str] | None = None) -> None:
        stream = stream if stream is not None else sys.stdout
        environ = environ or {}
        is_colour = bool(environ.get("FORCE_COLOR")) or stream.isatty()
        self.colour = is_colour and not environ.get("NO_COLOR")
        self._colours: dict[str, str] = {}
        self._second = 0
        self._shown = 0
        self._skipped = 0
        self._pending: list[str] = []
        self._writer = _Writer(stream)

    def line(self, service: str, text: str, level: str | None = None) -> None:
        """Show one line of a service, unless the limit per second is reached."""
        second = int(time.monotonic())
        if second != self._second:
            self._end_second(second)
        if self._shown >= CONSOLE_LINES_PER_S:
            self._skipped += 1
            return
        self._shown += 1
        text = CONTROL.sub("?", text if len(text) <= CONSOLE_LINE_CHARS else f"{text[:CONSOLE_LINE_CHARS]} …")
        self._pending.append(f"{self._prefix(service)} {self._paint(text, LEVEL_COLOURS.get(level or ''))}\n")

    def has_room(self) -> bool:
        """Return whether a line would be shown now."""
        return int(time.monotonic()) != self._second or self._shown < CONSOLE_LINES_PER_S

    def skip(self, lines: int) -> None:
        """Count lines that are not shown."""
        self._skipped += lines

    def say(self, text: str) -> None:
        """Write lines of the supervisor's own, at once."""
        self._pending.append(text + "\n")
        self.flush()

    def flush(self) -> None:
        """Write the buffer. Never waits and never fails."""
        if self._skipped and int(time.monotonic()) != self._second:
            self._end_second(int(time.monotonic()))
        if self._pending:
            text, self._pending = "".join(self._pending), []
            self._writer.write(text)

    def drain(self) -> None:
        """Return when everything is written, or after two seconds, because a terminal may be blocked."""
        self.flush()
        self._writer.drain()

    def close(self) -> None:
        """Write the buffer, if that takes less than two seconds."""
        self.flush()
        self._writer.close()

    def _end_second(self, second: int) -> None:
        if self._skipped:
            self._pending.append(f"{self._prefix('log')} … {self._skipped} more lines are in the log files\n")
        self._second, self._shown, self._skipped = second, 0, 0

    def _prefix(self, service: str) -> str:
        colour = self._colours.setdefault(service, COLOURS[len(self._colours) % len(COLOURS)])
        return self._paint(f"{service[:18]:<18}|", colour)

    def _paint(self, text: str, colour: str | None) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self.colour and colour else text


class _Writer:
    """Writes in its own thread, so that a pipe without a reader or a stopped terminal blocks only that."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._encoding = stream.encoding or "utf-8"
        self._waiting: queue.Queue[str | None] = queue.Queue(MAX_WAITING)
        self._thread: threading.Thread | None = None
        self._has_gone = False
        try:
            self._fd: int | None = stream.fileno()
        except (io.UnsupportedOperation, ValueError, AttributeError):
            self._fd = None

    def write(self, text: str) -> None:
        if self._fd is None:
            self._stream.write(text)
            return
        if self._has_gone:
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, args=(self._fd,), name="console", daemon=True)
            self._thread.start()
        with contextlib.suppress(queue.Full):
            self._waiting.put_nowait(text)

    def drain(self) -> None:
        deadline = time.monotonic() + CLOSE_S
        while self._waiting.unfinished_tasks and not self._has_gone and time.monotonic() < deadline:
            time.sleep(0.002)

    def close(self) -> None:
        if self._thread is not None:
            with contextlib.suppress(queue.Full):
                self._waiting.put_nowait(None)
            self._thread.join(CLOSE_S)
        if self._stream is not sys.stdout:
            self._stream.close()

    def _run(self, fd: int) -> None:
        while (text := self._waiting.get()) is not None:
            # write to the descriptor: a stream would keep what it could not write, and fail with it again and again
            left = text.encode(self._encoding, errors="replace")
            try:
                while left:
                    left = left[os.write(fd, left) :]
            except OSError as error:
                if error.errno in GONE:
                    self._has_gone = True
                    return
            finally:
                self._waiting.task_done()
