"""An article by a language model, which a person approves: one job that may take two weeks."""

import asyncio

from pydantic import BaseModel
from queuecraft import Step, TaskContext, task

WEEK_S = 7 * 86_400


class Subject(BaseModel):
    """What the article is about."""

    subject: str


@task("article", retries=3, timeout_s=300, max_duration_s=2 * WEEK_S)
async def article(ctx: TaskContext, payload: Subject) -> dict[str, str | None]:
    """Write an article, wait for its approval, publish it."""
    outline = await ask(ctx, "outline", f"List the headings of an article on {payload.subject}, one a line.")
    headings = outline.splitlines()
    # jobs of their own, so each takes its turn under the limit; what one returned is never asked for again
    texts = await asyncio.gather(
        *(ask(ctx, f"section {n}", f"Write the section “{heading}”.") for n, heading in enumerate(headings, 1))
    )
    draft = "\n\n".join(f"# {heading}\n{text}" for heading, text in zip(headings, texts, strict=True))
    await ctx.step("send draft", send_draft, draft, ctx.callback_url("approval"))
    verdict = await ctx.wait_for_event("approval", timeout_s=WEEK_S)  # without a slot, a function, a server
    if not (verdict or {}).get("approved"):
        return {"status": "rejected" if verdict else "nobody answered", "address": None}
    # rather not at all than twice: if its end is unknown, a person looks at it
    address = await ctx.step("publish", publish, payload.subject, draft, options=Step(once=True))
    return {"status": "published", "address": address}


async def ask(ctx: TaskContext, name: str, prompt: str) -> str:
    """Return what the model answers, by a job under its limit."""
    text: str = await ctx.invoke(name, "complete", {"prompt": prompt})
    return text


def send_draft(draft: str, link: str) -> None:
    """Send the draft to the editors, with the link that approves it. Here you would mail it."""


def publish(subject: str, draft: str) -> str:
    """Publish the article and return its address. Here you would call the system that shows it."""
    return f"https://blog.example.com/{subject.lower().replace(' ', '-')}"
