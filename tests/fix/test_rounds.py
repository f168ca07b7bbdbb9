"""Fixes that need each other, stand in each other's way, or come to nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pydeploy_lint.files.tree import Tree
from pydeploy_lint.finding import Edit, Finding, Fix, Severity, Span
from pydeploy_lint.fix.change import Change
from pydeploy_lint.fix.rounds import FixedApp, fix_app
from pydeploy_lint.testing import write_tree

Judge = Callable[[Tree], Iterator[Finding]]


def finding(description: str, *edits: Edit, check: str = "some-check") -> Finding:
    fix = Fix(description, edits)
    return Finding(check, Severity.NOTE, "it is wrong", Span("list"), "", None, False, fix, "", None)


def text(tree: Tree, path: str = "list") -> str:
    source = tree.source(path)
    return source.text if source else ""


def fixed(root: Path, judge: Judge, content: str) -> FixedApp:
    write_tree(root, {"list": content})
    return fix_app(str(root), judge, unsafe=False)


def lacks(tree: Tree, *lines: str) -> Iterator[Finding]:
    """A finding for each line that is not in the list; its fix puts it in front."""
    for line in lines:
        if f"{line}\n" not in text(tree):
            yield finding(f"Add {line}", Edit(Span("list", 1, 1, 1, 1), f"{line}\n"))


def test_fixes_in_the_same_place_are_made_one_after_the_other(tmp_path: Path) -> None:
    result = fixed(tmp_path, lambda tree: lacks(tree, "a", "b", "c"), "")
    assert result == FixedApp(str(tmp_path), {"list": Change(b"", b"c\nb\na\n")}, 3, ())


def test_a_fix_that_mends_nothing_is_not_made(tmp_path: Path) -> None:
    def judge(tree: Tree) -> Iterator[Finding]:
        yield finding("Add a line", Edit(Span("list", 1, 1, 1, 1), "again\n"), check="stubborn")
        yield from lacks(tree, "a")

    result = fixed(tmp_path, judge, "")
    assert result.changes == {"list": Change(b"", b"a\n")}
    assert (result.fixed, result.refusals) == (
        1,
        ("stubborn is not fixed: 'Add a line' would not change that in list",),
    )


def test_a_fix_that_did_not_help_is_tried_again_after_the_others(tmp_path: Path) -> None:
    def judge(tree: Tree) -> Iterator[Finding]:
        if text(tree) != "first\na\n":
            yield finding("Add a line", Edit(Span("list", 1, 1, 1, 1), "first\n"), check="impatient")
        yield from lacks(tree, "a")

    result = fixed(tmp_path, judge, "")
    assert result == FixedApp(str(tmp_path), {"list": Change(b"", b"first\na\n")}, 2, ())


def test_what_remains_to_be_run_is_said_once_and_the_fix_is_made_once(tmp_path: Path) -> None:
    def judge(tree: Tree) -> Iterator[Finding]:
        found = finding("Add a line", Edit(Span("list", 1, 1, 1, 1), "x\n"))
        assert found.fix
        yield found._replace(fix=found.fix._replace(commands=("git rm list", "git commit")))
        yield finding("Run it")._replace(fix=Fix.by_hand("Run it", "uv lock"))
        yield from lacks(tree, "a")

    result = fixed(tmp_path, judge, "")
    assert result.changes == {"list": Change(b"", b"a\nx\n")}
    assert (result.fixed, result.commands, result.refusals) == (2, ("git rm list", "git commit"), ())


def test_a_fix_that_changes_nothing_is_not_made(tmp_path: Path) -> None:
    def judge(_tree: Tree) -> Iterator[Finding]:
        yield finding("Write it", Edit.write("list", "same\n"))

    result = fixed(tmp_path, judge, "same\n")
    assert (result.changes, result.fixed, len(result.refusals)) == ({}, 0, 1)


@pytest.mark.parametrize("start", ["a\n", "b\n"])
def test_fixes_that_undo_each_other_come_to_an_end(start: str, tmp_path: Path) -> None:
    def judge(tree: Tree) -> Iterator[Finding]:
        other = "b" if text(tree) == "a\n" else "a"
        yield finding(f"Make it {other}", Edit(Span("list", 1, 1, 1, 2), other))

    result = fixed(tmp_path, judge, start)
    assert (result.changes, result.fixed) == ({}, 0)
    assert result.refusals == (
        "some-check is not fixed: 'Make it a' would not change that in list",
        "some-check is not fixed: 'Make it b' would not change that in list",
    )


def test_fixes_that_undo_each_other_keep_no_other_from_being_made(tmp_path: Path) -> None:
    def judge(tree: Tree) -> Iterator[Finding]:
        is_made = text(tree, "note") == "x"
        edit = Edit.delete("note") if is_made else Edit.write("note", "x")
        yield finding("Delete the note" if is_made else "Write a note", edit, check="moody")
        yield from lacks(tree, "a")

    result = fixed(tmp_path, judge, "")
    assert result.changes == {"list": Change(b"", b"a\n"), "note": Change(None, b"x")}
    assert result.fixed == 2
    assert [each.partition(" is not")[0] for each in result.refusals] == ["moody", "moody"]


def test_a_file_that_is_moved_and_then_changed_is_one_move(tmp_path: Path) -> None:
    def judge(tree: Tree) -> Iterator[Finding]:
        if text(tree):
            yield finding("Rename it", Edit.rename("list", "names"))
        elif text(tree, "names") == "old\n":
            yield finding("Change it", Edit(Span("names", 1, 1, 1, 4), "new"))

    result = fixed(tmp_path, judge, "old\n")
    assert result.changes == {"list": Change(b"old\n", None), "names": Change(None, b"new\n", "list")}


def test_a_file_that_comes_and_goes_is_no_change(tmp_path: Path) -> None:
    def judge(tree: Tree) -> Iterator[Finding]:
        if text(tree) == "1":
            yield finding("Step 2", Edit.write("list", "2"), Edit.write("note", ""))
        elif tree.source("note"):
            yield finding("Step 3", Edit.delete("note"))

    assert fixed(tmp_path, judge, "1").changes == {"list": Change(b"1", b"2")}
