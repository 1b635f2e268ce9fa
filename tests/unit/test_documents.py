"""The fields of a job: its record in MongoDB, its form for clients, the digest of its submission."""

from datetime import UTC, datetime

import pytest

from chalicelib.api.schemas.jobs import JobOut
from chalicelib.api.schemas.submissions import CreateJob
from chalicelib.domain.clock import SystemClock
from chalicelib.domain.dependencies import RunIf
from chalicelib.domain.events import job_data
from chalicelib.domain.job_fields import FIELDS, is_plain
from chalicelib.domain.jobs import (
    AttemptRecord,
    Follower,
    Job,
    JobError,
    JobStatus,
    Lease,
    NewJob,
    OutboxEntry,
    Outcome,
    PastPayload,
    Progress,
    Written,
)
from chalicelib.domain.nodes import MapSpec, NodePart
from chalicelib.domain.unique import OnConflict, UniqueRule
from chalicelib.services.digest import digest
from chalicelib.store.documents import HEAVY, changing, job_document, job_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ERROR = JobError("E", "m", "trace", "g")
#: No field has its default value.
FULL = Job(
    "1" * 24, "2" * 24, "3" * 24, "n", JobStatus.DLQ, 3, NOW, NOW, NOW, "t", "task", "q", 7, ("a", "b"),
    '{"a":1}', "[2]", NOW, 1, 2, 3, 4, 5, 6, "entry", (AttemptRecord(1, "w", NOW, NOW, Outcome.FAILED, 7, 8, ERROR),),
    ERROR, Lease("token", "w"), Progress(50.0, "half"), True, NOW, NOW, (PastPayload(1, "{}"),), (Follower("f", "k"),),
    (OutboxEntry("f", "k", 0),), "p", ("a", "b:1"), 0,
    UniqueRule("k", "slot", ("pending",), OnConflict.REPLACE, 5, 2.5), "slot", "4" * 24, "nightly",
    ("5" * 24, "6" * 24), RunIf.ANY_OK, "7" * 24,
    NodePart("8" * 24, "node", 1, 2, MapSpec("a.result", 3, 4), (("a", "9" * 24),)), True, ("event:e",), "a" * 24,
    "b" * 24,
    f"00-{'b' * 32}-{'c' * 16}-01",
)  # fmt: skip


def stored(outcome: Outcome, error: str) -> Job:
    attempt = AttemptRecord(1, "w", NOW, NOW, outcome, error=JobError(error, "m"))
    job = Job("1" * 24, "2" * 24, "3" * 24, "n", JobStatus.RETRYING, 3, NOW, NOW, NOW, "t", payload="{}")
    job = job.with_(attempt=1, attempts=(attempt,))
    return job_of(job_document(job))


@pytest.mark.parametrize(
    ("outcome", "error", "read_as"),
    [
        (Outcome.LOST, "WorkerStopped", Outcome.INTERRUPTED),
        (Outcome.LOST, "WorkerLost", Outcome.LOST),
        (Outcome.FAILED, "WorkerStopped", Outcome.FAILED),
        (Outcome.INTERRUPTED, "WorkerStopped", Outcome.INTERRUPTED),
    ],
)
def test_interrupted_attempts_of_older_records_are_distinguished_from_lost_ones(
    outcome: Outcome, error: str, read_as: Outcome
) -> None:
    assert stored(outcome, error).attempts[0].outcome is read_as


def test_every_field_is_stored_and_read() -> None:
    assert all(value != Job._field_defaults.get(name) for name, value in FULL._asdict().items())
    apart = {each.stored for each in FIELDS if each.kept.written is Written.APART}
    kept = [{"until": past.until, "payload": past.payload} for past in FULL.earlier_payloads]
    assert apart == {"earlier_payloads", "has_dependents"}
    assert job_of(job_document(FULL) | {"earlier_payloads": kept, "has_dependents": True}) == FULL


def test_a_projection_omits_heavy_fields() -> None:
    found = {name: value for name, value in job_document(FULL).items() if name not in HEAVY}
    light = FULL.with_(payload=None, result=None, attempts=(), earlier_payloads=(), depends_on=())
    assert job_of(found) == light


def test_a_move_writes_the_fields_that_moves_change() -> None:
    fixed = {each.stored for each in FIELDS if each.kept.written is Written.ONCE}
    assert {"payload", "cancel_requested", "followers", "limits"} <= fixed
    assert not fixed & changing(FULL).keys()
    assert job_document(FULL).keys() == fixed | changing(FULL).keys() | {"has_dependents"}


def test_the_api_documents_what_a_job_shows() -> None:
    documented = {field.alias or name for name, field in JobOut.model_fields.items()}
    assert documented == set(job_data(FULL)) == {each.kept.shown for each in FIELDS if each.kept.shown}
    assert JobOut.model_validate(job_data(FULL)).model_dump(mode="json", exclude_unset=True) == job_data(FULL)


def test_a_plain_job_neither_stores_nor_shows_optional_fields() -> None:
    job = Job(**{field.name: getattr(FULL, field.name) for field in FIELDS if not field.kept.optional})
    optional = [each for each in FIELDS if each.kept.optional]
    assert list(FIELDS[-len(optional) :]) == optional
    assert is_plain(job)
    assert not {each.stored for each in optional} & job_document(job).keys()
    assert not {each.kept.shown for each in optional} & job_data(job).keys()


@pytest.mark.parametrize("name", [each.name for each in FIELDS if each.kept.optional])
def test_a_job_with_one_optional_field_is_not_plain(name: str) -> None:
    plain = Job(**{field.name: getattr(FULL, field.name) for field in FIELDS if not field.kept.optional})
    assert not is_plain(plain.with_(**{name: getattr(FULL, name)}))


def test_a_copy_with_an_unknown_field_is_an_error() -> None:
    with pytest.raises(KeyError):
        FULL.with_(unknown=1)


def test_all_fields_of_a_submission_reach_the_job() -> None:
    asked = CreateJob(name="n", task="t", queue="q", priority=7, max_retries=2, timeout_s=9, delay_s=1.5)
    assert asked.new_job(SystemClock()) == NewJob("n", "t", "q", 7, delay_s=1.5, max_retries=2, timeout_s=9)


@pytest.mark.parametrize(
    ("new", "stored_before"),
    [
        (NewJob("n"), "fc4dd685cd94526e86340512c1d6ae96758793d893ae2844d735b6ca21eab002"),
        (
            NewJob(
                "n", "t", "q", 7, '{"b":1,"a":[1.5]}', ("x", "y"), datetime(2026, 1, 2, tzinfo=UTC), None, 2, 9, "k"
            ),
            "dca36aa84662d8e8f935616c2e510ea5a57b8103c9bb401ad67304a4d0fe2c30",
        ),
        (
            NewJob("n", delay_s=1.5, call_digest="c"),
            "04801b45a4d66b477f1cfd46f17696fce4e08489156bf49952eccae7d155198b",
        ),
    ],
)
def test_a_key_of_an_older_version_knows_its_call(new: NewJob, stored_before: str) -> None:
    assert digest(new) == stored_before
