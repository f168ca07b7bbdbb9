"""The page says what the command says."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.page.actions import paste, verdict


def test_pasted_files_are_judged(page: Page) -> None:
    paste(page, {"requirements.txt": "flask==3.1.0\n", "Procfile": "web: flask run\n", ".python-version": "3.9\n"})

    expect(page.locator("#status")).to_contain_text("No: Heroku would reject this push: 2 errors, 1 warning")
    assert verdict(page) == "Heroku would reject this push: 2 errors, 1 warning (python-version::eol)"
    expect(page.locator("#report h5").first).to_have_text(
        "Python 3.9 has reached its end of life (2025-10-31); Heroku rejects it, and supports 3.10 and later"
    )
