"""Prometheus text exposition (version 0.0.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
PREFIX: Final = "queuecraft_"


@dataclass(frozen=True, slots=True)
class Sample:
    """One metric without labels. ``name`` is without the prefix."""

    name: str
    kind: Literal["counter", "gauge"]
    help: str
    value: float


def exposition(samples: Iterable[Sample]) -> str:
    """The text that a scraper reads."""
    lines: list[str] = []
    for sample in samples:
        name = PREFIX + sample.name
        lines += (f"# HELP {name} {sample.help}", f"# TYPE {name} {sample.kind}", f"{name} {sample.value:.17g}")
    return "\n".join(lines) + "\n"
