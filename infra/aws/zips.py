"""Reproducible zip files: equal files give equal bytes."""

import hashlib
import zipfile
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

#: the earliest time that a zip can store
TIMESTAMP = (1980, 1, 1, 0, 0, 0)
#: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_UNZIPPED_BYTES = 250 * 1024 * 1024


def write(path: Path, files: Mapping[str, bytes], executable: Collection[str] = ()) -> None:
    """Write `files` (contents by name), sorted by name, with one time, readable by everyone, some executable."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, TIMESTAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, so that the mode below is used
            entry.external_attr = (0o100755 if name in executable else 0o100644) << 16
            archive.writestr(entry, files[name], compresslevel=9)


def executables(folders: Iterable[Path], names: Iterable[str]) -> frozenset[str]:
    """Return those of `names` that are files with the owner's x bit in one of `folders`."""
    paths = [(name, folder / name) for folder in folders for name in names]
    return frozenset(name for name, path in paths if path.is_file() and path.stat().st_mode & 0o100)


def digest(path: Path) -> str:
    """Return the SHA-256 in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
