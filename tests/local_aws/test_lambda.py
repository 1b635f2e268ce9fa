"""The Lambda service: environments, limits, failures and asynchronous events, on real processes."""

import asyncio
import json
import os
import signal
from pathlib import Path
from typing import Any, cast

import pytest

from infra.local import children
from infra.local.lambda_ import environment
from infra.local.lambda_.model import FunctionNotFoundError, RequestTooLargeError, ThrottledError
from infra.local.lambda_.runtime_api import RuntimeConnection
from tests.local_aws.conftest import Bench, eventually, type_of_run

pytestmark = pytest.mark.integration


def test_a_warm_environment_is_used_again(run: type_of_run) -> None:
    async def test(bench: Bench) -> None:
        bench.service.deploy([bench.function()])
        first = await bench.call({})
        second = await bench.call({})
        assert first["pid"] == second["pid"] == bench.service.pids()["Recorder"][0]
        assert "Init Duration" in bench.log()
        assert bench.log().count("Init Duration") == 1

    run(test)


def test_the_function_sees_what_lambda_gives_it(run: type_of_run) -> None:
    async def test(bench: Bench) -> None:
        bench.service.deploy([bench.function(timeout_s=5)])
        outcome = await bench.service.invoke(
            "arn:aws:lambda:us-east-1:000000000000:function:Recorder:$LATEST",
            b"{}",
            trace_id="Root=1-2-3",
            client_context='{"custom":{"a":1}}',
        )
        answer = json.loads(outcome.payload)
        assert answer["variables"]["AWS_LAMBDA_FUNCTION_NAME"] == "Recorder"
        assert 4000 < answer["remaining_ms"] <= 5000
        assert answer["arn"].endswith(":function:Recorder")
        assert answer["trace"] == "Root=1-2-3"
        assert answer["client"] == {"a": 1}

    run(test)


def test_events_at_the_same_time_get_an_environment_each_up_to_the_limit(run: type_of_run, tmp_path: Path) -> None:
    async def test(bench: Bench) -> None:
        bench.service.deploy([bench.function(concurrency=2)])
        go = tmp_path / "go"
        running = [asyncio.create_task(bench.call({"until": str(go)})) for _ in range(2)]
        await eventually(lambda: len(bench.seen()) == 2)
        with pytest.raises(ThrottledError):
            await bench.service.invoke("Recorder", b"{}")
        with pytest.raises(ThrottledError):
            await bench.service.invoke("Recorder", b"{}", wait_for_capacity_s=0.05)
        patient = asyncio.create_task(bench.service.invoke("Recorder", b"{}", wait_for_capacity_s=10))
        await asyncio.sleep(0)
        go.touch()
        pids = {answer["pid"] for answer in await asyncio.gather(*running)}
        assert len(pids) == 2
        assert (await patient).function_error is None

    run(test)


