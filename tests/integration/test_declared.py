"""Scripts touch only keys that they declare, and only commands that managed services have (``tests/declared.py``)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from redis.exceptions import ResponseError

import chalicelib
from chalicelib.queue import signatures
from tests.conftest import undeclared_keys
from tests.declared import ALL_KEYS, NO_KEYS, ONE_KEY, guarded
from tests.script_harness import ScriptHarness

ROOT = Path(chalicelib.__file__).parents[1]


@pytest.mark.parametrize(
    "text",
    [
        "return redis.call('GET', KEYS[1] .. 'more')",
        "return redis.call('EXISTS', KEYS[1], ARGV[1])",
        "local key = 'x' redis.call('SADD', key, '1') return 1",
        "return redis.call('KEYS', '*')",
    ],
)
def test_an_undeclared_key_is_refused_and_recorded(harness: ScriptHarness, text: str) -> None:
    with pytest.raises(ResponseError, match="undeclared"):
        harness.redis.eval(guarded(text), 1, harness.keys.seq, "other")
    (trace,) = undeclared_keys(harness.redis, harness.keys)
    harness.redis.delete(trace)


def test_keys_of_another_slot_are_refused(harness: ScriptHarness) -> None:
    with pytest.raises(ResponseError, match="undeclared"):
        harness.redis.eval(guarded("return redis.call('GET', KEYS[2])"), 2, harness.keys.seq, "{other}:key")
    harness.redis.delete(*undeclared_keys(harness.redis, harness.keys))


def test_declared_keys_are_allowed(harness: ScriptHarness) -> None:
    text = (
        "return {redis.call('GET', KEYS[1]), redis.call('EXISTS', KEYS[1], KEYS[2]), redis.call('PUBLISH', 'x', 'y')}"
    )
    assert harness.redis.eval(guarded(text), 2, harness.keys.seq, harness.keys.events) == [b"0", 1, 0]


def test_scripts_are_checked_in_tests(harness: ScriptHarness) -> None:
    assert signatures.compiled("claim").startswith("local declared")


# --- commands --------------------------------------------------------------------------------------------------------
#: Methods of redis-py that are called outside scripts and whose command has another name.
OTHER_NAMES = {"delete": "DEL", "scan_iter": "SCAN"}
#: Methods that send nothing by themselves, or are not of redis-py.
SILENT = {"pipeline", "pubsub", "register_script", "execute", "close", "get_message", "serve"}
#: Sent for a transaction, a script that is not loaded, a connection, a subscription of ``websocket_fn/subscriber.py``.
IMPLIED = {"MULTI", "EXEC", "EVALSHA", "SCRIPT LOAD", "AUTH", "CLIENT SETINFO", "SUBSCRIBE", "UNSUBSCRIBE", "PING"}
CALL = re.compile(r"\b(?:self\._redis|self\.redis|redis|pipe|pipeline|pubsub|self\._pubsub)\.(\w+)\(")
#: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/SupportedCommands.html, as of November 2026: what no cache
#: of ElastiCache runs, then what serverless ones do not run besides.
RESTRICTED = """
    acl setuser, acl load, acl save, acl deluser, bgrewriteaof, bgsave, cluster addslot, cluster addslotsrange,
    cluster bumpepoch, cluster delslot, cluster delslotsrange, cluster failover, cluster flushslots, cluster forget,
    cluster links, cluster meet, cluster setslot, config, debug, migrate, psync, replicaof, save, slaveof, shutdown,
    sync,
    acl log, client caching, client getredir, client id, client info, client kill, client list, client no-evict,
    client pause, client tracking, client trackinginfo, client unblock, client unpause, cluster count-failure-reports,
    commandlog, fcall, fcall_ro, function, keys, lastsave, latency, memory, monitor, move, object, pfdebug, pfselftest,
    psubscribe, pubsub numpat, punsubscribe, script kill, slowlog, swapdb, wait
"""


def used() -> set[str]:
    """Every command that the product sends."""
    methods = {
        name
        for folder in ("chalicelib", "worker_fn", "websocket_fn")
        for path in (ROOT / folder).rglob("*.py")
        for name in CALL.findall(path.read_text())
    }
    assert len(methods) > 30
    return in_scripts() | IMPLIED | {OTHER_NAMES.get(name, name.upper()) for name in methods - SILENT}


def in_scripts() -> set[str]:
    lua = "\n".join(path.read_text() for path in signatures.FOLDER.glob("*.lua"))
    return set(re.findall(r"redis\.call\('(\w+)'", lua)) | set(re.findall(r"'(SADD|SREM)'", lua))


def test_the_table_of_commands_is_that_of_the_scripts() -> None:
    assert in_scripts() == ONE_KEY | ALL_KEYS | NO_KEYS


def test_no_command_is_restricted_by_elasticache() -> None:
    refused = {" ".join(name.upper().split()) for name in RESTRICTED.split(",")}
    assert len(refused) > 50
    assert not {name for name in used() if name in refused or name.partition(" ")[0] in refused}
