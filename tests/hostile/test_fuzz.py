"""A short run of the fuzzer, and that it notices what it is there for."""

from __future__ import annotations

import ast
import json
import random
import signal
from collections.abc import Iterator
from pathlib import Path

import fuzz
import fuzz_texts
import fuzz_verdict
import pytest
import tomli
from fuzz_texts import Texts
from fuzz_trees import FILES, Trees

from pydeploy_lint.engine.registry import registry_of
from pydeploy_lint.plugin import App, Problem, Severity, Span, check
from pydeploy_lint.testing import write_tree

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers")
COUNT = 120
SEED = 20261125


def test_random_apps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)

    status = fuzz.main(["--trees", str(COUNT), "--seed", str(SEED)])

    out = capsys.readouterr().out
    assert f"apps 0 to {COUNT - 1}, 0 different failures" in out
    assert status == 0


def test_a_number_stands_for_one_app() -> None:
    trees = Trees(1)
    assert trees.tree(7) == Trees(1).tree(7)
    assert trees.tree(7) != trees.tree(8)
    assert trees.tree(7) != Trees(2).tree(7)


def texts_of(maker: object, old: str = "") -> Iterator[str]:
    for number in range(60):
        assert callable(maker)
        yield maker(Texts(random.Random(number), ["flask", "DEBUG", "tool.uv"]), old)


@pytest.mark.parametrize("maker", FILES, ids=lambda maker: maker.__name__)
def test_every_format_is_made(maker: object) -> None:
    assert len(set(texts_of(maker))) > 30


def test_most_of_what_is_made_is_well_formed() -> None:
    for text in texts_of(fuzz_texts.json_text, '{"a": [1, {"b": "c"}]}'):
        json.loads(text)
    for text in texts_of(fuzz_texts.toml, '[a]\nb = "c"\n[[d]]\ne = [1, 2]\n'):
        tomli.loads(text.replace("9" * 400, "9").replace("9" * 5000, "9"))
    for text in texts_of(fuzz_texts.python, "import os\nDEBUG = os.environ['A']\nif DEBUG:\n    x = [1]\n"):
        ast.parse(text)


def judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, each: object) -> list[str]:
    """What the fuzzer says of an app when there is only one check."""
    registry = registry_of([each])  # type: ignore[list-item]
    monkeypatch.setattr(fuzz_verdict, "load_registry", lambda: registry)
    monkeypatch.setattr(fuzz_verdict, "CPU_SECONDS", 0.2)
    app = tmp_path / "app"
    app.mkdir()
    write_tree(app, {"requirements.txt": "six\n"})
    return fuzz_verdict.flaws(app, random.Random(3))


def test_a_check_that_fails_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @check("fails", severity=Severity.NOTE)
    def fails(_app: App) -> list[Problem]:
        """Fails."""
        raise ZeroDivisionError

    assert any("check fails" in flaw for flaw in judge(tmp_path, monkeypatch, fails))


def test_a_check_that_hangs_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @check("hangs", severity=Severity.NOTE)
    def hangs(_app: App) -> list[Problem]:
        """Hangs."""
        while True:
            pass

    assert any("judging took more than" in flaw for flaw in judge(tmp_path, monkeypatch, hangs))


def test_a_check_that_writes_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @check("writes", severity=Severity.NOTE)
    def writes(_app: App) -> list[Problem]:
        """Writes."""
        (tmp_path / "outside.txt").write_text("x", encoding="utf-8")
        return []

    assert judge(tmp_path, monkeypatch, writes) == ["judging changed files"]


def test_a_check_that_finds_something_is_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @check("finds", severity=Severity.NOTE)
    def finds(_app: App) -> list[Problem]:
        """Finds \x1b[31m."""
        return [Problem("::error::is \x1b[31m <script>", Span("requirements.txt", 1, 1, 1, 2))]

    assert judge(tmp_path, monkeypatch, finds) == []


@pytest.mark.parametrize(
    ("name", "text", "flaw"),
    [
        ("full", "a \x1b[31mb\n", "holds '\\x1b'"),
        ("concise", "a\u202eb\n", "holds '\\u202e'"),
        ("full", "a\n  ::add-mask::b\n", "holds a workflow command"),
        ("github", "::set-output name=a::b\n", "holds a workflow command"),
        ("markdown", "##[error]a\n", "holds a workflow command"),
        ("json", '{"a": NaN}', "is not well formed: NaN is not JSON"),
        ("sarif", "{", "is not well formed"),
        ("jsonl", "{}\nx\n", "is not well formed"),
        ("junit", "<a><b></a>", "is not well formed"),
        ("csv", "a,b\nc\n", "is not well formed: rows of [1, 2] columns"),
        ("html", "<p><script>1</script>", "is not well formed: a script"),
        ("html", '<a onclick="x">', "is not well formed: an attribute onclick"),
        ("html", '<a href="javascript:x">', "is not well formed: an address 'javascript:x'"),
    ],
)
def test_reports_that_are_not_in_order(name: str, text: str, flaw: str) -> None:
    [found] = fuzz_verdict.of_output(name, text)
    assert found.startswith(flaw)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("github", "::error file=a::b\n"),
        ("html", '<a href="https://x.example/">\n<p style="color: red">'),
        ("json", '{"a": "::error::"}'),
        ("csv", "a,b\nc,d\n"),
    ],
)
def test_reports_that_are_in_order(name: str, text: str) -> None:
    assert fuzz_verdict.of_output(name, text) == []
