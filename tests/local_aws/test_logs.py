"""The merged log."""

import io
import os
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local import logs as logs_module
from infra.local.console import CONSOLE_LINES_PER_S, Console
from infra.local.lambda_.output import MAX_LINE_BYTES, Lines
from infra.local.logs import LogFile, Logs, compact, cut_back, older


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
    console.flush()
    assert "\x1b" not in terminal.getvalue()
    assert "\x07" not in terminal.getvalue()


# --- failures and floods


def test_a_full_disk_loses_lines_and_reports_it_later(tmp_path: Path) -> None:
    # Given a log on a full disk
    link = tmp_path / "Worker.log"
    link.symlink_to("/dev/full")
    file = LogFile(link)
    for _ in range(5000):
        file.write(b"x" * 99 + b"\n")
    file.flush()
    # When there is room again
    link.unlink()
    file.close()
    file.write(b"after\n")
    file.close()
    # Then it continues, and reports the gap
    assert link.read_text() == "… 500000 bytes could not be written\nafter\n"


def test_a_log_is_rotated_while_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs_module, "ROTATE_BYTES", 1000)
    file = LogFile(tmp_path / "Worker.log")
    for number in range(100):
        file.write(b"%099d\n" % number)
        file.flush()
    file.close()
    sizes = [path.stat().st_size for path in (file.path, older(file.path))]
    assert all(0 < size <= 1100 for size in sizes)
    assert file.path.read_text().endswith("99\n")


def test_the_log_of_another_program_is_cut_back_while_it_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs_module, "ROTATE_BYTES", 1000)
    path = tmp_path / "mongodb.log"
    with path.open("ab", buffering=0) as theirs:
        theirs.write(b"x" * 1001)
        cut_back(path)
        theirs.write(b"next\n")
    assert (path.read_bytes(), older(path).read_bytes()) == (b"next\n", b"x" * 1001)


def test_a_closed_or_blocked_terminal_does_not_block_the_stack() -> None:
    # Given a pipe without a reader, and one whose reader has ended
    for closed in (False, True):
        reading, writing = os.pipe()
        console = Console(os.fdopen(writing, "w", encoding="ascii"))
        if closed:
            os.close(reading)
        # When more is written than a pipe holds, including characters outside its encoding
        for _ in range(100):
            console.say("… " + "x" * 10_000)
        # Then all calls return, also at the end
        if not closed:
            assert os.read(reading, 3) == b"? x"
            os.close(reading)
        console.close()


def test_a_line_may_be_cut_anywhere() -> None:
    @given(st.lists(st.binary(max_size=20) | st.just(b"\n"), max_size=20))
    @settings(max_examples=100, deadline=None)
    def check(chunks: list[bytes]) -> None:
        lines = Lines()
        given_back = b"".join(lines.feed(chunk) for chunk in chunks)
        assert not given_back or given_back.endswith(b"\n")
        whole = b"".join(chunks)
        assert given_back + lines.rest() == whole + (b"\n" if whole and not whole.endswith(b"\n") else b"")

    check()


def test_a_line_without_end_takes_no_more_memory_than_a_piece() -> None:
    lines, given_back = Lines(), 0
    for _ in range(2000):
        given_back += len(lines.feed(b"x" * 65536))
        assert len(lines._partial) <= MAX_LINE_BYTES
    assert given_back > 100_000_000
