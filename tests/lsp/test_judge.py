"""What counts as the content of a file that is open in an editor."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.files.repository.git import Git
from pydeploy_lint.files.tree import WorkingTree
from pydeploy_lint.lsp.judge import contents_of, judge
from pydeploy_lint.testing import Directory, Files, Link, write_tree


@pytest.mark.parametrize(
    ("disk", "shown", "expected"),
    [
        pytest.param("a\n", "b\n", b"b\n", id="changed"),
        pytest.param("a\n", "a\n", None, id="the same"),
        pytest.param(b"\xef\xbb\xbfa", "a", None, id="the same, after a byte order mark"),
        pytest.param(b"\xef\xbb\xbfa", "b", b"\xef\xbb\xbfb", id="changed, after a byte order mark"),
        pytest.param(b"\xef\xbb\xbfa", "\ufeffa", None, id="the byte order mark is shown, too"),
        pytest.param(b"\xff\xfea\0", "b", b"\xff\xfeb\0", id="UTF-16"),
        pytest.param(b"a\xff", "a\ufffd", None, id="the same, with a byte that UTF-8 does not allow"),
        pytest.param("", "\ud800", b"?", id="half a character"),
        pytest.param(None, "a", b"a", id="not there yet"),
        pytest.param(None, "", b"", id="not there yet, and empty"),
        pytest.param(Directory(), "a", None, id="a directory"),
        pytest.param(Link("../out"), "a", None, id="a link out of the app"),
    ],
)
def test_what_a_save_would_write(
    tmp_path: Path, disk: str | bytes | Link | Directory | None, shown: str, expected: bytes | None
) -> None:
    files: Files = {} if disk is None else {"x": disk}
    write_tree(tmp_path, files)

    assert contents_of({"x": shown}, WorkingTree(str(tmp_path))).get("x") == expected


def test_settings_of_the_command_line_go_before_the_configuration(tmp_path: Path) -> None:
    write_tree(tmp_path, {"requirements.txt": "", "runtime.txt": "python-3.8\n"})
    registry = load_registry()
    documents = {".pydeploy-lint.toml": 'select = ["runtime-txt-deprecated"]\n'}
    configured = judge(str(tmp_path), documents, {}, registry)
    told = judge(str(tmp_path), documents, {"select": ("unsupported-runtime",)}, registry)

    assert [finding.check for finding in configured.findings] == ["runtime-txt-deprecated"]
    assert [finding.check for finding in told.findings] == ["unsupported-runtime"]


def test_git_is_asked_what_it_ignores_and_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    write_tree(tmp_path, {".gitignore": "*.txt\n", "setup.py": ""})
    processes = []
    start = Git.start

    def started(self: Git, *arguments: str) -> subprocess.Popen[bytes]:
        processes.append(start(self, *arguments))
        return processes[-1]

    monkeypatch.setattr(Git, "start", started)
    judged = judge(str(tmp_path), {"requirements.txt": ""}, {}, load_registry())

    assert judged.tree.withheld["requirements.txt"].rule == "*.txt"
    assert processes
    assert all(process.poll() is not None for process in processes)
