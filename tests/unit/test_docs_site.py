"""The documentation: tables made from the code, and a site whose links lead somewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from infra.docs import site
from infra.docs.tables import DOCS, TABLES, filled

REPOSITORY = "https://code.example.com/queuecraft/blob/main"


class Links(HTMLParser):
    """What a page leads to, loads, and can be led to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.leads_to: set[str] = set()
        self.loads: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.anchors |= {found[name] for name in ("id", "name") if name in found}
        if tag == "a" and "href" in found:
            self.leads_to.add(found["href"])
        self.loads |= {found[name] for name in ("src", "href") if name in found and tag != "a"}


@pytest.fixture(scope="module")
def built() -> Path:
    site.build(REPOSITORY)
    return site.ROOT / "build" / "site"


@pytest.fixture(scope="module")
def html(built: Path) -> dict[Path, Links]:
    return {page: Links(page.read_text()) for page in built.rglob("*.html") if page.name != "404.html"}


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_those_of_the_code(name: str) -> None:
    page = (DOCS / TABLES[name][0]).read_text()
    assert page == filled(name, page), "run: make docs"
    assert page.count("\n| `") > 20


def test_the_navigation_has_each_page_once() -> None:
    listed = [page for _, page in site.pages()]
    assert sorted(listed) == sorted([*(page.name for page in DOCS.glob("*.md")), "decisions/index.md"])


def test_each_link_of_the_site_leads_to_a_page_and_a_heading(html: dict[Path, Links], built: Path) -> None:
    assert len(html) > 100
    lost = []
    for page, links in html.items():
        for address in links.leads_to:
            path, _, anchor = address.partition("#")
            if address.startswith(("https://", "http://", "mailto:")):
                continue
            target = (page.parent / path).resolve() if path else page
            target = target / "index.html" if target.is_dir() else target
            known = html.get(target)
            if not target.is_file() or (anchor and known is not None and anchor not in known.anchors):
                lost.append(f"{page.relative_to(built)}: {address}")
    assert not lost


def test_files_of_the_repository_are_shown_there_or_not_linked(
    html: dict[Path, Links], built: Path, tmp_path: Path
) -> None:
    shown = html[built / "architecture" / "index.html"].leads_to
    assert f"{REPOSITORY}/chalicelib/domain/lifecycle.py" in shown
    site.stage(tmp_path / "docs")
    for page in (tmp_path / "docs").glob("*.md"):
        assert not re.search(r"\]\(\.\./(?!decisions)", page.read_text()), page.name
    assert "lifecycle.py" in (tmp_path / "docs" / "architecture.md").read_text()


def test_a_page_loads_nothing_from_another_host(html: dict[Path, Links]) -> None:
    assert {address for links in html.values() for address in links.loads if "://" in address} == set()


def test_llms_txt_leads_to_each_page(built: Path) -> None:
    linked = re.findall(r"\]\((.*?)\)", (built / "llms.txt").read_text())
    assert len(linked) == len(site.pages())
    assert all((built / address / "index.html").is_file() for address in linked)


def test_a_page_has_the_code_of_the_files_that_it_names(tmp_path: Path) -> None:
    page = (DOCS / "examples.md").read_text()
    named = re.findall(r"^<!-- code: (\S+) -->$", page, re.MULTILINE)
    assert len(named) == page.count("<!-- code:") > 4
    site.stage(tmp_path / "docs")
    shown = (tmp_path / "docs" / "examples.md").read_text()
    assert "<!--" not in shown
    for name in named:
        assert f"\n{(site.ROOT / name).read_text().rstrip()}\n```" in shown
