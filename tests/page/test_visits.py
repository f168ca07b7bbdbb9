"""The first visit and the next ones: what is loaded, from where, and what works without a network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.page.actions import answer
from tests.page.conftest import SECONDS, Site, opened, serving


@pytest.fixture
def own_site(built: Path) -> Iterator[Site]:
    """A site that nobody else uses."""
    with serving(built) as site:
        yield site


def judge_example(page: Page) -> str:
    page.get_by_role("button", name="rejected", exact=True).click()
    return answer(page)


def wait_until_kept(page: Page) -> None:
    """Wait until the service worker has all files of the page."""
    files = "(await (await fetch('service.js')).text()).match(/^const FILES = (.*);$/m)[1]"
    kept = "(await (await caches.open('pydeploy-lint')).keys()).length"
    script = f"async () => {kept} > JSON.parse({files}).length"
    for _ in range(SECONDS):
        if page.evaluate(script):
            return
        page.wait_for_timeout(1000)
    pytest.fail("the files of the page are not kept")


def test_loading_is_shown(visitor: BrowserContext, own_site: Site) -> None:
    with opened(visitor, own_site.address) as page:
        expect(page.get_by_role("progressbar", name="Loading Python")).to_be_visible()
        expect(page.locator("#doing")).to_have_text("Starting Python")
        assert page.locator("#progress").evaluate("bar => bar.value === bar.max && bar.max > 10e6")
        expect(page.locator("#loading")).to_be_hidden()
        expect(page.locator("#version")).to_contain_text("knows Heroku's releases up to 2")


def test_the_next_visit_needs_no_network(visitor: BrowserContext, own_site: Site) -> None:
    with opened(visitor, own_site.address) as page:
        said = judge_example(page)
        wait_until_kept(page)
    own_site.shutdown()
    own_site.server_close()
    visitor.set_offline(True)

    with opened(visitor, own_site.address) as page:
        assert judge_example(page) == said


def test_the_next_visit_loads_only_the_page(visitor: BrowserContext, own_site: Site) -> None:
    with opened(visitor, own_site.address) as page:
        judge_example(page)
        wait_until_kept(page)
    own_site.asked.clear()

    with opened(visitor, own_site.address) as page:
        judge_example(page)
    assert set(own_site.asked) <= {"/", "/service.js"}


def test_it_works_without_a_service_worker(visitor: BrowserContext, own_site: Site) -> None:
    visitor.add_init_script("delete Navigator.prototype.serviceWorker")
    with opened(visitor, own_site.address) as page:
        assert "Heroku would reject this push" in judge_example(page)
    assert "/service.js" not in own_site.asked


def test_what_is_missing_is_said(visitor: BrowserContext, own_site: Site) -> None:
    visitor.route("**/python_stdlib.zip", lambda route: route.fulfill(status=404, body=""))
    page = visitor.new_page()
    page.goto(own_site.address)

    expect(page.get_by_role("alert")).to_contain_text("python_stdlib.zip could not be loaded: 404")


def test_nothing_can_leave(visitor: BrowserContext, own_site: Site, tmp_path: Path) -> None:
    """Whatever runs on the page, or in its Python: the browser connects to no other host."""
    with serving(tmp_path) as other:
        page = visitor.new_page()
        page.goto(own_site.address)
        page.locator("#loading").wait_for(state="hidden")
        for way in (
            "url => fetch(url).then(() => 'sent', () => 'refused')",
            "url => fetch(url, { method: 'POST', mode: 'no-cors', body: 'x' }).then(() => 'sent', () => 'refused')",
            "url => { try { new WebSocket(url.replace('http', 'ws')); } catch {} return 'refused'; }",
            "url => import(url).then(() => 'sent', () => 'refused')",
        ):
            assert page.evaluate(way, other.address) == "refused"
            assert page.workers[0].evaluate(way, other.address) == "refused"
        page.evaluate("url => { new Image().src = url; navigator.sendBeacon?.(url, 'x'); }", other.address)
        page.wait_for_timeout(500)
        assert other.asked == []
        page.close()


def test_scripts_that_a_host_adds_do_not_run(visitor: BrowserContext, built: Path, tmp_path: Path) -> None:
    """As the page is built for an address: what is not below it is refused, although it is the same host's."""
    shutil.copytree(built, tmp_path / "try")
    (tmp_path / "added.js").write_text("document.title = 'added';")
    with serving(tmp_path) as site:
        text = (built / "index.html").read_text(encoding="utf-8").replace("'self'", f"{site.address}try/")
        added = text.replace("<script", '<script src="/added.js"></script>\n<script', 1)
        (tmp_path / "try" / "index.html").write_text(added, encoding="utf-8")
        page = visitor.new_page()
        messages: list[str] = []
        page.on("console", lambda message: messages.append(message.text))
        page.goto(f"{site.address}try/")

        assert "Heroku would reject this push" in judge_example(page)
        assert page.title() != "added"
        assert len(messages) == 1
        assert "added.js' violates the following Content Security Policy directive" in messages[0]
        page.close()
