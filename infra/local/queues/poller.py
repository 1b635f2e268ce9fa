"""Event source mappings of SQS: receive messages of moto's queues, pass them to functions, delete what succeeded."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import orjson
from multidict import CIMultiDict

from infra.local.aws_endpoint.moto import Moto
from infra.local.deployed.model import Deployment, QueueSource
from infra.local.http.http1 import Request
from infra.local.lambda_.model import REGION, LambdaServiceError
from infra.local.lambda_.service import LambdaService

#: Seconds between two looks at an empty queue, and after a failure of the endpoint.
IDLE_S: Final = 0.5
BROKEN_S: Final = 2.0
#: Messages that SQS returns at once.
MAX_BATCH: Final = 10
#: How long a batch waits for room in its function.
CAPACITY_S: Final = 20.0
SCOPE: Final = f"AWS4-HMAC-SHA256 Credential=local/20300101/{REGION}/sqs/aws4_request"
TYPE: Final = "application/x-amz-json-1.0"


class QueueError(Exception):
    """Raised when SQS refuses a call; the text is its answer."""


class QueuePoller:
    """Polls the queues of the deployment, one batch of each at a time. Queues that do not exist are made."""

    def __init__(self, functions: LambdaService, moto: Moto, note: Callable[[str], None]) -> None:
        self._functions = functions
        self._moto = moto
        self._note = note
        self._tasks: dict[QueueSource, asyncio.Task[None]] = {}

    def deploy(self, deployment: Deployment) -> None:
        """Poll these queues."""
        wanted = set(deployment.queues)
        for source in self._tasks.keys() - wanted:
            self._tasks.pop(source).cancel()
        for source in wanted - self._tasks.keys():
            self._tasks[source] = asyncio.create_task(self._run(source))

    async def close(self) -> None:
        """Stop polling."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks.clear()

    async def _run(self, source: QueueSource) -> None:
        noted = ""
        while True:
            try:
                url = await self._url(source.queue)
                noted = ""
                while True:
                    if not await self._batch(source, url):
                        await asyncio.sleep(IDLE_S)
            except Exception as error:  # the queue was deleted, moto ended, the function is not there yet
                if str(error) != noted:
                    noted = str(error)
                    self._note(f"queue {source.queue}: {noted}")
                await asyncio.sleep(BROKEN_S)

    async def _url(self, queue: str) -> str:
        try:
            found = await self._call("GetQueueUrl", {"QueueName": queue})
        except QueueError:
            found = await self._call("CreateQueue", {"QueueName": queue})
        return str(found["QueueUrl"])

    async def _batch(self, source: QueueSource, url: str) -> int:
        """Receive messages and invoke the function with them; return how many there were."""
        asked = {"MaxNumberOfMessages": min(source.batch, MAX_BATCH), "AttributeNames": ["All"]}
        found = await self._call("ReceiveMessage", {"QueueUrl": url, **asked, "MessageAttributeNames": ["All"]})
        messages = found.get("Messages") or []
        if not messages:
            return 0
        event = {"Records": [record(message, source.queue, url) for message in messages]}
        try:
            outcome = await self._functions.invoke(source.function, orjson.dumps(event), wait_for_capacity_s=CAPACITY_S)
        except LambdaServiceError as error:  # they are visible again after their time
            self._note(f"queue {source.queue}: {error}")
            return len(messages)
        failed = None if outcome.function_error else failures(outcome.payload, messages)
        if failed is None:
            self._note(f"queue {source.queue}: {source.function} failed, its {len(messages)} messages come again")
            return len(messages)
        done = [message for message in messages if message["MessageId"] not in failed]
        if done:
            entries = [{"Id": str(n), "ReceiptHandle": each["ReceiptHandle"]} for n, each in enumerate(done)]
            await self._call("DeleteMessageBatch", {"QueueUrl": url, "Entries": entries})
        return len(messages)

    async def _call(self, action: str, body: Mapping[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": SCOPE, "Content-Type": TYPE, "X-Amz-Target": f"AmazonSQS.{action}"}
        lookup = {name.lower(): value for name, value in headers.items()}
        request = Request("POST", "/", list(CIMultiDict(headers).items()), lookup, orjson.dumps(body))
        answer = await self._moto.respond(request)
        if answer.status != 200:
            raise QueueError(f"{action}: {answer.body.decode(errors='replace')[:300]}")
        return dict(orjson.loads(answer.body or b"{}"))


def failures(answer: bytes, messages: Sequence[Mapping[str, Any]]) -> set[str] | None:
    """Return the ids of messages that a function reports as failed; `None` if all are.

    No answer, or one that names none, is success. One that names unknown messages, or no id, fails the whole batch:
    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    try:
        given = orjson.loads(answer or b"null")
    except orjson.JSONDecodeError:
        return set()
    items = given.get("batchItemFailures") if isinstance(given, dict) else None
    if not items:
        return set()
    named = {str(each.get("itemIdentifier") if isinstance(each, dict) else None) for each in items}
    return named if named <= {message["MessageId"] for message in messages} else None


def record(message: Mapping[str, Any], queue: str, url: str) -> dict[str, Any]:
    """Return a message as Lambda passes it on.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
    """
    account = url.split("/")[-2]
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {
            name: {f"{key[0].lower()}{key[1:]}": inner for key, inner in value.items()}
            for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message.get("MD5OfBody", ""),
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{REGION}:{account}:{queue}",
        "awsRegion": REGION,
    }
