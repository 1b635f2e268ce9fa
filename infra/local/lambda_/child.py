"""First code of a function's process: tie it to its parent, then hand over to the real `awslambdaric`.

Run by path (`python -P child.py PARENT_PID HANDLER`), so that nothing of the local AWS gets on the import
path of the function.
"""

import os
import runpy
import sys


def _die_with_parent(parent_pid: int) -> None:
    if not sys.platform.startswith("linux"):
        return
    import ctypes  # noqa: PLC0415 - only Linux needs it

    set_parent_death_signal, sigkill = 1, 9
    ctypes.CDLL(None).prctl(set_parent_death_signal, sigkill, 0, 0, 0)
    if os.getppid() != parent_pid:
        sys.exit(1)


def main() -> None:
    """Run the handler named on the command line for as long as the Runtime API has events."""
    _die_with_parent(int(sys.argv[1]))
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    if "COVERAGE_PROCESS_START" in os.environ:
        import coverage  # noqa: PLC0415 - measured runs only

        coverage.process_startup()
    sys.argv = ["awslambdaric", sys.argv[2]]
    runpy.run_module("awslambdaric", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
