"""Fixes an app round by round, in memory, until no fix is left: one fix can make room for another, or call for it."""

from __future__ import annotations

import os
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.files.deployed import open_tree
from pydeploy_lint.files.edited import Contents, EditedTree, contents_after
from pydeploy_lint.fix.change import Change
from pydeploy_lint.fix.plan import choose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pydeploy_lint.files.tree import Tree
    from pydeploy_lint.finding import Finding

Key = tuple[str, str, str]

MOST_ROUNDS = 10
"""What is not fixed by then never will be."""


class FixedApp(NamedTuple):
    """An app after its fixes, in memory."""

    root: str
    """The app's directory on disk."""
    changes: dict[str, Change]
    """What becomes of each changed file, by its path in the app, sorted."""
    fixed: int
    """How many findings were acted on."""
    refusals: tuple[str, ...]
    """Why other fixes are not made, as sentences without their full stops."""
    commands: tuple[str, ...] = ()
    """What remains to be run for the fixes that were made, by somebody else."""


def fix_app(path: str, judge: Callable[[Tree], Iterable[Finding]], *, unsafe: bool) -> FixedApp:
    """Make the fixes of an app's findings.

    Args:
        path: the app's directory.
        judge: gives the findings of an app, in their order.
        unsafe: whether to make fixes that are suggestions, too.

    Raises:
        GitError: git cannot be asked what gets to Heroku.
    """
    tree = open_tree(path)
    disk = tree.source_tree
    findings = tuple(judge(tree))
    before: Contents = {}
    after: Contents = {}
    moves: dict[str, str] = {}
    made: list[list[Finding]] = []
    states: list[Contents] = [{}]
    tried: list[list[Finding]] = []
    useless: set[Key] = set()
    refusals: dict[str, None] = {}
    for _ in range(MOST_ROUNDS):
        done = useless | {_key(finding) for finding in chain(*made) if _commands(finding)}
        plan = choose((finding for finding in findings if _key(finding) not in done), tree, path, unsafe=unsafe)
        refusals.update(dict.fromkeys(plan.refusals))
        if not plan.edits:
            if not useless or made == tried:
                break
            # What did not help may do so now that the others are made.
            useless, tried = set(), list(made)
            continue
        contents = contents_after(plan.edits, tree)
        tree_then = tree.over(EditedTree(disk, {**after, **contents}))
        findings_then = tuple(judge(tree_then))
        in_vain = _in_vain(plan.findings, findings, findings_then)
        if in_vain:
            useless |= in_vain
            continue
        for name in contents:
            before.setdefault(name, _content(tree, name))
        after |= contents
        moves |= {edit.rename_to: edit.span.path for edit in plan.edits if edit.rename_to is not None}
        tree, findings = tree_then, findings_then
        made.append(list(plan.findings))
        state = {name: content for name, content in after.items() if content != before[name]}
        if state in states:
            # Some of these fixes undid the others: none of them was of any use.
            back = states.index(state)
            useless |= {_key(finding) for finding in chain(*made[back:])}
            del made[back:], states[back + 1 :]
        else:
            states.append(state)
    for check, file, description in sorted(useless):
        refusals[f"{check} is not fixed: {description!r} would not change that in {file}"] = None
    changes = {name: _change(path, name, before, after, moves) for name in sorted(after) if after[name] != before[name]}
    fixed = list(chain(*made))
    commands = dict.fromkeys(chain(*map(_commands, fixed)))
    return FixedApp(path, changes, len(fixed), tuple(refusals), tuple(commands))


def _key(finding: Finding) -> Key:
    """What stays of a finding when lines are added or removed before it."""
    return finding.check, finding.at.path, finding.fix.description if finding.fix else ""


def _commands(finding: Finding) -> tuple[str, ...]:
    """What remains to be run after the fix of a finding."""
    return tuple(finding.fix.commands) if finding.fix else ()


def _in_vain(made: Iterable[Finding], before: Iterable[Finding], after: Iterable[Finding]) -> set[Key]:
    """The findings that are there again, with the same fix, after that was made, and with nothing left to be run."""
    count_before, count_after = (Counter(_key(each) for each in findings if each.fix) for findings in (before, after))
    made_of = Counter(_key(each) for each in made if each.fix and not each.fix.commands)
    return {key for key, number in made_of.items() if count_after[key] > count_before[key] - number}


def _content(tree: Tree, path: str) -> bytes | None:
    source = tree.source(path)
    return source.data if source else None


def _change(root: str, path: str, before: Contents, after: Contents, moves: dict[str, str]) -> Change:
    origin = moves.get(path)
    is_move = origin is not None and before[path] is None and before[origin] is not None and after[origin] is None
    file = os.path.join(root, origin if origin and is_move else path)
    executable = os.path.isfile(file) and bool(os.stat(file).st_mode & 0o100)
    return Change(before[path], after[path], origin if is_move else None, executable)
