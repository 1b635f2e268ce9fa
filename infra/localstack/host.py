"""LocalStack on the host, without Docker: with its own virtual environment and folders, on one port of loopback."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from infra.aws.package import RUNTIME
from infra.local import children
from infra.localstack import python

LOCK = Path(__file__).with_name("requirements.txt")
RUNTIME_LOCK = Path(__file__).with_name("runtime.txt")
PLUGIN = Path(__file__).with_name("plugin")
START_TIMEOUT_S = 120.0
#: SIGTERM can hang
STOP_GRACE_S = 6.0
#: What the template uses, what its deployment needs, and SQS to receive the alarms' notifications.
SERVICES = "apigateway,cloudformation,cloudwatch,events,iam,lambda,logs,s3,sns,sqs,ssm,sts"
#: what `chalice deploy` makes of this interpreter
OWN_RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"


class LocalStackError(RuntimeError):
    """Raised when LocalStack cannot be installed or started; the text says why."""


class HostLocalStack:
    """One LocalStack process."""

    def __init__(self, home: Path, port: int, venv_home: Path | None = None) -> None:
        self.home = home
        self.port = port
        self.log = home / "logs" / "localstack.log"
        self._venv_home = venv_home or home
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        """Endpoint for AWS SDKs."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        """Process id, None while it does not run."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """Install it if needed, start it, and return when it answers."""
        interpreter, functions_python = install(self._venv_home), install_runtime(self._venv_home)
        shutil.rmtree(self.home / "state", ignore_errors=True)
        (self.home / "logs").mkdir(parents=True, exist_ok=True)
        self._process = children.spawn(
            [interpreter, "-m", "localstack.runtime.main"],
            log=self.log,
            cwd=self.home,
            env=self._environment(interpreter, functions_python),
        )
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._answers():
            if self.pid is None or time.monotonic() > deadline:
                self.stop()
                raise LocalStackError(f"LocalStack did not start:\n{self._log_end()}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop it; SIGKILL if it does not end in time."""
        if self._process is not None:
            children.end(self._process, grace_s=STOP_GRACE_S)
            self._process = None
        shutil.rmtree(self.home / "state", ignore_errors=True)

    def _environment(self, interpreter: str, functions_python: str) -> dict[str, str]:
        state = self.home / "state"
        folders = {
            "FILESYSTEM_ROOT": state / "root",
            "LOCALSTACK_VOLUME_DIR": state / "volume",
            "TMPDIR": state / "tmp",
        }
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)
        return {
            "PATH": f"{Path(interpreter).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "HOME": str(state / "root"),
            "PYTHONPATH": str(PLUGIN),
            "EAGER_SERVICE_LOADING": "0",
            "SKIP_SSL_CERT_DOWNLOAD": "1",
            "DISABLE_EVENTS": "1",
            "DNS_ADDRESS": "0",
            "GATEWAY_LISTEN": f"127.0.0.1:{self.port}",
            # the default server ignores the address and binds to all of them
            "GATEWAY_SERVER": "hypercorn",
            "LOCALSTACK_HOST": f"127.0.0.1:{self.port}",
            "SERVICES": SERVICES,
            "STRICT_SERVICE_LOADING": "1",
            "LAMBDA_RUNTIME_EXECUTOR": "process",
            "LAMBDA_KEEPALIVE_MS": "600000",
            "QUEUECRAFT_PYTHONS": json.dumps({OWN_RUNTIME: sys.executable, RUNTIME: functions_python}),
            "QUEUECRAFT_LOGS": str(self.home / "logs"),
            **{name: str(folder) for name, folder in folders.items()},
        }

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.endpoint}/_localstack/health", timeout=2) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def _log_end(self) -> str:
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""


def install(home: Path) -> str:
    """Return the interpreter of a virtual environment with the locked LocalStack; create it if needed."""
    return _venv(home / "venv", LOCK)


def install_runtime(home: Path) -> str:
    """Return the interpreter for functions: it has the packages of Lambda's runtime, and no others."""
    return _venv(home / "runtime", RUNTIME_LOCK)


def _venv(venv: Path, lock: Path) -> str:
    locked = hashlib.sha256(lock.read_bytes()).hexdigest()
    interpreter, stamp = str(venv / "bin" / "python"), venv / ".installed"
    if stamp.exists() and stamp.read_text() == locked:
        return interpreter
    found = python.find(os.environ)
    uv = [sys.executable, "-m", "uv"]
    commands = [
        [*uv, "venv", "--quiet", "--clear", "--python", found, str(venv)],
        [*uv, "pip", "sync", "--quiet", "--python", interpreter, "--require-hashes", str(lock)],
    ]
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
        if done.returncode != 0:
            raise LocalStackError(f"{venv} cannot be made:\n{done.stderr.strip()}")
    stamp.write_text(locked)
    return interpreter
