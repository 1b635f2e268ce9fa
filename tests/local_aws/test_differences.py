"""The table of differences from AWS: each row names an existing test, or is marked as unproven."""

import re

from infra.aws.package import ROOT

ROW = re.compile(r"^\| (.+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)


def test_each_difference_is_shown_by_a_test_or_marked_as_unproven() -> None:
    text = (ROOT / "docs" / "local-aws.md").read_text()
    section = text.partition("### Every difference from AWS")[2].partition("\n## ")[0]
    rows = [match for match in ROW.findall(section) if match[0] != "what"]
    assert len(rows) > 50
    sources = [
        path.read_text() for folder in ("local_aws", "deploy") for path in (ROOT / "tests" / folder).glob("*.py")
    ]
    for what, *_, shown in rows:
        named = re.findall(r"`(test_\w+)`", shown)
        assert named or shown == "unproven", what
        for test in named:
            assert any(f"def {test}(" in source for source in sources), f"{what}: there is no {test}"
