"""Raise every alarm of a stack on LocalStack by its metric, reset it, and check that the topic gets both
notifications.
"""

import base64
import json
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from infra.local.deployed.template import Resolver
from infra.localstack.alarms import Trial, Values, functions, trials

TIMEOUT_S = 60.0
POLL_S = 0.2
#: The deployed worker writes its vitals at each tick.
TICK = {"source": "schedule"}
#: API Gateway always names a caller; without one the deployed API answers 500, as it does after an internal error.
BROKEN_REQUEST = {
    "httpMethod": "GET", "path": "/sync", "headers": {}, "pathParameters": None, "stageVariables": None,
    "multiValueQueryStringParameters": None, "body": None, "isBase64Encoded": False,
    "requestContext": {"httpMethod": "GET", "resourcePath": "/sync", "identity": None},
}  # fmt: skip
#: An alarm as CloudWatch describes it.
Alarm = Mapping[str, Any]
#: Statistics that further datapoints of the same period can only increase: their alarms are tried in OK first.
RISING = {"Sum", "Maximum"}


class AlarmProofError(AssertionError):
    """Raised when alarms are not in the state that their metric requires; the text names them."""


class AlarmProof:
    """The alarms of one deployed stack.

    Datapoints are written with the times of the last periods, and the alarm is put again unchanged: LocalStack
    evaluates an alarm when it is put, and next only when all its periods have passed.
    """

    def __init__(self, clients: Any, stack: str, built: Path, say: Callable[[str], None]) -> None:
        self._cloudwatch = clients.client("cloudwatch")
        self._cloudformation = clients.client("cloudformation")
        self._lambda = clients.client("lambda")
        self._gateway = clients.client("apigateway")
        self._sns = clients.client("sns")
        self._sqs = clients.client("sqs")
        self._stack = stack
        self._template = json.loads((built / "template.json").read_text())
        self._say = say

    def run(self) -> None:
        """Raise AlarmProofError unless all alarms work."""
        topic = self._physical_id("AlarmTopic")
        tried = trials(self._log(), self._names(), functions(self._template))
        alarms = self._alarms(topic)
        if set(alarms) != {trial.alarm for trial in tried}:
            raise AlarmProofError(f"Alarms without a trial, or the reverse: {set(alarms) ^ {t.alarm for t in tried}}")
        queue = self._subscribe(topic)
        first = {slug: "OK" if alarm["Statistic"] in RISING else "ALARM" for slug, alarm in alarms.items()}
        then = {slug: "ALARM" if state == "OK" else "OK" for slug, state in first.items()}
        for states in (first, then):
            self._expect(tried, alarms, states)
        self._await_notices(queue, {(a["AlarmName"], state) for a in alarms.values() for state in ("OK", "ALARM")})
        self._say(f"  {len(tried)} alarms were raised and reset by their metrics; the topic got both notifications")

    # What there is

    def _log(self) -> list[str]:
        """Return the lines that the deployed functions write with their vitals and failures."""
        return [*self._invoke("Worker", TICK), *self._invoke("APIHandler", BROKEN_REQUEST)]

    def _invoke(self, function: str, event: Mapping[str, Any]) -> list[str]:
        answer = self._lambda.invoke(
            FunctionName=self._physical_id(function), Payload=json.dumps(event).encode(), LogType="Tail"
        )
        return base64.b64decode(answer["LogResult"]).decode().splitlines()

    def _names(self) -> dict[str, str]:
        names = {resource: self._physical_id(resource) for resource in functions(self._template).values()}
        api = self._gateway.get_rest_api(restApiId=self._physical_id("RestAPI"))
        return {**names, "RestAPI": api["name"], "RedisCache": self._resolver().physical_name("RedisCache")}

    def _alarms(self, topic: str) -> dict[str, Alarm]:
        """Return the deployed alarms by slug.

        LocalStack has no ElastiCache, so its alarm is taken from the template.
        """
        pages = self._cloudwatch.get_paginator("describe_alarms").paginate(AlarmNamePrefix=f"{self._stack}-")
        alarms = [alarm for page in pages for alarm in page["MetricAlarms"]]
        of_redis = self._resolver().value(self._template["Resources"]["RedisThrottlesAlarm"]["Properties"])
        alarms.append({**of_redis, "AlarmActions": [topic], "OKActions": [topic]})
        for alarm in alarms:
            if alarm["AlarmActions"] != [topic] or not alarm.get("ActionsEnabled", True):
                raise AlarmProofError(
                    f"{alarm['AlarmName']} does not notify the topic {topic}: {alarm['AlarmActions']}"
                )
        return {alarm["AlarmName"].removeprefix(f"{self._stack}-"): alarm for alarm in alarms}

    def _physical_id(self, logical_id: str) -> str:
        found = self._cloudformation.describe_stack_resource(StackName=self._stack, LogicalResourceId=logical_id)
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def _resolver(self) -> Resolver:
        return Resolver(self._template, {}, self._stack)

    # What is done

    def _expect(
        self, tried: Iterable[Trial], alarms: Mapping[str, Mapping[str, Any]], states: Mapping[str, str]
    ) -> None:
        """Write the metrics that cause these states, by alarm, and wait for the states."""
        for trial in tried:
            self._write(trial, trial.trouble if states[trial.alarm] == "ALARM" else trial.healthy)
            self._put(alarms[trial.alarm])
        wanted = {alarms[slug]["AlarmName"]: state for slug, state in states.items()}
        deadline = time.monotonic() + TIMEOUT_S
        while wrong := wanted.items() - self._states().items():
            if time.monotonic() > deadline:
                raise AlarmProofError(f"Alarms that are not in these states: {dict(wrong)}")
            time.sleep(POLL_S)

    def _write(self, trial: Trial, values: Values) -> None:
        """Write `values` in the middle of each of the last periods."""
        middle, metric = datetime.now(UTC) - timedelta(seconds=trial.period_s / 2), trial.metric
        data = [
            {
                "MetricName": metric.name,
                "Dimensions": [{"Name": name, "Value": value} for name, value in metric.dimensions.items()],
                "Timestamp": middle - n * timedelta(seconds=trial.period_s),
                "Values": list(values),
            }
            for n in range(trial.periods)
            if values
        ]
        if data:
            self._cloudwatch.put_metric_data(Namespace=metric.namespace, MetricData=data)

    def _put(self, alarm: Alarm) -> None:
        shape = self._cloudwatch.meta.service_model.operation_model("PutMetricAlarm").input_shape
        self._cloudwatch.put_metric_alarm(**{name: value for name, value in alarm.items() if name in shape.members})

    def _states(self) -> dict[str, str]:
        pages = self._cloudwatch.get_paginator("describe_alarms").paginate(AlarmNamePrefix=f"{self._stack}-")
        return {alarm["AlarmName"]: alarm["StateValue"] for page in pages for alarm in page["MetricAlarms"]}

    # Notifications

    def _subscribe(self, topic: str) -> str:
        """Subscribe a queue to the topic; return its URL."""
        url = str(self._sqs.create_queue(QueueName=f"{self._stack}-alarm-notices")["QueueUrl"])
        arn = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        self._sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        return url

    def _await_notices(self, queue: str, wanted: set[tuple[str, str]]) -> None:
        deadline = time.monotonic() + TIMEOUT_S
        while wanted:
            if time.monotonic() > deadline:
                raise AlarmProofError(f"The topic got no notification of {sorted(wanted)}")
            answer = self._sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            for message in answer.get("Messages", []):
                notice = json.loads(json.loads(message["Body"])["Message"])
                wanted = wanted - {(notice["AlarmName"], notice["NewStateValue"])}
                self._sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
