"""Attaches this terminal to a breakpoint of a function: `python -m infra.local debug`."""

import socket
import sys
import threading
import time
from pathlib import Path
from typing import TextIO

#: How often to look for a breakpoint, in seconds.
POLL_S = 0.2


def waiting(folder: Path) -> list[Path]:
    """Return the sockets of breakpoints that wait, the one that waits longest first."""
    notes = sorted(folder.glob("[0-9]*"), key=lambda note: note.stat().st_mtime) if folder.is_dir() else []
    return [Path(note.read_text()) for note in notes]


def attach(folder: Path, *, source: TextIO = sys.stdin, output: TextIO = sys.stdout) -> None:
    """Wait for a breakpoint, then pass lines to its debugger and show what it prints, until it goes on."""
    if not waiting(folder):
        output.write("No function waits at a breakpoint() yet; Ctrl-C stops waiting for one.\n")
        output.flush()
    while not (sockets := waiting(folder)):
        time.sleep(POLL_S)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(str(sockets[0]))
        threading.Thread(target=_pass_on, args=(source, connection), daemon=True).start()
        while chunk := connection.recv(4096):
            output.write(chunk.decode(errors="replace"))
            output.flush()
    output.write("\nThe function goes on.\n")


def _pass_on(source: TextIO, connection: socket.socket) -> None:
    try:
        for line in source:
            connection.sendall(line.encode())
    except OSError:  # the debugger has ended
        return
