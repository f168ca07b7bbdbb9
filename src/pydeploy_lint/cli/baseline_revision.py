"""A git revision as a baseline: what it has is known, what is judged adds to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.engine import run as engine
from pydeploy_lint.engine.baseline.known import Baseline, count_by_identity
from pydeploy_lint.facts.app import App
from pydeploy_lint.files.deployed import open_tree
from pydeploy_lint.files.git import Git, GitError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydeploy_lint.engine.check import Check
    from pydeploy_lint.settings.options import Options


def baseline_at(rev: str, path: str, options: Options, checks: Iterable[Check]) -> Baseline:
    """What is reported of an app in another revision, by the same options; of an app that is new since, nothing.

    Args:
        rev: the revision.
        path: the app's root directory.
        options: how the app is judged.
        checks: those that are run.

    Raises:
        GitError: there is no such revision.
    """
    Git(path).commit(rev)
    try:
        tree = open_tree(path, rev=rev)
    except GitError:
        return Baseline({}, rev)
    app = App.open(tree, options._replace(rev=rev, staged=False))
    return Baseline(count_by_identity(engine.run(app, checks).findings), rev)
