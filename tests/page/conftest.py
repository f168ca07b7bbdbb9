"""A real browser with the built page: python tools/build_page.py, and Chromium.

Every test fails if the page logs an error, breaks its Content-Security-Policy, or asks another host for anything.
"""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.chromium import REQUIRED, launched, unavailable

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

WEB = Path(__file__).resolve().parents[2] / "web"
SOURCES = ("index.html", "page.css", "src", "python", "../src/pydeploy_lint", "../checks")
# The tests import it: without it there are none, unless they are required.
collect_ignore_glob = [] if REQUIRED or find_spec("playwright") else ["test_*.py"]
SECONDS = 180
"""For the longest step, which is to load Python on a busy machine; elsewhere that takes three."""


class Site(http.server.ThreadingHTTPServer):
    """Serves a directory, and remembers what was asked for."""

    daemon_threads = True

    def __init__(self, directory: Path) -> None:
        super().__init__(("127.0.0.1", 0), functools.partial(Handler, directory=str(directory)))
        self.asked: list[str] = []
        self.address = f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, request: object, client_address: object) -> None:
        """Browsers break connections off when a page is closed."""


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files as static hosts do."""

    def parse_request(self) -> bool:
        """Remember what is asked for, in whatever way."""
        understood = super().parse_request()
        assert isinstance(self.server, Site)
        self.server.asked.append(self.path)
        return understood

    def log_message(self, *_message: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def built() -> Path:
    """The directory with the page, as it was built last."""
    page = WEB / "dist" / "index.html"
    if not page.exists():
        unavailable("the page is not built; build it with: python tools/build_page.py")
    sources = [path for name in SOURCES for path in [WEB / name, *(WEB / name).rglob("*.*")]]
    if max(path.stat().st_mtime for path in sources if path.is_file()) > page.stat().st_mtime:
        unavailable("the page is older than its sources; build it with: python tools/build_page.py")
    return page.parent


@pytest.fixture(scope="session")
def site(built: Path) -> Iterator[Site]:
    with serving(built) as site:
        yield site


@contextmanager
def serving(directory: Path) -> Iterator[Site]:
    with Site(directory) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield site
        site.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with launched(SECONDS) as browser:
        yield browser


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody who was never on the page."""
    with visiting(browser) as context:
        yield context


@pytest.fixture(scope="session")
def regular(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody whose browser keeps the files of the page."""
    with visiting(browser) as context:
        yield context


@contextmanager
def visiting(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(accept_downloads=True, viewport={"width": 1100, "height": 900})
    context.set_default_timeout(SECONDS * 1000)
    yield context
    context.close()


@pytest.fixture
def page(regular: BrowserContext, site: Site) -> Iterator[Page]:
    """The page, as it was opened by its address."""
    with opened(regular, site.address) as page:
        yield page


@contextmanager
def opened(context: BrowserContext, address: str) -> Iterator[Page]:
    """A page that must not log anything wrong, nor ask another host for anything."""
    page = context.new_page()
    host = address.split("/")[2]
    wrong: list[str] = []

    def see_message(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            wrong.append(message.text)

    def see_request(request: Request) -> None:
        if not request.url.removeprefix("blob:").startswith((f"http://{host}/", "data:")):
            wrong.append(request.url)

    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", see_message)
    page.on("request", see_request)
    page.goto(address)
    yield page
    page.close()
    assert wrong == []
