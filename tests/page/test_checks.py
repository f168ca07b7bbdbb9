"""Every check's page in the documentation links to an example, of which the page says what the command says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import generated_docs
from playwright.sync_api import Page, expect

from pydeploy_lint import lint
from pydeploy_lint.engine.check import SITE
from pydeploy_lint.engine.registry import load_built_in
from pydeploy_lint.heroku.history import History
from pydeploy_lint.testing import first_example, write_tree
from tests.page.actions import answer, text_of


def follow(page: Page, fragment: str) -> None:
    """Follow a link to the page while it is open, and wait for the answer."""
    page.evaluate(
        "fragment => { document.querySelector('#status').textContent = ''; location.hash = fragment; }", fragment
    )
    expect(page.locator("#status")).to_contain_text("read.")


def any_compiler(text: str) -> str:
    """A report without the words of the Python that runs the linter, and of no other, for an error of syntax."""
    return re.sub(r"(cannot compile line \d+) \([^)]*\)", r"\1", text)


def test_every_check_can_be_tried(page: Page, tmp_path: Path) -> None:
    wrong = {}
    examples = {check: first_example(check) for check in load_built_in().checks.values()}
    for check, example in examples.items():
        if example is None:
            assert "try/#" not in generated_docs.page(check)
            continue
        assert f"[Try it]({SITE}try/#check={check.name})" in generated_docs.page(check)
        root = tmp_path / check.name
        root.mkdir()
        write_tree(root, example.files)
        settings: dict[str, Any] = {"as-of": str(History.load().until), **example.options}
        follow(page, f"check={check.name}")
        report = lint(root, **{name.replace("-", "_"): value for name, value in settings.items()})
        expected = text_of(report._replace(path="These files"))
        if any_compiler(answer(page)) != any_compiler(expected):
            wrong[check.name] = (answer(page), expected)

    assert wrong == {}


def test_a_link_to_no_check_says_so(page: Page) -> None:
    page.evaluate("location.hash = 'check=no-such'")

    expect(page.get_by_role("alert")).to_have_text("There is no check no-such with an example.")
