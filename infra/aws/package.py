"""Build what is deployed: the zips and one template. `python -m infra.aws.package [--out FOLDER]`.

- `api.zip`: what `chalice package` makes of the app, for the REST API and the WebSocket handlers
- `worker.zip`, `websocket.zip`: the worker and the connection manager, without Chalice
- `worker-NAME.zip`: the worker of each further pool, with its own task modules and what they import
- `template.json`: Chalice's template with `infra/aws/template.yaml` and the pools merged into it

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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from chalicelib.domain.pools import DEFAULT_POOL
from infra.aws import bytecode, imports, readiness, wheels, zips
from infra.local.deployed import own_functions, pool_functions, pools
from infra.local.deployed import project as projects
from infra.local.deployed import template as cloudformation
from infra.local.deployed.model import DeploymentError
from infra.local.deployed.pools import Pools
from worker_fn.registration.loading import BUILT_IN

ROOT = projects.PACKAGE
OUT = Path("build/aws")
RUNTIME = f"python{wheels.PYTHON_VERSION}"
#: Chalice's name of its zip, and ours
CHALICE_ZIP = "deployment.zip"
API_ZIP = "api.zip"
#: Origin that the app is packaged with; replaced by the template's.
ORIGIN = "https://frontend-url.invalid"
WORKER_ZIP, WEBSOCKET_ZIP = "worker.zip", "websocket.zip"
#: What `queuecraft` imports at its first use.
SECRETS = "queuecraft.secrets"
SAM_FUNCTION = "AWS::Serverless::Function"
SAM_API = "AWS::Serverless::Api"
#: The origin that API Gateway allows. The dashboard behind CloudFront has the API's origin and needs no CORS.
KNOWN_ORIGIN = {
    "Fn::If": [
        "HasOwnFrontendUrl",
        {"Ref": "FrontendUrl"},
        {"Fn::If": ["HasDomain", {"Fn::Sub": "https://${DomainName}"}, "https://queuecraft.invalid"]},
    ]
}


class PackagingError(Exception):
    """Raised when Chalice refuses the app, or a zip exceeds Lambda's limit."""


@dataclass(frozen=True, slots=True)
class Built:
    """A zip and its size in bytes, packed and unpacked."""

    path: Path
    sha256: str
    packed: int
    unpacked: int


def build(project: Path, out: Path, architecture: str = "x86_64", *, one_architecture: bool = False) -> list[Built]:
    """Build everything into `out`, which is emptied first; return the zips by name.

    With `one_architecture`, so are pools that name another: for functions that all run on this machine. Raises
    PackagingError, or an error of the modules that it uses, when the project cannot be deployed.
    """
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    if problems := readiness.problems(project):
        raise PackagingError("This cannot be deployed:\n" + "\n".join(f"- {each}" for each in problems))
    listed = pools.read(project)
    if one_architecture:
        listed = listed.on(architecture)
    with tempfile.TemporaryDirectory(prefix="queuecraft-package-") as folder:
        closures = _closures(project, listed, architecture)
        own, template = _package_chalice(project, Path(folder), closures[API_ZIP], listed)
        for each in sorted({closure.architecture for closure in closures.values()}):
            chosen = {name: closure for name, closure in closures.items() if closure.architecture == each}
            _write_zips(project, Path(folder) / each, out, chosen, own)
    deployed = for_runtime(template, architecture)
    (out / "template.json").write_text(json.dumps(deployed, indent=1, sort_keys=True) + "\n")
    built = [_measure(path) for path in sorted(out.glob("*.zip"))]
    for zipped in built:
        if zipped.unpacked > zips.MAX_UNZIPPED_BYTES:
            raise PackagingError(f"{zipped.path.name} has {zipped.unpacked} bytes unpacked, more than Lambda allows")
    return built


def _write_zips(
    project: Path, work: Path, out: Path, closures: Mapping[str, imports.Closure], api: Mapping[str, bytes]
) -> None:
    """Write the zips of one architecture into `out`; `api` are the files that Chalice adds to the API's."""
    work.mkdir()
    wanted = frozenset().union(*(closure.distributions for closure in closures.values()))
    of = projects.of(project)
    own = of.file is not None
    lock = wheels.installed(wanted) if own else wheels.locked(project / "requirements" / "dev.txt", wanted)
    (architecture,) = {closure.architecture for closure in closures.values()}
    installed = wheels.install(lock, work / "wheels", architecture, hashes=not own)
    files = {name: own_files(project, closure) for name, closure in closures.items()}
    extra = of.extra_files()
    for name, closure in closures.items():
        files[name] |= api if name == API_ZIP else {}
        files[name] |= {} if name == WEBSOCKET_ZIP else extra
        for distribution in sorted(closure.distributions):
            files[name] |= installed[distribution]
    whole: dict[str, bytes] = {}
    for each in files.values():
        whole |= each
    compiler = bytecode.interpreter(os.environ)
    cache = bytecode.compiled(whole, compiler, work / "compiled") if compiler else {}
    executable = zips.executables([*of.code, work / "wheels"], whole)
    for name, each in files.items():
        compiled = {path: code for path, code in cache.items() if source_of(path) in each}
        zips.write(out / name, each | compiled, executable)


