"""Sessions as a person sees them: on which device, since when, when last used. Pure."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final, NamedTuple

#: In the order in which they are looked for: most browsers name others too.
_BROWSERS: Final = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"), ("curl", "curl"),
    ("python", "Python"), ("node", "Node.js"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
_UNKNOWN: Final = "an unknown device"


class OpenSession(NamedTuple):
    """A session that was not logged out. ``device`` is what the browser calls itself, in words."""

    id: str
    token_id: str
    user_id: str
    #: The version of the user's sessions; those of an older one are void.
    version: int
    device: str
    created_at: datetime
    expires_at: datetime
    #: Up to five minutes old.
    used_at: datetime


def device_of(agent: str) -> str:
    """Return browser and system in a ``User-Agent``, such as ``Firefox on Linux``. Nothing else of it is stored."""
    browser = next((name for part, name in _BROWSERS if re.search(rf"\b{part}", agent, re.IGNORECASE)), "")
    system = next((name for part, name in _SYSTEMS if part in agent), "")
    return " on ".join(part for part in (browser, system) if part) or _UNKNOWN
