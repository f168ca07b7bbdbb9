"""Every check's fix on its own examples: it mends what it is for, brings nothing new, and once is enough."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from pydeploy_lint.engine.check import Check, Example
from pydeploy_lint.engine.result import AppReport
from pydeploy_lint.finding import Finding, Severity
from pydeploy_lint.testing import findings_of, options_for, options_of, write_tree
from tests.fix.fixing import CHECKS, fix, lint

EXAMPLES = [(check, example) for check in CHECKS.values() for example in check.bad]
SAFE = {
    "buildpack-dead-url",
    "buildpack-missing-tag",
    "buildpack-pinned",
    "buildpack-url",
    "committed-venv",
    "distro-requirement",
    "duplicate-buildpack",
    "django-static-root-missing",
    "git-protocol-requirement",
    "invalid-lockfile",
    "invalid-requirement",
    "nltk-txt-invalid",
    "python-version-encoding",
    "python-version-invalid",
    "python-version-misspelled",
    "runtime-txt-deprecated",
    "runtime-txt-invalid",
    "runtime-txt-with-uv",
    "script-cannot-run",
    "setup-py-only",
    "windows-only-requirement",
}
SUGGESTED = {
    "buildpack-forked",
    "buildpack-obsolete",
    "conflicting-pins",
    "django-allowed-hosts",
    "django-ssl-redirect-loop",
    "django-staticfiles-storage-ignored",
    "deprecated-runtime",
    "package-incompatible",
    "missing-package-manager",
    "missing-python-version",
    "outdated-patch",
    "pipfile-lock-version",
    "python-version-empty",
    "python-version-multiple",
    "private-requirement",
    "python-version-pinned",
    "runtime-not-on-stack",
    "stack-retiring",
    "unavailable-patch",
    "unknown-runtime",
    "unsupported-runtime",
    "unsupported-stack",
}
HALF = {"committed-venv", "uv-build-missing"}
"""Checks whose fix is half of what is to be done: only git can let go of what it tracks, and only uv can lock."""
REVEALED = {"buildpack-url", "stale-lockfile", "unpinned-requirements"}
"""What may be said after a fix: in .buildpacks nothing but a URL can be written, a lock waits for its command, and a
package is added unpinned."""


def loud(findings: Iterable[Finding]) -> list[str]:
    """The checks of what is more than a note."""
    return [finding.check for finding in findings if finding.severity > Severity.NOTE]


def fixable(report: AppReport, check: str, *, unsafe: bool) -> list[Finding]:
    return [
        finding
        for finding in report.findings
        if finding.check == check and finding.fix and finding.fix.is_automatic and (finding.fix.safe or unsafe)
    ]


@pytest.mark.parametrize("level", ["safe", "unsafe"])
@pytest.mark.parametrize(("check", "example"), EXAMPLES, ids=lambda value: getattr(value, "name", ""))
def test_a_fix_mends_the_example(check: Check, example: Example, level: str, tmp_path: Path) -> None:
    unsafe = level == "unsafe"
    write_tree(tmp_path, example.files)
    options = options_for(tmp_path, example.options, CHECKS.values())
    before = lint(tmp_path, options)
    mended = fixable(before, check.name, unsafe=unsafe)

    changed = fix(tmp_path, options, check.name, unsafe=unsafe)

    assert bool(changed) == bool(mended)
    if not changed:
        return
    after = lint(tmp_path, options)
    names, names_before = (loud(report.findings) for report in (after, before))
    assert set(names) <= {*names_before, *REVEALED}
    assert fix(tmp_path, options, check.name, unsafe=unsafe) == []
    assert fixable(after, check.name, unsafe=unsafe) == []
    if check.name not in HALF:
        assert names.count(check.name) == names_before.count(check.name) - len(loud(mended))
        reasons = {finding.failure_reason for finding in before.findings if finding not in mended}
        assert after.build.failure_reason in {*reasons, None}


def test_the_checks_with_a_fix() -> None:
    offered = {
        (finding.check, finding.fix.safe)
        for check, example in EXAMPLES
        for finding in findings_of(check, example)
        if finding.fix
    }
    assert {check for check, safe in offered if safe} >= SAFE
    assert {check for check, safe in offered if not safe} >= SUGGESTED - SAFE


@pytest.mark.parametrize("existing", [None, b"", b"*.pyc", b"*.pyc\r\n"])
def test_a_virtual_environment_that_git_does_not_track_is_ignored(existing: bytes | None, tmp_path: Path) -> None:
    files = {"requirements.txt": "", ".python-version": "3.14\n", "venv/pyvenv.cfg": "", ".venv/pyvenv.cfg": ""}
    write_tree(tmp_path, files if existing is None else {**files, ".gitignore": existing})
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    options = options_of({})
    assert fix(tmp_path, options, "committed-venv", unsafe=False) == [".gitignore"]
    end = b"\r\n" if existing and existing.endswith(b"\r\n") else b"\n"
    start = b"" if not existing else existing.rstrip() + end
    assert (tmp_path / ".gitignore").read_bytes() == start + b".venv/" + end + b"venv/" + end
    assert "committed-venv" not in {finding.check for finding in lint(tmp_path, options).findings}
