"""The zips: each contains what it imports and no more, for the deployed runtime, reproducibly."""

import os
import re
import zipfile
from pathlib import Path

import pytest

from infra.aws import bytecode, imports, package, wheels, zips
from infra.local.deployed import pools

WANTED = imports.extras((package.ROOT / "requirements" / "runtime.in").read_text())
WORKER_ZIPS = ("worker.zip", *(f"worker-{name}.zip" for name in pools.read(package.ROOT).others))
ZIPS = ("api.zip", "websocket.zip", *WORKER_ZIPS)
HANDLERS = {"api.zip": "app.py", "websocket.zip": "websocket_fn/handler.py"} | dict.fromkeys(
    WORKER_ZIPS, "worker_fn/handler.py"
)
MB = 1_000_000
#: Size limits of the zips: unpacked, including bytecode, which is what Lambda limits.
BUDGETS = {"api.zip": 51 * MB, "websocket.zip": 21 * MB} | dict.fromkeys(WORKER_ZIPS, 47 * MB)


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def tops(path: Path) -> set[str]:
    return {name.partition("/")[0] for name in names(path)}


@pytest.mark.parametrize("name", ZIPS)
def test_a_zip_holds_its_handler_and_what_that_reads(built: Path, name: str) -> None:
    held = set(names(built / name))
    assert {HANDLERS[name], "chalicelib/containers/core.py", "chalicelib/queue/lua/enqueue.lua"} <= held
    assert {"redis", "hiredis", "pymongo", "orjson"} <= tops(built / name)


@pytest.mark.parametrize("name", ZIPS)
def test_no_zip_holds_tests_or_boto3(built: Path, name: str) -> None:
    held = names(built / name)
    assert not {"boto3", "botocore", "s3transfer", "awslambdaric", "moto", "pytest"} & tops(built / name)
    assert not [file for file in held if re.search(r"(^|/)tests?/", file)]
    assert not [file for file in held if file.startswith(("infra/", "bench/", "frontend/", ".queuecraft/"))]


@pytest.mark.parametrize("name", [*WORKER_ZIPS, "websocket.zip"])
def test_worker_and_connection_manager_carry_no_api(built: Path, name: str) -> None:
    assert not {"chalice", "app.py"} & tops(built / name)
    assert not [file for file in names(built / name) if file.startswith("chalicelib/api/")]


def test_e_mail_checks_go_where_models_do(built: Path) -> None:
    # payload models of tasks may have addresses; the connection manager has no models
    assert "email_validator" in tops(built / "worker.zip")
    assert not {"pydantic", "email_validator"} & tops(built / "websocket.zip")


def test_parts_of_the_api_are_in_its_zip_only(built: Path) -> None:
    assert {"jsonschema_rs", "argon2", "_cffi_backend.cpython-313-x86_64-linux-gnu.so"} <= tops(built / "api.zip")
    assert not {"jsonschema_rs", "jwt"} & tops(built / "worker.zip"), "workers check no submission, and no session"
    assert not [file for file in names(built / "websocket.zip") if file.startswith("chalicelib/store/jobs")]
    assert not {"jsonschema_rs", "argon2"} & tops(built / "websocket.zip")


@pytest.mark.parametrize("name", ZIPS)
def test_parts_that_nothing_imports_stay_out(built: Path, name: str) -> None:
    assert not {"cffi", "pycparser", "gridfs", "aws_xray_sdk"} & tops(built / name)
    assert not [file for file in names(built / name) if file.startswith("aws_lambda_powertools/event_handler/")]
    assert not [file for file in names(built / name) if file.endswith((".pyi", ".pxd", ".pyx", ".c", ".h"))]


def test_a_worker_has_the_task_modules_of_its_pool_alone(built: Path) -> None:
    listed = pools.read(package.ROOT)
    held = {
        pool: {file for file in names(built / package.zip_of(pool)) if re.match(r"worker_fn/tasks/(?!__)", file)}
        for pool in listed.names()
    }
    assert "worker_fn/tasks/simulated.py" in held["default"]
    for name, pool in listed.others.items():
        assert held[name].isdisjoint(held["default"])
        assert {f"worker_fn/tasks/{module}.py" for module in pool.modules} <= held[name]


@pytest.mark.parametrize("name", WORKER_ZIPS)
def test_workers_of_each_pool_send_webhooks_and_renew_leases(built: Path, name: str) -> None:
    assert {"aiohttp", "yarl"} <= tops(built / name)
    assert "worker_fn/lease_keeper.py" in names(built / name), "it is started by its name"


