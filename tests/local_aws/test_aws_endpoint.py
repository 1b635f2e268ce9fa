"""Plain boto3 against the local AWS endpoint."""

import base64
import json
import re
import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError

from infra.local import children
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


def test_reading_the_logs_of_a_function_says_where_they_are(stack: LocalStack) -> None:
    with pytest.raises(ClientError, match="make logs"):
        stack.aws_client("logs").filter_log_events(logGroupName="/aws/lambda/queuecraft-worker")


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
