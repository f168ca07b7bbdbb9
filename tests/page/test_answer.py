"""What one can do with an answer: patches, links, other settings; and text that would be more than text."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Download, Page, expect

from pydeploy_lint import lint
from pydeploy_lint.testing import Files, write_tree
from tests.page.actions import DAY, answer, choose, paste, text_of, zipped
from tests.page.conftest import Site, opened, visiting

APP: Files = {
    ".python-version": "python-3.13.2\r\n",
    "Procfile": "web: gunicorn app:app\n",
    "app.json": '{"addons": ["heroku-postgresql:hobby-dev"]}\n',
    "requirements.txt": "flask==3.1.0\ngunicorn==23.0.0\n",
    "app.py": "import flask\n\napp = flask.Flask(__name__)\n",
}
VERSION = "3.13.2\r\n"
PLAN = '{"addons": ["heroku-postgresql:essential-0"]}\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "app"
    root.mkdir()
    write_tree(root, APP)
    return root


def judge(page: Page) -> None:
    choose(page)
    page.locator("#zip-input").set_input_files(zipped(APP, "app"))
    page.locator("#answer").wait_for()


def patched(root: Path, download: Download) -> dict[str, str]:
    """Apply a patch; the files that it changed."""
    assert download.suggested_filename == "pydeploy-lint.patch"
    subprocess.run(["git", "apply", os.fspath(download.path())], cwd=root, check=True)
    contents = {path: (root / path).read_bytes().decode() for path in APP}
    return {path: content for path, content in contents.items() if content != APP[path]}


def made_link(page: Page) -> str:
    page.get_by_role("button", name="Make a link").click()
    page.locator("#link-part").wait_for()
    link: str = page.get_by_label("Link", exact=True).input_value()
    return link


def test_one_fix_is_downloaded(page: Page, root: Path) -> None:
    judge(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the patch: Ask for").click()

    assert patched(root, download.value) == {"app.json": PLAN}
    expect(page.locator("#patch-done")).to_have_text("1 finding is fixed in app.json.")


def test_safe_fixes_are_downloaded(page: Page, root: Path) -> None:
    judge(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the patch with 1 safe fix").click()

    assert patched(root, download.value) == {".python-version": VERSION}


def test_all_fixes_are_downloaded(page: Page, root: Path) -> None:
    judge(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the patch with suggestions, too").click()

    assert patched(root, download.value) == {".python-version": "3.13\r\n", "app.json": PLAN}
    assert not [finding for finding in lint(root, as_of=DAY).findings if finding.fix]


def test_a_link_holds_only_what_is_ticked(page: Page, site: Site) -> None:
    judge(page)
    page.get_by_label("Procfile", exact=True).check()
    page.get_by_label("the settings").check()
    link = made_link(page)

    assert parse_qs(urlsplit(link).fragment).keys() == {"as-of", "files"}
    assert len(link) < 300
    browser = page.context.browser
    assert browser
    with visiting(browser) as other, opened(other, link) as shared:
        answer(shared)
        assert shared.get_by_label("File name").input_value() == "Procfile"
        assert shared.get_by_label("Content").input_value() == APP["Procfile"]
        assert shared.get_by_label("Judge by").input_value() == DAY
    assert not [path for path in site.asked if "?" in path or "#" in path]


def test_a_link_holds_no_settings_unless_they_are_ticked(page: Page) -> None:
    judge(page)
    page.get_by_label("app.py", exact=True).check()

    assert parse_qs(urlsplit(made_link(page)).fragment).keys() == {"files"}


def test_a_damaged_link_says_so(page: Page) -> None:
    page.evaluate("location.hash = 'files=q1YqS8wpTVWyUlAqS8wB'")

    expect(page.get_by_role("alert")).to_have_text("This link is damaged: perhaps only a part of it was copied.")


def test_another_setting_judges_again(page: Page, root: Path) -> None:
    judge(page)
    page.get_by_label("Stack").select_option("heroku-26")
    expect(page.locator("#report")).to_contain_text("heroku-26")

    assert answer(page) == text_of(lint(root, as_of=DAY, stack="heroku-26")._replace(path="app"))


def test_a_setting_that_cannot_be_used_says_so(page: Page) -> None:
    judge(page)
    page.get_by_label("Judge by").fill("2019-01-01")

    expect(page.get_by_role("alert")).to_contain_text("2019-01-01")
    expect(page.locator("#answer")).to_be_hidden()


def test_a_configuration_that_cannot_be_used_says_so(page: Page) -> None:
    choose(page)
    paste(page, {"pyproject.toml": "[tool.pydeploy-lint]\nselect = 1\n"})

    expect(page.get_by_role("alert")).to_contain_text("pyproject.toml:2")


def test_what_looks_like_html_is_text(page: Page) -> None:
    evil = "<img src=x onerror=alert(1)>"
    choose(page)
    paste(page, {"requirements.txt": f"{evil}\n", "Procfile": f"web: gunicorn {evil}\n", f"{evil}.py": f"{evil}\n"})

    assert evil in answer(page)
    assert page.locator("#answer img, #status img, #files img").count() == 0


def test_names_that_no_file_can_have(page: Page) -> None:
    names = ["../requirements.txt", "/", ".", "a/../../b", "", "a\\b", "\ud83d", "requirements.txt/a"]
    choose(page)
    paste(page, {"requirements.txt": "flask==3.1.0\n"} | dict.fromkeys(names, "flask\n"))

    assert "Heroku would build this app" in answer(page)