def source_of(path: str) -> str:
    """Return the source of a bytecode file: `a/b.py` for `a/__pycache__/b.cpython-313.pyc`."""
    folder, _, name = path.rpartition("__pycache__/")
    return f"{folder}{name.partition('.')[0]}.py"


def own_files(project: Path, closure: imports.Closure) -> dict[str, bytes]:
    """Return our modules of a closure, and the data files next to them."""
    files: dict[str, bytes] = {}
    for module in closure.modules:
        for folder in projects.of(project).code:
            path = folder / module.replace(".", "/")
            if path.with_suffix(".py").is_file():
                files[f"{path.relative_to(folder)}.py"] = path.with_suffix(".py").read_bytes()
                break
            if path.is_dir():
                files |= {str(file.relative_to(folder)): file.read_bytes() for file in _package_files(path)}
                break
    return files


def _package_files(folder: Path) -> list[Path]:
    """Return a package's `__init__.py` and data; folders of data contain no Python files."""
    files = [folder / "__init__.py"] if (folder / "__init__.py").exists() else []
    for entry in sorted(folder.iterdir()):
        if entry.is_file() and entry.suffix not in {".py", ".pyc"}:
            files.append(entry)
        elif entry.is_dir() and entry.name != "__pycache__" and not any(entry.glob("*.py")):
            files += [file for file in sorted(entry.rglob("*")) if file.is_file()]
    return files


def for_runtime(template: Mapping[str, Any], architecture: str) -> dict[str, Any]:
    """Return the template without what Chalice takes from its environment: Python version, CORS origin, zip."""
    resources = {name: _without_placeholders(resource) for name, resource in template["Resources"].items()}
    for resource in resources.values():
        if resource["Type"] == SAM_FUNCTION:
            _for_stack(resource["Properties"])
        elif resource["Type"] == SAM_API:
            # CloudWatch identifies an API by its name, which must differ between stacks
            resource["Properties"]["DefinitionBody"]["info"]["title"] = {"Ref": "AWS::StackName"}
    shared = {**template["Globals"]["Function"], "Runtime": RUNTIME, "Architectures": [architecture]}
    return {**template, "Globals": {**template["Globals"], "Function": shared}, "Resources": resources}


def _for_stack(function: dict[str, Any]) -> None:
    """Remove what Chalice writes into each function and the template sets: runtime, stage, name of the zip."""
    function.pop("Runtime", None)
    function["CodeUri"] = function["CodeUri"].replace(CHALICE_ZIP, API_ZIP)
    function.get("Environment", {}).get("Variables", {}).pop("STAGE", None)


