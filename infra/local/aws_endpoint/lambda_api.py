"""The calls of Lambda's API that applications make: invoke, and read functions. Others are refused by name.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

import base64
import binascii
import re
import sys
from typing import Any
from urllib.parse import parse_qs, unquote

import orjson
from multidict import CIMultiDict

from infra.local.http.http1 import Request, Response
from infra.local.lambda_.model import (
    ACCOUNT,
    MAX_PAYLOAD_BYTES,
    FunctionNotFoundError,
    FunctionSpec,
    InvalidRequestError,
    LambdaServiceError,
    NotHereError,
    RequestTooLargeError,
    ValidationError,
)
from infra.local.lambda_.service import LambdaService, qualifier

FUNCTIONS = "/2015-03-31/functions"
#: All paths of Lambda's API begin with the date of its version.
LAMBDA = re.compile(
    r"^/20\d\d-\d\d-\d\d/(functions|event-source-mappings|layers|account-settings|code-signing-configs|tags)(/|$)"
)
KINDS = ("Event", "RequestResponse", "DryRun")
QUALIFIER = "$LATEST"
ONE = re.compile(rf"^{FUNCTIONS}/([^/?]+)(?:/(invocations|configuration))?/?$")


class LambdaApi:
    """Answers the SDK's requests about functions."""

    def __init__(self, functions: LambdaService) -> None:
        self._functions = functions

    @staticmethod
    def serves(path: str) -> bool:
        """Return whether this path belongs to Lambda's API."""
        return LAMBDA.match(path.partition("?")[0]) is not None

    async def respond(self, request: Request) -> Response:
        """Answer a call; refusals have AWS's codes."""
        try:
            return await self._answer(request)
        except LambdaServiceError as error:
            body = {"Type": "User", "Message": str(error), "Reason": "ConcurrentInvocationLimitExceeded"}
            if error.status != 429:
                del body["Reason"]
            return Response.json(body, error.status, {"x-amzn-ErrorType": error.code})

    async def _answer(self, request: Request) -> Response:
        path, _, query = request.target.partition("?")
        match = ONE.match(path)
        if request.method == "GET" and path.rstrip("/") == FUNCTIONS:
            listed = [configuration(spec) for spec in self._functions.functions.values()]
            return Response.json({"Functions": listed, "NextMarker": None})
        if match is None or request.method != ("POST" if match[2] == "invocations" else "GET"):
            raise NotHereError(
                f"{request.method} {path} is not supported: local functions are defined in app.py and "
                f"infra/aws/template.yaml (docs/local-aws.md)"
            )
        name, verb = unquote(match[1]), match[2]
        spec = self._functions.find(name)
        _check_qualifier(spec, name, query)
        if verb == "invocations":
            return await self._invoke(request, name)
        if verb == "configuration":
            return Response.json(configuration(spec))
        return Response.json({"Configuration": configuration(spec), "Code": {}, "Tags": {}})

    async def _invoke(self, request: Request, name: str) -> Response:
        if request.body is None:
            raise RequestTooLargeError(f"Request must be smaller than {MAX_PAYLOAD_BYTES} bytes")
        payload = request.body or b"{}"
        kind = request.lookup.get("x-amz-invocation-type", "RequestResponse")
        if kind not in KINDS:
            raise ValidationError(
                f"1 validation error detected: Value '{kind}' at 'invocationType' failed to satisfy constraint: Member "
                f"must satisfy enum value set: [{', '.join(KINDS)}]"
            )
        trace_id = request.lookup.get("x-amzn-trace-id")
        if kind == "DryRun":
            return Response(204, CIMultiDict(), b"")
        if not _is_json(payload):
            raise InvalidRequestError(f"Could not parse request body into json: {payload[:40]!r}")
        if kind == "Event":
            request_id = self._functions.invoke_async(name, payload, trace_id=trace_id)
            return Response(202, CIMultiDict({"x-amzn-RequestId": request_id}), b"")
        outcome = await self._functions.invoke(
            name,
            payload,
            trace_id=trace_id,
            client_context=_client_context(request),
            wants_log_tail=request.lookup.get("x-amz-log-type") == "Tail",
        )
        headers = CIMultiDict({"X-Amz-Executed-Version": "$LATEST", "Content-Type": "application/json"})
        if outcome.function_error is not None:
            headers["X-Amz-Function-Error"] = outcome.function_error
        if outcome.log_tail:
            headers["X-Amz-Log-Result"] = base64.b64encode(outcome.log_tail).decode()
        return Response(200, headers, outcome.payload)


def configuration(spec: FunctionSpec) -> dict[str, Any]:
    """Return a function as GetFunctionConfiguration describes it."""
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


def _check_qualifier(spec: FunctionSpec, name: str, query: str) -> None:
    """Raise FunctionNotFoundError for a version or an alias: there is only the newest code here."""
    for asked in (qualifier(name), *parse_qs(query).get("Qualifier", [])):
        if asked not in {"", QUALIFIER}:
            raise FunctionNotFoundError(f"Function not found: {spec.arn}:{asked}")


def _client_context(request: Request) -> str | None:
    """Return the client context, base64 in the request, as one line of JSON."""
    encoded = request.lookup.get("x-amz-client-context")
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
