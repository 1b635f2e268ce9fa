"""The language model, which all jobs share."""

import os

import httpx2
from pydantic import BaseModel
from queuecraft import Limit, Retry, TaskContext, resource, secret, task

#: What its provider allows: jobs wait for their turn without a slot of a worker.
MODEL = Limit("model", concurrency=4, rate="60/min", burst=4)


class Prompt(BaseModel):
    """What the model is asked."""

    prompt: str


@resource
def http() -> httpx2.Client:
    """Make a client once in a worker."""
    return httpx2.Client(timeout=60)


@task("complete", retries=8, timeout_s=90, limits=[MODEL])
def complete(ctx: TaskContext, payload: Prompt) -> str:
    """Return what the model answers."""
    answer = http().post(
        os.environ["MODEL_URL"],
        json={"prompt": payload.prompt},
        headers={"Authorization": f"Bearer {secret('MODEL_KEY')}"},
    )
    if answer.status_code == httpx2.codes.TOO_MANY_REQUESTS:
        raise Retry(delay_s=float(answer.headers.get("Retry-After", "30")))
    answer.raise_for_status()
    return str(answer.json()["text"])
