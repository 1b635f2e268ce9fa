"""The zips are complete: the deployed Python, with a zip and nothing else, imports and builds everything."""

import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from infra.aws import bytecode, package
from infra.local.deployed import pools

#: Runs in a zip: import each of our modules, build each part of its function's container, log a line.
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
from functools import cached_property
container = importlib.import_module(sys.argv[2]).get_container()
parts = {name for each in type(container).__mro__ for name, part in vars(each).items() if type(part) is cached_property}
for name in sorted(parts):
    getattr(container, name)
container.log.info("works", event="works")
if "passwords" in parts:
    assert container.passwords.fits("a long password", container.passwords.hash("a long password"))
if "payloads" in parts:
    import jsonschema_rs
    assert not jsonschema_rs.validator_for({"type": "object"}, mask="it").is_valid(1)
if "api_metrics" in parts:
    container.api_metrics.submitted(1)
if "tracing" in parts:
    with container.tracing.span("GET /x") as note:
        note("traceId", "t")
if "vitals" in parts:
    from chalicelib.telemetry.metrics import QueueMetrics
    QueueMetrics("stack", enabled=True).vitals({"Heartbeat": 1.0})
import dns.resolver  # MongoDB's client asks it for the hosts of a mongodb+srv address
dns.resolver.Resolver(configure=False)
container.close()
print("parts", len(parts))
"""
CONTAINERS = {"api.zip": "chalicelib.api.container", "websocket.zip": "websocket_fn.container"} | {
    package.zip_of(pool): "worker_fn.container" for pool in pools.read(package.ROOT).names()
}


@pytest.mark.skipif(bytecode.interpreter(os.environ) is None, reason="there is no Python 3.13 to run them")
@pytest.mark.parametrize("name", CONTAINERS)
def test_a_zip_runs_by_itself(name: str, built: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(built / name) as archive:
        archive.extractall(tmp_path)
    interpreter = bytecode.interpreter(os.environ)
    done = subprocess.run(
        # -I -S: only the standard library besides the zip
        [str(interpreter), "-I", "-S", "-W", "error", "-c", SCRIPT, str(tmp_path), CONTAINERS[name]],
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
            "EXPORT_BUCKET": "exports",
            "PAYLOAD_BUCKET": "payloads",
        },
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("parts ")
