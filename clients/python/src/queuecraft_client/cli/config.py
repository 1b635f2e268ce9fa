"""Where the server is and as whom: from flags, the environment, or a file that only its owner can read."""

from __future__ import annotations

import json
import os
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from queuecraft_client.cli.exits import UsageError

URL: Final = "QUEUECRAFT_URL"
WS_URL: Final = "QUEUECRAFT_WS_URL"
API_KEY: Final = "QUEUECRAFT_API_KEY"
CONFIG: Final = "QUEUECRAFT_CONFIG"
_NAMES: Final = {"url": URL, "ws_url": WS_URL, "api_key": API_KEY}


@dataclass(frozen=True, slots=True)
class Server:
    """A server and the key for it."""

    url: str
    api_key: str = field(repr=False)
    ws_url: str | None = None


@dataclass(frozen=True, slots=True)
class Flags:
    """What the command line says of the server; a key is given by the file that it stands in."""

    url: str | None = None
    ws_url: str | None = None
    api_key_file: Path | None = None
    config: Path | None = None


def server(flags: Flags, environ: Mapping[str, str] = os.environ) -> Server:
    """Return the server to use: what flags say, else the environment, else the file. Raises ``UsageError``."""
    given = {
        "url": flags.url,
        "ws_url": flags.ws_url,
        "api_key": _key_of(flags.api_key_file) if flags.api_key_file is not None else None,
    }
    values = {name: value or environ.get(_NAMES[name]) for name, value in given.items()}
    if not (values["url"] and values["api_key"]):
        stored = read(path_of(flags, environ))
        values = {name: value or stored.get(name) for name, value in values.items()}
    if not values["url"]:
        raise UsageError(f"say where the server is: --url, {URL}, or 'queuecraft login'", "url")
    if not values["api_key"]:
        raise UsageError(f"an API key is needed: {API_KEY}, --api-key-file, or 'queuecraft login'", "api_key")
    return Server(values["url"], values["api_key"], values["ws_url"])


def url_of(flags: Flags, environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the address of the flag or of the environment."""
    return flags.url or environ.get(URL)


def path_of(flags: Flags, environ: Mapping[str, str] = os.environ) -> Path:
    """Return the configuration file: of the flag, of ``QUEUECRAFT_CONFIG``, or in the folder for configurations."""
    if flags.config is not None:
        return flags.config
    if environ.get(CONFIG):
        return Path(environ[CONFIG])
    base = Path(environ["XDG_CONFIG_HOME"]) if environ.get("XDG_CONFIG_HOME") else Path.home() / ".config"
    return base / "queuecraft" / "config.toml"


def read(path: Path) -> dict[str, str]:
    """Return the values of a configuration file; none if there is no file.

    Raises ``UsageError`` if it is not TOML, has other values, or can be read by others than its owner.
    """
    try:
        text = path.read_text(encoding="utf-8")
        mode = path.stat().st_mode
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot be read: {error}", str(path)) from error
    if os.name == "posix" and mode & 0o077:
        raise UsageError(f"others may read this file, which holds a key: chmod 600 {path}", str(path))
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"is not TOML: {error}", str(path)) from error
    for name, value in found.items():
        if name not in _NAMES or not isinstance(value, str):
            raise UsageError(f"{name} is none of the texts {', '.join(_NAMES)}", str(path))
    return found


def write(path: Path, server: Server) -> None:
    """Replace the configuration file by one that only its owner can read. Raises ``UsageError``."""
    values = {"url": server.url, "ws_url": server.ws_url, "api_key": server.api_key}
    text = "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items() if value)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, made = tempfile.mkstemp(dir=path.parent, prefix=".config-")  # with the mode 0600
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(made).replace(path)
    except OSError as error:
        raise UsageError(f"cannot be written: {error}", str(path)) from error


def _key_of(path: Path) -> str:
    try:
        key = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}", "api-key-file") from error
    if not key:
        raise UsageError(f"{path} is empty", "api-key-file")
    return key
