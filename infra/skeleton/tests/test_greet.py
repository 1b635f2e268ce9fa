"""Tests of tasks need no server: the fixture `qc` runs jobs by the worker's own code."""

from queuecraft_testing import QueueCraft


def test_somebody_is_greeted(qc: QueueCraft) -> None:
    assert qc.run("greet", {"who": "Ada"}) == {"text": "Hello, Ada!"}
