"""A script's signature is declared in its header; the Lua text and the Python call are generated from it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from redis import Redis

from chalicelib.queue import signatures
from chalicelib.queue.keys import Keys
from chalicelib.queue.scripts import MAX_ARGUMENTS, Scripts
from chalicelib.queue.signatures import FOLDER, OWNER_KEYS, SignatureError, compiled, names, signature

FILES = sorted(path.stem for path in FOLDER.glob("*.lua"))
TYPES = {"string", "list", "hash", "set", "zset", "stream"}


def body(name: str) -> str:
    """Return a file without its comments."""
    return re.sub(r"--.*", "", (FOLDER / f"{name}.lua").read_text())


def lazy_files(name: str) -> set[str]:
    """Return the includes that a script makes when it needs them."""
    head = (FOLDER / f"{name}.lua").read_text()
    return {part for line in re.findall(r"^--@lazy (.*)$", head, re.MULTILINE) for part in line.split()}


def used(name: str, kind: str) -> set[str]:
    parts = [*signature(name).includes, name]
    return {found for part in parts for found in re.findall(rf"\b{kind}\.(\w+)", body(part))}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_short_and_says_what_it_is_for(name: str) -> None:
    lines = (FOLDER / f"{name}.lua").read_text().splitlines()
    assert len(lines) <= 80
    assert lines[0].startswith("-- ") and len(lines[0]) > 20


@pytest.mark.parametrize("name", names())
def test_all_that_is_declared_is_used(name: str) -> None:
    """The reverse needs no test: a script that uses an undeclared name does not compile."""
    sig = signature(name)
    compiled(name)
    text = "\n".join(body(part) for part in [*sig.includes, name])
    assert used(name, "KEYS") | ({sig.many} if "KEYS)" in text else set()) == {s.name for s in (*sig.keys, *sig.given)}
    assert {slot.name for slot in sig.owner} <= used(name, "OWNER") <= {s.name for s in sig.owner} | {"id", "tenant"}
    assert used(name, "ARGV") == {slot.name for slot in sig.args if slot.type != "list"}
    assert ("take_list()" in text) == bool(sig.list)
    fields = {slot.name for slot in sig.item if slot.type != "events"}
    assert used(name, "ITEM") == fields - ({"owner"} if "owner" not in used(name, "ITEM") else set())
    assert sig.has_events == ("emit(" in body(name))


@pytest.mark.parametrize("name", names())
def test_no_position_and_no_name_of_a_key_is_in_a_script(name: str) -> None:
    for part in [*signature(name).includes, name]:
        assert not re.search(r"\b(KEYS|ARGV)\[", body(part))


@pytest.mark.parametrize("name", names())
def test_types_of_keys_are_those_of_the_list_of_keys(name: str) -> None:
    sig = signature(name)
    assert {slot.type.removesuffix("*") for slot in (*sig.keys, *sig.given, *sig.owner)} <= TYPES
    for slot in sig.keys:
        documented = (getattr(Keys, slot.name).__doc__ or "").partition(":")[0]
        assert documented in {slot.type, ""}, slot.name
    for slot in sig.owner:
        assert hasattr(Keys, OWNER_KEYS[slot.name][0])


@pytest.mark.parametrize("name", names())
def test_a_script_declares_its_reply_and_checks_the_gate_first(name: str) -> None:
    sig = signature(name)
    assert sig.reply
    if "gate" in sig.includes:
        assert "-1" in sig.reply[0]
        assert body(name).lstrip().startswith("if closed() then return {CLOSED")


class Recorder:
    """Records what a script would be called with."""

    def __init__(self) -> None:
        self.calls: list[tuple[list[str], list[Any]]] = []

    def register_script(self, _: str) -> Any:
        def run(keys: list[str], args: list[Any]) -> list[Any]:
            self.calls.append((keys, args))
            return [1, len(self.calls)]

        return run


@pytest.fixture
def recorded() -> tuple[Scripts, Recorder]:
    redis = Recorder()
    as_redis: Redis = redis  # type: ignore[assignment]
    return Scripts(as_redis, Keys("ns"), channel="c", event_log_size=9), redis


def started(scripts: Scripts, owners: list[tuple[str, str]]) -> None:
    batch = scripts.batch("started")
    for n, owner in enumerate(owners):
        batch.add(*owner, id=f"job{n}", token="t", events=[1, b"event"])
    list(batch.run())


def test_items_name_their_owners_by_number(recorded: tuple[Scripts, Recorder]) -> None:
    scripts, redis = recorded
    scripts.note_newest(3, 14)
    started(scripts, [("ann", "one"), ("ben", "two"), ("ann", "one")])
    ((keys, args),) = redis.calls
    sig = signature("started")
    values = dict(zip([slot.name for slot in sig.args], args, strict=False))
    assert (values["known_epoch"], values["known_seq"], values["channel"], values["now"]) == (3, 14, "c", "")
    assert args[len(sig.args) :] == [
        2, "ann", "one", "ben", "two",
        1, "job0", "t", 1, b"event", 2, "job1", "t", 1, b"event", 1, "job2", "t", 1, b"event",
    ]  # fmt: skip
    assert keys[: len(sig.keys)] == [getattr(Keys("ns"), slot.name) for slot in sig.keys]
    prefixes = ["{ns}:counts:o:ann", "{ns}:counts:t:one", "{ns}:counts:q:one", "{ns}:counts:s:one"]
    assert keys[len(sig.keys) : -4] == prefixes


@pytest.mark.parametrize("name", [name for name in names() if signature(name).item and not signature(name).many])
@pytest.mark.parametrize("each", ["an owner of its own", "one owner"])
def test_no_request_is_longer_than_servers_take(recorded: tuple[Scripts, Recorder], name: str, each: str) -> None:
    scripts, redis = recorded
    sig = signature(name)
    batch = scripts.batch(name)
    fields = {field: "x" for field in sig.fields if field != "owner"}
    for n in range(3_000):
        owner = (f"o{n if each.startswith('an') else 0}", "t") if sig.owner else ()
        batch.add(*owner, events=[2, "e", "f"] if sig.has_events else (), **fields)
    ambient = {"now", "known_epoch", "known_seq", "layout", "channel", "events_kept", "log_mb", "fleet", "wake_prefix"}
    args: dict[str, Any] = {
        slot.name: [] if slot.type == "list" else "x" for slot in sig.args if slot.name not in ambient
    }
    list(batch.run(given={slot.name: "k" for slot in sig.given}, **args))
    # EVALSHA, the digest and the number of keys come first
    assert max(3 + len(keys) + len(row) for keys, row in redis.calls) <= MAX_ARGUMENTS
    per_item = len(fields) + bool(sig.owner) + 3 * sig.has_events
    owners = sum(row[len(sig.args) - bool(sig.list)] for _, row in redis.calls) if sig.owner else 0
    sent = sum(len(row) - len(sig.args) for _, row in redis.calls)
    assert sent == 3_000 * per_item + 2 * owners + (len(redis.calls) if sig.owner else 0)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda scripts: scripts.call("claim", token="t", want=1),
        lambda scripts: scripts.call("claim", token="t", want=1, lease_ms=1, more=1),
        lambda scripts: scripts.call("stop", id="x", note="y"),
        lambda scripts: scripts.batch("started").add("o", "t", id="x", events=[0]),
        lambda scripts: scripts.batch("started").add("o", "t", id="x", token="t"),
        lambda scripts: scripts.batch("started").add("o", "t", id="x", token="t", place=1, events=[0]),
        lambda scripts: scripts.batch("missing").add(id="x", lane="l", place=1, note="n", events=[0]),
    ],
)
def test_a_call_that_does_not_fit_the_signature_is_refused(recorded: tuple[Scripts, Recorder], wrong: Any) -> None:
    scripts, redis = recorded
    with pytest.raises(SignatureError):
        wrong(scripts)
    assert not redis.calls


def test_a_name_that_is_not_declared_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    file = signatures._File({"keys": ["lanes:zset"]}, "return redis.call('GET', KEYS.turn)")
    monkeypatch.setattr(signatures, "_file", lambda name: file)
    with pytest.raises(SignatureError):
        compiled("made up")


@pytest.mark.parametrize("name", [name for name in names() if lazy_files(name)])
def test_a_script_reaches_lazy_files_only_through_what_they_hand_out(name: str) -> None:
    """A variable of theirs would be an unknown global elsewhere, which fails only when that line runs."""
    lazy = "\n".join(body(part) for part in lazy_files(name))
    eager = "\n".join(body(part) for part in [*signature(name).includes, name] if part not in lazy_files(name))
    top = re.compile(r"^local (?:function )?(\w+(?:, \w+)*)", re.MULTILINE)
    defined = {each for names_ in top.findall(lazy) for each in names_.split(", ")}
    text = compiled(name)
    start, end = text.index("function lazy()"), text.index("\nreturn made\nend\n")
    handed_out = set(re.findall(r"(\w+) = \1\b", text[start:end].rsplit("made = {", 1)[1]))
    assert handed_out <= defined
    outside = re.sub(r"--.*|'[^'\n]*'", "", text[:start] + text[end:])
    bare = set(re.findall(r"(?<![\w.:])[A-Za-z_]\w*", outside))
    own = {each for names_ in top.findall(eager) for each in names_.split(", ")}
    assert not (bare & defined) - own
    assert not defined & own, "one name in both would be taken for the other"
    assert lazy_files(name) <= {*signature(name).includes}


@pytest.mark.parametrize("number", [0, 1, 2, 1_000, 5_000])
def test_items_of_one_field_are_added_as_one_by_one(recorded: tuple[Scripts, Recorder], number: int) -> None:
    """In as many calls, which is how a number beyond one request is noticed."""
    scripts, _ = recorded
    ids = [f"job{n}" for n in range(number)]
    at_once, single = scripts.batch("admit"), scripts.batch("admit")
    at_once.add_each("ann", "one", id=ids)
    for each in ids:
        single.add("ann", "one", id=each)
    assert at_once._calls == single._calls
    assert (len(single._calls) > 1) is (number == 5_000)
