"""How the text looks: the options and settings that choose it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydeploy_lint.testing import write_tree
from tests.cli.apps import Lint

APP = {"requirements.txt": "", ".python-version": "3.9\n"}
CONCISE = {**APP, ".pydeploy-lint.toml": 'format = "concise"\n'}
HELP = "    Test with a newer version"
PAGE = "https://pydeploy-lint.readthedocs.io/en/latest/checks/unsupported-runtime/"


def test_the_help_and_the_page_of_the_check_are_in_a_pipe_too(lint: Lint) -> None:
    write_tree(Path(), APP)
    lines = lint()[1].splitlines()
    assert any(line.startswith(HELP) for line in lines)
    assert f"    {PAGE}" in lines


def test_the_configuration_chooses_the_text(lint: Lint) -> None:
    write_tree(Path(), CONCISE)
    assert HELP not in lint()[1]
    assert HELP in lint("--format", "full")[1]
    assert lint("--format", "json")[1].startswith("{")


def test_several_apps_are_concise_if_all_of_them_ask_for_it(lint: Lint) -> None:
    write_tree(Path("a"), CONCISE)
    write_tree(Path("b"), CONCISE)
    write_tree(Path("c"), APP)
    assert HELP not in lint("a", "b")[1]
    assert lint("a", "c")[1].count(HELP) == 2


def test_the_configuration_chooses_no_document(lint: Lint) -> None:
    write_tree(Path(), {**APP, ".pydeploy-lint.toml": 'format = "json"\n'})
    assert lint()[2].endswith(".pydeploy-lint.toml:1:10: format: unknown format 'json': use full, concise\n")


@pytest.mark.parametrize(("when", "coloured"), [("always", True), ("never", False), ("auto", True)])
def test_colours(lint: Lint, monkeypatch: pytest.MonkeyPatch, when: str, coloured: bool) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    write_tree(Path(), APP)
    assert ("\x1b[1;31m" in lint("--color", when)[1]) == coloured
    assert ("\x1b[1m" in lint("--explain", "unsupported-runtime", "--color", when)[1]) == coloured
    assert ("\x1b[1m" in lint("--plan", "--color", when)[1]) == coloured
