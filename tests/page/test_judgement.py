"""The page says what the command says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from pydeploy_lint import lint
from pydeploy_lint.report.common.summary import summary
from pydeploy_lint.testing import write_tree
from tests.page.actions import DAY, answer, choose, files_in, paste, text_of, zipped
from tests.test_conformance import cases, entry

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NUMBER = 200
"""Of the cases that the real buildpack judged, how many the page judges, too."""


def test_pasted_files_are_judged(page: Page) -> None:
    choose(page)
    paste(page, {"requirements.txt": "flask==3.1.0\n", "Procfile": "web: flask run\n", ".python-version": "3.9\n"})

    expect(page.locator("#status")).to_contain_text(
        "No: Heroku would reject this push while choosing the Python release: "
        "2 errors, 1 warning (python-version::eol). 3 files read."
    )
    expect(page.locator("#report h5").first).to_have_text(
        "Python 3.9 has reached its end of life (2025-10-31); Heroku rejects it, and supports 3.10 and later"
    )


def test_an_example_is_one_click_away(page: Page) -> None:
    for name in ("rejected", "problems", "django", "clean"):
        report = lint(EXAMPLES / name, as_of=DAY)
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.locator("#status")).to_contain_text(summary(report)[1])

        assert answer(page) == text_of(report._replace(path="These files"))


def test_the_page_agrees_with_the_command_on_apps_with_other_buildpacks(page: Page) -> None:
    choose(page)
    apps = [path for path in (EXAMPLES / "buildpacks").iterdir() if path.is_dir()]
    assert len(apps) > 3
    for app in apps:
        page.locator("#zip-input").set_input_files(zipped(files_in(app), app.name))
        expect(page.locator("#report h2")).to_have_text(app.name)

        assert answer(page) == text_of(lint(app, as_of=DAY)._replace(path=app.name))


def test_the_page_agrees_with_the_command_on_what_the_real_buildpack_judged(page: Page, tmp_path: Path) -> None:
    choose(page, buildpack="v351")
    every = [*cases("cases"), *cases("odd")]
    chosen = [case for case in every if is_text(case["tree"])][:: len(every) // NUMBER][:NUMBER]
    wrong = {}
    for case in chosen:
        tree = {path: entry(node) for path, node in case["tree"].items()}
        root = tmp_path / case["id"]
        root.mkdir()
        write_tree(root, tree)
        page.locator("#zip-input").set_input_files(zipped(tree, case["id"]))
        expect(page.locator("#report h2")).to_have_text(case["id"])
        expected = text_of(lint(root, as_of=DAY, buildpack="v351")._replace(path=case["id"]))
        if answer(page) != expected:
            wrong[case["id"]] = (answer(page), expected)

    assert wrong == {}
    assert len(chosen) == NUMBER


def is_text(tree: Mapping[str, Any]) -> bool:
    """Whether a zip archive can hold the names, which are text there."""
    return all(path.isprintable() for path in tree)
