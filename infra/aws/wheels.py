"""Install locked third-party wheels for the deployed runtime, whatever Python builds the package."""

import re
import subprocess
import sys
from collections.abc import Collection
from importlib import metadata
from pathlib import Path

from packaging.utils import canonicalize_name

PYTHON_VERSION = "3.13"
#: Amazon Linux 2023, the base of the runtime, has glibc 2.34.
PLATFORMS = {"x86_64": "x86_64-manylinux_2_34", "arm64": "aarch64-manylinux_2_34"}
MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}
#: Files of an installed wheel that the function never reads, or that say where and how it was built.
UNUSED_FOLDERS = frozenset({"__pycache__", "tests", "test", "include"})
UNUSED_SUFFIXES = frozenset({".pyc", ".pyi", ".pyx", ".pxd", ".pxi", ".c", ".h", ".typed"})
#: Folders of distributions that nothing in a function imports: cffi only builds extensions, whose
#: `_cffi_backend` is a separate file. `tests/deploy/test_zips_run.py` runs the zips without them.
UNIMPORTED = frozenset(
    {"cffi", "gridfs", "pycparser", "aws_lambda_powertools/event_handler"}
    | {
        f"aws_lambda_powertools/utilities/{name}"
        for name in (
            *("batch", "data_classes", "data_masking", "feature_flags", "idempotency", "kafka", "parameters", "parser"),
            *("streaming", "validation"),
        )
    }
)
UNUSED_FILES = frozenset({"RECORD", "INSTALLER", "REQUESTED", "WHEEL", "direct_url.json", "uv_cache.json", ".lock"})


class NotLockedError(Exception):
    """Raised when a distribution that a function imports has no entry in the lock."""


class WheelError(Exception):
    """Raised when wheels cannot be installed; the text is the installer's."""


def markers(architecture: str) -> dict[str, str]:
    """Return the environment markers (PEP 508) of the deployed runtime."""
    return {
        "implementation_name": "cpython",
        "implementation_version": f"{PYTHON_VERSION}.0",
        "os_name": "posix",
        "platform_machine": MACHINES[architecture],
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": "Linux",
        "platform_version": "",
        "python_full_version": f"{PYTHON_VERSION}.0",
        "python_version": PYTHON_VERSION,
        "sys_platform": "linux",
    }


def locked(lock: Path, distributions: Collection[str]) -> str:
    """Return the entries of these distributions in a lock with hashes, in its order.

    Raises NotLockedError if one has none.
    """
    entries = re.split(r"\n(?=[A-Za-z0-9])", lock.read_text())
    chosen = {}
    for entry in entries:
        name = canonicalize_name(re.split(r"[=\[ ;<>~]", entry, maxsplit=1)[0].strip())
        if name in distributions:
            chosen[name] = entry.strip()
    if missing := sorted(set(distributions) - chosen.keys()):
        raise NotLockedError(f"{lock} does not lock {', '.join(missing)}; run: make lock")
    return "\n".join(chosen.values()) + "\n"


def installed(distributions: Collection[str]) -> str:
    """Return a lock, without hashes, of the versions that are installed here."""
    return "".join(f"{name}=={metadata.version(name)}\n" for name in sorted(distributions))


def install(requirements: str, target: Path, architecture: str, *, hashes: bool = True) -> dict[str, dict[str, bytes]]:
    """Install `requirements` (a lock) into `target`; return the needed files of each distribution."""
    target.mkdir(parents=True)
    listing = target.parent / f"{target.name}.txt"
    listing.write_text(requirements)
    command = [
        *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--target", str(target)),
        *("--python-platform", PLATFORMS[architecture], "--python-version", PYTHON_VERSION),
        *("--no-deps", "--only-binary", ":all:", "--requirement", str(listing)),
        *(["--require-hashes"] if hashes else []),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
    if done.returncode != 0:
        raise WheelError(done.stderr.strip())
    found = metadata.distributions(path=[str(target)])
    return {canonicalize_name(distribution.name): _files(distribution, target) for distribution in found}


def _files(distribution: metadata.Distribution, target: Path) -> dict[str, bytes]:
    paths = [target / str(path) for path in distribution.files or () if is_used(Path(path))]
    files = {str(path.relative_to(target)): path.read_bytes() for path in paths if path.is_file()}
    return {name: content for name, content in files.items() if not is_script(name, content)}


def is_script(name: str, content: bytes) -> bool:
    """Return whether this is a script that the installer wrote: it starts an interpreter that the function does not
    have.
    """
    return name.startswith("bin/") and content.startswith(b"#!")


def is_used(path: Path) -> bool:
    """Return whether a function may need this file of an installed wheel."""
    return (
        not UNUSED_FOLDERS.intersection(path.parts[:-1])
        and not UNIMPORTED.intersection(str(folder) for folder in path.parents)
        and path.suffix not in UNUSED_SUFFIXES
        and path.name not in UNUSED_FILES
    )
