"""The HTTP parser of the REST API's port: bytes in, requests out."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from multidict import CIMultiDict

from infra.local.http.http1 import BadRequestError, Request, RequestParser, Response

#: Parts of requests, whole and cut.
PIECES = [
    b"GET / HTTP/1.1\r\n", b"POST /a?b HTTP/1.1\r\n", b"Host: localhost\r\n", b"Content-Length: 3\r\n", b"\r\n",
    b"abc", b"Transfer-Encoding: chunked\r\n", b"3\r\nabc\r\n", b"0\r\n\r\n", b"-6\r\n", b"ffffffff\r\n",
    b"Connection: close\r\n", b"Upgrade: websocket\r\nConnection: Upgrade\r\n", b"Expect: 100-continue\r\n", b"\n",
    b"\r", b" ", b":",
]  # fmt: skip


def parse(*pieces: bytes, limit: int = 100) -> list[Request]:
    """Parse pieces that arrive one after another."""
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


def test_heads_and_bodies_that_come_apart_add_up_to_nothing_on_a_connection() -> None:
    head = b"POST / HTTP/1.1\r\nX-Long: " + b"x" * 900 + b"\r\nContent-Length: 3\r\n\r\n"
    assert len(parse(*[head, b"abc"] * 50)) == 50


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


def test_a_request_after_one_with_a_large_body_is_no_overhead_of_that() -> None:
    body = b"x" * 500_000
    whole = b"PUT / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    head = b"PUT /next HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
    first, second = parse(whole, head, b"abc", limit=1_000_000)
    assert (len(first.body or b""), second.body) == (len(body), b"abc")


def test_a_client_may_wait_for_permission_to_send_its_body() -> None:
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
        # what two servers could read in two ways
        (b"GET / HTTP/1.1\nHost: x\n\n", 400),
        (b"GET / HTTP/1.1\r\nA: b\nEvil: c\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: +3\r\n\r\nabc", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-6\r\nabc\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;" + b"x" * 100_000, 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nT: " + b"x" * 100_000, 400),
        # a browser that uses https
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 400),
    ],
)
def test_bytes_that_are_no_request_are_refused(data: bytes, status: int) -> None:
    with pytest.raises(BadRequestError) as refused:
        parse(data)
    assert refused.value.status == status


def test_a_tls_client_is_refused_with_the_reason() -> None:
    with pytest.raises(BadRequestError, match="speaks http, not https"):
        parse(b"\x16\x03\x01\x02\x00\x01")


def test_an_upgrade_that_is_not_spoken_is_answered_and_ends_the_connection() -> None:
    head = b"GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
    (request,) = parse(head + b"GET /next HTTP/1.1\r\n\r\n")
    assert request.target == "/" and not request.keep_alive


@given(st.lists(st.binary(max_size=60) | st.sampled_from(PIECES), max_size=12))
@example([PIECES[0], b"\r\n", b"\0"])
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_requests_or_a_refusal(pieces: list[bytes]) -> None:
    """And the same results wherever the stream is cut."""
    whole = b"".join(pieces)
    assert outcome([whole]) == outcome(pieces)


@given(
    st.lists(
        st.tuples(st.sampled_from(["GET", "POST", "PUT"]), st.binary(max_size=40), st.booleans()),
        min_size=1,
        max_size=5,
    ),
    st.integers(min_value=1, max_value=50),
)
@settings(max_examples=100, deadline=None)
def test_requests_that_were_written_are_read(sent: list[tuple[str, bytes, bool]], size: int) -> None:
    wire = b"".join(written(*request) for request in sent)
    pieces = [wire[at : at + size] for at in range(0, len(wire), size)]
    assert [(request.method, request.body) for request in parse(*pieces)] == [(m, b) for m, b, _ in sent]


def written(method: str, body: bytes, chunked: bool) -> bytes:
    head = f"{method} /a HTTP/1.1\r\nHost: localhost\r\n".encode()
    if not chunked:
        return head + f"Content-Length: {len(body)}\r\n\r\n".encode() + body
    chunks = b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in (body[:7], body[7:]) if part)
    return head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"


def outcome(pieces: list[bytes]) -> list[object]:
    """Return the result of a stream: methods, targets, bodies, and whether it was refused."""
    parser, seen = RequestParser(100), list[object]()
    try:
        for piece in pieces:
            for request in parser.feed(piece):  # requests before a refusal count too
                seen.append((request.method, request.target, request.body))
    except BadRequestError:
        seen.append("refused")
    return seen


def test_a_response_on_the_wire() -> None:
    response = Response(200, CIMultiDict([("A", "1"), ("A", "2")]), b"body")
    assert response.encode() == b"HTTP/1.1 200 OK\r\nA: 1\r\nA: 2\r\nContent-Length: 4\r\n\r\nbody"
    assert response.encode(is_head=True, keep_alive=False).endswith(b"Content-Length: 4\r\nConnection: close\r\n\r\n")
    assert b"Content-Length" not in Response(204, CIMultiDict(), b"").encode()
