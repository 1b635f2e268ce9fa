import json
from collections import Counter

import httpx2
import pytest
from queuecraft_testing import QueueCraft

from tasks import articles, model


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """A model that is busy at first; how often it was asked what."""
    prompts: Counter[str] = Counter()

    def answer(request: httpx2.Request) -> httpx2.Response:
        prompt = json.loads(request.content)["prompt"]
        prompts[prompt] += 1
        if prompts.total() == 1:
            return httpx2.Response(429, headers={"Retry-After": "20"})
        return httpx2.Response(200, json={"text": "Why\nHow" if prompt.startswith("List") else "Because."})

    client = httpx2.Client(transport=httpx2.MockTransport(answer))
    monkeypatch.setattr(model, "http", lambda: client)
    monkeypatch.setenv("MODEL_KEY", "a key")
    return prompts


def test_an_approved_article_is_published(qc: QueueCraft, asked: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    links: list[str] = []
    monkeypatch.setattr(articles, "send_draft", lambda draft, link: links.append(link))
    job = qc.submit("article", {"subject": "Job queues"})
    qc.drain(advance=True)
    assert job.status == "waiting"
    assert asked["Write the section “Why”."] == asked["Write the section “How”."] == 1
    qc.call_back(links[0], {"approved": True})
    qc.drain()
    assert job.result == {"status": "published", "address": "https://blog.example.com/job-queues"}
    assert sum(asked.values()) == 4  # the outline twice, since the model was busy


@pytest.mark.parametrize(("verdict", "status"), [({"approved": False}, "rejected"), (None, "nobody answered")])
def test_one_that_is_not_approved_is_not(qc: QueueCraft, verdict: dict[str, bool] | None, status: str) -> None:
    job = qc.submit("article", {"subject": "Job queues"})
    qc.drain(advance=True)
    if verdict is None:
        qc.clock.advance("8d")
    else:
        qc.send_event(job, "approval", verdict)
    qc.drain()
    assert job.result == {"status": status, "address": None}
