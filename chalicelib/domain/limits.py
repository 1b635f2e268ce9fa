"""Limits: how many jobs may run at once and how often they may start, by a key. Pure.

A task declares limits. Each job falls under *instances* of them, which are fixed when it is submitted: ``name`` for a
limit without a key, ``name:key`` for one with a key, and ``name`` too where a limit has a ``total`` of all its keys. A
``*`` in front marks a limit that all tenants share.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any, Final, NamedTuple

from chalicelib.errors import InvalidInput

#: Maximum number of instances of one job; a limit with a total counts twice.
MAX_INSTANCES: Final = 8
LIMIT_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
MAX_LIMIT_CHARS: Final = 64
MAX_KEY_CHARS: Final = 100
MAX_CONCURRENCY: Final = 1_000_000
MAX_RATE: Final = 100_000
MAX_BURST: Final = 100_000
MAX_PER_CHARS: Final = 200
RATE_PATTERN: Final = r"^([1-9][0-9]{0,5})/(s|min|h)$"
UNIT_MS: Final = {"s": 1_000, "min": 60_000, "h": 3_600_000}
#: Begins the instances of what tenants share.
SHARED: Final = "*"
PAYLOAD: Final = "payload"
#: Keys that a job has without its payload; a submission cannot replace them.
OWN_KEYS: Final = frozenset({"tenant", "user", "queue", "task"})
#: What can be changed at run time.
BOUNDS: Final = ("concurrency", "rate", "burst", "total")


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit as code declares it: ``Limit("account", per="payload.account_id", concurrency=1, rate="30/min")``.

    ``@task(limits=[…])`` checks it. Each tenant has its own counts unless the limit is ``shared``.
    """

    name: str
    _: KW_ONLY
    #: Jobs that may run at once.
    concurrency: int | None = None
    #: Starts per time: ``100/s``, ``30/min``, ``5/h``.
    rate: str | None = None
    #: Starts that may follow at once after a quiet time; by default what the rate allows in 0.1 s, at least 1.
    burst: int | None = None
    #: The key by which jobs are counted apart: ``payload.<path>``, ``tenant``, ``user``, ``queue`` or ``task``.
    per: str | None = None
    #: Jobs of all keys together that may run at once.
    total: int | None = None
    #: Whether all tenants count together. Only operators change such a limit at run time.
    shared: bool = False

    @property
    def path(self) -> list[str]:
        """The path of the key in the payload; empty if the key is not from there."""
        head, *rest = (self.per or "").split(".")
        return rest if head == PAYLOAD else []

    @property
    def instances(self) -> int:
        """The number of instances that a job has of it."""
        return 2 if self.total is not None else 1

    @property
    def bounds(self) -> Bounds:
        """What code says."""
        return Bounds(self.concurrency, self.rate, self.burst, self.total)


class Bounds(NamedTuple):
    """The values of a limit that stand now; ``None``: unlimited. ``paused``: no job under it starts."""

    concurrency: int | None = None
    rate: str | None = None
    burst: int | None = None
    total: int | None = None
    paused: bool = False


class Change(NamedTuple):
    """What was changed at run time, for one tenant or for ``EVERY_TENANT``. ``bounds``: only those that were given."""

    scope: str
    name: str
    bounds: Mapping[str, Any]
    paused: bool = False


class Instance(NamedTuple):
    """One instance, taken apart. ``key`` is ``None`` for the instance of all keys."""

    name: str
    key: str | None
    shared: bool


def changed(bounds: Bounds, changes: Iterable[Change | None]) -> Bounds:
    """Return ``bounds`` after ``changes``, the later ones over the earlier; a pause of any of them counts."""
    values = {name: getattr(bounds, name) for name in BOUNDS}
    paused = bounds.paused
    for change in changes:
        if change is not None:
            values.update(change.bounds)
            paused = paused or change.paused
    return Bounds(**values, paused=paused)


def interval_ms(rate: str) -> float:
    """Return the time between two starts at ``rate``, in milliseconds."""
    count, unit = _parts(rate)
    return UNIT_MS[unit] / count


def burst_of(rate: str, burst: int | None) -> int:
    """Return how many starts may follow at once."""
    return burst if burst is not None else max(1, int(100 / interval_ms(rate)))


def _parts(rate: str) -> tuple[int, str]:
    found = re.fullmatch(RATE_PATTERN, rate)
    if found is None:
        raise InvalidInput("A rate is a number per s, min or h, such as 100/s, 30/min or 5/h", "rate")
    return int(found[1]), found[2]


# --- checks --------------------------------------------------------------------------------------------------
def check_limit(limit: Limit) -> None:
    """Check what code declares. Raises ``InvalidInput`` whose text says what to change."""
    if not isinstance(limit.name, str) or not re.fullmatch(LIMIT_PATTERN, limit.name):
        raise InvalidInput(f"its name must fit {LIMIT_PATTERN}, not {limit.name!r}", "name")
    if len(limit.name) > MAX_LIMIT_CHARS:
        raise InvalidInput(f"its name may have at most {MAX_LIMIT_CHARS} characters", "name")
    if limit.concurrency is None and limit.rate is None:
        raise InvalidInput("it needs concurrency, rate or both")
    _check_per(limit.per)
    if limit.total is not None and limit.per is None:
        raise InvalidInput("total bounds all keys together, so it needs per; without keys use concurrency", "total")
    if not isinstance(limit.shared, bool):
        raise InvalidInput(f"shared must be True or False, not {limit.shared!r}", "shared")
    check_bounds(limit.bounds)


