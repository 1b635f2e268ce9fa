"""The zips hold all they need: the deployed Python, with a zip and nothing else, imports and builds everything."""

import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from infra.aws import bytecode, composition, imports, package

#: What runs in a zip: every module of ours in it, every part of the container that its modules use, a line of log.
SCRIPT = """
import importlib, pathlib, sys
root = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(root))
names = []
for top in ("app.py", "chalicelib", "worker_fn", "websocket_fn"):
    path = root / top
    for file in sorted(path.rglob("*.py")) if path.is_dir() else [path] if path.exists() else []:
        parts = file.relative_to(root).with_suffix("").parts
        names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
for name in names:
    importlib.import_module(name)
from chalicelib.container import get_container
container = get_container()
for name in sys.argv[2:]:
    getattr(container, name)
container.log.info("works", event="works")
if "passwords" in sys.argv:
    assert container.passwords.fits("a long password", container.passwords.hash("a long password"))
if "payloads" in sys.argv:
    import jsonschema_rs
    assert not jsonschema_rs.validator_for({"type": "object"}, mask="it").is_valid(1)
if "api_metrics" in sys.argv:
    container.api_metrics.submitted(1)
if "tracing" in sys.argv:
    with container.tracing.span("GET /x") as note:
        note("traceId", "t")
if "vitals" in sys.argv:
    from chalicelib.telemetry.metrics import QueueMetrics
    QueueMetrics("stack", enabled=True).vitals({"Heartbeat": 1.0})
import dns.resolver  # MongoDB's client asks it for the hosts of a mongodb+srv address
dns.resolver.Resolver(configure=False)
container.close()
print("modules", len(names))
"""
ROOTS = {"api.zip": None, "worker.zip": "worker_fn", "websocket.zip": "websocket_fn"}


def reached(name: str, held: list[str]) -> list[str]:
    """The properties of the container that a zip's modules use."""
    modules = [file.removesuffix(".py").replace("/", ".") for file in held if file.endswith(".py")]
    own = [module for module in modules if module.partition(".")[0] in {"app", *imports.OWN_PACKAGES}]
    used: set[str] = set()
    for module in own:
        if module != composition.MODULE:
            used |= composition.uses(package.ROOT, module.removesuffix(".__init__"))
    return sorted(used & set(composition.parts(package.ROOT).imports))


@pytest.mark.skipif(bytecode.interpreter(os.environ) is None, reason="there is no Python 3.13 to run them")
@pytest.mark.parametrize("name", ROOTS)
def test_a_zip_runs_by_itself(name: str, built: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(built / name) as archive:
        archive.extractall(tmp_path)
        properties = reached(name, archive.namelist())
    assert len(properties) > 8, "else nothing was looked at"
    interpreter = bytecode.interpreter(os.environ)
    done = subprocess.run(
        # -I -S: nothing but the standard library besides what is in the zip
        [str(interpreter), "-I", "-S", "-W", "error", "-c", SCRIPT, str(tmp_path), *properties],
        capture_output=True,
        text=True,
        check=False,
        env={
            "MONGODB_URI": "mongodb://127.0.0.1:9",
            "REDIS_URL": "redis://127.0.0.1:9",
            "SECRET_KEY": "0123456789" * 4,
            "STAGE": "production",
            "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:9",
            "_X_AMZN_TRACE_ID": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
            "WEBSOCKET_API_ENDPOINT": "http://127.0.0.1:9",
        },
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("modules ")


def test_only_what_a_function_uses_of_the_container_counts() -> None:
    parts = composition.parts(package.ROOT)
    assert "chalicelib.services.passwords" in parts.unreached({"engine"})
    assert "chalicelib.services.passwords" not in parts.unreached({"accounts"}), "accounts read passwords"
    assert "chalicelib.queue.engine" not in parts.unreached({"recovery"})
    assert "chalicelib.queue.keys" not in parts.unreached(()), "imported by the module itself"


@pytest.mark.parametrize(
    "text",
    [
        "def f(container: Container) -> None:\n    container.engine\n",
        "def f(c: 'Container | None') -> None:\n    c.engine\n",
        "def f(x: Container) -> None:\n    y, n = x, 1\n    y.engine\n",
        "class F:\n    def __init__(self, container: Container) -> None:\n        self._c = container\n"
        "    def g(self) -> None:\n        self._c.engine\n",
        "def start() -> Container: ...\n\n\ndef f() -> None:\n    start().engine\n",
        "get_container().engine\n",
    ],
)
def test_uses_are_found_under_whichever_name(text: str, tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(text)
    assert "engine" in composition.uses(tmp_path, "module")
