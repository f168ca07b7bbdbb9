"""The option that makes pydeploy-lint a server for agents, and what does not go with it."""

from __future__ import annotations

import sys

import pytest

from pydeploy_lint.cli.main import main
from pydeploy_lint.cli.status import Status


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "json"], "--mcp: reports to an agent; leave out --format"),
        (["--fix"], "--mcp: reports to an agent; leave out --fix"),
        (["--lsp"], "argument --lsp: not allowed with argument --mcp"),
        (["--stack", "heroku-23"], "--stack: unknown stack 'heroku-23'"),
        (["nowhere"], "--mcp: nowhere is not a directory: give one in which the apps are"),
    ],
)
def test_wrong_usage_is_told(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--mcp", *arguments]) == Status.USAGE

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"pydeploy-lint: error: {message}")


def test_without_the_sdk_the_way_to_install_it_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "pydeploy_lint.agents.server", raising=False)
    monkeypatch.setitem(sys.modules, "mcp_types", None)

    assert main(["--mcp"]) == Status.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.endswith("pip install 'pydeploy-lint[mcp]'\n")
