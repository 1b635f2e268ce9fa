"""The fields of a job, read from the annotations of ``Job``. Functions over all fields are compiled from expressions.

They are compiled because several run for each attempt: a function that iterates over the fields takes twice as long
(``docs/decisions/092-fields-of-a-job.md``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple, get_args, get_type_hints

from chalicelib.domain.jobs import Job, Kept


class Field(NamedTuple):
    """One field: its name in ``Job``, its type without annotations, and how it is stored."""

    name: str
    type: Any
    kept: Kept

    @property
    def stored(self) -> str:
        """Its name in MongoDB."""
        return self.kept.stored or self.name


def _field(name: str, annotated: Any) -> Field:
    kind, kept = get_args(annotated)
    return Field(name, kind, kept)


FIELDS: Final = tuple(_field(name, hint) for name, hint in get_type_hints(Job, include_extras=True).items())
_FIRST_OPTIONAL: Final = next(place for place, each in enumerate(FIELDS) if each.kept.optional)
_EMPTY: Final = tuple(Job._field_defaults[each.name] for each in FIELDS[_FIRST_OPTIONAL:])


def is_plain(job: Job) -> bool:
    """Return whether all optional fields of a job are empty. Most jobs are plain, and need no look at each of them."""
    return job[_FIRST_OPTIONAL:] == _EMPTY


def dict_of(items: Iterable[tuple[str, str]]) -> str:
    """Return the expression of a dict with these keys and expressions."""
    return "{" + ", ".join(f"{key!r}: {value}" for key, value in items) + "}"


def compiled(parameters: str, expression: str, names: Mapping[str, Any]) -> Callable[..., Any]:
    """Return a function of ``parameters`` that returns ``expression``, in which ``names`` are defined.

    All of it is program text of ours. Never pass text from clients.
    """
    made: Callable[..., Any] = eval(f"lambda {parameters}: {expression}", dict(names))  # noqa: S307
    return made
