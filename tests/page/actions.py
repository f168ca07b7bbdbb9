"""What a visitor does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


def paste(page: Page, files: Mapping[str, str]) -> None:
    """Paste files and have them judged by what Heroku does on a fixed day."""
    page.locator("#settings summary").click()
    page.get_by_label("Judge by what Heroku does on").fill("2026-11-23")
    page.get_by_role("button", name="Paste files").click()
    for number, (path, text) in enumerate(files.items()):
        if number:
            page.get_by_role("button", name="Add a file").click()
        page.get_by_label("File name").last.fill(path)
        page.get_by_label("Content").last.fill(text)
    page.get_by_role("button", name="Judge these files").click()


def verdict(page: Page) -> str:
    """The sentence of the answer, when it is there."""
    return page.locator("#report .verdict p span").inner_text()
