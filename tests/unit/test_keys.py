"""Keys are built in one place, and no request or worker scans Redis."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import chalicelib
from chalicelib.queue.keys import Keys
from chalicelib.queue.lanes import instance_key, lane

ROOT = Path(chalicelib.__file__).parents[1]
CODE = sorted(
    path
    for folder in ("chalicelib", "worker_fn", "websocket_fn")
    for path in (ROOT / folder).rglob("*")
    # the names of permissions look like keys
    if path.suffix in {".py", ".lua"} and path.name not in {"keys.py", "principals.py"}
)
#: Prefixes of our keys, as a literal elsewhere would contain them.
WORDS = (
    "epoch|seq|groups|lanes|absent|costs|special|limits|holders|rates|parked|timed|pools|turn|paused|ready|scheduled|retrying|leases|tokens|cancels|intents|active|rate|counts|workers|"
    "slots|worker|waiting|waking|invoked|events|conns|conn|manager|ticket|throttle|rebuild|forgotten|quarantine"
)
LITERAL = re.compile(rf"""f?["'](?:{WORDS}):[^"']*["']""")
#: Building a key from the common prefix.
PREFIX = re.compile(r"\.prefix\b(?!\(|:)")


def without_comments(path: Path) -> str:
    text = path.read_text()
    text = re.sub(r"--.*" if path.suffix == ".lua" else r"#.*", "", text)
    return re.sub(r'"""(?s:.*?)"""', "", text)


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_key_is_built_elsewhere(path: Path) -> None:
    text = without_comments(path)
    assert not LITERAL.findall(text)
    assert not PREFIX.findall(text)


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_redis_is_not_walked(path: Path) -> None:
    text = without_comments(path)
    assert not re.search(r"\.keys\(\s*[\"'f]|['\"]KEYS['\"]|\.flush(db|all)\(", text)
    scans = re.findall(r"\bscan_iter\([^)]*\)|\.scan\([^)]*\)|'SCAN'", text)
    if path.name == "rebuild.py":  # a rebuild scans in steps after the loss of all data
        assert all("count=" in scan for scan in scans)
    else:
        assert not scans


def test_all_keys_share_the_hash_tag() -> None:
    keys = Keys("ns")
    made = [
        value
        for name in vars(Keys)
        if isinstance(value := getattr(keys, name), str) and name != "namespace" and not name.startswith("_")
    ]
    assert len(made) > 20
    assert all(key.startswith("{ns}:") for key in made)
    assert len(set(made)) == len(made)


def test_a_lane_belongs_to_one_tenant_and_one_pool() -> None:
    assert lane("t", "q") == "default/t/q"
    assert lane("t", "q", "big", ("a", "b:1")) == "big/t/q/a\x1fb:1"
    assert [instance_key("t", each) for each in ("a", "a:1", "*a:1")] == ["t/a", "t/a:1", "*/a:1"]
    assert Keys("a").ready == "{a}:ready"


def test_two_namespaces_share_nothing() -> None:
    assert Keys("a").prefix != Keys("b").prefix
    assert not Keys("a").persistent & Keys("b").persistent
