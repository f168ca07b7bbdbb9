"""Where an app comes from: a folder in every way in which browsers give one, an archive, and what is none."""

from __future__ import annotations

import io
import os
import subprocess
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pydeploy_lint import lint
from pydeploy_lint.testing import Files, Link, write_tree
from tests.page.actions import DAY, answer, choose, drop, text_of, zipped

APP: Files = {
    "requirements.txt": "flask==3.1.0\ngunicorn==23.0.0\n",
    "Procfile": "web: gunicorn app:app\n",
    "app.py": "import flask\n\napp = flask.Flask(__name__)\n",
    ".python-version": "3.14\n",
    ".gitignore": "/runtime.txt\n.venv/\n",
    ".slugignore": "*.lock\n",
    "runtime.txt": "python-3.9.1\n",
    "uv.lock": "version = 1\n",
    ".venv/pyvenv.cfg": "",
}
"""An app of which git ignores one thing that would stop the build, and the compiler of slugs another."""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The app in a repository."""
    root = tmp_path / "shop"
    root.mkdir()
    write_tree(root, APP)
    for arguments in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", *arguments], cwd=root, check=True)
    return root


def expected(root: Path) -> str:
    report = lint(root, as_of=DAY)
    assert report.build.failure_reason is None
    return text_of(report._replace(path=root.name))


def test_a_folder_is_dropped(page: Page, repository: Path) -> None:
    choose(page)
    drop(page, repository)

    assert answer(page) == expected(repository)


def test_a_folder_is_chosen_where_there_is_no_picker(page: Page, repository: Path) -> None:
    page.evaluate("delete window.showDirectoryPicker")
    choose(page)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a folder").click()
    chooser.value.set_files(repository)

    assert answer(page) == expected(repository)


def test_a_folder_is_picked(page: Page) -> None:
    """The picker itself is the browser's; what it gives has the same form as a site's own storage."""
    page.evaluate(
        """async (files) => {
            const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("shop", { create: true });
            for (const [path, text] of Object.entries(files)) {
                const parts = path.split("/");
                const name = parts.pop();
                let folder = root;
                for (const part of parts) folder = await folder.getDirectoryHandle(part, { create: true });
                const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
                await stream.write(text);
                await stream.close();
            }
            window.showDirectoryPicker = async () => root;
        }""",
        APP,
    )
    choose(page)
    page.get_by_role("button", name="Choose a folder").click()

    assert "runtime.txt exists locally" not in answer(page)
    expect(page.locator("#status")).to_contain_text("Yes: Heroku would build this app with Python 3.14")


@pytest.mark.parametrize("dropped", [True, False], ids=["dropped", "chosen"])
def test_links_that_the_browser_hides_are_named(page: Page, repository: Path, *, dropped: bool) -> None:
    (repository / "Procfile").rename(repository / "processes")
    (repository / "Procfile").symlink_to("processes")
    subprocess.run(["git", "add", "--all"], cwd=repository, check=True)
    choose(page)
    if dropped:
        drop(page, repository)
    else:
        page.locator("#folder-input").set_input_files(repository)

    assert answer(page) != expected(repository)
    expect(page.locator("#hidden-links")).to_contain_text("These count as missing here: Procfile. With a zip archive")


def test_only_what_matters_is_read_of_a_large_folder(page: Page, repository: Path) -> None:
    for number in range(1000):
        folder = repository / "assets" / str(number)
        folder.mkdir(parents=True)
        (folder / "0.txt").write_text("flask\n")
        for file in range(1, 100):
            os.link(folder / "0.txt", folder / f"{file}.txt")
    choose(page)
    page.locator("#progress").wait_for(state="hidden")
    drop(page, repository)
    page.locator("#answer").wait_for(timeout=10_000)

    read = [item.inner_text() for item in page.locator("#share-files label").all()]
    assert not [path for path in read if path.startswith("assets")]
    assert {"requirements.txt", "Procfile", "app.py", ".python-version"} <= set(read)
    assert len(read) < 15


def test_what_never_ends_can_be_stopped(page: Page) -> None:
    """A disk that never answers."""
    page.evaluate(
        """() => {
            const entries = () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) });
            window.showDirectoryPicker = async () => ({ name: "slow", entries });
        }"""
    )
    choose(page)
    page.get_by_role("button", name="Choose a folder").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("alert")).to_have_text("Stopped.")
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()

    page.locator("#zip-input").set_input_files(zipped({"requirements.txt": "flask==3.1.0\n"}, "next"))
    assert "Heroku would build this app" in answer(page)


def test_files_are_dropped_one_by_one(page: Page, repository: Path) -> None:
    choose(page)
    drop(page, repository / "requirements.txt", repository / "Procfile")

    assert "There is no .python-version" in answer(page) or "there is no .python-version" in answer(page)


def test_links_in_an_archive_are_followed(page: Page, tmp_path: Path) -> None:
    files = {**APP, "Procfile": Link("config/Procfile"), "config/Procfile": APP["Procfile"], "up": Link("../..")}
    write_tree(tmp_path, files)
    choose(page)
    page.locator("#zip-input").set_input_files(zipped(files, tmp_path.name))

    assert answer(page) == text_of(lint(tmp_path, as_of=DAY)._replace(path=tmp_path.name))


def test_an_app_in_a_directory_is_offered(page: Page) -> None:
    choose(page)
    files = {f"backend/{path}": content for path, content in APP.items()} | {"README.md": "", "docs/index.md": ""}
    page.locator("#zip-input").set_input_files(zipped(files, "monorepo"))
    expect(page.locator("#status")).to_contain_text("(detect)")

    assert page.locator("#error button").all_inner_texts() == ["Judge backend/ instead"]
    page.get_by_role("button", name="Judge backend/ instead").click()
    expect(page.locator("#report h2")).to_have_text("monorepo/backend")
    assert "Procfile" in page.locator("#share-files label").all_inner_texts()


def archive(
    name: str = "requirements.txt", content: bytes = b"flask\n", compression: int = zipfile.ZIP_STORED
) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compression) as made:
        made.writestr(name, content)
    return data.getvalue()


ENCRYPTED = bytearray(archive())
ENCRYPTED[ENCRYPTED.index(b"PK\1\2") + 8] |= 1


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "app.zip is not a zip archive, or only the beginning of one"),
        (b"no zip at all" * 1000, "app.zip is not a zip archive, or only the beginning of one"),
        (archive(content=b"flask\n" * 1000)[:3000], "app.zip is not a zip archive, or only the beginning of one"),
        (archive()[40:], "app.zip is a damaged zip archive"),
        (bytes(ENCRYPTED), "app.zip is an encrypted zip archive, which this page does not read"),
        (
            archive(compression=zipfile.ZIP_BZIP2),
            "app.zip is a zip archive that packs requirements.txt in a way which this page does not read (method 12)",
        ),
    ],
    ids=["empty", "text", "cut", "headless", "encrypted", "bzip2"],
)
def test_what_is_no_archive_is_said(page: Page, data: bytes, message: str) -> None:
    page.locator("#zip-input").set_input_files({"name": "app.zip", "mimeType": "application/zip", "buffer": data})

    expect(page.get_by_role("alert")).to_have_text(message)
    expect(page.locator("#answer")).to_be_hidden()


def test_a_damaged_file_in_an_archive_is_said(page: Page) -> None:
    data = bytearray(archive(content=b"flask==3.1.0\n" * 100, compression=zipfile.ZIP_DEFLATED))
    data[50] ^= 0xFF
    choose(page)
    page.locator("#zip-input").set_input_files({"name": "a.zip", "mimeType": "application/zip", "buffer": bytes(data)})

    assert "requirements.txt cannot be read: permission denied" in answer(page)


def test_a_file_of_50_megabytes_is_not_read(page: Page) -> None:
    choose(page)
    files = {
        "Procfile": APP["Procfile"],
        "requirements.txt": b"# a comment of thirty-one bytes\n" * (50 * 1024 * 1024 // 32),
    }
    page.locator("#zip-input").set_input_files(zipped(files, "large"))

    assert "requirements.txt cannot be read: file too large" in answer(page)
    expect(page.locator("#status")).to_contain_text("Yes: Heroku would build this app")


def test_nothing_is_no_app(page: Page) -> None:
    choose(page)
    page.locator("#zip-input").set_input_files(zipped({"README.md": "Hello\n"}, "nothing"))

    expect(page.locator("#status")).to_have_text(
        "No: Heroku would reject this push while detecting the app's language: 1 error (detect). 0 files read."
    )