def _without_placeholders(node: Any) -> Any:
    """Return a copy in which the stack's origin replaces the one that the app was packaged with."""
    if isinstance(node, dict):
        return {key: _without_placeholders(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_without_placeholders(value) for value in node]
    if isinstance(node, str) and ORIGIN in node:
        return {"Fn::Sub": [node.replace(ORIGIN, "${Origin}"), {"Origin": KNOWN_ORIGIN}]}
    return node


def _closures(project: Path, listed: Pools, architecture: str) -> dict[str, imports.Closure]:
    """Return the contents of each zip, by the zip's name.

    A worker's zip has the task modules of its pool alone. Requirements that nothing imports are loaded by name, such as
    plugins. They go into the zips of the pools that name them, or of all pools, because these run the tasks.
    """
    worker_modules = _worker_modules(project)
    own, external = imports.imports_of(project / "app.py", project)
    late = [SECRETS] if projects.is_own(project) else []
    roots = {API_ZIP: [*own, *late], WEBSOCKET_ZIP: imports.expand("websocket_fn", project)}
    architectures = dict.fromkeys(roots, architecture)
    names = {pool: zip_of(pool) for pool in listed.names()}
    for pool, name in names.items():
        roots[name] = imports.without(worker_modules, pools.tasks_of_others(pool, worker_modules, listed), project)
        architectures[name] = listed.get(pool).architecture or architecture
    required = imports.extras(projects.of(project).requirements())
    closures = {
        name: imports.closure(roots[name], required, architectures[name], project, external if name == API_ZIP else ())
        for name in roots
    }
    imported = frozenset().union(*(closure.distributions for closure in closures.values()))
    for pool, name in names.items():
        wanted = _loaded_by_name(pool, set(required), listed) - imported
        more = imports.required(wanted, required, architectures[name])
        closures[name] = replace(closures[name], distributions=closures[name].distributions | more)
    return closures


def _worker_modules(project: Path) -> list[str]:
    """Return the modules of the worker, those that are found at run time too: all tasks."""
    modules = imports.expand("worker_fn", project)
    of = projects.of(project)
    if of.file is None:
        return modules
    theirs = {f"{projects.TASKS}.{name}" for name in BUILT_IN}
    own = [each for each in modules if not each.startswith(f"{projects.TASKS}.") or each in theirs]
    return [*own, *imports.expand(of.tasks, project), SECRETS]


def _loaded_by_name(pool: str, required: set[str], listed: Pools) -> set[str]:
    """Return the requirements that a pool names, and those that none does. Raises PackagingError for unknown ones."""
    named = {name: {canonicalize_name(each) for each in listed.get(name).requirements} for name in listed.names()}
    if unknown := sorted(named[pool] - required):
        lacks = "requirements/runtime.in does not have {}: add it there and to requirements/dev.in, and run: make lock"
        if listed.file == pools.OWN_FILE:
            lacks = "`dependencies` in pyproject.toml does not have {}: add it there"
        raise PackagingError(f"{listed.file}: {pool}.requirements: {lacks.format(', '.join(unknown))}")
    return (required - set().union(*named.values())) | named[pool]


def zip_of(pool: str) -> str:
    """Return the name of the zip of a pool's worker."""
    return WORKER_ZIP if pool == DEFAULT_POOL else f"worker-{pool}.zip"


def _package_chalice(
    project: Path, work: Path, closure: imports.Closure, listed: Pools
) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Let Chalice package a copy of the project that contains what the app imports; return its files and the merged
    template.

    The copy has no requirements: Chalice would install unlocked wheels, for the Python that it runs in.
    """
    stage = work / "project"
    for name, content in own_files(project, closure).items():
        (stage / name).parent.mkdir(parents=True, exist_ok=True)
        (stage / name).write_bytes(content)
    of = projects.of(project)
    shutil.copy(project / "app.py", stage)
    (stage / ".chalice").mkdir()
    for name in ("config.json", "policy.json"):
        shutil.copy(of.chalice / name, stage / ".chalice")
    (stage / "requirements.txt").touch()
    fragment = work / "fragment.json"
    fragment.write_text(json.dumps(pool_functions.expand(of.extend(cloudformation.load(of.template)), listed)))
    _run_chalice(fragment, stage, work / "packaged")
    with zipfile.ZipFile(work / "packaged" / CHALICE_ZIP) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if not name.endswith(("/", ".pyc"))}
    packaged = cloudformation.load(work / "packaged" / "sam.yaml")
    return files, own_functions.expand(packaged, _own_handlers(packaged, json.loads(fragment.read_text())))


def _own_handlers(packaged: Mapping[str, Any], template: Mapping[str, Any]) -> dict[str, str]:
    """Return the handlers, by logical id, of functions that the app has and the template does not know."""
    return {
        name: resource["Properties"]["Handler"]
        for name, resource in packaged["Resources"].items()
        if resource["Type"] == SAM_FUNCTION and name not in template["Resources"]
    }


def _run_chalice(fragment: Path, stage: Path, packaged: Path) -> None:
    arguments = [
        *("--project-dir", str(stage), "package", "--stage", "production", "--template-format", "yaml"),
        *("--merge-template", str(fragment), str(packaged)),
    ]
    code = "import sys; from chalice.cli import main; sys.exit(main())"
    done = subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, "-P", "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=stage,
        env={**os.environ, "AWS_DEFAULT_REGION": "us-east-1", "PYTHONDONTWRITEBYTECODE": "1", "FRONTEND_URL": ORIGIN},
    )
    if done.returncode != 0:
        raise PackagingError(f"chalice package failed:\n{done.stdout}{done.stderr}".rstrip())


def _measure(path: Path) -> Built:
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    return Built(path, zips.digest(path), path.stat().st_size, unpacked)


def main(project: Path = ROOT, given: Sequence[str] | None = None) -> int:
    """Build, and print what was built; return exit status 1 on failure."""
    parser = argparse.ArgumentParser(prog="python -m infra.aws.package", description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--architecture", choices=sorted(wheels.PLATFORMS), default="x86_64")
    arguments = parser.parse_args(given)
    try:
        built = build(project, arguments.out, arguments.architecture)
    except (
        PackagingError,
        DeploymentError,
        wheels.WheelError,
        wheels.NotLockedError,
        imports.UnknownImportError,
    ) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for zipped in built:
        sizes = f"{zipped.packed / 1e6:6.2f} MB zipped {zipped.unpacked / 1e6:6.2f} MB unzipped"
        sys.stdout.write(f"{zipped.path.name:<20}{sizes}  sha256 {zipped.sha256}\n")
    if bytecode.interpreter(os.environ) is None:
        sys.stdout.write(f"No Python {wheels.PYTHON_VERSION} here, so no bytecode: cold starts take twice as long.\n")
    sys.stdout.write(f"{'template.json':<20}{' ' * 41}  sha256 {zips.digest(arguments.out / 'template.json')}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
