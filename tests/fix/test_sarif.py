"""The fixes in a SARIF log, applied by a program that knows nothing of pydeploy-lint, give the same files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from pydeploy_lint.cli.main import main
from pydeploy_lint.engine import run as engine
from pydeploy_lint.engine.check import Check, Example
from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.files.edited import contents_after
from pydeploy_lint.testing import open_app, write_tree

CHECKS = load_registry().checks
TEXTUAL = [
    (check, example)
    for check in CHECKS.values()
    for example in check.bad
    if not {"buildpacks", "baseline"}.intersection(example.options)
]


def apply_fix(fix: dict[str, Any], root: Path) -> dict[str, bytes]:
    """What the standard says: regions are deleted and texts put in their place; columns count code points."""
    contents = {}
    for change in fix["artifactChanges"]:
        path = unquote(change["artifactLocation"]["uri"])
        data = (root / path).read_bytes()
        mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
        lines = data[len(mark) :].decode("utf-8", "surrogateescape").split("\n")
        starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]
        text = "\n".join(lines)
        for replacement in reversed(change["replacements"]):
            region = replacement["deletedRegion"]
            start = starts[region["startLine"] - 1] + region["startColumn"] - 1
            end = starts[region["endLine"] - 1] + region["endColumn"] - 1
            text = text[:start] + replacement["insertedContent"]["text"] + text[end:]
        contents[path] = mark + text.encode("utf-8", "surrogateescape")
    return contents


@pytest.mark.parametrize(("check", "example"), TEXTUAL, ids=lambda value: getattr(value, "name", ""))
def test_the_round_trip(
    check: Check,
    example: Example,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_tree(tmp_path, example.files)
    monkeypatch.chdir(tmp_path)
    app = open_app(tmp_path, example.options)
    options = [f"--{name}={value}" for name, value in {"as-of": str(app.policy.as_of), **example.options}.items()]
    main(["--format", "sarif", *options])
    [run] = json.loads(capsys.readouterr().out)["runs"]
    logged = [
        apply_fix(fix, tmp_path)
        for result in run["results"]
        if result["ruleId"] == check.name
        for fix in result.get("fixes", ())
    ]
    findings = engine.run(app, CHECKS.values()).findings
    fixes = [fix for finding in findings if finding.check == check.name for fix in finding.fixes]
    textual = [fix for fix in fixes if fix.edits and all(edit.is_textual for edit in fix.edits)]
    assert logged == [contents_after(fix.edits, app.files.tree) for fix in textual]
