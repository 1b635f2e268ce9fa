"""The HTTP parser of the REST API's port, as bytes in and requests out."""

import pytest
from multidict import CIMultiDict

from infra.local.http.http1 import BadRequestError, Request, RequestParser, Response


def parse(*pieces: bytes, limit: int = 100) -> list[Request]:
    """The requests in pieces that arrive one after another."""
    parser = RequestParser(limit)
    return [request for piece in pieces for request in parser.feed(piece)]


def test_a_request_without_body() -> None:
    (request,) = parse(b"GET /a?b=1 HTTP/1.1\r\nHost: x\r\nX-A: 1\r\nX-A:  2 \r\n\r\n")
    assert (request.method, request.target, request.body) == ("GET", "/a?b=1", b"")
    assert request.headers == [("Host", "x"), ("X-A", "1"), ("X-A", "2")]
    assert request.lookup["x-a"] == "2"
    assert request.keep_alive


def test_pieces_and_pipelined_requests() -> None:
    whole = b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET /next HTTP/1.1\r\n\r\n"
    for cut in range(1, len(whole)):
        first, second = parse(whole[:cut], whole[cut:])
        assert (first.body, second.target) == (b"abc", "/next")


def test_a_chunked_body_in_any_pieces() -> None:
    chunks = b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: 1\r\n\r\n"
    whole = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"GET / HTTP/1.1\r\n\r\n"
    for cut in range(1, len(whole)):
        first, second = parse(whole[:cut], whole[cut:])
        assert (first.body, second.method) == (b"abcde", "GET")


@pytest.mark.parametrize(
    "body",
    [
        b"Content-Length: 101\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n65\r\n" + b"x" * 101 + b"\r\n0\r\n\r\n",
    ],
)
def test_a_body_above_the_limit_is_none_and_ends_the_connection(body: bytes) -> None:
    request = parse(b"POST / HTTP/1.1\r\n" + body)[0]
    assert request.body is None
    assert not request.keep_alive


def test_when_the_client_may_go_on() -> None:
    assert not parse(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")[0].keep_alive
    assert not parse(b"GET / HTTP/1.0\r\n\r\n")[0].keep_alive
    assert parse(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")[0].keep_alive


def test_a_client_may_wait_for_leave_to_send_its_body() -> None:
    parser = RequestParser(100)
    assert list(parser.feed(b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n")) == []
    assert parser.expects_continue
    assert [request.body for request in parser.feed(b"x")] == [b"x"]


def test_a_target_with_scheme_and_host_is_cut_to_its_path() -> None:
    assert parse(b"GET http://host:1/a?b HTTP/1.1\r\n\r\n")[0].target == "/a?b"
    assert parse(b"OPTIONS * HTTP/1.1\r\n\r\n")[0].target == "/"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n folded: 1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nname : 1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: " + b"x" * 40_000, 431),
    ],
)
def test_what_is_no_request_is_refused(data: bytes, status: int) -> None:
    with pytest.raises(BadRequestError) as refused:
        parse(data)
    assert refused.value.status == status


def test_a_response_on_the_wire() -> None:
    response = Response(200, CIMultiDict([("A", "1"), ("A", "2")]), b"body")
    assert response.encode() == b"HTTP/1.1 200 OK\r\nA: 1\r\nA: 2\r\nContent-Length: 4\r\n\r\nbody"
    assert response.encode(is_head=True, keep_alive=False).endswith(b"Content-Length: 4\r\nConnection: close\r\n\r\n")
    assert b"Content-Length" not in Response(204, CIMultiDict(), b"").encode()
