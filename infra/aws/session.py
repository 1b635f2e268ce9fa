"""Clients of AWS, or of the endpoint that the environment names."""

from collections.abc import Mapping
from typing import Any

import boto3
from localstack_client.session import Session as LocalStackSession


class NoRegionError(RuntimeError):
    """Raised when neither the environment nor the profile names a region."""


def endpoint(environ: Mapping[str, str]) -> str | None:
    """Return the endpoint in AWS_ENDPOINT_URL or LOCALSTACK_HOST; None for AWS itself."""
    if url := environ.get("AWS_ENDPOINT_URL"):
        return url.rstrip("/")
    if host := environ.get("LOCALSTACK_HOST"):
        return f"http://{host}" if ":" in host else f"http://{host}:4566"
    return None


def session(environ: Mapping[str, str]) -> Any:
    """Return a session whose `client(service)` reaches AWS with the caller's credentials, or LocalStack.

    AWS_REGION, which botocore does not read, takes precedence over AWS_DEFAULT_REGION and the profile's region.
    Raises NoRegionError if none is set.
    """
    url = endpoint(environ)
    if url is None:
        made = boto3.Session(region_name=environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION"))
        if made.region_name is None:
            raise NoRegionError("No region is set. Name one: AWS_REGION=eu-central-1")
        return made
    return LocalStackSession(localstack_host=url.partition("://")[2], region_name=region(environ))


def region(environ: Mapping[str, str]) -> str:
    """Return the region that the environment names."""
    return environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or "us-east-1"
