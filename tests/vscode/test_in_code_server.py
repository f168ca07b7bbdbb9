"""The extension in VS Code itself, as code-server shows it in a browser: somebody uses it on an app with problems.

It needs the packed extension (``npm run package --prefix editors/vscode``), Chromium, and the program ``code-server``
on the ``PATH``, or named by ``PYDEPLOY_LINT_CODE_SERVER``.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.chromium import launched

if TYPE_CHECKING:
    from playwright.sync_api import Page

DIST = Path(__file__).resolve().parents[2] / "editors" / "vscode" / "dist"
PROGRAM = os.environ.get("PYDEPLOY_LINT_CODE_SERVER") or shutil.which("code-server")
SECONDS = 60
"""For the longest step, which is to open VS Code on a busy machine."""
APP = {
    ".python-version": "3.9\n",
    "Procfile": "web: gunicorn app:app --bind 127.0.0.1:8000\n",
    "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
    "requirements.txt": "flask==3.1.2\ngunicorn==23.0.0\n",
}
pytestmark = [
    pytest.mark.skipif(PROGRAM is None, reason="code-server is not installed"),
    pytest.mark.skipif(not list(DIST.glob("*.vsix")), reason="pack it first: npm run package --prefix editors/vscode"),
    pytest.mark.skipif(find_spec("playwright") is None, reason="there is no playwright: pip install -e '.[page]'"),
]


@contextmanager
def code_server(home: Path) -> Iterator[str]:
    """VS Code with nothing but the extension; its address."""
    assert PROGRAM is not None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    environment = {**os.environ, "HOME": str(home)}
    places = [PROGRAM, "--extensions-dir", str(home / "extensions"), "--user-data-dir", str(home / "data")]
    package = str(next(DIST.glob("*.vsix")))
    subprocess.run([*places, "--install-extension", package], env=environment, check=True, capture_output=True)
    options = ["--bind-addr", address, "--auth", "none", "--disable-workspace-trust", "--disable-telemetry"]
    server = subprocess.Popen(
        [*places, *options, "--disable-update-check"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        host, port = address.split(":")
        until = time.monotonic() + SECONDS
        while True:
            try:
                socket.create_connection((host, int(port)), 1).close()
                break
            except OSError:
                assert time.monotonic() < until, "code-server does not answer"
                time.sleep(0.1)
        yield f"http://{address}"
    finally:
        server.terminate()
        server.wait(SECONDS)


@pytest.fixture
def app(tmp_path: Path) -> Path:
    directory = tmp_path / "app"
    programs = directory / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "pydeploy-lint").symlink_to(Path(sys.executable).with_name("pydeploy-lint"))
    for name, text in APP.items():
        (directory / name).write_text(text, encoding="utf-8")
    return directory


@pytest.fixture
def window(app: Path, tmp_path: Path) -> Iterator[Page]:
    """A window of VS Code with the app open in it."""
    with code_server(tmp_path / "home") as address, launched(SECONDS) as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.goto(f"{address}/?folder={app}")
        yield page


def run(window: Page, command: str) -> None:
    """Choose a command in the palette."""
    window.keyboard.press("F1")
    window.locator(".quick-input-widget input").fill(f">{command}")
    window.locator(".quick-input-list .monaco-list-row", has_text=command).first.click()


def open_file(window: Page, name: str) -> None:
    window.keyboard.press("Control+p")
    window.locator(".quick-input-widget input").fill(name)
    window.locator(".quick-input-list .monaco-list-row", has_text=name).first.click()
    window.locator(f'.tab.active[data-resource-name="{name}"]').wait_for()


def quick_fix(window: Page, name: str, title: str) -> None:
    """Choose a quick fix for the finding at which the cursor is put, and save the file."""
    open_file(window, name)
    run(window, "Go to Next Problem in Files")
    window.keyboard.press("Escape")
    window.keyboard.press("Control+.")
    window.locator(".action-widget .monaco-list-row.focused", has_text=title).wait_for()
    window.keyboard.press("Enter")
    window.locator(".action-widget").wait_for(state="hidden")
    window.keyboard.press("Control+s")


def test_from_a_red_answer_to_a_green_one(window: Page, app: Path) -> None:
    from playwright.sync_api import expect

    answer = window.locator(r"#pydeploy-lint\.pydeploy-lint\.pydeploy-lint")
    expect(answer).to_contain_text("Heroku: rejected")
    expect(answer).to_have_attribute("aria-label", re.compile("Heroku would reject this push while .*: 2 errors"))

    run(window, "Problems: Focus on Problems View")
    problems = window.locator(".markers-panel .monaco-list-row")
    expect(problems.filter(has_text="unsupported-runtime")).to_contain_text("Python 3.9 has reached its end of life")
    expect(problems.filter(has_text="procfile-port")).to_contain_text("[Ln 1, Col 30]")

    quick_fix(window, ".python-version", "Set 3.14 in .python-version")
    expect(answer).to_contain_text("Heroku: does not start")
    quick_fix(window, "Procfile", "Let gunicorn listen on $PORT")
    expect(answer).to_contain_text("Heroku: builds")
    expect(problems).to_have_count(0)

    run(window, "pydeploy-lint: Show Heroku's Plan")
    expect(window.locator(".editor-instance .view-lines").last).to_contain_text("Python")
    assert (app / ".python-version").read_text(encoding="utf-8") == "3.14\n"
    assert (app / "Procfile").read_text(encoding="utf-8") == "web: gunicorn app:app --bind 0.0.0.0:$PORT\n"