def test_worker_and_connection_manager_carry_nothing_of_each_other(built: Path) -> None:
    assert "websocket_fn" not in tops(built / "worker.zip")
    assert "worker_fn" not in tops(built / "websocket.zip")
    assert not {"worker_fn", "websocket_fn"} & tops(built / "api.zip")


@pytest.mark.parametrize("name", ZIPS)
def test_compiled_extensions_are_for_the_deployed_runtime(built: Path, name: str) -> None:
    extensions = [file for file in names(built / name) if file.endswith(".so")]
    assert extensions
    for file in extensions:
        assert re.search(r"(\.cpython-313-x86_64-linux-gnu|\.abi3)\.so$", file), file


@pytest.mark.parametrize("name", ZIPS)
def test_bytecode_is_for_the_deployed_python_and_has_its_source(built: Path, name: str) -> None:
    held = set(names(built / name))
    compiled = [file for file in held if file.endswith(".pyc")]
    assert all(file.endswith(f".{bytecode.TAG}.pyc") and package.source_of(file) in held for file in compiled)
    if bytecode.interpreter(os.environ) is not None:
        assert (
            package.source_of("chalicelib/containers/__pycache__/core.cpython-313.pyc")
            == "chalicelib/containers/core.py"
        )
        assert len(compiled) > 200
        with zipfile.ZipFile(built / name) as archive:
            code = archive.read("chalicelib/containers/__pycache__/core.cpython-313.pyc")
        assert code[4:8] == b"\x01\0\0\0", "by hash, never checked: no time is in it"
        assert b"/var/task/chalicelib/containers/core.py" in code, "tracebacks name the file on Lambda"


@pytest.mark.parametrize("name", ZIPS)
def test_sizes_stay_in_their_budget(built: Path, name: str) -> None:
    with zipfile.ZipFile(built / name) as archive:
        assert sum(entry.file_size for entry in archive.infolist()) < BUDGETS[name]


def test_every_import_of_a_function_is_in_its_zip(built: Path) -> None:
    closures = package._closures(package.ROOT, pools.read(package.ROOT), "x86_64")
    assert set(closures) == set(ZIPS)
    for name, closure in closures.items():
        held = set(names(built / name))
        for module in closure.modules:
            path = module.replace(".", "/")
            assert f"{path}.py" in held or f"{path}/__init__.py" in held, f"{name} lacks {module}"


def test_two_builds_are_equal(built: Path, tmp_path: Path) -> None:
    package.build(package.ROOT, tmp_path / "again")
    for first in sorted(built.iterdir()):
        assert zips.digest(first) == zips.digest(tmp_path / "again" / first.name), first.name


def test_a_missing_entry_of_the_lock_is_an_error(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("orjson==3.0 \\\n    --hash=sha256:00\nredis==8.0 \\\n    --hash=sha256:01\n")
    assert wheels.locked(lock, {"redis"}) == "redis==8.0 \\\n    --hash=sha256:01\n"
    with pytest.raises(wheels.NotLockedError, match="pymongo"):
        wheels.locked(lock, {"pymongo"})


def test_arm_wheels_resolve_too(tmp_path: Path) -> None:
    closure = imports.closure(imports.expand("websocket_fn"), WANTED, "arm64")
    lock = package.ROOT / "requirements" / "dev.txt"
    installed = wheels.install(wheels.locked(lock, closure.distributions), tmp_path / "arm", "arm64")
    assert any(name.endswith(".cpython-313-aarch64-linux-gnu.so") for name in installed["hiredis"])


def test_a_zip_is_the_same_in_whatever_order_its_files_come(tmp_path: Path) -> None:
    zips.write(tmp_path / "one.zip", {"b": b"2", "a": b"1"})
    zips.write(tmp_path / "two.zip", {"a": b"1", "b": b"2"})
    assert zips.digest(tmp_path / "one.zip") == zips.digest(tmp_path / "two.zip")


def test_every_imported_distribution_is_required_by_name() -> None:
    """Otherwise a lock could lose it with the distribution that required it."""
    by_extras = {"hiredis", "email-validator", "typing-extensions"}  # redis[hiredis], pydantic[email]
    declared = by_extras | set(WANTED)
    for own in ("chalicelib", "worker_fn", "websocket_fn"):
        assert imports.imported(own) <= declared
