"""A repository with apps below its root: where they are is said by the command line and the hook."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydeploy_lint.testing import write_tree
from tests.cli.apps import Lint, git

pytestmark = pytest.mark.usefixtures("plain_environment")


@pytest.mark.parametrize("arguments", [[], ["--hook"], ["--rev", "HEAD"]])
def test_apps_further_down_are_named(lint: Lint, arguments: list[str]) -> None:
    paths = ("services/api", "web")
    write_tree(Path(), {f"{path}/{name}": "" for path in paths for name in ("requirements.txt", "Procfile")})
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "Apps")
    status, out, _ = lint("--format", "concise", *arguments)
    assert status == 3
    assert out.startswith(".: error[python-not-detected] Heroku does not recognise a Python app: ")
    assert out.splitlines()[0].endswith(", but there are apps in services/api and web")
    assert "    pydeploy-lint services/api web\n" in lint(*arguments)[1]
