"""Chooses the edits to make: those of each finding's fix, or none of them, and never two that overlap."""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.files.edited import collide, contents_after, fit
from pydeploy_lint.files.source import FileProblem
from pydeploy_lint.files.tree import FileKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydeploy_lint.files.deployed import DeployedTree
    from pydeploy_lint.finding import Edit, Finding


class Refused(Exception):
    """A fix must not be made; the message is a sentence without its full stop."""


class Plan(NamedTuple):
    """What to do about some findings."""

    findings: tuple[Finding, ...]
    """Those whose fixes are made together; a fix that overlaps another's is left for the next round."""
    edits: tuple[Edit, ...]
    """Each once, however many fixes ask for it."""
    refusals: tuple[str, ...]
    """Why other fixes are not made at all."""


def choose(findings: Iterable[Finding], tree: DeployedTree, root: str, *, unsafe: bool) -> Plan:
    """Choose the fixes to make together, in the order of the findings.

    Args:
        findings: in their order.
        tree: the app as the findings saw it.
        root: the app's directory on disk.
        unsafe: whether to make fixes that are suggestions, too.
    """
    chosen: list[Finding] = []
    edits: dict[Edit, None] = {}
    refusals: dict[str, None] = {}
    checked: dict[tuple[Edit, ...], str] = {}
    for finding in findings:
        fix = finding.fix
        if fix is None or not fix.is_automatic or not (fix.safe or unsafe):
            continue
        if fix.edits not in checked:
            checked[fix.edits] = _refusal(fix.edits, tree, root)
        if refusal := checked[fix.edits]:
            refusals[f"{finding.check} is not fixed: {refusal}"] = None
            continue
        if fit(fix.edits, edits.keys()):
            chosen.append(finding)
            edits.update(dict.fromkeys(fix.edits))
    return Plan(tuple(chosen), tuple(edits), tuple(refusals))


def _refusal(edits: tuple[Edit, ...], tree: DeployedTree, root: str) -> str:
    """Why the edits of a fix are not made; empty where they may be."""
    try:
        _check_each(edits, tree, root)
    except Refused as refusal:
        return str(refusal)
    return ""


def _check_each(edits: tuple[Edit, ...], tree: DeployedTree, root: str) -> None:
    """Look whether the edits of a fix can be made, and whether Heroku would see what they make.

    Raises:
        Refused: one of them must not be made.
    """
    if any(collide(one, two) for one, two in itertools.combinations(edits, 2)):
        raise Refused("its edits overlap")
    for edit in edits:
        for path in sorted(edit.paths):
            _check_path(path, root)
        _check_edit(edit, tree)


def _check_path(path: str, root: str) -> None:
    """Look whether a path is the app's own: nothing is written outside, or through a link, which may lead outside.

    Raises:
        Refused: it is not.
    """
    parts = path.split("/")
    if os.path.isabs(path) or "\0" in path or "\\" in path or {"", ".", "..", ".git"}.intersection(parts):
        raise Refused(f"{path} is not the path of a file of the app")
    for count in range(1, len(parts) + 1):
        part = "/".join(parts[:count])
        if os.path.islink(os.path.join(root, part)):
            raise Refused(f"{part} is a symbolic link, through which nothing is written")
    if not os.path.isdir(os.path.join(root, *parts[:-1])):
        raise Refused(f"there is no directory {'/'.join(parts[:-1])}")


def _check_edit(edit: Edit, tree: DeployedTree) -> None:
    path, new_path = edit.span.path, edit.rename_to
    kind = tree.kind(path)
    creates = edit.span.line is None and edit.text is not None and kind is None
    if kind is not FileKind.FILE and not creates:
        raise Refused(f"{path} is not a file")
    if edit.span.line is not None and not edit.is_textual:
        raise Refused(f"an edit of {path} has a place, and no text for it")
    if new_path is not None and tree.source_tree.kind(new_path) is not None:
        raise Refused(f"{path} cannot become {new_path}, which is there already")
    try:
        contents_after([edit], tree)
    except (FileProblem, ValueError) as error:
        raise Refused(str(error)) from error
    made = path if creates else new_path
    rule = made and tree.rule_against(made)
    if rule:
        raise Refused(f"{rule.by} has the rule {rule.rule!r}, so {made} would not get to Heroku")
