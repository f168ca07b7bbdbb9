"""The browser of the tests: Chromium, as the machine has it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REQUIRED = bool(os.environ.get("PYDEPLOY_LINT_REQUIRE_BROWSER"))


def unavailable(reason: str) -> NoReturn:
    """Skip a test that cannot run on this machine; fail it where a browser is required."""
    if REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def launched(seconds: int) -> Iterator[Browser]:
    """A browser that has nothing open.

    Args:
        seconds: how long to wait for what a test expects.
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        unavailable("there is no Chromium; on Debian install it with: apt-get install chromium")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=seconds * 1000)
    with sync_playwright() as playwright:
        # Without its sandbox, which needs rights that a container does not have: the pages are our own.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()
