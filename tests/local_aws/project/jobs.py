"""Functions that the template defines."""

import json
import multiprocessing
import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

SHOWN = ("GREETING", "OWN", "PEER", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_RUNTIME_API")


def record(event: dict[str, Any], context: Any) -> Any:
    """Append the event to the file that MARKS names, then do what it asks for."""
    with Path(os.environ["MARKS"]).open("a") as marks:
        marks.write(json.dumps({"event": event, "request": context.aws_request_id, "pid": os.getpid()}) + "\n")
    for _ in range(event.get("print_mb", 0)):
        os.write(1, b"x" * 1024 * 1024)
    if "print" in event:
        os.write(1, event["print"].encode())
    if event.get("fail"):
        raise RuntimeError("asked to fail")
    if "leave" in event:
        _leave(Path(event["leave"]))
    if "exit" in event:
        os._exit(event["exit"])
    if "exit_after_s" in event:
        threading.Timer(event["exit_after_s"], os._exit, [0]).start()
    if "allocate_mb" in event:
        block = bytearray(event["allocate_mb"] * 1024 * 1024)
        block[::4096] = b"x" * len(block[::4096])
        time.sleep(10)
    if "until" in event:
        _wait_for(Path(event["until"]), event)
    if "size" in event:
        return "x" * event["size"]
    time.sleep(event.get("sleep_s", 0))
    return {
        "pid": os.getpid(),
        "variables": {name: os.environ.get(name) for name in SHOWN},
        "remaining_ms": context.get_remaining_time_in_millis(),
        "arn": context.invoked_function_arn,
        "trace": os.environ.get("_X_AMZN_TRACE_ID"),
        "client": context.client_context.custom if context.client_context else None,
    }


def stop(event: dict[str, Any], context: Any) -> Any:
    """Stand still at a breakpoint."""
    number = event["number"]
    breakpoint()
    return number


def slow(event: dict[str, Any], context: Any) -> Any:
    """Take long, whatever the event."""
    time.sleep(10)


def _leave(where: Path) -> None:
    """Start processes that would outlive the function: in its group, in a session, a daemon, one without variables."""
    sleep = ["sleep", "600"]
    forked = multiprocessing.get_context("fork").Process(target=time.sleep, args=(600,))
    forked.start()
    left = [subprocess.Popen(sleep), subprocess.Popen(sleep, start_new_session=True)]
    left.append(subprocess.Popen(sleep, start_new_session=True, env={}, executable="/bin/sleep"))
    daemon = "sleep 600 >/dev/null 2>&1 & echo $!"
    shell = subprocess.run(["setsid", "sh", "-c", daemon], stdout=subprocess.PIPE, check=True, text=True)
    where.write_text(json.dumps([*(process.pid for process in left), forked.pid, int(shell.stdout)]))


def _wait_for(path: Path, event: dict[str, Any]) -> None:
    stopped = threading.Event()
    if event.get("handles_sigterm"):
        signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    while not path.exists() and not stopped.is_set():
        time.sleep(0.01)
    if event.get("handles_sigterm"):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
