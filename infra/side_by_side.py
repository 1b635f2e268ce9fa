"""Run commands at the same time, show their output one after the other, and fail if any fails: `make test`.

    python -m infra.side_by_side "tests=pytest tests" "browser=make test-browser"

The output of the first command is shown as it comes, then that of the second from its beginning, and so on. At the end
each has a line with how long it took, and the processor time of it and of all processes it waited for.
"""

import os
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

_POLL_S = 0.2
_CHUNK = 65_536


@dataclass
class Command:
    """A command that runs, with its output in a file."""

    name: str
    process: subprocess.Popen[bytes]
    output: IO[bytes]
    began: float = field(default_factory=time.monotonic)
    took_s: float = 0.0
    processor_s: float = 0.0
    ended: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def started(cls, name: str, words: list[str], folder: Path) -> "Command":
        """Start a command."""
        path = folder / f"{name}.log"
        with path.open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - what the Makefile says
                words, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )
        command = cls(name, process, path.open("rb"))
        threading.Thread(target=command._await_end, name=name, daemon=True).start()
        return command

    def _await_end(self) -> None:
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.took_s = time.monotonic() - self.began
        self.processor_s = usage.ru_utime + usage.ru_stime
        self.ended.set()

    def show(self) -> None:
        """Copy the output to standard output until the command has ended."""
        last = False
        while True:
            last = self.ended.is_set()
            while chunk := self.output.read(_CHUNK):
                sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
            if last:
                self.output.close()
                return
            self.ended.wait(_POLL_S)

    def end(self) -> None:
        """Ask the command to end, unless it has."""
        if not self.ended.is_set():
            self.process.terminate()

    @property
    def failed(self) -> bool:
        """Whether it ended with another code than 0."""
        return self.process.returncode != 0

    def __str__(self) -> str:
        result = f"failed with {self.process.returncode}" if self.failed else "passed"
        return f"{self.name} {result} after {self.took_s:.0f} s, with {self.processor_s:.0f} s of processor time"


def run(commands: dict[str, list[str]]) -> bool:
    """Run all commands by their names; return whether each succeeded. SIGTERM and Ctrl-C end all of them."""
    with tempfile.TemporaryDirectory(prefix="queuecraft-side-by-side-") as folder:
        running = [Command.started(name, words, Path(folder)) for name, words in commands.items()]
        try:
            for command in running:
                _say(f"--- {command.name}")
                command.show()
        finally:
            for command in running:
                command.end()
            for command in running:
                command.ended.wait()
                command.output.close()
        for command in running:
            _say(f"--- {command}")
        return not any(command.failed for command in running)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _exit(number: int, _: object) -> None:
    raise SystemExit(128 + number)


def main(arguments: list[str]) -> int:
    """Run what the arguments name; return 1 if any of them fails."""
    named = [argument.partition("=") for argument in arguments]
    try:
        return 0 if run({name: shlex.split(command) for name, _, command in named}) else 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _exit)
    sys.exit(main(sys.argv[1:]))
