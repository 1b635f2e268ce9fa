"""Functions and the REST API of an AWS at an endpoint."""

import asyncio
import uuid

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from infra.local.http.http1 import Request, Response
from infra.local.lambda_.model import LambdaServiceError, Outcome, ThrottledError

#: longest time that API Gateway waits for a function
TIMEOUT_S = 29.0
#: headers of a single connection, which are not passed on
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "content-length", "host"}


class RemoteFunctions:
    """Invokes functions by Lambda's API."""

    def __init__(self, endpoint: str, session: aiohttp.ClientSession) -> None:
        self._endpoint = endpoint
        self._session = session

    async def invoke(self, name: str, payload: bytes, *, wait_for_capacity_s: float = 0.0) -> Outcome:
        """Return the outcome of an invocation. Raises LambdaServiceError if it was refused or timed out."""
        url = f"{self._endpoint}/2015-03-31/functions/{name}/invocations"
        timeout = aiohttp.ClientTimeout(total=wait_for_capacity_s or TIMEOUT_S)
        try:
            async with self._session.post(url, data=payload, timeout=timeout) as answer:
                body = await answer.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise LambdaServiceError(f"{name}: {error!r}") from error
        if answer.status == 429:
            raise ThrottledError("Rate Exceeded.")
        if answer.status != 200:
            raise LambdaServiceError(f"{name}: Lambda answered {answer.status}: {body[:200]!r}")
        return Outcome(body, function_error=answer.headers.get("X-Amz-Function-Error"))


class RemoteApi:
    """Passes requests to the REST API of a stack."""

    def __init__(self, endpoint: str, api_id: str, stage: str, session: aiohttp.ClientSession) -> None:
        self._base = f"{endpoint}/_aws/execute-api/{api_id}/{stage}"
        self._session = session

    async def respond(self, request: Request) -> Response:
        """Return the API's answer to a request."""
        if request.body is None:
            return _error(413, "payload_too_large", "Request body too large")
        headers = CIMultiDict((name, value) for name, value in request.headers if name.lower() not in HOP_BY_HOP)
        headers["X-Forwarded-For"] = request.source_ip
        # encoded: the target is passed on unchanged
        url = URL(self._base + request.target, encoded=True)
        try:
            async with (
                asyncio.timeout(TIMEOUT_S),
                self._session.request(
                    request.method, url, data=request.body or None, headers=headers, allow_redirects=False
                ) as answer,
            ):
                content = await answer.read()
        except TimeoutError:
            return _error(504, "timeout", "The request took too long")
        except aiohttp.ClientError:
            return _error(502, "internal", "Internal server error")
        passed = CIMultiDict((name, value) for name, value in answer.headers.items() if name.lower() not in HOP_BY_HOP)
        return Response(answer.status, passed, content)


def _error(status: int, code: str, message: str) -> Response:
    body = {"success": False, "error": message, "code": code, "traceId": str(uuid.uuid4())}
    return Response.json(body, status)
