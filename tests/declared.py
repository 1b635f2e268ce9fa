"""Fails a script that touches a key it does not declare: active in all tests (``tests/conftest.py``).

Servers differ in what they do with such a script. A single Valkey runs it; ElastiCache Serverless and Dragonfly, which
lock or route by key, refuse it. So ``guarded`` puts a check in front of each script that is sent in tests:
``redis.call`` looks up which arguments of a command are keys, and these must be among ``KEYS``. Commands that are not
in the table fail too, and so does a request whose keys have several hash tags.

An error of a script may be caught by the code under test. So the check leaves a key behind as well, which the fixtures
find (``conftest.undeclared_keys``).
"""

from __future__ import annotations

from typing import Final

from chalicelib.queue import signatures

#: Commands whose first argument is their only key.
ONE_KEY: Final = frozenset(
    name
    for line in (
        "GET SET INCR TTL PTTL EXPIRE PEXPIRE PEXPIREAT",
        "HGET HSET HSETNX HMGET HDEL HEXISTS HINCRBY HLEN HVALS HKEYS HGETALL HSCAN",
        "RPUSH LTRIM LLEN SADD SREM SCARD SISMEMBER",
        "ZADD ZREM ZCARD ZCOUNT ZLEXCOUNT ZSCORE ZMSCORE ZRANGE ZRANGEBYSCORE ZRANGEBYLEX ZREMRANGEBYSCORE",
        "XADD XTRIM",
    )
    for name in line.split()
)
#: Commands all of whose arguments are keys.
ALL_KEYS: Final = frozenset({"DEL", "EXISTS", "MGET", "UNLINK"})
#: Commands without keys; a channel is none.
NO_KEYS: Final = frozenset({"PUBLISH", "TIME"})

_NAMES: Final = {1: ONE_KEY, 2: ALL_KEYS, 0: NO_KEYS}
_TABLE: Final = ", ".join(f"{name} = {number}" for number, names in _NAMES.items() for name in sorted(names))
_GUARD: Final = """\
local declared, commands = {}, {%s}
local tag = KEYS[1]:match('^{[^}]+}')
for _, key in ipairs(KEYS) do declared[key] = key:match('^{[^}]+}') == tag end
local server = redis
local function refuse(what)
  server.call('SET', tag .. ':UNDECLARED ' .. what, '1')
  error('undeclared: ' .. what)
end
local function check(name, key)
  if not declared[key] then refuse(name .. ' ' .. tostring(key)) end
end
local redis = {}
function redis.call(name, ...)
  local kind = commands[name]
  if not kind then refuse('command ' .. tostring(name)) end
  if kind == 1 then check(name, (...)) end
  if kind == 2 then
    for n = 1, select('#', ...) do check(name, (select(n, ...))) end
  end
  return server.call(name, ...)
end
"""


def guarded(text: str) -> str:
    """A script with the check in front."""
    return _GUARD % _TABLE + text


def install() -> None:
    """Guard every script that this process sends from now on."""
    compiled = signatures.compiled
    signatures.compiled = lambda name: guarded(compiled(name))  # type: ignore[assignment]
