"""Models of comparisons of payloads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from chalicelib.api.call import Output
from chalicelib.api.schemas.job_lists import Narrowing, NarrowingDead
from chalicelib.services.search import DEFAULT_SAMPLE, MAX_SAMPLE

if TYPE_CHECKING:
    from chalicelib.domain.payload_fields import ComparedField
    from chalicelib.services.search import Sample


class ComparePayloads(Narrowing):
    """Which jobs, and how many of their payloads."""

    sample: int = Field(DEFAULT_SAMPLE, ge=1, le=MAX_SAMPLE, description="Payloads to compare: those of the newest.")


class CompareDead(ComparePayloads, NarrowingDead):
    """Which jobs of the DLQ, and how many of their payloads."""


class ValueOut(Output):
    """A value of a field. ``json`` is its text, of which ``cut`` says that it has more than 200 characters."""

    json_text: str = Field(alias="json")
    cut: bool
    count: int = Field(description="Payloads with this value.")
    job_id: str = Field(alias="jobId", description="A job that has it.")


class FieldOut(Output):
    """A field of the payloads: in how many of them it is, and its values, the most frequent first, at most 10."""

    path: str = Field(description="Names joined by dots; a dot within a name is `\\.`. Lists are values.")
    present: int
    distinct: int
    values: list[ValueOut]


class ComparisonAnswer(Output):
    """Payloads of the newest ``examined`` of the jobs that match. ``more``: there are others, which were not read.

    ``same`` are fields that all have with one value, ``differ`` the others; ``fieldsLeftOut`` counts those beyond 300.
    """

    success: Literal[True] = True
    examined: int
    more: bool
    same: list[FieldOut]
    differ: list[FieldOut]
    fields_left_out: int = Field(alias="fieldsLeftOut")
    passed_by: int = Field(alias="passedBy", description="Jobs whose payloads are over 64 KB and not compared.")


def comparison_answer(sample: Sample) -> ComparisonAnswer:
    """Return a comparison as clients see it."""
    found = sample.comparison
    return ComparisonAnswer(
        examined=found.examined,
        more=sample.more,
        same=[_field(each) for each in found.same],
        differ=[_field(each) for each in found.differ],
        fields_left_out=found.left_out,
        passed_by=sample.passed_by,
    )


def _field(found: ComparedField) -> FieldOut:
    values = [
        ValueOut(json_text=each.text, cut=each.cut, count=each.count, job_id=each.job_id) for each in found.values
    ]
    return FieldOut(path=found.path, present=found.present, distinct=found.distinct, values=values)
