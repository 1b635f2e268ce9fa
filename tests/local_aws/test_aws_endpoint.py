"""Plain boto3 against the local AWS endpoint."""

import base64
import json
import re
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from chalicelib.aws.objects import Bucket
from chalicelib.aws.signing import Credentials
from chalicelib.errors import ObjectMissing
from infra.local import children
from infra.local.aws_endpoint.object_files import ObjectFiles
from infra.local.http.http1 import Request
from infra.local.testing import LocalStack

pytestmark = pytest.mark.e2e


def test_invoke_waits_for_the_answer(stack: LocalStack) -> None:
    client = stack.aws_client("lambda")
    answer = client.invoke(FunctionName="Recorder", Payload=b'{"n": 1}', LogType="Tail")
    assert answer["StatusCode"] == 200
    assert "FunctionError" not in answer
    assert json.loads(answer["Payload"].read())["variables"]["GREETING"] == "hello"


def test_invoke_tells_a_failure_and_its_log(stack: LocalStack) -> None:
    answer = stack.aws_client("lambda").invoke(FunctionName="Recorder", Payload=b'{"fail": true}', LogType="Tail")
    assert answer["FunctionError"] == "Unhandled"
    assert json.loads(answer["Payload"].read())["errorMessage"] == "asked to fail"
    assert b"RuntimeError: asked to fail" in base64.b64decode(answer["LogResult"])


def test_invoke_may_be_asynchronous_or_a_dry_run(stack: LocalStack) -> None:
    client = stack.aws_client("lambda")
    assert client.invoke(FunctionName="Recorder", InvocationType="Event", Payload=b"{}")["StatusCode"] == 202
    assert client.invoke(FunctionName="Recorder", InvocationType="DryRun", Payload=b"{}")["StatusCode"] == 204


def test_a_function_is_found_by_name_logical_id_and_arn(stack: LocalStack) -> None:
    client = stack.aws_client("lambda")
    by_id = client.get_function(FunctionName="Recorder")["Configuration"]
    name, arn = by_id["FunctionName"], by_id["FunctionArn"]
    assert name.endswith("-recorder")
    for spelling in (name, arn, f"{arn}:$LATEST", f"000000000000:function:{name}"):
        assert client.get_function_configuration(FunctionName=spelling)["FunctionArn"] == arn
    assert name in {function["FunctionName"] for function in client.list_functions()["Functions"]}


@pytest.mark.parametrize(
    ("function", "payload", "code"),
    [("Nobody", b"{}", "ResourceNotFoundException"), ("Recorder", b"{not json", "InvalidRequestContentException")],
)
def test_refusals_have_awss_codes(stack: LocalStack, function: str, payload: bytes, code: str) -> None:
    with pytest.raises(ClientError) as refused:
        stack.aws_client("lambda").invoke(FunctionName=function, Payload=payload)
    assert refused.value.response["Error"]["Code"] == code


@pytest.mark.parametrize(
    ("call", "parameters"),
    [
        ("delete_function", {}),
        ("update_function_configuration", {"Timeout": 3}),
        ("put_function_concurrency", {"ReservedConcurrentExecutions": 1}),
        ("publish_version", {}),
        ("get_policy", {}),
    ],
)
def test_unsupported_calls_of_lambda_are_refused_by_name(
    stack: LocalStack, call: str, parameters: dict[str, int]
) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(stack.aws_client("lambda"), call)(FunctionName="Recorder", **parameters)
    assert refused.value.response["Error"]["Code"] == "NotImplementedException"
    assert "is not supported" in refused.value.response["Error"]["Message"]
    assert stack.aws_client("lambda").get_function(FunctionName="Recorder")["Configuration"]["Timeout"] != 3


