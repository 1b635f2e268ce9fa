"""The merged log."""

import io
from pathlib import Path

import orjson

from infra.local.logs import CONSOLE_LINES_PER_S, Console, Logs, compact


def test_a_json_line_is_shown_as_level_message_and_what_matters() -> None:
    record = {"level": "INFO", "message": "job start", "event": "start", "jobId": "j1", "traceId": "t", "x": 1}
    assert compact(orjson.dumps(record)) == ("INFO", "INFO job start event=start jobId=j1 traceId=t")


def test_metrics_are_one_short_line() -> None:
    record = {"_aws": {"Timestamp": 1}, "service": "queuecraft", "JobsCompleted": [3.0]}
    assert compact(orjson.dumps(record))[1] == "metrics JobsCompleted=[3.0]"


def test_an_exception_is_shown_by_its_last_line() -> None:
    record = {"level": "ERROR", "message": "m", "exception": "Traceback\n  …\nValueError: x"}
    assert compact(orjson.dumps(record))[1].endswith("— ValueError: x")


def test_other_lines_stay_as_they_are() -> None:
    assert compact(b"plain {") == (None, "plain {")
    assert compact(b"{not json") == (None, "{not json")


def test_a_flood_is_counted_on_the_terminal_and_whole_in_the_file(tmp_path: Path) -> None:
    terminal = io.StringIO()
    logs = Logs(tmp_path, Console(terminal))
    for number in range(5000):
        logs.service("Worker").output(b"line %d\n" % number)
    logs.console._end_second(0)
    logs.flush()
    assert terminal.getvalue().count("\n") <= 3 * CONSOLE_LINES_PER_S
    assert "more lines are in the log files" in terminal.getvalue()
    assert len(logs.path("Worker").read_text().splitlines()) == 5000
    logs.close()


def test_colour_is_for_terminals_that_want_it() -> None:
    assert Console(io.StringIO(), {"FORCE_COLOR": "1"}).colour
    assert not Console(io.StringIO(), {"FORCE_COLOR": "1", "NO_COLOR": "1"}).colour
    assert not Console(io.StringIO(), {}).colour


def test_control_characters_do_not_reach_the_terminal() -> None:
    terminal = io.StringIO()
    console = Console(terminal, {})
    console.line("Worker", "a\x1b[2Jb\x07")
    assert "\x1b" not in terminal.getvalue()
    assert "\x07" not in terminal.getvalue()
