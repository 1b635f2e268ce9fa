"""Secrets are read from SSM, here moto's server."""

from collections.abc import Iterator

import boto3
import pytest
from moto.server import ThreadedMotoServer

from chalicelib.aws import parameters
from chalicelib.errors import Unavailable

NOW_MS = 1_767_000_000_000


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def env(endpoint: str) -> dict[str, str]:
    return {"AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "a"}


def test_secure_strings_are_read_decrypted(env: dict[str, str], endpoint: str) -> None:
    ssm = boto3.client(
        "ssm", endpoint_url=endpoint, region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    for name in ("SECRET_KEY", "MONGODB_URI"):
        ssm.put_parameter(Name=f"/queuecraft/qc/{name}", Value=f"{name}-value", Type="SecureString")
    found = parameters.secrets("/queuecraft/qc", ["SECRET_KEY", "MONGODB_URI", "REDIS_URL"], env, lambda: NOW_MS)
    assert found == {"SECRET_KEY": "SECRET_KEY-value", "MONGODB_URI": "MONGODB_URI-value"}


def test_a_refusal_shows_only_its_kind(env: dict[str, str]) -> None:
    with pytest.raises(Unavailable, match=r"answered 400: \w+"):
        parameters.secrets("/queuecraft/qc", [f"N{n}" for n in range(11)], env, lambda: NOW_MS)


def test_a_store_that_is_down_is_unavailable() -> None:
    env = {"AWS_ENDPOINT_URL_SSM": "http://127.0.0.1:9"}
    with pytest.raises(Unavailable, match="does not answer"):
        parameters.secrets("/p", ["SECRET_KEY"], env, lambda: NOW_MS)
