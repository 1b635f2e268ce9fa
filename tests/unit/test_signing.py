"""Our signatures equal botocore's."""

from __future__ import annotations

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials

from chalicelib.aws.connections import Requests
from chalicelib.aws.signing import Credentials, Signer

NOW_MS = 1_795_500_000_123


@pytest.mark.parametrize("token", ["", "a/session+token=="])
@pytest.mark.parametrize("connection_id", ["L0SM9cOFvHcCIhw=", "plain", "a b/c~d"])
@pytest.mark.parametrize(("method", "body"), [("POST", b'{"a":1}'), ("DELETE", b""), ("POST", b"\xc3\xa9")])
@pytest.mark.parametrize("endpoint", ["https://abc.execute-api.eu-west-1.amazonaws.com/prod", "http://127.0.0.1:2001"])
def test_signature_equals_botocores(
    monkeypatch: pytest.MonkeyPatch, token: str, connection_id: str, method: str, body: bytes, endpoint: str
) -> None:
    requests = Requests(endpoint, Credentials("AKID", "very secret", token), "eu-west-1", lambda: NOW_MS)

    path, headers = requests.parts(method, connection_id, body)

    reference = AWSRequest(method, endpoint.partition("//")[0] + "//" + requests.host + path, data=body)
    auth = SigV4Auth(BotoCredentials("AKID", "very secret", token or None), "execute-api", "eu-west-1")
    reference.context["timestamp"] = headers["x-amz-date"]
    monkeypatch.setattr(
        auth, "_set_necessary_date_headers", lambda r: r.headers.add_header("X-Amz-Date", headers["x-amz-date"])
    )
    auth._modify_request_before_signing(reference)
    signature = auth.signature(auth.string_to_sign(reference, auth.canonical_request(reference)), reference)
    auth._inject_signature_to_request(reference, signature)
    assert headers["authorization"] == reference.headers["Authorization"]


def test_each_body_is_signed_and_a_new_day_renews_the_key() -> None:
    now = [NOW_MS]
    requests = Requests("http://host", Credentials("AKID", "secret"), "eu-west-1", lambda: now[0])

    first = requests.parts("POST", "c", b"one")[1]
    second = requests.parts("POST", "c", b"two")[1]
    now[0] += 24 * 3600 * 1000
    third = requests.parts("POST", "c", b"two")[1]

    assert len({first["authorization"], second["authorization"], third["authorization"]}) == 3
    assert first["x-amz-date"][:8] != third["x-amz-date"][:8]


def test_without_credentials_nothing_is_signed() -> None:
    assert Requests("http://host/stage", None, "eu-west-1", lambda: NOW_MS).parts("GET", "c=") == (
        "/stage/@connections/c%3D",
        {},
    )


def test_further_amz_headers_are_signed_as_botocore_does(monkeypatch: pytest.MonkeyPatch) -> None:
    path, body, extra = (
        "/2015-03-31/functions/worker/invocations",
        b'{"source":"wake_up"}',
        {"x-amz-invocation-type": "Event"},
    )
    signer = Signer(Credentials("AKID", "secret", "session"), "eu-west-1", "lambda", "lambda.eu-west-1.amazonaws.com")

    headers = signer.headers("POST", path, body, NOW_MS, extra)

    reference = AWSRequest("POST", "https://lambda.eu-west-1.amazonaws.com" + path, headers=dict(extra), data=body)
    auth = SigV4Auth(BotoCredentials("AKID", "secret", "session"), "lambda", "eu-west-1")
    reference.context["timestamp"] = headers["x-amz-date"]
    monkeypatch.setattr(
        auth, "_set_necessary_date_headers", lambda r: r.headers.add_header("X-Amz-Date", headers["x-amz-date"])
    )
    auth._modify_request_before_signing(reference)
    signature = auth.signature(auth.string_to_sign(reference, auth.canonical_request(reference)), reference)
    assert headers["authorization"].endswith(f"Signature={signature}")