def _check_per(per: str | None) -> None:
    if per is None:
        return
    kinds = "payload.<path>, tenant, user, queue or task"
    if not isinstance(per, str) or len(per) > MAX_PER_CHARS:
        raise InvalidInput(f"per must be {kinds}, with at most {MAX_PER_CHARS} characters, not {per!r}", "per")
    head, *rest = per.split(".")
    fits = (head == PAYLOAD and bool(rest)) or (per in OWN_KEYS)
    if not fits or not all(part and part.isprintable() and part == part.strip() for part in rest):
        raise InvalidInput(f"per must be {kinds}, not {per!r}", "per")


def check_bounds(bounds: Bounds) -> None:
    """Check values of code or of a change. Raises ``InvalidInput`` naming the field."""
    for name, value, most in (
        ("concurrency", bounds.concurrency, MAX_CONCURRENCY),
        ("total", bounds.total, MAX_CONCURRENCY),
        ("burst", bounds.burst, MAX_BURST),
    ):
        if value is not None and (type(value) is not int or not 1 <= value <= most):
            raise InvalidInput(f"{name} must be a whole number from 1 to {most}, not {value!r}", name)
    if bounds.rate is None:
        if bounds.burst is not None:
            raise InvalidInput("burst needs a rate", "burst")
        return
    if not isinstance(bounds.rate, str):
        raise InvalidInput(f"rate must be text such as 100/s, 30/min or 5/h, not {bounds.rate!r}", "rate")
    count, _unit = _parts(bounds.rate)
    if count > MAX_RATE:
        raise InvalidInput(f"rate may be at most {MAX_RATE} per unit of time", "rate")


# --- instances -----------------------------------------------------------------------------------------------
def instances_of(
    limits: Iterable[Limit],
    payload: Any,
    *,
    tenant: str,
    user: str,
    queue: str,
    task: str,
    keys: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """Return the sorted instances of a job. ``payload``: its JSON value; ``keys``: by name, in place of the payload's.

    Raises ``InvalidInput``, whose field is ``payload.<path>`` or ``limitKeys.<name>``.
    """
    given, known = dict(keys or {}), {limit.name: limit for limit in limits}
    for name in given:
        _check_given(name, known.get(name), task)
    own = {"tenant": tenant, "user": user, "queue": queue, "task": task}
    found: set[str] = set()
    for limit in known.values():
        if limit.per is None:
            found.add(instance(limit, None))
            continue
        key = given.get(limit.name)
        if key is None:
            key = key_in(limit, payload) if limit.path else own[limit.per]
        else:
            check_key(key, f"limitKeys.{limit.name}")
        found.add(instance(limit, key))
        if limit.total is not None:
            found.add(instance(limit, None))
    return tuple(sorted(found))


def _check_given(name: str, limit: Limit | None, task: str) -> None:
    field = f"limitKeys.{name}"
    if limit is None:
        raise InvalidInput(f"The task {task!r} has no limit named {name!r}", field)
    if not limit.path:
        why = f"its key is the job's {limit.per}" if limit.per else "it has no key"
        raise InvalidInput(f"The key of the limit {name!r} cannot be given: {why}", field)


def key_in(limit: Limit, payload: Any) -> str:
    """Return the key of ``limit`` in a payload. Raises ``InvalidInput`` naming the path if there is none."""
    value = payload
    for part in limit.path:
        if isinstance(value, list) and part.isascii() and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            value = value.get(part) if isinstance(value, dict) else None
    path = str(limit.per)
    if value is None:
        raise InvalidInput(f"The limit {limit.name!r} needs a key: give this field, or limitKeys.{limit.name}", path)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InvalidInput(f"The key of the limit {limit.name!r} must be text or a whole number", path)
    key = str(value)
    check_key(key, path)
    return key


def check_key(key: str, field: str) -> None:
    """Raise ``InvalidInput`` for a key that is empty, too long or not printable."""
    if not 1 <= len(key) <= MAX_KEY_CHARS or not key.isprintable():
        raise InvalidInput(f"The key of a limit has 1 to {MAX_KEY_CHARS} printable characters", field)


def instance(limit: Limit, key: str | None) -> str:
    """Return the text of an instance."""
    head = SHARED if limit.shared else ""
    return f"{head}{limit.name}" if key is None else f"{head}{limit.name}:{key}"


def parse_instance(text: str) -> Instance:
    """Take an instance apart."""
    name, colon, key = text.removeprefix(SHARED).partition(":")
    return Instance(name, key if colon else None, text.startswith(SHARED))


def keyed(instances: Iterable[str]) -> bool:
    """Return whether any of ``instances`` has a key."""
    return any(":" in each for each in instances)
