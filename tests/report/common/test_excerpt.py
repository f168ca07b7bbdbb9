from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.finding import Span
from pydeploy_lint.report.common.excerpt import excerpt
from pydeploy_lint.report.common.terminal import width
from tests.report.samples import finding, hostile


def drawn(source_line: str, at: Span, columns: int = 80) -> list[str]:
    quoted = excerpt(finding(at=at, source_line=source_line), columns)
    assert quoted
    return [quoted.source, quoted.margin + quoted.mark]


@pytest.mark.parametrize(
    ("line", "at", "lines"),
    [
        ("python-3.7", Span("f", 1, 8, 1, 11), ["1 | python-3.7", "  |        ^^^"]),
        ("python-3.7", Span("f", 120, 1, 120, 7), ["120 | python-3.7", "    | ^^^^^^"]),
        ("\tdjango\t==", Span("f", 1, 9, 1, 11), ["1 |     django  ==", "  |             ^^"]),
        ("日本=語", Span("f", 1, 4, 1, 5), ["1 | 日本=語", "  |      ^^"]),
        ("日本=語", Span("f", 1, 2, 1, 4), ["1 | 日本=語", "  |   ^^^"]),
        ("cafe\u0301!", Span("f", 1, 6, 1, 7), ["1 | cafe\u0301!", "  |     ^"]),
        ("a\u200bb", Span("f", 1, 2, 1, 3), ["1 | a<U+200B>b", "  |  ^^^^^^^^"]),
        ("to the end", Span("f", 1, 8, 3, 2), ["1 | to the end", "  |        ^^^"]),
        ("nothing", Span("f", 1, 8, 1, 8), ["1 | nothing", "  |        ^"]),
        ("", Span("f", 1, 1, 1, 1), ["1 | ", "  | ^"]),
        ("changed since", Span("f", 1, 40, 1, 50), ["1 | changed since", "  |              ^"]),
    ],
)
def test_the_mark_is_under_the_stretch(line: str, at: Span, lines: list[str]) -> None:
    assert drawn(line, at) == lines


@pytest.mark.parametrize(
    ("column", "lines"),
    [
        (1, ["1 | 012345678901234567890123...", "  | ^^"]),
        (500, ["1 | ...345678901234567890123...", "  |          ^^"]),
        (999, ["1 | ...23456789", "  |          ^^"]),
    ],
)
def test_of_a_long_line_the_part_around_the_stretch_is_shown(column: int, lines: list[str]) -> None:
    assert drawn("0123456789" * 100, Span("f", 1, column, 1, column + 2), columns=31) == lines


def test_no_excerpt_without_a_line() -> None:
    assert excerpt(finding(at=Span("runtime.txt")), 80) is None
    assert excerpt(finding(source_line=None), 80) is None


@given(hostile, st.integers(1, 90), st.integers(0, 90), st.integers(40, 100))
def test_an_excerpt_fits(line: str, column: int, length: int, columns: int) -> None:
    source, mark = drawn(line, Span("f", 7, column, 7, column + length), columns)
    assert width(source) <= columns
    assert width(mark) <= columns + 1
