"""Functions that take messages of SQS queues: batches, failures of all or of some, redrive."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.queues.poller import failures, record
from infra.local.testing import LocalStack
from tests.local_aws.conftest import PROJECT
from tests.support import wait_until

APP = """

@app.on_sqs_message(queue="orders", batch_size=5)
def order(event):
    records = [each.to_dict() for each in event]
    with open(os.environ["MARKS"], "a") as marks:
        for each in records:
            print(json.dumps(each), file=marks)
    if any(each["body"] == "raise" for each in records):
        raise ValueError("no")
    failed = [{"itemIdentifier": each["messageId"]} for each in records if each["body"].startswith("fail")]
    return {"batchItemFailures": failed}
"""


@pytest.fixture(scope="module")
def marks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("queues") / "marks"


@pytest.fixture(scope="module")
def stack(marks: Path) -> Iterator[LocalStack]:
    project = marks.parent / "project"
    shutil.copytree(PROJECT, project)
    with (project / "app.py").open("a") as app:
        app.write(APP)
    with LocalStack(project=project, env={"MARKS": str(marks)}) as running:
        yield running


def seen(marks: Path) -> list[dict[str, Any]]:
    """The messages that the function took; other functions of the project leave marks, too."""
    lines = marks.read_text().splitlines() if marks.exists() else []
    return [found for line in lines if "body" in (found := json.loads(line))]


def bodies(marks: Path) -> list[str]:
    return [each["body"] for each in seen(marks)]


def waiting(sqs: Any, url: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    return sum(map(int, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"].values()))


def test_messages_are_taken_failures_come_again_and_end_in_the_dead_letter_queue(
    stack: LocalStack, marks: Path
) -> None:
    sqs = stack.aws_client("sqs")
    url = wait_until(lambda: sqs.list_queues(QueueNamePrefix="orders").get("QueueUrls"), 60, "the queue is made")[0]
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "4", "RedrivePolicy": policy})
    # Given good messages, one of which has an attribute
    colour = {"colour": {"DataType": "String", "StringValue": "red"}}
    sqs.send_message(QueueUrl=url, MessageBody="first", MessageAttributes=colour)
    entries = [{"Id": str(n), "MessageBody": f"good {n}"} for n in range(10)]
    sqs.send_message_batch(QueueUrl=url, Entries=entries)
    # Then all are taken once, and deleted
    wait_until(lambda: waiting(sqs, url) == 0, 60, "the queue is empty")
    assert sorted(bodies(marks)) == sorted(["first", *(f"good {n}" for n in range(10))])
    first = next(each for each in seen(marks) if each["body"] == "first")
    assert first["messageAttributes"]["colour"]["stringValue"] == "red"
    assert first["eventSourceARN"].endswith(":orders")
    # When some fail, and when a function raises
    sqs.send_message_batch(
        QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "fail"}, {"Id": "2", "MessageBody": "good too"}]
    )
    wait_until(lambda: waiting(sqs, dead) == 1, 60, "the one that failed is dead")
    sqs.send_message(QueueUrl=url, MessageBody="raise")
    wait_until(lambda: waiting(sqs, dead) == 2, 60, "the other one is dead")
    # Then these alone came again, as often as the queue says
    counts = {body: bodies(marks).count(body) for body in ("fail", "good too", "raise")}
    assert counts == {"fail": 2, "good too": 1, "raise": 2}
    assert waiting(sqs, url) == 0


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"null", set()),
        (b"", set()),
        (b"{}", set()),
        (b"no json", set()),
        (b'{"batchItemFailures":[]}', set()),
        (b'{"batchItemFailures":[{"itemIdentifier":"a"}]}', {"a"}),
        (b'{"batchItemFailures":[{"itemIdentifier":"c"}]}', None),
        (b'{"batchItemFailures":[{"itemIdentifier":""}]}', None),
        (b'{"batchItemFailures":[{}]}', None),
        (b'{"batchItemFailures":[1]}', None),
    ],
)
def test_a_function_says_which_messages_failed(answer: bytes, expected: set[str] | None) -> None:
    assert failures(answer, [{"MessageId": "a"}, {"MessageId": "b"}]) == expected


def test_a_message_is_passed_on_as_lambda_does() -> None:
    message = {
        "MessageId": "1", "ReceiptHandle": "r", "Body": "text", "MD5OfBody": "m", "Attributes": {"SenderId": "me"},
        "MessageAttributes": {"n": {"DataType": "Number", "StringValue": "7"}},
    }  # fmt: skip
    assert record(message, "orders", "http://localhost/123456789012/orders") == {
        "messageId": "1", "receiptHandle": "r", "body": "text", "md5OfBody": "m", "attributes": {"SenderId": "me"},
        "messageAttributes": {"n": {"dataType": "Number", "stringValue": "7"}}, "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:orders", "awsRegion": "us-east-1",
    }  # fmt: skip
