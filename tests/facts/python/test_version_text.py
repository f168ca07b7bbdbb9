"""What is wrong with a line that should be a version, and what was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.facts.python.version_file import VERSION
from pydeploy_lint.facts.python.version_text import Fault, code_point, read_version_text

PREFIX = "remove the prefix"
RANGE = "ranges are not supported, only a version"


@pytest.mark.parametrize(
    ("text", "faults", "intended"),
    [
        ('"3.13"', [Fault(0, 6, "it is quoted")], "3.13"),
        ("'3.13.2'", [Fault(0, 8, "it is quoted")], "3.13.2"),
        ("python-3.13", [Fault(0, 7, f"{PREFIX} 'python-'")], "3.13"),
        ("Python 3.13", [Fault(0, 7, f"{PREFIX} 'Python'")], "3.13"),
        ("cpython@3.13", [Fault(0, 8, f"{PREFIX} 'cpython@'")], "3.13"),
        ("v3.13", [Fault(0, 1, f"{PREFIX} 'v'")], "3.13"),
        ('"python-3.13"', [Fault(0, 13, "it is quoted"), Fault(1, 8, f"{PREFIX} 'python-'")], "3.13"),
        ("==3.13.2", [Fault(0, 2, RANGE)], "3.13.2"),
        (">=3.13", [Fault(0, 2, RANGE)], None),
        ("~= 3.13", [Fault(0, 3, RANGE)], None),
        ("3.13.x", [Fault(4, 6, "wildcards are not supported")], "3.13"),
        ("3.13.*", [Fault(4, 6, "wildcards are not supported")], "3.13"),
        ("3.13 # ours", [Fault(5, 11, "a comment must be on a line of its own")], "3.13"),
        ("3.09", [Fault(2, 4, "numbers must not start with 0")], "3.9"),
        ("3.14.0rc1", [Fault(6, 9, "only final releases can be installed")], None),
        ("pypy3.10", [Fault(0, 8, "only CPython can be installed")], None),
        ("3", [Fault(0, 1, "the minor version is missing")], None),
        ("3.13.2.1", [Fault(0, 8, "it has more than three numbers")], None),
        ("three", [Fault(0, 5, "it is not of the form 3.13 or 3.13.2")], None),
        ("3.13\u200b", [Fault(4, 5, "it contains U+200B ZERO WIDTH SPACE, which is invisible")], "3.13"),
        ("\u00a03.13", [Fault(0, 1, "it contains U+00A0 NO-BREAK SPACE, which is invisible")], "3.13"),
        ("3.13\0", [Fault(4, 5, "it contains U+0000, which is invisible")], "3.13"),
        ("3.13\udce9", [Fault(4, 5, "it contains the byte 0xE9, which is not valid UTF-8")], "3.13"),
    ],
)
def test_a_reading(text: str, faults: list[Fault], intended: str | None) -> None:
    reading = read_version_text(text)

    assert (reading.faults, reading.intended) == (tuple(faults), intended)


@pytest.mark.parametrize(
    ("text", "series"),
    [
        ("python-3.11.x", "3.11"),
        ("3.11.*", "3.11"),
        (">=3.11", "3.11"),
        ("~=3.11.2", "3.11"),
        (">= 3.10, < 3.13", "3.10"),
        ("<3.13,>=3.12", "3.12"),
        ("!=3.11,>=3.12", "3.12"),
        ("<3.13", None),
        ("<= 3.13", None),
        ("Python 3.11.4", "3.11"),
        ("cpython-3.11", "3.11"),
        ("cpython-3.12.4-linux-x86_64-gnu", "3.12"),
        ("3,11", "3.11"),
        ("3_11", "3.11"),
        ("3.11-dev", "3.11"),
        ("3.14.0rc1", "3.14"),
        ("3.14t", "3.14"),
        ("py311", "3.11"),
        ("311", "3.11"),
        ("pypy3.10-7.3.12", "3.10"),
        ("'3.12'", "3.12"),
        ("3.12\u200b", "3.12"),
        ("3", None),
        ("three", None),
        ("13.12", None),
        ("3.123", None),
        ("latest", None),
    ],
)
def test_the_series_that_a_line_mentions(text: str, series: str | None) -> None:
    assert read_version_text(text).series == series


@given(st.text(min_size=1, max_size=40).map(str.strip).filter(lambda text: text and not VERSION.fullmatch(text)))
def test_every_line_has_a_fault_inside_of_it(text: str) -> None:
    reading = read_version_text(text)

    assert reading.faults
    assert all(0 <= fault.start <= fault.end <= len(text) for fault in reading.faults)
    assert reading.intended is None or VERSION.fullmatch(reading.intended)


def test_a_character_is_named() -> None:
    assert code_point("\u200b") == "U+200B ZERO WIDTH SPACE, which is invisible"
    assert code_point("\x01") == "U+0001, which is invisible"