def test_kinds_of_invocation_and_qualifiers_that_do_not_exist_are_refused(stack: LocalStack) -> None:
    client = stack.aws_client("lambda")
    with pytest.raises(ClientError) as refused:
        client.invoke(FunctionName="Recorder", InvocationType="Later", Payload=b"{}")
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert client.invoke(FunctionName="Recorder", Qualifier="$LATEST", Payload=b"{}")["StatusCode"] == 200
    for spelling in ({"Qualifier": "prod"}, {"FunctionName": "Recorder:7"}):
        with pytest.raises(ClientError) as refused:
            client.invoke(**{"FunctionName": "Recorder", "Payload": b"{}", **spelling})
        assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"


@pytest.fixture
def group(stack: LocalStack) -> str:
    """The log group of a function that has logged a failure."""
    client = stack.aws_client("lambda")
    name = client.get_function_configuration(FunctionName="Recorder")["FunctionName"]
    client.invoke(FunctionName=name, Payload=b'{"fail": true}')
    return f"/aws/lambda/{name}"


def test_the_logs_of_a_function_are_read_as_aws_logs_tail_reads_them(stack: LocalStack, group: str) -> None:
    client = stack.aws_client("logs")
    pages = client.get_paginator("filter_log_events")
    begun = int((time.time() - 600) * 1000)
    events = [event for page in pages.paginate(logGroupName=group, startTime=begun) for event in page["events"]]
    assert any("RuntimeError: asked to fail" in event["message"] for event in events)
    assert len({event["eventId"] for event in events}) == len(events)
    assert all(begun <= event["timestamp"] <= time.time() * 1000 + 1000 for event in events)
    last = events[-1]["timestamp"]
    stack.aws_client("lambda").invoke(FunctionName="Recorder", Payload=b"{}")  # --follow asks on from the last event
    later = client.filter_log_events(logGroupName=group, startTime=last)["events"]
    fresh = [event for event in later if event["eventId"] not in {known["eventId"] for known in events}]
    assert any(event["message"].startswith("START") for event in fresh)


def test_logs_are_filtered_by_terms_and_time_and_come_in_pages(stack: LocalStack, group: str) -> None:
    client = stack.aws_client("logs")
    found = client.filter_log_events(logGroupName=group, filterPattern='"asked to fail" RuntimeError -START')["events"]
    assert found
    assert all("asked to fail" in event["message"] and "RuntimeError" in event["message"] for event in found)
    assert client.filter_log_events(logGroupName=group, endTime=1)["events"] == []
    every = client.filter_log_events(logGroupName=group)["events"]
    pages = client.get_paginator("filter_log_events").paginate(logGroupName=group, PaginationConfig={"PageSize": 2})
    paged = [event["eventId"] for page in pages for event in page["events"]]
    assert paged[: len(every)] == [event["eventId"] for event in every]
    with pytest.raises(ClientError, match="Only terms"):
        client.filter_log_events(logGroupName=group, filterPattern="{ $.level = ERROR }")


def test_log_groups_and_streams_are_listed_and_read(stack: LocalStack, group: str) -> None:
    client = stack.aws_client("logs")
    names = {each["logGroupName"] for each in client.describe_log_groups(logGroupNamePrefix="/aws/lambda")["logGroups"]}
    assert group in names
    [stream] = client.describe_log_streams(logGroupName=group)["logStreams"]
    head = client.get_log_events(logGroupName=group, logStreamName=stream["logStreamName"], limit=2, startFromHead=True)
    after = client.get_log_events(
        logGroupName=group, logStreamName=stream["logStreamName"], limit=1, nextToken=head["nextForwardToken"]
    )
    every = client.filter_log_events(logGroupName=group)["events"]
    read = [event["message"] for answer in (head, after) for event in answer["events"]]
    assert read == [event["message"] for event in every[:3]]
    tail = client.get_log_events(logGroupName=group, logStreamName=stream["logStreamName"])["events"]
    assert tail[0]["message"] == every[0]["message"]


