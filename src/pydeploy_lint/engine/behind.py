"""What is behind the errors of an app: it is judged again as their fixes would leave it.

What stops the build first keeps later steps from being looked at: as long as two files say what to install, nobody
knows what is installed. So the fixes of errors are made in memory, one after the other where there are several for one
error, and what is found only then is said at once, as far as it does not depend on what is to be run first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from pydeploy_lint.files.deployed import SLUGIGNORE, DeployedTree
from pydeploy_lint.files.edited import Contents, EditedTree, contents_after, fit
from pydeploy_lint.files.source import FileProblem
from pydeploy_lint.finding import Severity, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pydeploy_lint.files.tree import Tree
    from pydeploy_lint.finding import Edit, Finding, Fix

Key: TypeAlias = "tuple[str, str, str | None]"
Judge: TypeAlias = "Callable[[Tree], Iterable[Finding]]"

HARMLESS = "git "
"""How commands begin that change nothing that is judged; what others bring is not known."""
NO_PACKAGES = "package-manager::"
"""How the reasons begin that leave it open what is installed."""
MOST_ROUNDS = 5
"""How often the fixes of what appeared are made."""
MOST_WAYS = 4
"""How many fixes of an error are looked at."""


class Choice(NamedTuple):
    """Some fixes of an app's errors that can be made together."""

    lead: str
    """A clause that says which."""
    ways: tuple[Fix, ...]


def behind(tree: Tree, findings: Sequence[Finding], judge: Judge) -> list[Finding]:
    """What is found only once errors are fixed: warnings, as none of it is so yet.

    Args:
        tree: the files of the repository.
        findings: what was found in them.
        judge: gives the findings in others.
    """
    if not isinstance(tree, DeployedTree):
        return []
    choices = list(_choices(findings))
    return list(_told(choices, [_follow(tree, choice, findings, judge) for choice in choices]))


def not_yet(findings: Iterable[Finding]) -> str | None:
    """What no check could look at, as an error has to be fixed by a command first; None where there is no such error.

    Args:
        findings: what was found.
    """
    stops = [each for each in findings if (each.failure_reason or "").startswith(NO_PACKAGES)]
    stops = [each for each in stops if each.severity is Severity.ERROR]
    if not stops or any(_ways(each) for each in stops):
        return None
    return (
        f"what the app installs, and what depends on that, was not looked at yet: check again when {stops[0].check} is "
        "fixed"
    )


def _choices(findings: Iterable[Finding]) -> Iterator[Choice]:
    """The first fix of each error, and then the others of the one that has several."""
    ways = [each for finding in findings if (each := _ways(finding))]
    if not ways:
        return
    first = [each[0] for each in ways]
    number = next((number for number, each in enumerate(ways) if len(each) > 1), None)
    if number is None:
        yield Choice("with the errors fixed" if len(first) > 1 else f"if you {_start(first[0])}", tuple(first))
        return
    for way in ways[number]:
        yield Choice(f"if you {_start(way)}", (way, *first[:number], *first[number + 1 :]))


def _ways(finding: Finding) -> list[Fix]:
    """The fixes after which more can be looked at: those of an error, and those that bring files to Heroku."""
    hides = finding.severity is Severity.ERROR or any(edit.span.path == SLUGIGNORE for edit in _edits(finding))
    if not hides or finding.fix is None:
        return []
    usable = [fix for fix in finding.fixes if fix.edits and all(each.startswith(HARMLESS) for each in fix.commands)]
    return usable[:MOST_WAYS]


def _edits(finding: Finding) -> tuple[Edit, ...]:
    return finding.fix.edits if finding.fix else ()


def _start(way: Fix) -> str:
    """What somebody does first, to follow ``if you``."""
    start = re.split(r"[,;] ", way.description, maxsplit=1)[0]
    return start[0].lower() + start[1:]


def _follow(tree: DeployedTree, choice: Choice, findings: Iterable[Finding], judge: Judge) -> dict[Key, Finding]:
    """What is found with some fixes made, and then those of the errors that appear, and of those that stood in the way.

    Returns:
        The findings that are new, in their order.
    """
    contents: Contents = {}
    moved: dict[str, str] = {}
    then: list[Finding] = []
    made: set[str] = set()
    now, ways = tree, choice.ways
    for _ in range(MOST_ROUNDS):
        edits, descriptions = _together(ways)
        try:
            contents |= contents_after(edits, now)
        except (FileProblem, ValueError):
            break
        made |= descriptions
        moved |= {edit.rename_to: edit.span.path for edit in edits if edit.rename_to is not None}
        now = tree.over(EditedTree(tree.source_tree, contents), committed=contents)
        found = list(judge(now))
        then += [each._replace(at=_place_now(each.at, contents, moved)) for each in found]
        ways = tuple(each[0] for finding in found if (each := _ways(finding)) and each[0].description not in made)
        if not ways:
            break
    known = {_key(finding, contents) for finding in findings}
    new: dict[Key, Finding] = {}
    for finding in then:
        key = _key(finding, contents)
        if finding.severity > Severity.NOTE and key not in known:
            new.setdefault(key, finding)
    return new


def _together(ways: Iterable[Fix]) -> tuple[list[Edit], set[str]]:
    """The edits of the fixes that can be made at once, and the descriptions of these; others have to wait."""
    edits: dict[Edit, None] = {}
    made = set()
    for way in ways:
        if fit(way.edits, edits.keys()):
            edits.update(dict.fromkeys(way.edits))
            made.add(way.description)
    return list(edits), made


def _place_now(at: Span, changed: Contents, moved: dict[str, str]) -> Span:
    """Where a place is in the files as they are; the whole file where lines may be others."""
    if origin := moved.get(at.path):
        return at._replace(path=origin)
    return Span(at.path) if at.path in changed else at


def _told(choices: Sequence[Choice], found: Sequence[dict[Key, Finding]]) -> Iterator[Finding]:
    """What was found, each once where it is so with every choice, with a clause that says when it is so."""
    everywhere = set.intersection(*map(set, found)) if len(found) > 1 else set[Key]()
    for number, (choice, each) in enumerate(zip(choices, found, strict=True)):
        for key, finding in each.items():
            if key not in everywhere:
                yield _conditional(finding, choice.lead)
            elif number == 0:
                yield _conditional(finding, "whatever you choose")


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


def _key(finding: Finding, changed: Contents) -> Key:
    """What makes two findings the same, though numbers of lines and versions in messages may differ.

    In a file that a fix changes one finding of a check stands for all: its line may be written otherwise.
    """
    path = finding.at.path
    return finding.check, path, None if path in changed else finding.source_line
