"""Each script's header says what it is given: compared here with what its body takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chalicelib.queue import scripts
from chalicelib.queue.scripts import UNGATED

FOLDER = Path(scripts.__file__).with_name("lua")
INCLUDED = {"prelude", "ledger", "lanes", "held", "shard"}
SCRIPTS = sorted(path.stem for path in FOLDER.glob("*.lua"))
COMMANDS = [name for name in SCRIPTS if name not in INCLUDED]
#: How many the prelude declares for all that begin with it.
PRELUDE = 4, 5


def split(name: str) -> tuple[str, str]:
    """A script's comments at the head, and its code without comments."""
    lines = (FOLDER / f"{name}.lua").read_text().splitlines()
    head = 0
    while head < len(lines) and lines[head].startswith("--"):
        head += 1
    code = "\n".join(re.sub(r"--.*", "", line) for line in lines[head:])
    return "\n".join(lines[:head]), code


def declared(header: str, what: str) -> tuple[set[int], int | None]:
    """Numbers that a header declares of KEYS or ARGV, and from where on any number may follow."""
    numbers: set[int] = set()
    open_from = None
    for first, last in re.findall(rf"{what}\[(\d+)(…|\.\.\d+)?\]", header):
        end = int(last[2:]) if last.startswith("..") else int(first)
        numbers |= set(range(int(first), end + 1))
        if last == "…":
            open_from = int(first)
    return numbers, open_from


def used(code: str, what: str) -> set[int]:
    return {int(number) for number in re.findall(rf"{what}\[(\d+)\]", code)}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_short(name: str) -> None:
    assert len((FOLDER / f"{name}.lua").read_text().splitlines()) <= 80


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_says_what_it_is_for(name: str) -> None:
    header, _ = split(name)
    purpose = next(line for line in header.splitlines() if not line.startswith("--!include"))
    assert len(purpose) > 20


@pytest.mark.parametrize("name", COMMANDS)
def test_keys_are_those_declared(name: str) -> None:
    header, code = split(name)
    numbers, open_from = declared(header, "KEYS")
    assert numbers == set(range(1, len(numbers) + 1)), "declared without a gap"
    taken = used(code, "KEYS") | (set(range(1, PRELUDE[0] + 1)) if name not in UNGATED else set())
    assert taken <= numbers, f"undeclared: {taken - numbers}"
    unused = numbers - taken - ({open_from} if open_from else set())
    assert not unused, f"declared and not used: {unused}"


@pytest.mark.parametrize("name", COMMANDS)
def test_arguments_are_those_declared(name: str) -> None:
    header, code = split(name)
    numbers, open_from = declared(header, "ARGV")
    assert numbers == set(range(1, len(numbers) + 1)), "declared without a gap"
    assert used(code, "ARGV") <= numbers
    if name not in UNGATED:
        assert set(range(1, PRELUDE[1] + 1)) <= numbers
        before_loop = re.split(r"\bwhile more\(\)|\bfor n = cursor", code)[0]
        named = len(re.findall(r"\btake\(\)", before_loop))
        by_name = len(numbers - {open_from}) - PRELUDE[1]
        assert named == by_name, "one take() for each argument by name"


@pytest.mark.parametrize("name", COMMANDS)
def test_what_comes_per_item_is_taken_per_item(name: str) -> None:
    """``then for each job: a, b, c`` is as many ``take()`` in the loop; events are taken by ``emit``."""
    header, code = split(name)
    text = " ".join(line.removeprefix("--").strip() for line in header.splitlines())
    found = re.search(r"then for each \w+: (.*?)(?: A running job| Returns)", text)
    if found is None or name in UNGATED:
        return
    items = re.sub(r"\([^)]*\)", "", found[1])
    names = [part for part in items.split(",") if part.strip() and "events" not in part]
    loop = code[code.index("while more()") :]
    assert len(re.findall(r"\btake\(\)", loop)) == len(names)
    assert ("emit(" in loop) == ("events" in items)


@pytest.mark.parametrize("name", COMMANDS)
def test_it_says_what_it_returns(name: str) -> None:
    header, code = split(name)
    assert "-- Returns " in header
    if name not in UNGATED and "closed()" in code:
        assert "-1" in header, "closed"


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in UNGATED])
def test_a_gated_script_looks_at_the_gate_before_it_writes(name: str) -> None:
    _, code = split(name)
    if name == "join":  # slots may be given while the queue is closed
        return
    assert code.lstrip().startswith("if closed() then return {CLOSED")
