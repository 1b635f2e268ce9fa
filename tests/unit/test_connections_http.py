"""Reading answers of ``@connections`` piece by piece."""

from __future__ import annotations

import pytest

from chalicelib.aws.connections import Requests, raise_for_status
from chalicelib.aws.http_pool import Answer
from chalicelib.errors import MisconfiguredError, NotFound, Throttled, TooLarge, Unavailable

ANSWERS = [
    (b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", 200, True),
    (b"HTTP/1.1 204 No Content\r\n\r\n", 204, True),
    (b"HTTP/1.1 410 Gone\r\nContent-Type: a/b\r\nContent-Length: 4\r\n\r\nGone", 410, True),
    (b"HTTP/1.1 429 Too Many\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}", 429, False),
    (b"HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 500, True),
]


@pytest.mark.parametrize(("text", "status", "keep"), ANSWERS)
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_an_answer_is_complete_when_its_body_is(text: bytes, status: int, keep: bool, size: int) -> None:
    answer = Answer()
    pieces = [text[at : at + size] for at in range(0, len(text), size)]

    assert [answer.feed(piece) for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    assert (answer.status, answer.keep) == (status, keep)


def test_what_is_not_http_is_an_error() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        Answer().feed(b"SSH-2.0-OpenSSH\r\n\r\n")


@pytest.mark.parametrize(
    ("status", "error"),
    [(410, NotFound), (413, TooLarge), (429, Throttled), (500, Unavailable), (403, Unavailable), (0, Unavailable)],
)
def test_statuses_mean_errors(status: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        raise_for_status(status)


def test_success_is_silent() -> None:
    raise_for_status(200)
    raise_for_status(204)


@pytest.mark.parametrize("endpoint", ["", "localhost:2001", "ftp://host", "http://"])
def test_an_endpoint_is_a_url(endpoint: str) -> None:
    with pytest.raises(MisconfiguredError, match="WEBSOCKET_API_ENDPOINT"):
        Requests(endpoint, None, "eu-west-1", lambda: 0)


def test_the_bytes_of_a_post() -> None:
    raw = Requests("http://host:1234/api/", None, "eu-west-1", lambda: 0).post("L0=", b"{}")

    assert raw == b"POST /api/@connections/L0%3D HTTP/1.1\r\nhost: host:1234\r\ncontent-length: 2\r\n\r\n{}"
