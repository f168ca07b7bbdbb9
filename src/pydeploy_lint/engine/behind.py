"""What is behind the errors of an app: it is judged again as their fixes would leave it.

What stops the build first keeps later steps from being looked at: as long as two files say what to install, nobody
knows what is installed. So the ways out are taken in memory, one after the other where there are several, and what is
found only then is said at once, as far as it does not depend on what is to be run first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.files.deployed import DeployedTree
from pydeploy_lint.files.edited import Contents, EditedTree, contents_after
from pydeploy_lint.files.source import FileProblem
from pydeploy_lint.finding import Severity, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pydeploy_lint.files.tree import Tree
    from pydeploy_lint.finding import Edit, Finding, Fix

HARMLESS = "git "
"""How commands begin that change nothing that is judged; what others bring is not known."""
MOST_WAYS = 4
"""How many ways out of an error are looked at."""


class Reading(NamedTuple):
    """An app as some ways out of its errors would leave it."""

    lead: str
    """A clause that says which."""
    tree: Tree
    changed: Contents
    """The files that are not as they were."""
    moved: dict[str, str]
    """Where files are now, by where they would be then."""


def behind(tree: Tree, findings: Sequence[Finding], judge: Callable[[Tree], Iterable[Finding]]) -> list[Finding]:
    """What is found only once errors are fixed: warnings, as none of it is so yet.

    Args:
        tree: the files of the repository.
        findings: what was found in them.
        judge: gives the findings in others.
    """
    found: list[list[Finding]] = []
    readings = list(_readings(tree, findings))
    for reading in readings:
        known = {_key(finding, reading) for finding in findings}
        then = [finding for finding in judge(reading.tree) if finding.severity > Severity.NOTE]
        placed = (finding._replace(at=_place_now(finding.at, reading)) for finding in then)
        found.append([finding for finding in placed if _key(finding, reading) not in known])
    return list(_told(readings, found))


def _readings(tree: Tree, findings: Iterable[Finding]) -> Iterator[Reading]:
    """The app with the first way out of each error, and then with the others of the one that has several."""
    ways = [each for finding in findings if (each := _ways(finding))]
    if not ways or not isinstance(tree, DeployedTree):
        return
    first = [each[0] for each in ways]
    choice = next((number for number, each in enumerate(ways) if len(each) > 1), None)
    if choice is None:
        yield from _reading(tree, "with the errors fixed" if len(first) > 1 else f"if you {_start(first[0])}", first)
        return
    for way in ways[choice]:
        yield from _reading(tree, f"if you {_start(way)}", [way, *first[:choice], *first[choice + 1 :]])


def _ways(finding: Finding) -> list[Fix]:
    """The ways out of an error after which the app can be looked at."""
    if finding.severity is not Severity.ERROR or finding.fix is None:
        return []
    usable = [fix for fix in finding.fixes if fix.edits and all(each.startswith(HARMLESS) for each in fix.commands)]
    return usable[:MOST_WAYS]


def _start(way: Fix) -> str:
    """What somebody does first, to follow ``if you``."""
    start = re.split(r"[,;] ", way.description, maxsplit=1)[0]
    return start[0].lower() + start[1:]


def _reading(tree: DeployedTree, lead: str, ways: Iterable[Fix]) -> Iterator[Reading]:
    edits: dict[Edit, None] = {}
    for way in ways:
        taken = {path for edit in edits for path in edit.paths}
        if not any(edit.paths & taken for edit in way.edits):
            edits.update(dict.fromkeys(way.edits))
    try:
        contents = contents_after(edits, tree)
    except (FileProblem, ValueError):
        return
    moved = {edit.rename_to: edit.span.path for edit in edits if edit.rename_to is not None}
    yield Reading(lead, tree.over(EditedTree(tree.source_tree, contents)), contents, moved)


def _place_now(at: Span, reading: Reading) -> Span:
    """Where a place of a reading is in the files as they are; the whole file where lines may be others."""
    if origin := reading.moved.get(at.path):
        return at._replace(path=origin)
    return Span(at.path) if at.path in reading.changed else at


def _told(readings: Sequence[Reading], found: Sequence[Sequence[Finding]]) -> Iterator[Finding]:
    """What was found in readings, each once, with a clause that says in which."""
    keys = [{_key(finding, reading) for finding in each} for reading, each in zip(readings, found, strict=True)]
    everywhere = set.intersection(*keys) if len(keys) > 1 else set()
    told = set()
    for reading, each in zip(readings, found, strict=True):
        for finding in each:
            key = _key(finding, reading)
            if key not in told:
                yield _conditional(finding, "whatever you choose" if key in everywhere else reading.lead)
            told |= {key} & everywhere


def _conditional(finding: Finding, lead: str) -> Finding:
    return finding._replace(
        message=f"{lead}: {finding.message}",
        severity=Severity.WARNING,
        failure_reason=None,
        build_warning=False,
        fix=None,
        alternatives=(),
        source_line=finding.source_line if finding.at.line else None,
    )


def _key(finding: Finding, reading: Reading) -> tuple[str, str, str | None]:
    """What makes two findings the same, though numbers of lines and versions in messages may differ.

    In a file that a fix changes one finding of a check stands for all: its line may be written otherwise.
    """
    path = finding.at.path
    return finding.check, path, None if path in reading.changed else finding.source_line
