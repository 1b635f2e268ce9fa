"""Build what is deployed: three zips and one template. `python -m infra.aws.package [--out FOLDER]`.

- `api.zip`: what `chalice package` makes of the app, for the REST API and the WebSocket handlers
- `worker.zip`, `websocket.zip`: the worker and the connection manager, without Chalice
- `template.json`: Chalice's template with `infra/aws/template.yaml` merged into it

Building twice gives the same bytes. See docs/decisions/070-packaging.md.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.aws import imports, wheels, zips
from infra.local.deployed import template as cloudformation

ROOT = Path(__file__).resolve().parents[2]
FRAGMENT = Path("infra/aws/template.yaml")
OUT = Path("build/aws")
RUNTIME = f"python{wheels.PYTHON_VERSION}"
#: what Chalice calls its zip, and what we call it
CHALICE_ZIP = "deployment.zip"
API_ZIP = "api.zip"
#: zips that we put together ourselves, and the package whose modules go in with all they import
ZIPS = {"worker.zip": "worker_fn", "websocket.zip": "websocket_fn"}
SAM_FUNCTION = "AWS::Serverless::Function"


class PackagingError(Exception):
    """Raised when Chalice refuses the app, or a zip is larger than Lambda takes."""


@dataclass(frozen=True, slots=True)
class Built:
    """A zip and its size in bytes, packed and unpacked."""

    path: Path
    sha256: str
    packed: int
    unpacked: int


def build(project: Path, out: Path, architecture: str = "x86_64") -> list[Built]:
    """Build everything into `out`, which is emptied first; the zips, largest first."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="queuecraft-package-") as folder:
        work = Path(folder)
        template = _package_chalice(project, work, out, architecture)
        for name, package in ZIPS.items():
            closure = _closure(project, [package], architecture)
            files = own_files(project, closure) | _third_party(project, work / package, closure, architecture)
            zips.write(out / name, files)
    deployed = with_runtime(template, architecture)
    (out / "template.json").write_text(json.dumps(deployed, indent=1, sort_keys=True) + "\n")
    built = [_measure(path) for path in sorted(out.glob("*.zip"))]
    for zipped in built:
        if zipped.unpacked > zips.MAX_UNZIPPED_BYTES:
            raise PackagingError(f"{zipped.path.name} has {zipped.unpacked} bytes unpacked, more than Lambda takes")
    return built


def own_files(project: Path, closure: imports.Closure) -> dict[str, bytes]:
    """Our modules of a closure, and the data files that lie beside them."""
    files: dict[str, bytes] = {}
    for module in closure.modules:
        path = project / module.replace(".", "/")
        if path.with_suffix(".py").is_file():
            files[f"{path.relative_to(project)}.py"] = path.with_suffix(".py").read_bytes()
        elif path.is_dir():
            files |= {str(file.relative_to(project)): file.read_bytes() for file in _package_files(path)}
    return files


def _package_files(folder: Path) -> list[Path]:
    """A package's `__init__.py` and data; folders of data have no Python files in them."""
    files = [folder / "__init__.py"] if (folder / "__init__.py").exists() else []
    for entry in sorted(folder.iterdir()):
        if entry.is_file() and entry.suffix not in {".py", ".pyc"}:
            files.append(entry)
        elif entry.is_dir() and entry.name != "__pycache__" and not any(entry.glob("*.py")):
            files += [file for file in sorted(entry.rglob("*")) if file.is_file()]
    return files


def with_runtime(template: Mapping[str, Any], architecture: str) -> dict[str, Any]:
    """The template for the deployed runtime: Chalice writes down the one of the Python that it runs in."""
    resources = {name: dict(resource) for name, resource in template["Resources"].items()}
    for resource in resources.values():
        if resource["Type"] == SAM_FUNCTION:
            properties = dict(resource["Properties"])
            properties.pop("Runtime", None)
            properties["CodeUri"] = properties["CodeUri"].replace(CHALICE_ZIP, API_ZIP)
            resource["Properties"] = properties
    shared = {**template["Globals"]["Function"], "Runtime": RUNTIME, "Architectures": [architecture]}
    return {**template, "Globals": {**template["Globals"], "Function": shared}, "Resources": resources}


def _closure(project: Path, roots: list[str], architecture: str) -> imports.Closure:
    return imports.closure(roots, project / "requirements" / "runtime.in", wheels.markers(architecture))


def _third_party(project: Path, work: Path, closure: imports.Closure, architecture: str) -> dict[str, bytes]:
    wheels.install(wheels.locked(project / "requirements" / "dev.txt", closure.distributions), work, architecture)
    return zips.files_below(work)


def _package_chalice(project: Path, work: Path, out: Path, architecture: str) -> dict[str, Any]:
    """Let Chalice package a copy of the project that holds what the app imports; the merged template.

    Its own way to third-party code is left out: it takes wheels for the Python that it runs in, unlocked. What
    lies in `vendor` it packages as it is.
    """
    stage = work / "project"
    closure = _closure(project, list(imports.imports_of(project / "app.py")), architecture)
    third_party = _third_party(project, stage / "vendor", closure, architecture)
    for name, content in own_files(project, closure).items():
        (stage / name).parent.mkdir(parents=True, exist_ok=True)
        (stage / name).write_bytes(content)
    shutil.copy(project / "app.py", stage)
    (stage / ".chalice").mkdir()
    for name in ("config.json", "policy.json"):
        shutil.copy(project / ".chalice" / name, stage / ".chalice")
    (stage / "requirements.txt").touch()
    _run_chalice(project, stage, work / "packaged")
    with zipfile.ZipFile(work / "packaged" / CHALICE_ZIP) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    if missing := third_party.keys() - files.keys():
        raise PackagingError(f"Chalice left out {len(missing)} files, such as {min(missing)}")
    zips.write(out / API_ZIP, {name: body for name, body in files.items() if not name.endswith(".pyc")})
    return cloudformation.load(work / "packaged" / "sam.yaml")


def _run_chalice(project: Path, stage: Path, packaged: Path) -> None:
    arguments = [
        *("--project-dir", str(stage), "package", "--stage", "production", "--template-format", "yaml"),
        *("--merge-template", str(project / FRAGMENT), str(packaged)),
    ]
    # The app is imported from the copy, without the third-party wheels in `vendor`: those are not for us.
    code = "import sys; from chalice.cli import main; sys.exit(main())"
    done = subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, "-P", "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=stage,
        env={**os.environ, "AWS_DEFAULT_REGION": "us-east-1", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    if done.returncode != 0:
        raise PackagingError(f"chalice package failed:\n{done.stdout}{done.stderr}".rstrip())


def _measure(path: Path) -> Built:
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    return Built(path, zips.digest(path), path.stat().st_size, unpacked)


def main() -> int:
    """Build, and print what was built; the exit status is 1 when it could not be."""
    parser = argparse.ArgumentParser(prog="python -m infra.aws.package", description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--architecture", choices=sorted(wheels.PLATFORMS), default="x86_64")
    arguments = parser.parse_args()
    try:
        built = build(ROOT, arguments.out, arguments.architecture)
    except (PackagingError, wheels.WheelError, wheels.NotLockedError, imports.UnknownImportError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for zipped in built:
        sizes = f"{zipped.packed / 1e6:6.2f} MB zipped {zipped.unpacked / 1e6:6.2f} MB unzipped"
        sys.stdout.write(f"{zipped.path.name:<14}{sizes}  sha256 {zipped.sha256}\n")
    sys.stdout.write(f"{'template.json':<14}{' ' * 41}  sha256 {zips.digest(arguments.out / 'template.json')}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
