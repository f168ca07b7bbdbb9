"""The extension for VS Code: its manifest is true to the command line, and its own tests pass."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import generated_editor
import pytest

from pydeploy_lint.cli.options.arguments import build_parser

EXTENSION = generated_editor.MANIFEST.parent
MANIFEST = json.loads(generated_editor.MANIFEST.read_text(encoding="utf-8"))
SOURCES = "".join(path.read_text(encoding="utf-8") for path in sorted((EXTENSION / "src").glob("*.ts")))


def test_the_settings_are_those_of_the_command_line() -> None:
    if generated_editor.MANIFEST.read_text(encoding="utf-8") != generated_editor.manifest(MANIFEST):
        pytest.fail("editors/vscode/package.json is out of date; run: python tools/generate.py")

    own = re.search(r"const OWN = new Set\(\[(.*)\]\)", SOURCES)
    assert own is not None
    assert re.findall(r'"([\w.]+)"', own[1]) == list(generated_editor.OWN)
    known = build_parser()._option_string_actions
    for name in MANIFEST["contributes"]["configuration"]["properties"]:
        setting = name.removeprefix("pydeploy-lint.")
        assert setting in generated_editor.OWN or f"--{setting}" in known


def test_every_command_is_one_that_something_runs() -> None:
    offered = {each["command"].removeprefix("pydeploy-lint.") for each in MANIFEST["contributes"]["commands"]}

    # The language server runs that one.
    assert offered - set(re.findall(r"registerCommand\(`\$\{NAME\}\.(\w+)`", SOURCES)) == {"lint"}


def test_nothing_but_itself_is_in_the_package() -> None:
    kept = [line for line in (EXTENSION / ".vscodeignore").read_text(encoding="utf-8").splitlines() if line[0] == "!"]

    assert kept == ["!dist/extension.js", "!LICENSE", "!README.md", "!package.json"]
    assert MANIFEST["dependencies"] == {}


def test_its_own_tests_pass() -> None:
    npm = shutil.which("npm")
    if npm is None or not (EXTENSION / "node_modules").is_dir():
        assert "PYDEPLOY_LINT_REQUIRE_NPM" not in os.environ
        pytest.skip("its npm packages are not installed; they are with: npm ci --prefix editors/vscode")

    done = subprocess.run(
        [npm, "test", "--prefix", str(EXTENSION)],
        env={**os.environ, "PYDEPLOY_LINT_PYTHON": sys.executable},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
