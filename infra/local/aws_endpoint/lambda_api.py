"""The calls of Lambda's API that applications make: invoke, and look at functions.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

import base64
import binascii
import re
import sys
from typing import Any
from urllib.parse import unquote

import orjson
from aiohttp import web

from infra.local.http import json_response, read_body
from infra.local.lambda_.model import (
    ACCOUNT,
    MAX_PAYLOAD_BYTES,
    FunctionSpec,
    InvalidRequestError,
    LambdaServiceError,
    RequestTooLargeError,
)
from infra.local.lambda_.service import LambdaService

FUNCTIONS = "/2015-03-31/functions"
ONE = re.compile(rf"^{FUNCTIONS}/([^/?]+)(?:/(invocations|configuration))?/?$")


class LambdaApi:
    """Answers the SDK's requests about functions."""

    def __init__(self, functions: LambdaService) -> None:
        self._functions = functions

    @staticmethod
    def serves(path: str) -> bool:
        """Whether this path is a call that we implement."""
        path = path.partition("?")[0]
        return path.rstrip("/") == FUNCTIONS or ONE.match(path) is not None

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a call; refusals have AWS's codes."""
        try:
            return await self._answer(request)
        except LambdaServiceError as error:
            body = {"Type": "User", "Message": str(error), "Reason": "ConcurrentInvocationLimitExceeded"}
            if error.status != 429:
                del body["Reason"]
            return json_response(body, error.status, {"x-amzn-ErrorType": error.code})

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        match = ONE.match(request.raw_path.partition("?")[0])
        if match is None:
            listed = [configuration(spec) for spec in self._functions.functions.values()]
            return json_response({"Functions": listed, "NextMarker": None})
        name, verb = unquote(match[1]), match[2]
        spec = self._functions.find(name)
        if verb == "invocations" and request.method == "POST":
            return await self._invoke(request, name)
        if verb == "configuration":
            return json_response(configuration(spec))
        return json_response({"Configuration": configuration(spec), "Code": {}, "Tags": {}})

    async def _invoke(self, request: web.BaseRequest, name: str) -> web.StreamResponse:
        payload = await read_body(request, MAX_PAYLOAD_BYTES)
        if payload is None:
            raise RequestTooLargeError("Request must be smaller than 6291456 bytes")
        payload = payload or b"{}"
        kind = request.headers.get("X-Amz-Invocation-Type", "RequestResponse")
        trace_id = request.headers.get("X-Amzn-Trace-Id")
        if kind == "DryRun":
            return web.Response(status=204)
        if not _is_json(payload):
            raise InvalidRequestError(f"Could not parse request body into json: {payload[:40]!r}")
        if kind == "Event":
            request_id = self._functions.invoke_async(name, payload, trace_id=trace_id)
            return web.Response(status=202, headers={"x-amzn-RequestId": request_id})
        outcome = await self._functions.invoke(
            name,
            payload,
            trace_id=trace_id,
            client_context=_client_context(request),
            wants_log_tail=request.headers.get("X-Amz-Log-Type") == "Tail",
        )
        headers = {"X-Amz-Executed-Version": "$LATEST", "Content-Type": "application/json"}
        if outcome.function_error is not None:
            headers["X-Amz-Function-Error"] = outcome.function_error
        if outcome.log_tail:
            headers["X-Amz-Log-Result"] = base64.b64encode(outcome.log_tail).decode()
        return web.Response(body=outcome.payload, headers=headers)


def configuration(spec: FunctionSpec) -> dict[str, Any]:
    """A function as GetFunctionConfiguration tells of it."""
    return {
        "FunctionName": spec.name,
        "FunctionArn": spec.arn,
        "Runtime": f"python{sys.version_info.major}.{sys.version_info.minor}",
        "Role": f"arn:aws:iam::{ACCOUNT}:role/local",
        "Handler": spec.handler,
        "Timeout": int(spec.timeout_s),
        "MemorySize": spec.memory_mb,
        "Version": "$LATEST",
        "State": "Active",
        "LastUpdateStatus": "Successful",
        "PackageType": "Zip",
        "Architectures": ["x86_64"],
    }


def _client_context(request: web.BaseRequest) -> str | None:
    """The client context, base64 in the request, as one line of JSON."""
    encoded = request.headers.get("X-Amz-Client-Context")
    if encoded is None:
        return None
    try:
        return orjson.dumps(orjson.loads(base64.b64decode(encoded))).decode()
    except (ValueError, binascii.Error):
        raise InvalidRequestError("Client context must be a valid Base64-encoded JSON object.") from None


def _is_json(payload: bytes) -> bool:
    try:
        orjson.loads(payload)
    except orjson.JSONDecodeError:
        return False
    return True
