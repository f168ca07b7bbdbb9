"""Files that are not what they should be: each is told of, and the run goes on."""

import os
from pathlib import Path

import pytest

from pydeploy_lint.engine import run as engine
from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.engine.result import AppReport
from pydeploy_lint.facts.app import App
from pydeploy_lint.files.source import FileProblem, Source
from pydeploy_lint.files.tree import MAX_FILE_SIZE, WorkingTree
from pydeploy_lint.testing import Directory, Files, Link, open_app, options_of, place, write_tree

CHECKS = load_registry().checks.values()
APP: Files = {"requirements.txt": "", ".python-version": "3.13\n"}


def judge(root: Path, files: Files) -> AppReport:
    write_tree(root, files)
    return engine.run(open_app(root, {"buildpack": "v351"}), CHECKS)


def told(report: AppReport) -> list[tuple[str, str, str]]:
    return [(finding.check, place(finding.at), finding.message) for finding in report.findings]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (Directory(), "is a directory"),
        (Link("missing"), "is a link to nothing inside the app"),
        (Link("/etc/hostname"), "is a link to nothing inside the app"),
        (Link("../outside"), "is a link to nothing inside the app"),
        (Link("manage.py"), "is a link to nothing inside the app"),
    ],
    ids=["directory", "dangling", "absolute", "outside", "loop"],
)
def test_what_is_no_file_inside_the_app(tmp_path: Path, content: Link | Directory, what: str) -> None:
    (tmp_path / "outside").write_text("secret")
    root = tmp_path / "app"
    root.mkdir()

    report = judge(root, {**APP, "manage.py": content})

    assert told(report) == [("not-a-file", "manage.py", f"manage.py {what}, so Heroku does not see such a file")]
    assert report.build.failure_reason is None
    assert report.notifications == ()


def test_a_link_out_of_the_app_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("python-3.13\n")
    root = tmp_path / "app"
    root.mkdir()
    write_tree(root, {**APP, "runtime.txt": Link("../secret"), "dir": Link("..")})
    app = open_app(root)

    assert app.files.source("runtime.txt") is None
    assert app.files.source("dir/secret") is None


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        (b'{"stack": ', "app.json:1:11-1:11", "app.json is not valid JSON in line 1: expecting value"),
        (b'{"stack": "\xff"}', "app.json:1:12-1:13", "app.json is not text in UTF-8: byte 0xFF in line 1"),
        (
            b"<<<<<<< ours\n{}\n",
            "app.json:1:1-1:13",
            "app.json holds an unresolved merge conflict: line 1 begins with <<<<<<<",
        ),
        ("{}".encode("utf-16"), "app.json", "app.json is in UTF-16, and must be in UTF-8"),
        (b"[" * 100_000, "app.json:1:401-1:402", "app.json is nested too deeply to be read, in line 1"),
    ],
)
def test_a_broken_document(tmp_path: Path, text: bytes, at: str, message: str) -> None:
    report = judge(tmp_path, {**APP, "app.json": text})

    assert [finding for finding in told(report) if finding[1].startswith("app.json")] == [("invalid-file", at, message)]
    assert report.build.python_version == "3.13.15"


def test_a_broken_pyproject_is_told_where_nothing_else_reads_it(tmp_path: Path) -> None:
    report = judge(tmp_path, {**APP, "pyproject.toml": "[project\nname = 1\n"})

    message = "pyproject.toml is not valid TOML in line 1: expected ']' at the end of a table declaration"
    assert told(report) == [("invalid-file", "pyproject.toml:1:9-1:9", message)]
    assert report.build.failure_reason is None


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    write_tree(tmp_path, APP)
    with (tmp_path / "runtime.txt").open("wb") as file:
        file.truncate(MAX_FILE_SIZE + 1)

    report = engine.run(open_app(tmp_path, {"buildpack": "v351"}), CHECKS)

    message = "runtime.txt is larger than 64 MiB, and was not read"
    assert ("unreadable-file", "runtime.txt", message) in told(report)
    assert [note.message for note in report.notifications] == [message]
    assert report.build.package_manager == "pip"
    assert report.build.python_version is None


class LockedTree(WorkingTree):
    """A directory in which one file may not be read, which root could."""

    def read(self, path: str) -> bytes:
        if path == ".python-version":
            raise FileProblem(Source(path, b"").span(0)._replace(line=None), "cannot be read: permission denied")
        return super().read(path)


def test_an_unreadable_file_leaves_the_rest_judged(tmp_path: Path) -> None:
    write_tree(tmp_path, {**APP, "venv/pyvenv.cfg": ""})

    report = engine.run(App.open(LockedTree(str(tmp_path)), options_of({"buildpack": "v351"}).app), CHECKS)

    checks = [finding.check for finding in report.findings]
    assert checks.count("unreadable-file") == 1
    assert "committed-venv" in checks
    assert report.build.failure_reason == "checks::existing-venv-dir"


def test_a_directory_that_cannot_be_listed_is_empty(tmp_path: Path) -> None:
    assert WorkingTree(str(tmp_path / "gone")).names() == []


def test_a_device_is_no_file(tmp_path: Path) -> None:
    write_tree(tmp_path, APP)
    os.mkfifo(tmp_path / "Procfile")

    report = engine.run(open_app(tmp_path, {"buildpack": "v351"}), CHECKS)

    assert ("not-a-file", "Procfile", "Procfile is no regular file, so Heroku does not see such a file") in told(report)
