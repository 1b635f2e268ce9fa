"""A first task. Rename it, or write your own beside it."""

from pydantic import BaseModel

from queuecraft import TaskContext, task


class Greeting(BaseModel):
    """The payload: a wrong one is refused when the job is submitted."""

    who: str = "world"


@task("greet", retries=3, timeout_s=30)
def greet(ctx: TaskContext, payload: Greeting) -> dict[str, str]:
    """Greet somebody."""
    ctx.log(f"greeting {payload.who}")
    return {"text": f"Hello, {payload.who}!"}
