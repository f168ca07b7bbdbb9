"""The page works for everybody: by keyboard, with a screen reader, on a narrow screen, in the dark."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.page.actions import answer
from tests.page.conftest import WEB

AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
PICTURE = WEB.parent / "docs" / "page.png"
MOST_BYTES = 100_000
WIDE, NARROW = {"width": 1100, "height": 900}, {"width": 360, "height": 740}


def violations(page: Page) -> list[str]:
    """What axe-core finds on the page as it is, with the places."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run()).violations")
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]


def show_everything(page: Page) -> None:
    """Bring out all parts that the page has."""
    page.get_by_role("button", name="problems", exact=True).click()
    answer(page)
    page.locator("#all-fixes button").first.click()
    page.locator("#patch-part").wait_for()
    page.locator("#share-files input").first.check()
    page.get_by_role("button", name="Make a link").click()
    page.locator("#link-part").wait_for()
    page.locator("details:not([open]) > summary").evaluate_all("all => all.forEach((each) => each.click())")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_in_the_way(page: Page, size: Any, scheme: Any, tmp_path: Path) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(size)
    page.locator("#loading").wait_for(state="hidden")
    assert violations(page) == []

    show_everything(page)
    page.screenshot(path=tmp_path / "page.png", full_page=True)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_no_mouse_is_needed(page: Page) -> None:
    page.locator("#loading").wait_for(state="hidden")
    for name, key in [("Paste files", "Enter"), ("Remove file 1", ""), ("Content", "")]:
        reach(page, name)
        if key:
            page.keyboard.press(key)
    page.keyboard.type("flask==3.1.0\n")
    reach(page, "Judge these files")
    page.keyboard.press("Space")
    answer(page)

    assert page.evaluate("document.activeElement.id") == "answer"
    expect(page.locator("#status")).to_contain_text("Yes: Heroku would build this app")
    reach(page, "Make a link")


def reach(page: Page, name: str) -> None:
    """Press Tab until something has the focus."""
    for _ in range(100):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(each => each.ariaLabel ?? each.labels?.[0]?.textContent ?? each.textContent)(document.activeElement)"
        )
        if focused.strip() == name:
            return
    pytest.fail(f"{name} cannot be reached by keyboard")


def test_the_answer_can_be_skipped_to(page: Page) -> None:
    page.keyboard.press("Tab")

    expect(page.get_by_role("link", name="Skip to the answer")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the answer")).to_be_in_viewport()


def test_a_reader_of_the_screen_is_told(page: Page) -> None:
    expect(page.get_by_role("main")).to_be_visible()
    for name in ("Choose a folder", "Choose a zip", "Paste files"):
        expect(page.get_by_role("button", name=name)).to_be_visible()
    page.get_by_role("button", name="rejected", exact=True).click()
    answer(page)

    headings = page.get_by_role("heading").all_inner_texts()
    assert headings[:2] == ["Would Heroku build this app?", "Choose an app"]
    levels = page.locator("h1, h2, h3, h4, h5, h6").evaluate_all("all => all.map((each) => Number(each.tagName[1]))")
    assert all(below - above <= 1 for above, below in itertools.pairwise(levels))


def test_the_readme_shows_the_page(page: Page, tmp_path: Path) -> None:
    picture = PICTURE if os.environ.get("PYDEPLOY_LINT_UPDATE") else tmp_path / "page.png"
    page.set_viewport_size({"width": 960, "height": 640})
    page.get_by_role("button", name="rejected", exact=True).click()
    answer(page)
    page.locator("#status").scroll_into_view_if_needed()
    page.evaluate("document.activeElement.blur()")
    page.screenshot(path=picture)

    assert size_of(picture) == size_of(PICTURE)
    assert PICTURE.stat().st_size < MOST_BYTES


def size_of(picture: Path) -> tuple[int, int]:
    """Width and height of a PNG."""
    data = picture.read_bytes()
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
