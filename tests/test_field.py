"""Small apps from the field, with what really happens to them on Heroku, and what must be said of them or not.

``data/field.jsonl.gz`` has one case a line (2026-11-25): most were run with the real packages and asked over HTTP the
way Heroku's router does; each names the thread, the file or the measurement that it was learned from.
"""

from __future__ import annotations

import base64
import datetime
import gzip
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pydeploy_lint.cli.main import main
from pydeploy_lint.finding import Severity

DATA = Path(__file__).parent / "data" / "field.jsonl.gz"
CASES: list[dict[str, Any]] = [json.loads(line) for line in gzip.decompress(DATA.read_bytes()).splitlines()]
MEASURED = datetime.date(2026, 11, 25)
GIT = ("git", "-c", "user.name=field", "-c", "user.email=field@index.example", "-c", "core.fileMode=true")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']}-{case['id']}")
def test_a_case_from_the_field(case: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "app"
    root.mkdir()
    plant(root, case["tree"])

    main(["--format", "json", *case["options"], str(root)], MEASURED)

    (app,) = json.loads(capsys.readouterr().out)["apps"]
    assert list(differences(case["expect"], app)) == [], case["about"]


def plant(root: Path, tree: dict[str, Any]) -> None:
    """Write the files of a case; where it says which are executable, in a git repository that says so too."""
    modes: dict[str, str] = {}
    for name, entry in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(entry, str):
            path.write_bytes(entry.encode())
        elif "base64" in entry:
            path.write_bytes(base64.b64decode(entry["base64"]))
        elif "symlink" in entry:
            path.symlink_to(entry["symlink"])
        elif "directory" in entry:
            path.mkdir()
        else:
            path.write_bytes(entry["text"].encode())
            modes[name] = entry["mode"]
    if modes:
        git(root, "init", "--quiet")
        git(root, "add", "--all")
        for name, mode in modes.items():
            (root / name).chmod(int(mode, 8))
            git(root, "update-index", f"--chmod={'+' if int(mode, 8) & 0o100 else '-'}x", name)
        git(root, "commit", "--quiet", "--message", "an app")


def git(root: Path, *arguments: str) -> None:
    subprocess.run([*GIT, *arguments], cwd=root, check=True, capture_output=True)


def differences(expect: dict[str, Any], app: dict[str, Any]) -> list[str]:
    """What is not as it must be."""
    findings: list[dict[str, Any]] = app["findings"]
    reason = app["build"]["failure_reason"]
    wrong = []
    if expect["reason"] != {"any": True} and reason != expect["reason"]:
        wrong.append(f"the build stops with {reason}, not with {expect['reason']}")
    wrong += [
        f"nothing like {wanted} among {[shown(finding) for finding in findings]}"
        for wanted in expect.get("findings", ())
        if not any(meets(finding, wanted) for finding in findings)
    ]
    for finding in findings:
        level = severity(finding)
        limits = expect.get("not_severity", ())
        if (
            (expect.get("quiet") and level > Severity.NOTE)
            or finding["check"] in expect.get("not_checks", ())
            or any(at(finding, limit) and level >= Severity.parse(limit["severity"]) for limit in limits)
            or any(at(finding, ban) and has(text(finding), ban) for ban in expect.get("not_mentions", ()))
            or any(at(finding, ban) and has(finding["help"], ban) for ban in expect.get("not_advised", ()))
        ):
            wrong.append(f"must not be reported: {shown(finding)}")
    wrong += [
        f"no advice at {ban['path']}"
        for ban in expect.get("not_advised", ())
        if not any(at(finding, ban) and finding["help"] for finding in findings)
    ]
    return wrong


def meets(finding: dict[str, Any], wanted: dict[str, Any]) -> bool:
    return (
        at(finding, wanted)
        and wanted["line"] in (None, finding["line"])
        and severity(finding) >= Severity.parse(wanted["severity"])
        and has(text(finding), {"words": wanted["mentions"]})
    )


def at(finding: dict[str, Any], place: dict[str, Any]) -> bool:
    return place["path"] in (None, finding["path"])


def has(said: str, wanted: dict[str, Any]) -> bool:
    """Whether a text has all of some words; case does not matter, nor whether names have `_` or `-`."""
    return all(folded(word) in folded(said) for word in wanted["words"])


def folded(said: str) -> str:
    return said.lower().replace("_", "-")


def text(finding: dict[str, Any]) -> str:
    return "\n".join((finding["check"], finding["message"], finding["help"]))


def severity(finding: dict[str, Any]) -> Severity:
    return Severity.parse(finding["severity"])


def shown(finding: dict[str, Any]) -> str:
    return f"{finding['path']}:{finding['line']}: {finding['severity']}[{finding['check']}] {finding['message']}"
