"""Golden events and answers, recorded from LocalStack where it supports them, otherwise from AWS's documentation.

A golden file is JSON. A string `<int>`, `<str>`, `<uuid>` or `<time>` stands for any value of that kind, `<any>` for
any value, `<absent>` for a missing key, `~x` for the pattern x. Everything else must be equal. What was seen may have
additional keys, because AWS adds some.
"""

import json
import re
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
KINDS = {
    "<str>": r"(?s).+",
    "<uuid>": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "<time>": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "<clf>": r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]0000",
    "<trace>": r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}.*",
}


def golden(name: str) -> dict[str, Any]:
    """Return the recording with this name: `source`, and `seen`."""
    recorded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return recorded


def differences(wanted: Any, seen: Any, at: str = "") -> list[str]:
    """Return where `seen` differs from the golden file."""
    if isinstance(wanted, dict) and isinstance(seen, dict):
        found = []
        for key, value in wanted.items():
            if value == "<absent>":
                found += [f"{at}.{key} is there: {seen[key]!r}"] if key in seen else []
            elif key not in seen:
                found.append(f"{at}.{key} is missing")
            else:
                found += differences(value, seen[key], f"{at}.{key}")
        return found
    if isinstance(wanted, list) and isinstance(seen, list) and len(wanted) == len(seen):
        return [d for n, pair in enumerate(zip(wanted, seen, strict=True)) for d in differences(*pair, f"{at}[{n}]")]
    return [] if _is(wanted, seen) else [f"{at} is {seen!r}, not {wanted!r}"]


def _is(wanted: Any, seen: Any) -> bool:
    if wanted == "<any>":
        return True
    if wanted == "<int>":
        return isinstance(seen, int) and not isinstance(seen, bool)
    if isinstance(wanted, str) and wanted in KINDS:
        return isinstance(seen, str) and re.fullmatch(KINDS[wanted], seen) is not None
    if isinstance(wanted, str) and wanted.startswith("~"):
        return isinstance(seen, str) and re.fullmatch(wanted[1:], seen) is not None
    return bool(wanted == seen)
