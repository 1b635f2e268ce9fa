"""Search words of names in any script, and records of older versions, whose terms had another form."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.services.maintenance.reindex import OLD_PROCESSES_GONE, Reindex
from chalicelib.store.documents import job_document
from chalicelib.store.job_terms import TermStore
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import a_job, an_error, put
from tests.support import ManualClock

pytestmark = pytest.mark.integration


def found(api: Api, who: Person, path: str = "/job", **query: str) -> list[str]:
    answer = api.get(path, by=who, query={"sort": "created", **query})
    assert answer.status == 200, answer.text
    return [job["name"] for job in answer.json["jobs"]]


def put_old(container: Container, jobs: list[Job]) -> None:
    """Write records as an older version did: words split at combining marks, no words of errors."""
    documents = [job_document(job) for job in jobs]
    for document, job in zip(documents, jobs, strict=True):
        texts = [job.name, job.task, *job.tags]
        words = {word for text in texts for word in re.findall(r"[^\W_]+", text.casefold())}
        document["terms"] = sorted(words | {key.casefold() for key in (job.task, *job.tags)})
    container.db.jobs.insert_many(documents)


NAMES = ["काम ख़त्म", "हिन्दी रिपोर्ट", "İstanbul", "Müller", "order \uff11\uff12\uff13", "हर दिन", "Straße", "می‌خواهم"]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("काम", ["काम ख़त्म"]),
        ("हि", ["हिन्दी रिपोर्ट"]),
        ("istanbul", ["İstanbul"]),
        ("İSTANBUL", ["İstanbul"]),
        (unicodedata.normalize("NFD", "müller"), ["Müller"]),
        ("123", ["order \uff11\uff12\uff13"]),
        ("order \uff11\uff12", ["order \uff11\uff12\uff13"]),
        ("STRASSE", ["Straße"]),
        ("می‌خ", ["می‌خواهم"]),
        ("میخواهم", ["می‌خواهم"]),
    ],
)
def test_words_of_any_script_are_found(
    api: Api, alice: Person, container: Container, q: str, expected: list[str]
) -> None:
    put(container, [a_job(alice.principal, name=unicodedata.normalize("NFD", name)) for name in NAMES])
    assert [unicodedata.normalize("NFC", name) for name in found(api, alice, q=q)] == [
        unicodedata.normalize("NFC", name) for name in expected
    ]


def test_a_tag_is_the_same_composed_or_not(api: Api, alice: Person, container: Container) -> None:
    put(
        container,
        [a_job(alice.principal, name=form, tags=(unicodedata.normalize(form, "Café"),)) for form in ("NFC", "NFD")],
    )
    assert (
        found(api, alice, tag="Café") == found(api, alice, tag=unicodedata.normalize("NFD", "Café")) == ["NFC", "NFD"]
    )
    assert found(api, alice, tag="café") == [], "a tag must be equal"


def test_old_records_are_found_after_the_tick(
    api: Api, alice: Person, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.services.maintenance.reindex.PAGE", 3)
    dead = a_job(alice.principal, name="Müller", status=JobStatus.DLQ, error=an_error("Frist überschritten"))
    put_old(container, [*(a_job(alice.principal, name=name, tags=("Ünïte",)) for name in NAMES), dead])
    put(container, [a_job(alice.principal, name="new काम")])
    clock = ManualClock()
    clock.advance((container.clock.now() - clock.now()).total_seconds())

    def run() -> int:
        return Reindex(TermStore(container.db, "ns"), clock, container.log).run()

    assert found(api, alice, q="हि") == []
    assert (run() > 0, run()) == (True, 0)
    assert found(api, alice, q="हि") == ["हिन्दी रिपोर्ट"]
    assert found(api, alice, q="काम") == ["काम ख़त्म", "new काम"]
    assert found(api, alice, "/dlq", q="überschritten") == ["Müller"]
    assert len(found(api, alice, tag="Ünïte")) == len(NAMES)
    # a process of the version before goes on writing for a while
    put_old(container, [a_job(alice.principal, name="किताब", at=clock.now() + timedelta(minutes=10))])
    assert (run(), found(api, alice, q="किताब")) == (0, [])
    clock.advance(OLD_PROCESSES_GONE.total_seconds())
    assert (run(), found(api, alice, q="किताब")) == (1, ["किताब"])
    put_old(container, [a_job(alice.principal, name="किताब", at=clock.now())])
    assert run() == 0, "it ends"


def test_the_tick_forms_terms_anew(container: Container, alice: Person) -> None:
    from worker_fn.handler import has_work

    put_old(container, [a_job(alice.principal, name="हि", at=container.clock.now() - timedelta(days=1))])
    container.db.jobs.update_many({}, {"$unset": {"open": ""}, "$set": {"status": "completed"}})
    has_work(container)
    assert _terms(container) == ["simulated", "हि"]


def _terms(container: Container) -> Any:
    return (container.db.jobs.find_one() or {})["terms"]
