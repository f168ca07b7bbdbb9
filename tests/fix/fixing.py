"""What the tests of fixes have in common: judge an app, and fix it."""

from __future__ import annotations

from pathlib import Path

from pydeploy_lint.api import judge
from pydeploy_lint.engine.registry import load_built_in
from pydeploy_lint.engine.result import AppReport
from pydeploy_lint.files.deployed import open_tree
from pydeploy_lint.files.tree import Tree
from pydeploy_lint.finding import Finding
from pydeploy_lint.fix.command import write_all
from pydeploy_lint.fix.rounds import fix_app
from pydeploy_lint.settings.options import Options

REGISTRY = load_built_in()
CHECKS = REGISTRY.checks


def lint(root: Path, options: Options) -> AppReport:
    """Everything that the checks say of an app."""
    return judge(open_tree(str(root)), options, REGISTRY).complete


def fix(root: Path, options: Options, check: str | None = None, *, unsafe: bool = False) -> list[str]:
    """Make the fixes of one check, or of all; the paths that changed."""

    def findings(tree: Tree) -> list[Finding]:
        found = judge(tree, options, REGISTRY).complete.findings
        return [finding for finding in found if check in (None, finding.check)]

    fixed = fix_app(str(root), findings, unsafe=unsafe)
    assert fixed.refusals == ()
    write_all([fixed])
    return list(fixed.changes)
