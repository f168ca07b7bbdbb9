"""The GitHub Action: its steps are executed as a runner would, with a runner's environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from pydeploy_lint import __version__

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="bash is there WSL's; a workflow runs the action")

ROOT = Path(__file__).resolve().parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
PROGRAM = str(Path(sysconfig.get_path("scripts")) / "pydeploy-lint")
EXPRESSION = re.compile(r"\$\{\{ (.+?) \}\}")


class Result(NamedTuple):
    """What a step left behind."""

    status: int
    stdout: str
    stderr: str
    outputs: dict[str, str]
    summary: str


class Runner:
    """As much of GitHub's runner as the steps of the action see."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workspace = folder / "workspace"
        self.workspace.mkdir()

    def run(self, step_id: str, values: Mapping[str, str]) -> Result:
        """Execute one step; ``values`` are those of the expressions in its environment."""
        step = next(step for step in ACTION["runs"]["steps"] if step.get("id") == step_id)
        inputs = {f"inputs.{name}": item["default"] for name, item in ACTION["inputs"].items()}
        known = inputs | dict(values)
        given = {name: EXPRESSION.sub(lambda found: known[found[1]], value) for name, value in step["env"].items()}
        script = self.folder / "step.sh"
        script.write_text(step["run"], encoding="utf-8")
        output, summary = self.folder / "output", self.folder / "summary"
        runner = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(self.folder / "action"),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.folder),
        }
        for file in (output, summary):
            file.write_text("", encoding="utf-8")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.workspace,
            env=dict(os.environ) | runner | given,
            check=False,
            capture_output=True,
            encoding="utf-8",
        )
        outputs = dict(line.split("=", 1) for line in output.read_text(encoding="utf-8").splitlines())
        return Result(done.returncode, done.stdout, done.stderr, outputs, summary.read_text(encoding="utf-8"))

    def lint(self, **inputs: str) -> Result:
        """Execute the step that lints, with the pydeploy-lint that is being tested."""
        values = {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
        return self.run("lint", {"steps.install.outputs.program": PROGRAM} | values)


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    runner = Runner(tmp_path)
    shutil.copytree(ROOT / "examples", runner.workspace / "examples")
    return runner


def test_the_action_installs_the_release_that_it_belongs_to(runner: Runner) -> None:
    action = runner.folder / "action"
    action.mkdir()
    for name in ("src", "checks"):
        shutil.copytree(ROOT / name, action / name, ignore=shutil.ignore_patterns("*.egg-info", "__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, action)

    result = runner.run("install", {"steps.python.outputs.python-path": sys.executable})

    assert result.status == 0
    version = subprocess.run(
        [result.outputs["program"], "--version"], check=True, capture_output=True, text=True
    ).stdout
    assert version.startswith(f"pydeploy-lint {__version__}, ")


def test_findings_are_annotated_summed_up_and_kept_as_sarif(runner: Runner) -> None:
    result = runner.lint(
        path="examples/problems", args="--as-of 2026-11-23\n  --stack heroku-24", sarif_file="out.sarif"
    )

    assert result.status == 1
    assert result.outputs == {"exit-status": "1", "sarif-file": "out.sarif"}
    assert re.search(r"^::error file=examples/problems/requirements.txt,", result.stdout, re.MULTILINE)
    assert result.summary.startswith("## pydeploy-lint\n\n**Heroku would reject this push while ")
    assert "| error | examples/problems/requirements.txt | found both " in result.summary
    assert "\n```\n(cd examples/problems && git rm poetry.lock)\n```\n" in result.summary
    assert "conflicting-package-managers" in (runner.workspace / "out.sarif").read_text(encoding="utf-8")


def test_several_apps_stand_one_a_line(runner: Runner) -> None:
    result = runner.lint(path="examples/clean\nexamples/django\n", args="--as-of 2026-11-23")

    assert result.status == 0
    assert result.outputs == {"exit-status": "0"}
    assert result.summary.count("would build this app with Python 3.14") == 2


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"args": "--stack heroku-25"}, "--stack: unknown stack 'heroku-25': known are "),
        ({"path": "none"}, "none does not exist"),
        ({"args": "--fail"}, "unknown option --fail: did you mean --fail-on?"),
        ({"args": "--format json", "path": "none"}, "none does not exist"),
    ],
)
def test_wrong_usage_is_annotated(runner: Runner, inputs: dict[str, str], message: str) -> None:
    result = runner.lint(**inputs)

    assert (result.status, result.stdout, result.summary) == (2, "", "")
    assert result.stderr.startswith(f"::error title=pydeploy-lint::{message}")
    assert result.outputs == {"exit-status": "2"}


def test_the_category_goes_to_code_scanning() -> None:
    upload = ACTION["runs"]["steps"][-1]
    assert upload["with"]["category"] == "${{ inputs.category }}"
    assert ACTION["inputs"]["category"]["default"] == ""


def test_inputs_are_never_run(runner: Runner) -> None:
    path = "examples/a $(touch made) `touch made`; touch made"
    (runner.workspace / "examples" / "clean").rename(runner.workspace / path)

    result = runner.lint(path=path, args="--as-of 2026-11-23 --ignore $(touch${IFS}made)")

    assert result.status == 2
    assert not list(runner.workspace.rglob("made"))
    assert runner.lint(path=path, args="--as-of 2026-11-23").status == 0