def test_logs_of_local_functions_are_only_read(stack: LocalStack, group: str) -> None:
    client = stack.aws_client("logs")
    with pytest.raises(ClientError, match="DeleteLogGroup is not supported"):
        client.delete_log_group(logGroupName=group)
    with pytest.raises(ClientError) as refused:
        client.filter_log_events(logGroupName="/aws/lambda/nobody")
    assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"
    client.create_log_group(logGroupName="mine")  # other groups are moto's
    assert client.describe_log_groups(logGroupNamePrefix="mine")["logGroups"][0]["logGroupName"] == "mine"


def test_every_other_service_is_motos_and_starts_when_it_is_called(stack: LocalStack) -> None:
    parameters = stack.aws_client("ssm")
    parameters.put_parameter(Name="/queuecraft/key", Value="secret", Type="SecureString")
    assert parameters.get_parameter(Name="/queuecraft/key", WithDecryption=True)["Parameter"]["Value"] == "secret"
    mail = stack.aws_client("ses")
    mail.verify_email_identity(EmailAddress="a@example.com")
    sent = mail.send_email(
        Source="a@example.com",
        Destination={"ToAddresses": ["b@example.com"]},
        Message={"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}},
    )
    assert sent["MessageId"]
    buckets = stack.aws_client("s3")
    buckets.create_bucket(Bucket="files")
    buckets.put_object(Bucket="files", Key="a", Body=b"content")
    assert buckets.get_object(Bucket="files", Key="a")["Body"].read() == b"content"
    assert children.wait_until(lambda: stack.service("moto").pid > 0, timeout_s=5)


def test_a_presigned_url_expires(stack: LocalStack) -> None:
    client = stack.aws_client("s3", signature_version="s3v4")
    client.put_object(Bucket="queuecraft-exports", Key="exports/a.csv", Body=b"a,b\r\n")
    link = client.generate_presigned_url("get_object", Params={"Bucket": "queuecraft-exports", "Key": "exports/a.csv"})
    with urllib.request.urlopen(link, timeout=10) as answer:
        assert answer.read() == b"a,b\r\n"
    made = re.search(r"X-Amz-Date=(\d{8}T\d{6}Z)", link)
    assert made is not None
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(link.replace(made[1], "20200101T000000Z"), timeout=10)
    assert refused.value.code == 403
    assert b"Request has expired" in refused.value.read()


def test_payloads_in_s3_outlive_the_stack(stack: LocalStack) -> None:
    credentials = Credentials("AKID", "secret", "")
    bucket = Bucket(
        "queuecraft-payloads", endpoint=stack.aws_url, credentials=credentials, region="us-east-1",
        now_ms=lambda: int(time.time() * 1000),
    )  # fmt: skip
    key, other = "payloads/t/j/one", "payloads/t/j/other"
    bucket.put(key, b'{"a": "\xc3\xa4"}', "application/json")
    assert bucket.get(key) == '{"a": "ä"}'
    with urllib.request.urlopen(bucket.link(key, 60, "a.json"), timeout=10) as answer:
        assert answer.headers["Content-Disposition"] == 'attachment; filename="a.json"'
    later = ObjectFiles("queuecraft-payloads", stack.home / "objects")
    asked = Request("GET", f"/queuecraft-payloads/{key}", [])
    assert later.serves(asked)
    assert later.respond(asked).body == '{"a": "ä"}'.encode()
    bucket.delete(key)
    bucket.delete(other)
    for each in (key, other):
        with pytest.raises(ObjectMissing):
            bucket.get(each)
    assert later.respond(asked).status == 404


@pytest.mark.parametrize(
    "target",
    ["/b/payloads/../secret_key", "/b/payloads/.x", "/b/payloads", "/b/payloads/%2e%2e/x", "/c/payloads/x", "/b"],
)
def test_only_keys_that_are_safe_in_paths_are_files(tmp_path: Path, target: str) -> None:
    assert not ObjectFiles("b", tmp_path).serves(Request("GET", target, []))
