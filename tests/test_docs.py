"""The documentation says what the program does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import error_pages
import generated_docs
import pytest

from pydeploy_lint import __version__
from pydeploy_lint.buildlog.texts import load
from pydeploy_lint.engine.check import SITE
from pydeploy_lint.engine.registry import load_registry

DOCUMENTS = generated_docs.documents()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_generated_parts_are_up_to_date(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    if text != generated_docs.refresh(text):
        pytest.fail(f"{path.name} is out of date; run: python tools/generate.py")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_the_release_to_use_is_this_one(path: Path) -> None:
    named = re.findall(r"(?:rev: |pydeploy-lint@|pydeploy-lint\.git#)v([\w.]+)", path.read_text(encoding="utf-8"))

    assert set(named) <= {__version__}


def test_every_check_has_a_page_that_the_index_links_to() -> None:
    registry = load_registry()
    pages = {path.name: text for path, text in generated_docs.pages(registry).items()}

    assert pages.keys() == {"index.md"} | {f"{name}.md" for name in registry.checks}
    assert set(re.findall(r"\((\S+\.md)\)", pages["index.md"])) == pages.keys() - {"index.md"}


def test_every_error_text_has_a_page_that_the_index_links_to(tmp_path: Path) -> None:
    error_pages.write_all(tmp_path / "errors", load_registry())
    pages = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "errors").iterdir()}

    assert pages.keys() == {"index.md"} | {f"{error.id}.md" for error in load().errors}
    assert set(re.findall(r"\]\((\S+\.md)\)", pages["index.md"])) == pages.keys() - {"index.md"}


def test_the_page_of_an_error_has_the_text_and_its_commands_as_code() -> None:
    (error,) = (each for each in load().errors if each.id == "type-error-on-import")
    page = error_pages.page(error, load_registry())

    assert page.startswith(f"# {error.title}\n\n    {error.text}\n\nPrinted while ")
    assert r"\_\_init\_\_() got an unexpected" in page
    assert list(error_pages.paragraphs("Do it:\n    a\n    b\nThen <c>.")) == [
        "Do it:",
        "```\na\nb\n```",
        "Then &lt;c>.",
    ]


@pytest.mark.parametrize("name", generated_docs.SCHEMAS)
def test_a_schema_is_published_at_its_address(name: str) -> None:
    schema = json.loads(generated_docs.SCHEMAS[name].read_bytes())
    assert schema["$id"] == f"{SITE}schemas/{name}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_commands_are_copied_without_a_prompt(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "```console" not in text
    assert not re.search(r"^ *\$ ", text, re.MULTILINE)


def test_the_first_screen_of_the_readme_has_a_problem_and_the_way_out() -> None:
    first = (generated_docs.ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:40]
    assert "pydeploy-lint --as-of 2026-11-23 examples/rejected" in first
    assert any(line.startswith("Heroku would reject this push while ") for line in first)
    assert max(map(len, first)) <= 120
