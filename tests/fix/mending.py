"""What the tests of fixes have in common: judge an app, and fix it."""

from __future__ import annotations

from pathlib import Path

from pydeploy_lint.engine import run as engine
from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.engine.result import AppReport
from pydeploy_lint.facts.app import App
from pydeploy_lint.files.deployed import open_tree
from pydeploy_lint.finding import Finding
from pydeploy_lint.fix.command import write_all
from pydeploy_lint.fix.rounds import mend
from pydeploy_lint.settings.options import Options

CHECKS = load_registry().checks


def lint(root: Path, options: Options) -> AppReport:
    """Everything that the checks say of an app."""
    return engine.run(App.open(open_tree(str(root)), options), CHECKS.values())


def fix(root: Path, options: Options, check: str | None = None, *, unsafe: bool = False) -> list[str]:
    """Make the fixes of one check, or of all; the paths that changed."""

    def judge(app: App) -> list[Finding]:
        return [finding for finding in engine.run(app, CHECKS.values()).findings if check in (None, finding.check)]

    mended = mend(str(root), options, judge, unsafe=unsafe)
    assert mended.refusals == ()
    write_all([mended])
    return list(mended.changes)
