"""Which fixes are made together, and which are not made at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydeploy_lint.files.deployed import open_tree
from pydeploy_lint.finding import Edit, Finding, Fix, Severity, Span
from pydeploy_lint.fix.plan import Plan, choose
from pydeploy_lint.testing import Files, Link, write_tree

FILES: Files = {"a.txt": "one\ntwo\n", "b.txt": "", "other/c.txt": "", "link.txt": Link("a.txt"), "way": Link("other")}


def finding(*edits: Edit, safe: bool = True, check: str = "some-check") -> Finding:
    fix = Fix("Mend it", edits, safe)
    return Finding(check, Severity.NOTE, "it is wrong", Span("a.txt"), "", None, False, fix, "", None)


def plan(root: Path, *findings: Finding, unsafe: bool = False, files: Files = FILES) -> Plan:
    write_tree(root, files)
    return choose(findings, open_tree(str(root)), str(root), unsafe=unsafe)


def stretch(line: int, column: int, end_line: int, end_column: int, text: str = "x") -> Edit:
    return Edit(Span("a.txt", line, column, end_line, end_column), text)


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        (stretch(1, 1, 1, 2), stretch(1, 2, 1, 3), True),
        (stretch(1, 1, 1, 3), stretch(1, 2, 1, 4), False),
        (stretch(1, 1, 2, 1), stretch(1, 4, 1, 4), False),
        (stretch(1, 1, 1, 3), stretch(1, 3, 1, 3), True),
        (stretch(1, 1, 1, 1), stretch(1, 1, 1, 1, "other"), False),
        (stretch(1, 1, 1, 1), stretch(1, 1, 1, 1), True),
        (stretch(2, 1, 2, 1), Edit.delete("a.txt"), False),
        (Edit.write("a.txt", "x"), Edit.write("a.txt", "y"), False),
        (Edit.write("a.txt", "x"), Edit.write("a.txt", "x"), True),
        (Edit.write("new", "x"), Edit.rename("a.txt", "new"), False),
        (Edit.delete("a.txt"), Edit.delete("b.txt"), True),
    ],
)
def test_of_two_fixes_that_overlap_the_first_is_made(first: Edit, second: Edit, together: bool, tmp_path: Path) -> None:
    both = finding(first), finding(second, check="other-check")
    chosen = plan(tmp_path, *both)
    assert chosen.findings == (both if together else both[:1])
    assert chosen.edits == tuple(dict.fromkeys([first, second] if together else [first]))
    assert chosen.refusals == ()


def test_a_fix_is_made_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    first, second = finding(stretch(1, 1, 1, 2)), finding(Edit.delete("b.txt"), stretch(1, 1, 1, 3))
    assert plan(tmp_path, first, second).edits == (stretch(1, 1, 1, 2),)


@pytest.mark.parametrize("unsafe", [False, True])
def test_a_suggestion_is_made_only_when_asked_for(unsafe: bool, tmp_path: Path) -> None:
    suggestion = finding(Edit.delete("a.txt"), safe=False)
    assert plan(tmp_path, suggestion, unsafe=unsafe).findings == ((suggestion,) if unsafe else ())


@pytest.mark.parametrize(
    ("edits", "why"),
    [
        ((Edit.write("../out", ""),), "../out is not the path of a file of the app"),
        ((Edit.write("/out", ""),), "/out is not the path of a file of the app"),
        ((Edit.write("a\\..\\out", ""),), "a\\..\\out is not the path of a file of the app"),
        ((Edit.write("other//c.txt", ""),), "other//c.txt is not the path of a file of the app"),
        ((Edit.write(".git/config", ""),), ".git/config is not the path of a file of the app"),
        ((Edit.delete("link.txt"),), "link.txt is a symbolic link, through which nothing is written"),
        ((Edit.rename("a.txt", "way/a.txt"),), "way is a symbolic link, through which nothing is written"),
        ((Edit.write("missing/new", ""),), "there is no directory missing"),
        ((Edit.write("other", ""),), "other is not a file"),
        ((Edit.delete("missing"),), "missing is not a file"),
        ((Edit.rename("a.txt", "b.txt"),), "a.txt cannot become b.txt, which is there already"),
        ((Edit(Span("a.txt", 1, 1, 1, 1)),), "an edit of a.txt has a place, and no text for it"),
        ((stretch(9, 1, 9, 1),), "a.txt has no line 9 with a column 1"),
        ((stretch(1, 1, 1, 6),), "a.txt has no line 1 with a column 6"),
        ((stretch(2, 1, 1, 1),), "a.txt:2:1 ends before it begins"),
        ((stretch(1, 1, 1, 3), stretch(1, 2, 1, 4)), "its edits overlap"),
    ],
)
def test_what_cannot_be_done_is_refused(edits: tuple[Edit, ...], why: str, tmp_path: Path) -> None:
    good = finding(Edit.write("new", ""), check="good-check")
    assert plan(tmp_path, finding(*edits), good) == Plan(
        (good,), good.fix.edits if good.fix else (), (f"some-check is not fixed: {why}",)
    )


def test_what_heroku_would_not_see_is_not_made(tmp_path: Path) -> None:
    files = {**FILES, ".slugignore": "new*\n"}
    chosen = plan(tmp_path, finding(Edit.write("new.txt", "")), finding(Edit.rename("a.txt", "new")), files=files)
    assert chosen.refusals == (
        "some-check is not fixed: .slugignore has the rule 'new*', so new.txt would not get to Heroku",
        "some-check is not fixed: .slugignore has the rule 'new*', so new would not get to Heroku",
    )


def test_a_file_that_heroku_does_not_see_is_not_overwritten(tmp_path: Path) -> None:
    files = {**FILES, ".slugignore": "b.txt\n"}
    assert plan(tmp_path, finding(Edit.write("b.txt", "x")), files=files).edits == ()
