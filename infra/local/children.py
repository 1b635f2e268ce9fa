"""Child processes that never outlive this one, even if it is killed by SIGKILL."""

import atexit
import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from infra.local import kernel
from infra.local.orphans import orphans

#: Ports of outgoing connections: 32768 to 60999 on Linux, 49152 to 65535 on macOS.
LISTENING_PORTS = range(15_000, 32_000)
LAUNCHER = Path(__file__).with_name("launch.py")


@cache
def _spawner() -> ThreadPoolExecutor:
    """Return the one thread that spawns: the kernel ties a child to the *thread* that created it, so it must last."""
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spawner")
    atexit.register(pool.shutdown)
    return pool


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, its output appended to `log`; the kernel ends it with this process."""
    log.parent.mkdir(parents=True, exist_ok=True)
    launcher = [sys.executable, "-I", "-S", str(LAUNCHER), str(os.getpid()), *command]
    log.touch(mode=0o600)
    with log.open("ab") as output, orphans.starting() as started:
        spawning = _spawner().submit(
            subprocess.Popen,
            launcher,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=env,
            start_new_session=True,
        )
        process = spawning.result(timeout=10)
        started.add(process.pid)
    return process


def end(process: subprocess.Popen[bytes], *, grace_s: float) -> None:
    """Send SIGTERM, wait up to `grace_s` seconds, then SIGKILL; the process is reaped on return."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=grace_s)
    if process.poll() is None:
        process.kill()
        process.wait(timeout=10)


def wait_until(condition: Callable[[], bool], *, timeout_s: float, poll_s: float = 0.005) -> bool:
    """Poll `condition` until it holds; return False if it does not within `timeout_s` seconds."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(poll_s)
    return True


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that is free now (another process may take it first).

    It is outside the range of outgoing connections, so that none of them takes it a moment later.
    """
    while True:
        port = secrets.choice(LISTENING_PORTS)
        if port_is_free(port):
            return port


def port_is_free(port: int) -> bool:
    """Return whether this port of 127.0.0.1 is free now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def is_alive(pid: int) -> bool:
    """Return whether a process with this id exists and is not a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not kernel.is_zombie(pid)


def kill(pid: int) -> None:
    """Send SIGKILL; a process that has ended already is no error."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
