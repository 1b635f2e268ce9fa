"""Run foreign code, such as the import of an app, in a process of its own, and read its answer.

The script gets the number of a pipe as its last argument and writes lines of JSON to it. What the code prints goes
elsewhere; what it does to its process (exit, crash, sleep) only ends the answer.
"""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from infra.local.orphans import start

PRINTED_BYTES = 16 * 1024
LINE_BYTES = 16 * 1024 * 1024


@dataclass(slots=True)
class Answer:
    """What a script wrote, and how it ended."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    #: exit status, negative for a signal; None if it was silent for too long
    status: int | None = None
    #: the end of what it printed
    printed: str = ""

    @property
    def how(self) -> str:
        """How it ended, in words."""
        if self.status is None:
            return "it took too long"
        return f"it ended the process ({signal_name(-self.status) if self.status < 0 else f'status {self.status}'})"


def signal_name(number: int) -> str:
    """Return `SIGSEGV` for 11."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


async def ask(
    script: Path, *arguments: str, cwd: Path, env: Mapping[str, str], silence_s: float, enough: str | None = None
) -> Answer:
    """Run `python -P SCRIPT ARGUMENT… FD`; return its lines until it ends, or is silent for `silence_s` seconds.

    A line with the key `enough` is the last; the process and its children are then killed.
    """
    receiver, sender = os.pipe()
    try:
        process = await start(
            *(sys.executable, "-P", str(script), *arguments, str(sender)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=cwd,
            env=env,
            pass_fds=(sender,),
        )
    except BaseException:
        os.close(receiver)
        raise
    finally:
        os.close(sender)
    printing = asyncio.create_task(_tail(process.stdout))
    answer = Answer()
    try:
        async with _reader(receiver) as lines:
            is_over = await _read(lines, answer, silence_s, enough)
        if is_over:
            answer.status = await asyncio.wait_for(_exit_status(process), silence_s)
    except TimeoutError:
        answer.status = process.returncode  # not set when a child keeps the pipe open
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        answer.printed = await _finish(printing)
    return answer


async def _read(lines: asyncio.StreamReader, answer: Answer, silence_s: float, enough: str | None) -> bool:
    """Read lines into `answer`; return whether the process has ended by itself."""
    while line := await asyncio.wait_for(lines.readline(), silence_s):
        try:
            answer.lines.append(orjson.loads(line))
        except orjson.JSONDecodeError:  # killed while it wrote
            return True
        if enough is not None and enough in answer.lines[-1]:
            answer.status = 0
            return False
    return True


async def _exit_status(process: asyncio.subprocess.Process) -> int:
    """Wait for the process only: `wait` also waits for other processes that hold its output."""
    while process.returncode is None:
        await asyncio.sleep(0.01)
    return process.returncode


@contextlib.asynccontextmanager
async def _reader(descriptor: int) -> AsyncIterator[asyncio.StreamReader]:
    reader = asyncio.StreamReader(limit=LINE_BYTES)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb")
    )
    try:
        yield reader
    finally:
        transport.close()


async def _tail(stream: asyncio.StreamReader | None) -> bytes:
    """Return the end of the output, however long that is."""
    kept = b""
    while stream is not None and (chunk := await stream.read(64 * 1024)):
        kept = (kept + chunk)[-PRINTED_BYTES:]
    return kept


async def _finish(printing: "asyncio.Task[bytes]") -> str:
    """Return the output. A process that outlives its session keeps the pipe open, and is not waited for."""
    done, _ = await asyncio.wait({printing}, timeout=1)
    if not done:
        printing.cancel()
        return ""
    return printing.result().decode(errors="replace").rstrip()
