"""How environment variables are read and checked, and described in the table of settings."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from chalicelib.errors import MisconfiguredError

MIN_SECRET_CHARS: Final = 32


class Variable(NamedTuple):
    """An environment variable: its name, how it is read, and its row in the table of settings."""

    name: str
    read: Callable[[Reader], Any]
    #: Empty for what a deployment or the local stack sets, and people don't.
    meaning: str = ""
    #: The default as the table shows it.
    default: str = ""


def text(name: str, default: str, meaning: str = "", shown: str = "") -> Any:
    """Declare a field: a text; empty counts as unset."""
    return setting(name, default, lambda env: env.text(name, default), meaning, shown)


def any_text(name: str) -> Any:
    """Declare a field: a text that may be empty."""
    return setting(name, "", lambda env: env.env.get(name, ""), "", "")


def whole(name: str, default: int, meaning: str = "", *, low: int = 0, high: int | None = None) -> Any:
    """Declare a field: a whole number of at least ``low`` and at most ``high``."""
    return setting(name, default, lambda env: env.whole(name, default, low, high), meaning, str(default))


def seconds(name: str, default: float, meaning: str = "") -> Any:
    """Declare a field: a number of seconds."""
    return setting(name, default, lambda env: env.number(name, default), meaning, f"{default:g}")


def secret(name: str, meaning: str) -> Any:
    """Declare a field: a secret that may be missing; it is in no ``repr``."""
    variable = Variable(name, lambda env: env.secret(name, required=False), meaning, "none")
    return field(default=None, repr=False, metadata={"variable": variable})


def setting(name: str, default: Any, read: Callable[[Reader], Any], meaning: str, shown: str) -> Any:
    """Declare a field: what ``read`` makes of the environment."""
    return field(default=default, metadata={"variable": Variable(name, read, meaning, shown)})


def hidden(name: str) -> Any:
    """Declare a field: a text that is in no ``repr``."""
    variable = Variable(name, lambda env: env.env.get(name, ""))
    return field(default="", repr=False, metadata={"variable": variable})


def concealed(name: str, meaning: str) -> Any:
    """Declare a field: a text that people set, and that is in no ``repr``."""
    variable = Variable(name, lambda env: env.env.get(name, ""), meaning, "none")
    return field(default="", repr=False, metadata={"variable": variable})


def required(name: str, read: Callable[[Reader], Any], meaning: str, shown: str) -> Any:
    """Declare a field: what must be set; it is in no ``repr``."""
    return field(metadata={"variable": Variable(name, read, meaning, shown)}, repr=False)


class Reader:
    """Reads and checks variables; each method raises ``MisconfiguredError`` naming the one at fault."""

    env: Mapping[str, str]

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env

    def text(self, name: str, default: str | None = None) -> str:
        value = self.env.get(name) or default
        if value is None:
            raise MisconfiguredError(f"{name} is not set")
        return value

    def number(self, name: str, default: float, low: float = 0) -> float:
        raw = self.env.get(name, "")
        try:
            value = float(raw) if raw else default
        except ValueError:
            raise MisconfiguredError(f"{name} must be a number, not {raw!r}") from None
        if not low <= value < float("inf"):
            raise MisconfiguredError(f"{name} must be at least {low:g}, not {raw}")
        return value

    def whole(self, name: str, default: int, low: int = 0, high: int | None = None) -> int:
        value = self.number(name, default, low)
        if value != int(value):
            raise MisconfiguredError(f"{name} must be a whole number, not {value:g}")
        if high is not None and value > high:
            raise MisconfiguredError(f"{name} must be at most {high}, not {value:g}")
        return int(value)

    def ratio(self, name: str) -> float:
        value = self.number(name, 1.0)
        if value > 1:
            raise MisconfiguredError(f"{name} must be at most 1, not {value:g}")
        return value

    def otlp_url(self) -> str:
        """Where spans are sent; empty where nothing, or ``OTEL_SDK_DISABLED``, says so."""
        if self.flag("OTEL_SDK_DISABLED"):
            return ""
        name, url = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", self.env.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "")
        if not url and (base := self.env.get("OTEL_EXPORTER_OTLP_ENDPOINT", "")):
            name, url = "OTEL_EXPORTER_OTLP_ENDPOINT", f"{base.rstrip('/')}/v1/traces"
        if url and not re.fullmatch(r"https?://[^/\s]+(/\S*)?", url):
            raise MisconfiguredError(f"{name} must begin with http:// or https://")
        return url

    def trace_url(self) -> str:
        url = self.env.get("TRACE_URL", "")
        if url and not (re.match(r"https?://[^/\s]", url) and "{traceId}" in url):
            raise MisconfiguredError("TRACE_URL must begin with http:// or https://, and contain {traceId}")
        return url

    def flag(self, name: str) -> bool:
        raw = self.env.get(name, "").lower()
        if raw not in {"", "0", "1", "false", "true", "no", "yes"}:
            raise MisconfiguredError(f"{name} must be true or false, not {raw!r}")
        return raw in {"1", "true", "yes"}

    def pools(self) -> dict[str, list[str]]:
        raw = self.env.get("POOLS") or "{}"
        try:
            pools = json.loads(raw)
            return {str(name): [str(module) for module in modules] for name, modules in pools.items()}
        except (ValueError, AttributeError, TypeError):
            raise MisconfiguredError(f"POOLS must be an object with a list of modules for each pool: {raw}") from None

    def secret(self, name: str, *, required: bool) -> str | None:
        value = self.env.get(name)
        if not value:
            if required:
                raise MisconfiguredError(f"{name} is not set; make one with: openssl rand -hex 32")
            return None
        if len(value) < MIN_SECRET_CHARS:
            raise MisconfiguredError(f"{name} must have at least {MIN_SECRET_CHARS} characters")
        return value

    def database_of_uri(self) -> str:
        """The path of MONGODB_URI: ``app`` of ``mongodb+srv://host/app?w=majority``.

        ``admin`` is none: a URI names it to say where its user is kept.
        """
        rest = self.text("MONGODB_URI").partition("://")[2]
        path = unquote(rest.partition("?")[0].partition("/")[2])
        return "" if path == "admin" else path

    def mail_from(self) -> str:
        """One address, perhaps with a name; in the local stack one that nobody has."""
        raw = self.env.get("MAIL_FROM", "").strip()
        if not raw:
            return "" if self.text("STAGE", "local") != "local" else "QueueCraft <noreply@queuecraft.local>"
        if not re.fullmatch(r"(?:[^<>@\r\n]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)", raw):
            raise MisconfiguredError(f"MAIL_FROM must be an address, such as Name <name@example.com>, not {raw!r}")
        return raw

    def heartbeat_ms(self) -> int:
        """At most half of the lease; by default a third of it, or 5 s."""
        lease_ms = self.whole("LEASE_MS", 15_000, 100)
        heartbeat_ms = self.whole("HEARTBEAT_MS", min(5_000, lease_ms // 3), 30)
        if heartbeat_ms * 2 > lease_ms:
            raise MisconfiguredError("HEARTBEAT_MS must be at most half of LEASE_MS")
        return heartbeat_ms
