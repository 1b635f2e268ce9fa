"""`breakpoint()` in a function opens pdb on a socket, since a function has no terminal. For `make up DEBUG=1`.

`child.py` loads it by path if `BREAKPOINTS` names a folder. A breakpoint writes the path of its socket there, in a file
named by the process id, and waits for `python -m infra.local debug`. Only the thread that reached it stands still: a
worker goes on renewing its leases. The socket is in a folder that only its owner can enter.
"""

import os
import pdb
import shutil
import socket
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import Any

#: How long a breakpoint waits for somebody, in seconds; then the function goes on.
WAIT_S = 600.0


class _Session(pdb.Pdb):
    """One breakpoint and what follows it, until `continue`."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        typed: Any = connection.makefile("r", encoding="utf-8", errors="replace")
        shown: Any = connection.makefile("w", encoding="utf-8", errors="replace")
        super().__init__(stdin=typed, stdout=shown, nosigint=True)

    def set_continue(self) -> None:
        super().set_continue()
        if not self.breaks:
            self._end()

    def set_quit(self) -> None:
        super().set_quit()
        self._end()

    def _end(self) -> None:
        for each in (self.stdout, self.stdin, self._connection):
            each.close()


def install(folder: str) -> None:
    """Let `breakpoint()` wait for a debugger. `folder`: where the paths of sockets are written."""

    def wait(*_: Any, **__: Any) -> None:
        caller: FrameType = sys._getframe().f_back  # type: ignore[assignment]
        connection = _connection(Path(folder))
        if connection is not None:
            _Session(connection).set_trace(caller)

    sys.breakpointhook = wait


def _connection(folder: Path) -> socket.socket | None:
    own = Path(tempfile.mkdtemp(prefix="qc-pdb-"))
    note = folder / str(os.getpid())
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(str(own / "s"))
            listener.listen(1)
            listener.settimeout(WAIT_S)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            note.write_text(str(own / "s"))
            sys.stderr.write("breakpoint: waits for `make debug` in another terminal\n")
            sys.stderr.flush()
            connection, _ = listener.accept()
            connection.settimeout(None)
            return connection
    except TimeoutError:
        sys.stderr.write(f"breakpoint: nobody came within {WAIT_S:g} s, so the function goes on\n")
        return None
    finally:
        note.unlink(missing_ok=True)
        shutil.rmtree(own, ignore_errors=True)
