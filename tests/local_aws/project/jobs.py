"""Functions that the template defines."""

import json
import os
import time
from pathlib import Path


def record(event, context):
    """Append the event to the file that MARKS names."""
    with Path(os.environ["MARKS"]).open("a") as marks:
        marks.write(json.dumps({"event": event, "request": context.aws_request_id, "pid": os.getpid()}) + "\n")
    if event.get("fail"):
        raise RuntimeError("asked to fail")
    if event.get("exit_after"):
        import threading

        threading.Timer(0.05, os._exit, [0]).start()
    if event.get("allocate_mb"):
        block = bytearray(event["allocate_mb"] * 1024 * 1024)
        for page in range(0, len(block), 4096):
            block[page] = 1
        time.sleep(10)
    time.sleep(event.get("sleep_s", 0))
    return {"seen": event, "variables": {name: os.environ.get(name) for name in ("GREETING", "OWN", "PEER")}}
