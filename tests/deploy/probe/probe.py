"""Functions that record what an AWS passes to them, and end in different ways."""

import json
import os
import time
from pathlib import Path
from typing import Any


def echo(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Return a proxy function's answer with the event; with `to` in it, also write event and context to a file."""
    if "to" in event:
        seen = {
            "event": event,
            "context": {
                "aws_request_id": context.aws_request_id,
                "function_name": context.function_name,
                "function_version": context.function_version,
                "invoked_function_arn": context.invoked_function_arn,
                "memory_limit_in_mb": str(context.memory_limit_in_mb),
                "log_group_name": context.log_group_name,
                "remaining_ms": context.get_remaining_time_in_millis(),
            },
        }
        partial = Path(event["to"] + ".part")
        partial.write_text(json.dumps(seen))
        partial.rename(event["to"])
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(event)}


def fail(event: dict[str, Any], context: Any) -> None:
    """Raise."""
    raise ValueError("as asked")


def exit_(event: dict[str, Any], context: Any) -> None:
    """End the process."""
    os._exit(3)


def slow(event: dict[str, Any], context: Any) -> None:
    """Exceed the time limit."""
    time.sleep(30)


def tick(event: dict[str, Any], context: Any) -> None:
    """Write down the first event of a schedule."""
    path = Path(os.environ["PROBE_FILE"])
    if not path.exists():
        partial = path.with_suffix(".part")
        partial.write_text(json.dumps(event))
        partial.rename(path)
