"""`queuecraft init`: writes a small project that depends on QueueCraft."""

import re
from pathlib import Path

from chalicelib import VERSION

SKELETON = Path(__file__).with_name("skeleton")
#: As `name` in queuecraft.toml takes it.
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
MAX_NAME = 40
#: A leading dot, in the skeleton: git and builders would take its files for theirs.
DOT = "dot-"


class InitError(ValueError):
    """Raised when a project cannot be written; the text says why."""


def write(folder: Path, name: str) -> list[Path]:
    """Write a project into a folder, which is made; return its files. Raises InitError, before it writes anything."""
    if not NAME.fullmatch(name) or len(name) > MAX_NAME:
        raise InitError(
            f"{name!r} cannot name a project: use lower-case letters, digits and single hyphens, a letter first, at "
            f"most {MAX_NAME} characters"
        )
    sources = [path for path in sorted(SKELETON.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    targets = {_target(folder, path): path for path in sources}
    if there := [target for target in targets if target.exists()]:
        raise InitError(f"{folder} has {there[0].relative_to(folder)} already; nothing was written")
    try:
        for target, source in targets.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            text = source.read_text(encoding="utf-8")
            target.write_text(text.replace("{{name}}", name).replace("{{version}}", VERSION), encoding="utf-8")
    except OSError as error:
        raise InitError(f"{error.filename} cannot be written: {error.strerror}") from error
    return list(targets)


def _target(folder: Path, source: Path) -> Path:
    parts = [
        f".{part.removeprefix(DOT)}" if part.startswith(DOT) else part for part in source.relative_to(SKELETON).parts
    ]
    return folder.joinpath(*parts)
