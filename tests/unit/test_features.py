"""docs/features.md: each source is defined and used, each link within the repository leads somewhere."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "features.md").read_text()


def anchors(page: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def test_each_source_is_defined_once_and_used() -> None:
    defined = re.findall(r"^\[([\w-]+)\]: https://", TEXT, re.MULTILINE)
    table, _, sources = TEXT.partition("\n## Sources\n")
    assert len(defined) > 100
    assert len(defined) == len(set(defined))
    assert set(re.findall(r"\]\[([\w-]+)\]", table)) == set(defined)
    assert set(re.findall(r"\]\[([\w-]+)\]", sources)) == set(defined)


def test_links_lead_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", TEXT) if not link.startswith("https://")]
    assert len(links) > 40
    for link in set(links):
        name, _, anchor = link.partition("#")
        path = DOCS / (name or "features.md")
        assert path.exists(), link
        assert not anchor or anchor in anchors(path.read_text()), link