async def ask_runtime_api(host: str, target: str) -> bytes:
    """Return the status line of a POST by another client; empty when the connection is closed."""
    address, _, port = host.partition(":")
    reader, writer = await asyncio.open_connection(address, int(port))
    verb = b"GET" if target.endswith("/next") else b"POST"
    writer.write(verb + b" " + target.encode() + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
    line = await reader.readline()
    writer.close()
    return line.strip()


def test_only_its_process_gets_a_functions_events(run: type_of_run, tmp_path: Path) -> None:
    async def test(bench: Bench) -> None:
        bench.service.deploy([bench.function()])
        first = await bench.call({})
        host, _, secret = first["variables"]["AWS_LAMBDA_RUNTIME_API"].partition("/")
        paths = ["invocation/next", "init/error", "invocation/1/response"]
        for prefix in ("", f"/{'0' * len(secret)}", "//"):
            answers = {await ask_runtime_api(host, f"{prefix}/2018-06-01/runtime/{path}") for path in paths}
            assert answers == {b"HTTP/1.1 403 Forbidden"}
        # not even with the secret, while the process polls, and while it has an event
        await eventually(lambda: bool(bench.service._environments["Recorder"]._idle))
        poll = f"/{secret}/2018-06-01/runtime/invocation/next"
        assert await ask_runtime_api(host, poll) == b"HTTP/1.1 403 Forbidden"
        go = tmp_path / "go"
        running = asyncio.create_task(bench.call({"until": str(go)}))
        await eventually(lambda: len(bench.seen()) == 2)
        assert await ask_runtime_api(host, poll) == b"HTTP/1.1 403 Forbidden"
        go.touch()
        assert (await running)["pid"] == first["pid"]

    run(test)


def test_a_timeout_kills_the_process_and_the_next_event_gets_another(run: type_of_run) -> None:
    async def test(bench: Bench) -> None:
        bench.service.deploy([bench.function(timeout_s=0.3)])
        before = await bench.call({})
        error = await bench.fail({"sleep_s": 10})
        assert error["errorMessage"].endswith("Task timed out after 0.30 seconds")
        assert not children.is_alive(before["pid"])
        after = await bench.call({})
        assert after["pid"] != before["pid"]

    run(test)


def test_memory_above_the_limit_kills(run: type_of_run) -> None:
    async def test(bench: Bench) -> None:
        bench.service.deploy([bench.function(memory_mb=64, timeout_s=15)])
        error = await bench.fail({"allocate_mb": 100})
        assert error["errorType"] == "Runtime.OutOfMemory"

    run(test)


def test_a_process_that_dies_on_an_event_is_an_exit_error(run: type_of_run) -> None:
    async def test(bench: Bench) -> None:
        bench.service.deploy([bench.function()])
        error = await bench.fail({"exit": 3})
        assert error["errorType"] == "Runtime.ExitError"
        assert error["errorMessage"].endswith("Error: Runtime exited with error: exit status 3")
        assert (await bench.call({}))["pid"]

    run(test)


def test_a_process_may_end_itself_between_events(run: type_of_run) -> None:
    async def test(bench: Bench) -> None:
        bench.service.deploy([bench.function()])
        first = await bench.call({"exit_after_s": 0.02})
        await eventually(lambda: bench.service.pids()["Recorder"] == [])
        second = await bench.call({})
        assert first["pid"] != second["pid"]
        assert "error" not in bench.log().lower()

    run(test)


def test_an_exception_of_the_handler_is_an_unhandled_error(run: type_of_run) -> None:
    async def test(bench: Bench) -> None:
        bench.service.deploy([bench.function()])
        error = await bench.fail({"fail": True})
        assert (error["errorType"], error["errorMessage"]) == ("RuntimeError", "asked to fail")
        outcome = await bench.service.invoke("Recorder", b'{"fail":true}', wants_log_tail=True)
        assert b"asked to fail" in outcome.log_tail

    run(test)


def test_a_handler_that_cannot_be_loaded_fails_its_event_and_is_tried_again(run: type_of_run) -> None:
    async def test(bench: Bench) -> None:
        bench.service.deploy([bench.function(handler="nowhere.handle", warm=1)])
        assert await bench.service.wait_until_warm(10)
        for _ in range(2):
            assert (await bench.fail({}))["errorType"] == "Runtime.ImportModuleError"

    run(test)


def test_payloads_have_limits(run: type_of_run) -> None:
    async def test(bench: Bench) -> None:
        bench.service.deploy([bench.function()])
        with pytest.raises(RequestTooLargeError):
            await bench.service.invoke("Recorder", b"x" * (6 * 1024 * 1024 + 1))
        with pytest.raises(RequestTooLargeError):
            bench.service.invoke_async("Recorder", b"x" * (1024 * 1024 + 1))
        assert (await bench.fail({"size": 7_000_000}))["errorType"] == "Function.ResponseSizeTooLarge"
        assert len(await bench.call({"size": 5_000_000})) == 5_000_000

    run(test)


def test_an_unknown_function_is_not_found(run: type_of_run) -> None:
    async def test(bench: Bench) -> None:
        with pytest.raises(FunctionNotFoundError, match="function:Nobody"):
            await bench.service.invoke("Nobody", b"{}")

    run(test)


def test_a_failed_asynchronous_event_is_retried_twice_then_handed_to_its_destination(run: type_of_run) -> None:
    async def test(bench: Bench) -> None:
        graveyard = bench.function("Graveyard")
        bench.service.deploy([bench.function(on_failure=graveyard.arn), graveyard])
        request_id = bench.service.invoke_async("Recorder", b'{"fail": true}')
        await eventually(lambda: len(bench.seen()) == 4)
        *attempts, record = bench.seen()
        assert [attempt["request"] for attempt in attempts] == [request_id] * 3
        context = record["event"]["requestContext"]
        assert (context["condition"], context["approximateInvokeCount"]) == ("RetriesExhausted", 3)
        assert record["event"]["requestPayload"] == {"fail": True}
        assert record["event"]["responsePayload"]["errorMessage"] == "asked to fail"

    run(test)


def test_an_event_without_retries_is_tried_once(run: type_of_run) -> None:
    async def test(bench: Bench) -> None:
        graveyard = bench.function("Graveyard")
        bench.service.deploy([bench.function(async_retries=0, on_failure=graveyard.arn), graveyard])
        bench.service.invoke_async("Recorder", b'{"fail": true}')
        await eventually(lambda: len(bench.seen()) == 2)
        assert bench.seen()[1]["event"]["requestContext"]["approximateInvokeCount"] == 1

    run(test)


def test_an_event_waits_for_capacity_until_it_is_too_old(run: type_of_run, tmp_path: Path) -> None:
    async def test(bench: Bench) -> None:
        graveyard = bench.function("Graveyard")
        busy = bench.function(concurrency=1, async_event_age_s=0.2, on_failure=graveyard.arn)
        bench.service.deploy([busy, graveyard])
        go = tmp_path / "go"
        running = asyncio.create_task(bench.call({"until": str(go)}))
        await eventually(lambda: len(bench.seen()) == 1)
        bench.service.invoke_async("Recorder", b'{"late": true}')
        await eventually(lambda: len(bench.seen()) == 2)
        assert bench.seen()[1]["event"]["requestContext"]["condition"] == "EventAgeExceeded"
        go.touch()
        await running

    run(test)


def test_after_a_change_running_events_end_on_the_old_code_and_others_meet_the_new(
    run: type_of_run, tmp_path: Path
) -> None:
    async def test(bench: Bench) -> None:
        bench.service.deploy([bench.function(concurrency=2)])
        go = tmp_path / "go"
        old = asyncio.create_task(bench.call({"until": str(go)}))
        await eventually(lambda: len(bench.seen()) == 1)
        bench.service.deploy([bench.function(concurrency=2, timeout_s=7)])
        new = await bench.call({})
        assert 6000 < new["remaining_ms"] <= 7000
        go.touch()
        assert (await old)["pid"] != new["pid"]
        await eventually(lambda: bench.service.pids()["Recorder"] == [new["pid"]])

    run(test)


def test_a_change_tells_functions_that_handle_sigterm_to_end_early(run: type_of_run, tmp_path: Path) -> None:
    async def test(bench: Bench) -> None:
        bench.service.deploy([bench.function()])
        never = str(tmp_path / "never")
        old = asyncio.create_task(bench.call({"until": never, "handles_sigterm": True}))
        await eventually(lambda: len(bench.seen()) == 1)
        await eventually(lambda: _handles_sigterm(bench.seen()[0]["pid"]))
        bench.service.deploy([bench.function(timeout_s=7)])
        assert (await old)["pid"] == bench.seen()[0]["pid"]

    run(test)


def test_a_removed_function_is_gone(run: type_of_run) -> None:
    async def test(bench: Bench) -> None:
        bench.service.deploy([bench.function()])
        pid = (await bench.call({}))["pid"]
        bench.service.deploy([])
        with pytest.raises(FunctionNotFoundError):
            await bench.service.invoke("Recorder", b"{}")
        await eventually(lambda: not children.is_alive(pid))

    run(test)


def test_warm_environments_are_there_before_the_first_event_and_after_a_crash(run: type_of_run) -> None:
    async def test(bench: Bench) -> None:
        bench.service.deploy([bench.function(warm=1)])
        assert await bench.service.wait_until_warm(10)
        (pid,) = bench.service.pids()["Recorder"]
        os.kill(pid, signal.SIGKILL)
        await eventually(lambda: bench.service.pids()["Recorder"] not in ([], [pid]))
        assert (await bench.call({}))["pid"] != pid

    run(test)


def test_the_log_has_start_end_and_report_around_the_output(run: type_of_run) -> None:
    async def test(bench: Bench) -> None:
        bench.service.deploy([bench.function(memory_mb=200)])
        await bench.fail({"fail": True})
        lines = bench.log().splitlines()
        assert lines[0].startswith("START RequestId: ")
        assert lines[1] == "[ERROR] RuntimeError: asked to fail"
        assert lines[-2].startswith("END RequestId: ")
        assert "\tMemory Size: 200 MB\tMax Memory Used: " in lines[-1]

    run(test)


def _handles_sigterm(pid: int) -> bool:
    from infra.local.kernel import handles_sigterm

    return handles_sigterm(pid)


def test_an_endless_line_does_not_block_and_the_last_line_is_kept(run: type_of_run) -> None:
    async def test(bench: Bench) -> None:
        bench.service.deploy([bench.function("Loud"), bench.function("Quiet")])
        await bench.call({}, "Quiet")
        longest, last = 0.0, asyncio.get_running_loop().time()

        async def watch() -> None:
            nonlocal longest, last
            while True:
                now = asyncio.get_running_loop().time()
                longest, last = max(longest, now - last), now
                await asyncio.sleep(0.01)

        watching = asyncio.create_task(watch())
        await bench.call({"print_mb": 15}, "Loud")
        await bench.call({}, "Quiet")
        watching.cancel()
        assert longest < 5, "the loop stood still"
        await bench.fail({"print": "the last words", "exit": 3}, "Loud")
        assert "the last words\n" in bench.log("Loud")
        assert bench.log("Loud").count("x") >= 15 * 1024 * 1024

    run(test)


def test_nothing_of_a_client_gets_into_the_heads_of_the_runtime(run: type_of_run) -> None:
    async def test(bench: Bench) -> None:
        bench.service.deploy([bench.function()])
        smuggled = 'x\nContent-Length: 13\n\n{"evil":true}'
        for trace_id in (smuggled, "Root=1\r\nA: b", "ü", "x" * 5000):
            outcome = await bench.service.invoke("Recorder", b'{"good":true}', trace_id=trace_id)
            assert json.loads(outcome.payload)["trace"].startswith("Root=1-")
        assert [seen["event"] for seen in bench.seen()] == [{"good": True}] * 4

    run(test)


@pytest.mark.parametrize("length", [b"-100000", b"x", b"99999999999"])
def test_a_function_that_misuses_its_runtime_api_harms_only_itself(length: bytes) -> None:
    class Owner:
        """An owner without behaviour."""

    connection = RuntimeConnection(cast(Any, Owner()), "secret")
    connection.data_received(
        b"POST /secret/2018-06-01/runtime/x HTTP/1.1\r\nContent-Length: " + length + b"\r\n\r\nabc"
    )
    assert not connection._buffer


def test_an_init_that_aws_would_not_wait_for_is_remarked_on(run: type_of_run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "INIT_ON_AWS_S", 0.001)

    async def test(bench: Bench) -> None:
        bench.service.deploy([bench.function()])
        await bench.call({})
        assert "AWS allows 0.001 s" in bench.log()

    run(test)


def test_functions_run_without_the_compiled_client_of_awslambdaric(
    run: type_of_run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on macOS, for which it has no wheel."""
    script = tmp_path / "child.py"
    script.write_text(
        f"import runpy, sys\nsys.modules['runtime_client'] = None\n"
        f"runpy.run_path({str(environment.CHILD)!r}, run_name='__main__')\n"
    )
    monkeypatch.setattr(environment, "CHILD", script)

    async def test(bench: Bench) -> None:
        bench.service.deploy([bench.function(timeout_s=5)])
        outcome = await bench.service.invoke(
            "Recorder", b"{}", trace_id="Root=1-2-3", client_context='{"custom":{"a":1}}'
        )
        answer = json.loads(outcome.payload)
        assert "errorMessage" not in answer, answer
        assert (answer["trace"], answer["client"]) == ("Root=1-2-3", {"a": 1})
        assert 4000 < answer["remaining_ms"] <= 5000
        assert (await bench.call({}))["pid"] == answer["pid"]
        failed = await bench.fail({"fail": True})
        assert failed["errorMessage"] == "asked to fail"
        assert (await bench.call({}))["pid"] == answer["pid"]

    run(test)
