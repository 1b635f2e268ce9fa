"""The module `runtime_client` of `awslambdaric`, in Python, for systems that have no wheel of its compiled one (macOS).

`child.py` loads it by path. It makes the same calls of the Runtime API:
https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import http.client
import os
from typing import Any

#: What the compiled client waits for the next event: for ever, since a function may stay idle.
_NO_LIMIT = None
_DEADLINE = "Lambda-Runtime-Deadline-Ms"
_agent = ""


def initialize_client(user_agent: str) -> None:
    """Set the user agent of all requests."""
    global _agent  # noqa: PLW0603 - the interface that awslambdaric expects
    _agent = user_agent


def next() -> tuple[bytes, dict[str, str | int]]:
    """Wait for an event; return its payload and headers, the deadline as a number.

    Raises `RuntimeError` if the Runtime API refuses.
    """
    response, body = _request("GET", "invocation/next")
    headers: dict[str, str | int] = dict(response.getheaders())
    headers[_DEADLINE] = int(headers[_DEADLINE])
    return body, headers


def post_invocation_result(invoke_id: str, result: bytes, content_type: str, invocation_id: str | None = None) -> None:
    """Send what the handler returned. Raises `RuntimeError` if the Runtime API refuses."""
    headers = {"Content-Type": content_type} | _about(invocation_id)
    _request("POST", f"invocation/{invoke_id}/response", result, headers)


def post_error(invoke_id: str, error: str, xray_fault: str, invocation_id: str | None = None) -> None:
    """Send what the handler raised, as JSON. Raises `RuntimeError` if the Runtime API refuses."""
    headers = {
        "Content-Type": "application/json",
        "Lambda-Runtime-Function-Error-Type": "Unhandled",
        "Lambda-Runtime-Function-XRay-Error-Cause": xray_fault,
    }
    _request("POST", f"invocation/{invoke_id}/error", error.encode(), headers | _about(invocation_id))


def _about(invocation_id: str | None) -> dict[str, str]:
    return {"Lambda-Runtime-Invocation-Id": invocation_id} if invocation_id else {}


def _request(
    method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[http.client.HTTPResponse, bytes]:
    address, slash, prefix = os.environ["AWS_LAMBDA_RUNTIME_API"].partition("/")
    connection: Any = http.client.HTTPConnection(address, timeout=_NO_LIMIT)
    try:
        connection.request(
            method, f"{slash}{prefix}/2018-06-01/runtime/{path}", body, {"User-Agent": _agent, **(headers or {})}
        )
        response = connection.getresponse()
        answer = response.read()
    finally:
        connection.close()
    if not 200 <= response.status < 300:
        raise RuntimeError(f"the Runtime API answered {response.status} to {path}: {answer[:200]!r}")
    return response, answer
