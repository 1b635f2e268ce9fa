"""Replace this process by a command that the kernel kills when its parent dies.

Run as `python -I -S launch.py PARENT_PID COMMAND ARG…`. It imports next to nothing, since each database start
pays for it. The process id stays the same, so whoever spawned it may signal the command by it. Without prctl
(macOS) the command runs all the same, but outlives a parent that was killed by SIGKILL.
"""

import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(parent_pid: int, signal_number: int = signal.SIGKILL) -> None:
    """Ask the kernel for `signal_number` at the death of the parent; exit at once if it is dead already."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes  # noqa: PLC0415 - 5 ms, and only Linux needs it

    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)
    if os.getppid() != parent_pid:
        sys.exit(1)


def main(argv: list[str]) -> None:
    """Exec the command in `argv`, whose first item is the pid of the parent it must not outlive."""
    die_with_parent(int(argv[0]))
    os.execvp(argv[1], argv[1:])  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main(sys.argv[1:])
