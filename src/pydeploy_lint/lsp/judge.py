"""Judges an app as an editor shows it: what is open there counts, saved or not, instead of what is on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pydeploy_lint.api import configured, today
from pydeploy_lint.api import judge as judge_app
from pydeploy_lint.files.deployed import open_tree
from pydeploy_lint.files.edited import EditedTree
from pydeploy_lint.files.source import FileProblem, Source
from pydeploy_lint.files.tree import FileKind, Tree
from pydeploy_lint.finding import Finding, Severity
from pydeploy_lint.heroku.steps import NO_APP
from pydeploy_lint.settings.configuration import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydeploy_lint.engine.registry import Registry
    from pydeploy_lint.engine.result import Notification
    from pydeploy_lint.files.deployed import DeployedTree

BYTE_ORDER_MARK = "\ufeff"
CONFIGURATION = "configuration"
"""Stands for the name of a check in what is said of a configuration that cannot be used."""


class Judged(NamedTuple):
    """What is known of an app."""

    tree: DeployedTree
    """The files as the editor shows them."""
    findings: tuple[Finding, ...]
    """What the user wants to hear, or what is wrong with the configuration."""
    notifications: tuple[Notification, ...] = ()
    is_app: bool = True
    """Whether it is a Python app for Heroku."""


def judge(root: str, documents: Mapping[str, str], settings: Mapping[str, Any], registry: Registry) -> Judged:
    """Run all checks on an app.

    Args:
        root: the app's directory.
        documents: the texts of its files that are open, by path.
        settings: values by their names in `Options`, which take precedence over the configuration.
        registry: the checks.
    """
    disk = open_tree(root)
    tree = disk.over(EditedTree(disk.source_tree, contents_of(documents, disk.source_tree)))
    try:
        # The server may run for days, so each look asks what day it is.
        options = configured(tree, today(), settings, registry)
    except ConfigurationError as error:
        return Judged(tree, tuple(map(_as_finding, error.problems)))
    judged = judge_app(tree, options, registry, path=root)
    # Each look at the app asks a git of its own, and the garbage collector comes too late for so many.
    tree.close()
    report = judged.report
    return Judged(tree, report.findings, tuple(judged.complete.unreported), report.build.failure_reason != NO_APP)


def contents_of(documents: Mapping[str, str], disk: Tree) -> dict[str, bytes]:
    """What would be on the disk if all open documents were saved; only what differs from what is there.

    Editors tell neither the encoding nor the byte order mark of a file, and keep both when they save it.
    """
    contents = {}
    for path, text in documents.items():
        if disk.kind(path) not in (None, FileKind.FILE):
            continue
        try:
            source = disk.source(path)
        except FileProblem:
            source = None
        body = text.removeprefix(BYTE_ORDER_MARK)
        if source is None:
            contents[path] = body.encode("utf-8", "replace")
        elif body != _as_shown(source):
            contents[path] = source.byte_order_mark + body.encode(source.encoding, "replace")
    return contents


def _as_shown(source: Source) -> str:
    """The text as editors show it, with a replacement for each byte that the encoding does not allow."""
    return source.data[len(source.byte_order_mark) :].decode(source.encoding, "replace")


def _as_finding(problem: FileProblem) -> Finding:
    return Finding(
        check=CONFIGURATION,
        severity=Severity.ERROR,
        message=f"{problem.message}; until this is corrected, pydeploy-lint cannot judge the app",
        at=problem.at,
        help="",
        failure_reason=None,
        build_warning=False,
        fix=None,
        url="",
        source_line=None,
    )
