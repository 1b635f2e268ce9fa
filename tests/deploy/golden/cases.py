"""The cases that are run on each target."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import requests

#: a body that is not UTF-8
BINARY = bytes(range(200, 256))


class Target(Protocol):
    """An AWS that runs the probe."""

    #: base of the REST API, with the stage if the URL has one
    api_url: str
    #: a boto3 client of Lambda
    functions: Any
    #: file to which the function of the schedule writes its first event
    ticked: Path

    def wait_for(self, path: Path) -> Any:
        """Return the JSON that a function writes to this file."""


def _invoke(target: Target, function: str, payload: Any, **options: Any) -> dict[str, Any]:
    answer = target.functions.invoke(FunctionName=function, Payload=json.dumps(payload).encode(), **options)
    text = answer["Payload"].read().decode()
    return {
        "StatusCode": answer["StatusCode"],
        "FunctionError": answer.get("FunctionError", "<none>"),
        "ExecutedVersion": answer.get("ExecutedVersion", "<none>"),
        "Payload": json.loads(text) if text else "",
    }


def rest_get(target: Target, folder: Path) -> Any:
    url = f"{target.api_url}/echo/a%20b?tag=x&tag=y&empty="
    return requests.get(url, headers={"X-Probe": "1", "User-Agent": "probe/1"}, timeout=60).json()


def rest_post(target: Target, folder: Path) -> Any:
    return requests.post(f"{target.api_url}/echo/json", json={"a": ["ü", 1]}, timeout=60).json()


def rest_binary(target: Target, folder: Path) -> Any:
    headers = {"Content-Type": "application/x-probe"}
    event = requests.post(f"{target.api_url}/echo/binary", data=BINARY, headers=headers, timeout=60).json()
    assert base64.b64decode(event["body"]) == BINARY
    return {"isBase64Encoded": event["isBase64Encoded"], "body": event["body"]}


def rest_unknown_path(target: Target, folder: Path) -> Any:
    answer = requests.get(f"{target.api_url}/nowhere", timeout=60)
    return {"status": answer.status_code, "body": answer.json()}


def invoke(target: Target, folder: Path) -> Any:
    answer = _invoke(target, "probe-echo", {"n": 1})
    return answer | {"Payload": json.loads(answer["Payload"]["body"])}


def invoke_async(target: Target, folder: Path) -> Any:
    path = folder / "async.json"
    answer = _invoke(target, "probe-echo", {"to": str(path)}, InvocationType="Event")
    seen = target.wait_for(path)
    seen["event"] = {"to": "given" if seen["event"] == {"to": str(path)} else seen["event"]}
    return {"StatusCode": answer["StatusCode"], "Payload": answer["Payload"], "seen": seen}


def error(target: Target, folder: Path) -> Any:
    return _invoke(target, "probe-fail", {})


def crash(target: Target, folder: Path) -> Any:
    return _invoke(target, "probe-exit", {})


def time_out(target: Target, folder: Path) -> Any:
    return _invoke(target, "probe-slow", {})


def unknown_function(target: Target, folder: Path) -> Any:
    try:
        target.functions.invoke(FunctionName="probe-nobody")
    except target.functions.exceptions.ResourceNotFoundException as refusal:
        return {"Code": refusal.response["Error"]["Code"], "Message": refusal.response["Error"]["Message"]}
    raise AssertionError("it was found")


def schedule(target: Target, folder: Path) -> Any:
    return target.wait_for(target.ticked)


CASES: dict[str, Callable[[Target, Path], Any]] = {
    case.__name__: case
    for case in (
        rest_get, rest_post, rest_binary, rest_unknown_path, invoke, invoke_async, error, crash, time_out,
        unknown_function, schedule,
    )
}  # fmt: skip
