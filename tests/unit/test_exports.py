"""Jobs as CSV, JSON and NDJSON."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from chalicelib.domain import exports
from chalicelib.domain.clock import SystemClock
from chalicelib.domain.exports import COLUMNS, ExportFormat
from chalicelib.domain.jobs import Job, JobStatus

NOW = SystemClock().now()


def job(**changes: Any) -> Job:
    made = Job(
        id="a" * 24, tenant_id="b" * 24, owner_id="c" * 24, name="a job", status=JobStatus.COMPLETED, rev=3,
        ready_at=NOW, created_at=NOW, updated_at=NOW, trace_id="t", payload="{}",
    )  # fmt: skip
    return made.with_(**changes)


def written(form: ExportFormat, *jobs: Job) -> str:
    rows = [exports.row(form, each, first=n == 0) for n, each in enumerate(jobs)]
    return "".join([exports.begin(form), *rows, exports.end(form)])


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x"])  # noqa: RUF001
def test_no_cell_begins_as_a_formula_does(start: str) -> None:
    text = written(ExportFormat.CSV, job(name=start, tags=(start, "b")))
    [row] = list(csv.DictReader(io.StringIO(text, newline="")))
    assert row["name"] == f"'{start}"
    assert row["tags"] == f"'{start}, b"


def test_a_csv_reads_back_as_rfc_4180_says() -> None:
    name = 'a "quoted", name\r\nof two lines é 😀'
    text = written(ExportFormat.CSV, job(name=name, payload='{"a": "b,c", "d": "\\"e\\""}', priority=9), job())
    assert text.count("\r\n") == 1 + 2 + 1
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert rows[0] == list(COLUMNS)
    assert {len(row) for row in rows} == {len(COLUMNS)}
    first = dict(zip(COLUMNS, rows[1], strict=True))
    assert (first["name"], first["priority"], first["result"]) == (name, "9", "")
    assert json.loads(first["payload"]) == {"a": "b,c", "d": '"e"'}


def test_json_and_ndjson_have_payload_and_result_as_values() -> None:
    jobs = [job(payload='{"n": 12345678901234567.5,\n "s": "line\\nbreak"}'), job(result="[1]", tags=("x",))]
    lines = written(ExportFormat.NDJSON, *jobs).splitlines()
    assert len(lines) == 2
    assert "12345678901234567.5" in lines[0], "numbers stand as they were sent"
    found = json.loads(written(ExportFormat.JSON, *jobs))
    assert [json.loads(line) for line in lines] == found
    assert found[0]["payload"]["s"] == "line\nbreak"
    assert (found[1]["result"], found[1]["tags"], found[0]["result"]) == ([1], ["x"], None)
    assert list(found[0]) == list(COLUMNS)


def test_an_export_of_nothing_is_whole() -> None:
    assert json.loads(written(ExportFormat.JSON)) == []
    assert written(ExportFormat.NDJSON) == ""
    assert written(ExportFormat.CSV) == ",".join(COLUMNS) + "\r\n"
