"""Redaction: which values paths name, what is shown in their place, and how they are put back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.domain.redaction import (
    MAX_PATHS,
    MAX_STEPS,
    Redaction,
    checked_paths,
    covers,
    redaction_of,
    without_values,
)
from chalicelib.errors import InvalidInput
from worker_fn import Limit
from worker_fn.registration.registry import Registry, TaskDefinitionError

HIDDEN = "[redacted]"
DEEP = '{"a":' * 40_000 + '{"secret":1}' + "}" * 40_000


def shown(value: Any, *paths: str) -> Any:
    return json.loads(redaction_of(paths).text(json.dumps(value)))


@pytest.mark.parametrize(
    ("paths", "value", "expected"),
    [
        (["card.number"], {"card": {"number": 4111, "name": "Ada"}}, {"card": {"number": HIDDEN, "name": "Ada"}}),
        (["card"], {"card": {"number": 4111}, "n": 1}, {"card": HIDDEN, "n": 1}),
        (["card", "card.number"], {"card": {"number": 1}}, {"card": HIDDEN}),
        (["card.number", "card"], {"card": {"number": 1}}, {"card": HIDDEN}),
        (["user.*.email"], {"user": {"a": {"email": 1}, "b": {"email": 2, "id": 3}}},
         {"user": {"a": {"email": HIDDEN}, "b": {"email": HIDDEN, "id": 3}}}),
        (["user.*.email"], {"user": [{"email": 1}, {"id": 2}]}, {"user": [{"email": HIDDEN}, {"id": 2}]}),
        (["users.email"], {"users": [{"email": 1}, [{"email": 2}]]},
         {"users": [{"email": HIDDEN}, [{"email": HIDDEN}]]}),
        (["tags.*"], {"tags": ["a", "b"], "n": 1}, {"tags": [HIDDEN, HIDDEN], "n": 1}),
        (["*"], {"a": 1, "b": {"c": 2}}, {"a": HIDDEN, "b": HIDDEN}),
        (["*.b", "a.c"], {"a": {"b": 1, "c": 2, "d": 3}}, {"a": {"b": HIDDEN, "c": HIDDEN, "d": 3}}),
        ([r"a\.b"], {"a.b": 1, "a": {"b": 2}}, {"a.b": HIDDEN, "a": {"b": 2}}),
        ([r"\*"], {"*": 1, "a": 2}, {"*": HIDDEN, "a": 2}),
        (["größe"], {"größe": 1}, {"größe": HIDDEN}),
        (["a"], {"b": {"a": 1}}, {"b": {"a": 1}}),
        (["a"], {"a": None}, {"a": HIDDEN}),
        (["a.b"], {"a": 1}, {"a": 1}),
        (["a"], {}, {}),
        (["a"], "text", "text"),
        (["a"], [{"a": 1}], [{"a": HIDDEN}]),
    ],
)  # fmt: skip
def test_paths_name_values(paths: list[str], value: Any, expected: Any) -> None:
    assert shown(value, *paths) == expected


def test_the_rest_stays_as_it_was_sent() -> None:
    text = '{ "n" : 1.10, "big":123456789012345678901234567890, "card" :\n{"number": "4\\u0031"} ,"x":1e5}'
    assert redaction_of(("card.number",)).text(text) == text.replace('"4\\u0031"', f'"{HIDDEN}"')


def test_names_are_found_however_they_are_written() -> None:
    assert json.loads(redaction_of(("card",)).text('{"c\\u0061rd": 1}')) == {"card": HIDDEN}
    assert redaction_of(("card",)).text('{"card":1,"card":2}') == f'{{"card":"{HIDDEN}","card":"{HIDDEN}"}}'


def test_what_cannot_be_looked_into_is_hidden_as_a_whole() -> None:
    assert redaction_of(("secret",)).text(DEEP) == f'"{HIDDEN}"'
    assert redaction_of(("secret",)).text('{"secret": ') == f'"{HIDDEN}"'
    huge = '{"n":' + "9" * 5000 + ',"secret":1}'
    assert redaction_of(("secret",)).text(huge) == huge.replace('"secret":1', f'"secret":"{HIDDEN}"')


def test_a_shown_payload_is_restored() -> None:
    redaction = redaction_of(("card.number", "users.email"))
    kept = '{"card":{"number":4111.10,"name":"Ada"},"users":[{"email":"a@x.io"},{"email":"b@x.io"}]}'
    assert redaction.restored(redaction.text(kept), kept) == kept
    changed = redaction.text(kept).replace("Ada", "Grace")
    assert redaction.restored(changed, kept) == kept.replace("Ada", "Grace")
    assert redaction.restored('{"card":{"number":1}}', kept) == '{"card":{"number":1}}'
    with pytest.raises(InvalidInput) as refused:
        redaction.restored(f'{{"users":[0,0,{{"email":"{HIDDEN}"}}]}}', kept)
    assert refused.value.field == "payload.users.2.email"
    with pytest.raises(InvalidInput):
        redaction_of(("secret",)).restored(DEEP, "{}")


def test_values_are_taken_out_of_texts() -> None:
    redaction = redaction_of(("card", "code", "flag", "note"))
    payload = json.dumps({"card": {"number": 41111111, "owner": 'A "b"'}, "code": "12", "flag": True, "note": "größe"})
    text = 'card 41111111 of \'A "b"\', as JSON "A \\"b\\"", code 12, True, größe or gr\\u00f6\\u00dfe'
    hidden = without_values(text, redaction, payload, None)
    assert hidden == f"card {HIDDEN} of '{HIDDEN}', as JSON \"{HIDDEN}\", code 12, True, {HIDDEN} or {HIDDEN}"
    assert Redaction(("secret",)).values(DEEP) == ()


def test_paths_are_checked() -> None:
    assert checked_paths(["b", "a", "b"]) == ("a", "b")
    for wrong in ("", ".a", "a.", "a..b", "a" * 301, ".".join("a" * (MAX_STEPS + 1)), "a\\"):
        with pytest.raises(InvalidInput) as refused:
            checked_paths(["fine", wrong])
        assert refused.value.field == "1", wrong
    with pytest.raises(InvalidInput):
        checked_paths([f"p{n}" for n in range(MAX_PATHS + 1)])


def test_what_a_path_covers() -> None:
    assert covers(["card"], ["card", "number"])
    assert covers(["card.number"], ["card"])
    assert covers(["*.number"], ["card", "number"])
    assert not covers(["card.number"], ["card", "name"])


@pytest.mark.parametrize(
    ("redact", "why"),
    [
        ("card.number", "must be a list of paths"),
        ([1], "must be a list of paths"),
        (["a..b"], "redact[0]"),
        (["account"], "limit 'account' shows 'payload.account.id', which is redacted"),
    ],
)
def test_a_task_with_paths_that_cannot_be_is_refused(redact: Any, why: str) -> None:
    limits = [Limit("account", per="payload.account.id", concurrency=1)]
    with pytest.raises(TaskDefinitionError) as refused:
        Registry().task("charge", redact=redact, limits=limits)(lambda ctx, payload: None)
    assert why in str(refused.value)
