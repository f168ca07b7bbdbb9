"""The option that makes pydeploy-lint a language server, and what does not go with it."""

from __future__ import annotations

import sys

import pytest

from pydeploy_lint.cli.main import main
from pydeploy_lint.cli.status import Status


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "json"], "--lsp: reports to an editor; leave out --format"),
        (["--output", "json:x"], "--lsp: reports to an editor; leave out --output"),
        (["--fix"], "--lsp: reports to an editor; leave out --fix"),
        (["--staged"], "--lsp: reports to an editor; leave out --staged"),
        (["--baseline-rev", "main"], "--lsp: reports to an editor; leave out --baseline-rev"),
        (["--stack", "heroku-23"], "--stack: unknown stack 'heroku-23'"),
    ],
)
def test_wrong_usage_is_told(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lsp", *arguments]) == Status.USAGE

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"pydeploy-lint: error: {message}")


def test_without_pygls_the_way_to_install_it_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "pydeploy_lint.lsp.server", raising=False)
    monkeypatch.setitem(sys.modules, "pygls.capabilities", None)

    assert main(["--lsp"]) == Status.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == (
        "pydeploy-lint: error: --lsp: needs pygls (import of pygls.capabilities halted; None in sys.modules):"
        " pip install 'pydeploy-lint[lsp]'\n"
    )
