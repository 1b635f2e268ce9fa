"""What the kernel tells about processes, and does for them. On Linux from `/proc` and `prctl`.

Elsewhere (macOS) the memory of a process comes from `ps`, orphans are not adopted, and the rest is unknown: what each
function returns then stands in its docstring.
"""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
PROC = Path("/proc")
#: Longest time that `ps` may take, in seconds.
PS_S = 2.0


def adopt_orphans() -> bool:
    """Make this process the parent of its descendants whose parents die; return whether the kernel can do that."""
    if not sys.platform.startswith("linux"):
        return False
    import ctypes  # noqa: PLC0415 - only Linux needs it

    return bool(ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)


def children() -> set[int]:
    """Return the children of this process; without `/proc` an empty set."""
    found: set[int] = set()
    with contextlib.suppress(FileNotFoundError):
        for task in (PROC / "self" / "task").iterdir():
            with contextlib.suppress(OSError):  # a thread that ended
                found |= {int(pid) for pid in (task / "children").read_text().split()}
    return found


def variable(pid: int, name: str) -> bytes:
    """Return a variable of a process's environment at its start; empty if there is none, or it is unknown."""
    mark = name.encode() + b"="
    try:
        variables = (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return b""
    return next((each.removeprefix(mark) for each in variables if each.startswith(mark)), b"")


def is_zombie(pid: int) -> bool:
    """Return whether an existing process has ended and was not reaped; without `/proc`, `False`."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return (PROC / "self").exists()  # it was reaped meanwhile


def resident_mb(pid: int) -> int:
    """Return the resident memory of the process in MB; 0 if unknown."""
    try:
        pages = int((PROC / str(pid) / "statm").read_text().split()[1])
    except FileNotFoundError:
        return 0 if (PROC / "self").exists() else _resident_mb_by_ps(pid)
    except (OSError, IndexError):
        return 0
    return pages * PAGE_BYTES // (1024 * 1024)


def _resident_mb_by_ps(pid: int) -> int:
    command = ["ps", "-o", "rss=", "-p", str(pid)]
    try:
        shown = subprocess.run(command, capture_output=True, text=True, timeout=PS_S, check=True).stdout  # noqa: S603
        return int(shown) // 1024
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0


def handles_sigterm(pid: int) -> bool:
    """Return whether the process has its own handler of SIGTERM; without `/proc`, `False`."""
    try:
        status = (PROC / str(pid) / "status").read_text()
    except OSError:
        return False
    caught = next((line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")), "0")
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)
