"""Sends one HTTP request to the public internet, for webhooks, pings and calls of other services."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from worker_fn import TaskContext, task

#: Set by the client itself, or usable for request smuggling.
_RESERVED = {"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect"}

Url = Annotated[str, StringConstraints(max_length=2048, pattern=r"^https?://[^/?#@\s\\]+([/?#]\S*)?$")]
HeaderName = Annotated[str, StringConstraints(max_length=100, pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")]
HeaderValue = Annotated[str, StringConstraints(max_length=4096, pattern=r"^[^\r\n\x00]*$")]
Status = Annotated[int, Field(ge=100, le=599)]


class HttpRequest(BaseModel):
    """The request, and which statuses are successful."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    url: Url = Field(description="http or https, without credentials", examples=["https://example.com/"])
    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] = "GET"
    headers: dict[HeaderName, HeaderValue] = Field(default_factory=dict, max_length=50)
    body: str | None = Field(default=None, description="Sent as UTF-8; excludes json")
    json_: Any = Field(default=None, alias="json", description="Sent as JSON; excludes body")
    timeout_s: float = Field(default=30.0, gt=0, le=300, description="For the whole request, redirects included")
    expect_status: list[Status] | None = Field(default=None, max_length=50, description="Default: any of 2xx")
    follow_redirects: bool = Field(default=True, description="Up to five")
    max_response_bytes: int = Field(default=32_768, ge=0, le=40_960, description="Longer bodies are cut")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.body is not None and self.json_ is not None:
            raise ValueError("body and json exclude each other")
        reserved = _RESERVED & {name.lower() for name in self.headers}
        if reserved:
            raise ValueError(f"these headers cannot be set: {', '.join(sorted(reserved))}")
        return self


@task("http_request", retries=3, timeout_s=330)
async def http_request(ctx: TaskContext, payload: HttpRequest) -> dict[str, Any]:
    """Send an HTTP request; return status, headers and body of the response.

    Retried: no response, 408, 425, 429, 5xx (after `Retry-After`, if given). Not retried: other unexpected
    statuses, addresses that are not public.
    """
    # imported on first use: takes 0.2 s and 8 MB, which workers without such jobs save
    from worker_fn.http.addresses import GuardedResolver, system_lookup  # noqa: PLC0415
    from worker_fn.http.request import Request, check_status, fetch, shown  # noqa: PLC0415

    traceparent = {"traceparent": ctx.traceparent} if ctx.traceparent else {}
    headers = {"X-Trace-Id": ctx.trace_id, **traceparent, **payload.headers}
    body = payload.body.encode() if payload.body is not None else None
    if payload.json_ is not None:
        headers = {"Content-Type": "application/json", **headers}
        body = orjson.dumps(payload.json_)
    request = Request(
        payload.method,
        payload.url,
        headers,
        body,
        payload.timeout_s,
        payload.max_response_bytes,
        payload.follow_redirects,
    )
    ctx.log(f"{payload.method} {shown(payload.url)}")
    resolver = GuardedResolver(system_lookup, allow_private=ctx.settings.http_allow_private)
    response = await fetch(request, resolver)
    ctx.log(f"answered {response.status}, {len(response.body)} bytes")
    expected = frozenset(payload.expect_status) if payload.expect_status is not None else None
    check_status(response, expected, datetime.now(UTC))
    return response.as_result()
