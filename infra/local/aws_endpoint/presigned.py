"""Links that expire: moto takes presigned URLs of S3 at any time.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

from multidict import CIMultiDict

from infra.local.http.http1 import Request, Response

MAX_EXPIRES_S = 7 * 24 * 3600


def refusal(request: Request, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Response | None:
    """Return the answer to a presigned request whose time is over or not valid; None for any other request."""
    query = parse_qs(request.target.partition("?")[2])
    if "X-Amz-Signature" not in query:
        return None
    try:
        [made], [expires] = query["X-Amz-Date"], query["X-Amz-Expires"]
        seconds = int(expires)
        begins = datetime.strptime(made, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except (KeyError, ValueError):
        return _refused("AuthorizationQueryParametersError", "X-Amz-Date and X-Amz-Expires are needed", 400)
    if not 0 < seconds <= MAX_EXPIRES_S:
        message = f"X-Amz-Expires must be between 1 and {MAX_EXPIRES_S} seconds"
        return _refused("AuthorizationQueryParametersError", message, 400)
    if now() > begins + timedelta(seconds=seconds):
        return _refused("AccessDenied", "Request has expired", 403)
    return None


def _refused(code: str, message: str, status: int) -> Response:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Response(status, CIMultiDict({"Content-Type": "application/xml"}), body.encode())
