"""What a visitor does, and sees."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from pydeploy_lint.report.html.page import app_section
from pydeploy_lint.testing import Directory, Files, Link

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page

    from pydeploy_lint.engine.result import AppReport

DAY = "2026-11-23"


def choose(page: Page, **settings: str) -> None:
    """Choose settings by the names of their fields; the date is always a fixed one."""
    if not page.locator("#settings").get_attribute("open"):
        page.locator("#settings summary").click()
    for name, value in ({"as_of": DAY} | settings).items():
        field = page.locator(f"#{name.replace('_', '-')}")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def paste(page: Page, files: Mapping[str, str]) -> None:
    """Paste files and have them judged."""
    page.get_by_role("button", name="Paste files").click()
    for number, (path, text) in enumerate(files.items()):
        if number:
            page.get_by_role("button", name="Add a file").click()
        page.get_by_label("File name").last.fill(path)
        page.get_by_label("Content").last.fill(text)
    page.get_by_role("button", name="Judge these files").click()


def drop(page: Page, *paths: Path) -> None:
    """Drop files or folders from the disk on the page."""
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": 200, "y": 200, "data": data})
    session.detach()


def answer(page: Page) -> str:
    """All text of the report, when there is one."""
    page.locator("#answer").wait_for()
    return page.locator("#report > section").text_content() or ""


def text_of(report: AppReport) -> str:
    """The same text for a report that was made without a browser."""
    parser = _Text()
    parser.feed(app_section(report, "app"))
    return "".join(parser.texts)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def zipped(files: Files, name: str) -> FilePayload:
    """An app in a folder in a zip archive, as GitHub packs it."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            mode = stat.S_IFLNK | 0o777 if isinstance(content, Link) else stat.S_IFREG | 0o644
            information = zipfile.ZipInfo(f"{name}/{path}/" if isinstance(content, Directory) else f"{name}/{path}")
            information.create_system = 3
            information.external_attr = mode << 16
            information.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(information, b"" if isinstance(content, Directory) else content)
    return {"name": f"{name}.zip", "mimeType": "application/zip", "buffer": data.getvalue()}


def files_in(directory: Path) -> dict[str, bytes]:
    """The files below a directory."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }
