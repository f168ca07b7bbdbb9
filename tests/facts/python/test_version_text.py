"""What is wrong with a line that should be a version, and what was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.facts.python.version_file import VERSION
from pydeploy_lint.facts.python.version_text import Fault, code_point, read_version_text

PREFIX = "it must not have the prefix"
RANGE = "a range is not understood, only a version"


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
        ("3.13.x", [Fault(4, 6, "a wildcard is not understood")], "3.13"),
        ("3.13.*", [Fault(4, 6, "a wildcard is not understood")], "3.13"),
        ("3.13 # ours", [Fault(5, 11, "a comment must stand on a line of its own")], "3.13"),
        ("3.09", [Fault(2, 4, "a number must not begin with 0")], "3.9"),
        ("3.14.0rc1", [Fault(6, 9, "only final releases can be installed")], None),
        ("pypy3.10", [Fault(0, 8, "only CPython can be installed")], None),
        ("3", [Fault(0, 1, "the minor version is missing")], None),
        ("3.13.2.1", [Fault(0, 8, "it has more than three numbers")], None),
        ("three", [Fault(0, 5, "it is not of the form 3.13 or 3.13.2")], None),
        ("3.13\u200b", [Fault(4, 5, "it holds U+200B ZERO WIDTH SPACE, which cannot be seen")], "3.13"),
        ("\u00a03.13", [Fault(0, 1, "it holds U+00A0 NO-BREAK SPACE, which cannot be seen")], "3.13"),
        ("3.13\0", [Fault(4, 5, "it holds U+0000, which cannot be seen")], "3.13"),
        ("3.13\udce9", [Fault(4, 5, "it holds the byte 0xE9, which is no text in UTF-8")], "3.13"),
    ],
)
def test_a_reading(text: str, faults: list[Fault], intended: str | None) -> None:
    assert read_version_text(text) == (tuple(faults), intended)


@given(st.text(min_size=1, max_size=40).map(str.strip).filter(lambda text: text and not VERSION.fullmatch(text)))
def test_every_line_has_a_fault_inside_of_it(text: str) -> None:
    reading = read_version_text(text)

    assert reading.faults
    assert all(0 <= fault.start <= fault.end <= len(text) for fault in reading.faults)
    assert reading.intended is None or VERSION.fullmatch(reading.intended)


def test_a_character_is_named() -> None:
    assert code_point("\u200b") == "U+200B ZERO WIDTH SPACE, which cannot be seen"
    assert code_point("\x01") == "U+0001, which cannot be seen"
