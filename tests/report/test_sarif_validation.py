"""What the makers of SARIF's and GitHub's rules say of our logs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest

from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.engine.result import Notification, Report
from pydeploy_lint.engine.suppress.model import Origin, Suppressed, Suppression
from pydeploy_lint.finding import Edit, Fix, Severity, Span
from pydeploy_lint.report.formats import render
from pydeploy_lint.testing import judge_app, write_tree
from tests.report.samples import ANSWERED_APP, REJECTED_APP, app, finding, report

if TYPE_CHECKING:
    from collections.abc import Iterable

TOOLS = Path(__file__).parents[1] / "tools"
MULTITOOL = "@microsoft/sarif-multitool"


@pytest.fixture(scope="module")
def multitool() -> Path:
    node = shutil.which("node")
    if node and (TOOLS / "node_modules" / MULTITOOL).is_dir():
        # The command of the package hands its arguments to a shell, which takes our semicolons for its own.
        printed = subprocess.check_output([node, "--print", f"require('{MULTITOOL}')"], cwd=TOOLS, text=True)
        program = Path(printed.strip())
        program.chmod(0o755)  # npm does it, unless it was told to run no scripts
        return program
    missing = "the SARIF validator is not installed; it is with: npm ci --prefix tests/tools"
    if os.environ.get("PYDEPLOY_LINT_REQUIRE_NPM"):
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    directory = tmp_path_factory.mktemp("sarif")
    paths = {name: directory / f"{name}.sarif" for name in ("samples", "examples", "nothing")}
    paths["samples"].write_text(render("sarif", samples()))
    paths["examples"].write_text(render("sarif", examples(directory)))
    paths["nothing"].write_text(render("sarif", report()))
    return paths


def samples() -> Report:
    """Everything that a log can hold."""
    hostile = "::error:: {0} [a](b) ##[x] \x1b[31m \u202e\udcff"
    fix = Fix(hostile, (Edit(Span("a b", 1, 1, 2, 1), ""), Edit(Span("a b", 3, 1, 3, 1), "new\n")))
    answer = Suppression(Origin.COMMENT, ("a",), hostile, Span(hostile, 1, 1, 1, 2))
    return report(
        REJECTED_APP._replace(path="web"),
        ANSWERED_APP._replace(path="api"),
        app(
            finding(hostile, Span(f"dir/{hostile}", 3, 2, 3, 2), help=f"{hostile}\n    {hostile}", fix=fix),
            finding(severity=Severity.NOTE),
            notifications=(Notification(Severity.WARNING, hostile, Span(hostile)),),
        )._replace(
            suppressed=(Suppressed(finding(hostile), answer), Suppressed(finding(), answer._replace(reason="")))
        ),
        notifications=(Notification(Severity.ERROR, hostile),),
    )


def examples(directory: Path) -> Report:
    """The examples of every check, as if each were an app of one repository."""
    registry = load_registry()
    checks = tuple(registry.checks.values())
    apps = []
    for check in checks:
        for number, example in enumerate((*check.bad, *check.good)):
            root = directory / check.name / str(number)
            root.mkdir(parents=True)
            write_tree(root, example.files)
            judged = judge_app(root, checks, example.options)
            apps.append(judged._replace(path=f"{check.name}/{number}"))
    return Report("1.2.3", tuple(apps), registry.checks)


def complaints(multitool: Path, logs: Iterable[Path], directory: Path) -> list[str]:
    output = directory / "validation.sarif"
    rules = ["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"]
    # Its exit status says nothing: it is 0 for broken JSON, too.
    subprocess.run(
        [multitool, "validate", *logs, *rules, "--output", output, "--log", "ForceOverwrite"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (run,) = json.loads(output.read_bytes())["runs"]
    return [f"{result['ruleId']} {result['message']}" for result in run["results"]]


def test_the_multitool_has_nothing_to_say(multitool: Path, logs: dict[str, Path], tmp_path: Path) -> None:
    assert complaints(multitool, logs.values(), tmp_path) == []


def test_the_multitool_is_listening(multitool: Path, logs: dict[str, Path], tmp_path: Path) -> None:
    log = json.loads(logs["samples"].read_bytes())
    del log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]
    del log["runs"][0]["results"][1]["locations"]
    spoilt = tmp_path / "spoilt.sarif"
    spoilt.write_text(json.dumps(log))
    rules = {complaint.split()[0] for complaint in complaints(multitool, [spoilt], tmp_path)}
    assert rules == {"GH1015", "GH1017", "GH2012", "SARIF2017"}


@pytest.mark.parametrize("name", ["samples", "examples", "nothing"])
def test_the_schema_of_the_standard(multitool: Path, logs: dict[str, Path], name: str) -> None:
    schema = json.loads(multitool.with_name("sarif-2.1.0.json").read_bytes())
    errors = jsonschema.Draft7Validator(schema).iter_errors(json.loads(logs[name].read_bytes()))
    assert [error.message for error in errors] == []
