"""Replace this process by a command that the kernel kills when its parent dies.

Run as `python -I -S launch.py PARENT_PID COMMAND ARG…`. It imports very little, because each database start pays for
it. The process id stays the same, so the parent can send signals to the command. Without prctl (macOS) the command
runs too, but outlives a parent that was killed by SIGKILL.
"""

import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(parent_pid: int) -> None:
    """Have the kernel send SIGKILL when the parent dies; exit immediately if it is dead already."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes  # noqa: PLC0415 - 5 ms, and only Linux needs it

    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent_pid:
        sys.exit(1)


def main(argv: list[str]) -> None:
    """Run the command in `argv`, whose first item is the pid of the parent that it must not outlive."""
    die_with_parent(int(argv[0]))
    os.execvp(argv[1], argv[1:])  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main(sys.argv[1:])
