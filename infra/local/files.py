"""Files of a stack: readable by their owner only, and replaced in one step."""

import os
import secrets
import tempfile
from pathlib import Path

PRIVATE_FOLDER = 0o700
PRIVATE_UMASK = 0o077
SECRET_DIGITS = 64
#: A shorter key is a file that was cut off; users may have their own keys.
LEAST_SECRET = 32


def private_folder(path: Path) -> Path:
    """Create the folder if needed, accessible to its owner only; return `path`."""
    path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    return path


def write(path: Path, text: str, *, lasting: bool = False) -> None:
    """Replace the file in one step by one of mode 0600; after a crash it has the old text or the new.

    `lasting` writes are synced to the disk first, which takes milliseconds.
    """
    number, name = tempfile.mkstemp(dir=private_folder(path.parent), prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(number, "w") as file:
            file.write(text)
            if lasting:
                file.flush()
                os.fsync(number)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def secret(path: Path) -> str:
    """Return the secret in this file, 64 hexadecimal digits; create it if missing or damaged."""
    private_folder(path.parent)
    try:
        kept = path.read_text(errors="replace").strip()
    except FileNotFoundError:
        kept = ""
    if len(kept) < LEAST_SECRET or not kept.isascii() or not kept.isprintable():
        kept = secrets.token_hex(SECRET_DIGITS // 2)
        write(path, kept, lasting=True)
    return kept
