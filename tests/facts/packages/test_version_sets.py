from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from pydeploy_lint.facts.packages.version_sets import newest_allowed


@pytest.mark.parametrize(
    ("specifier", "expected"),
    [
        ("==2.2.2", "2.2.2"),
        ("2.2.2", "2.2.2"),
        (" ==2.6.0+cpu ", "2.6.0+cpu"),
        ("==4.0.*", "4.0.99999"),
        ("~=4.0.6", "4.0.99999"),
        ("~=2.8", "2.99999"),
        ("<21", "20.99999"),
        ("<4.1.0", "4.0.99999"),
        ("<=2.9.6", "2.9.6"),
        (">=2,<3,!=2.5", "2.99999"),
        ("", "99999"),
        (">=1", "99999"),
        ("!=1.0", "99999"),
        ("<2,!=1.*", "0.99999"),
        ("==1!2.0", "1!2.0"),
        ("<1!2", "1!1.99999"),
        ("===3.0", "3.0"),
        ("==3.0rc1", "3.0rc1"),
        (">3,<2", None),
        ("<0", None),
        ("^4.0", None),
        ("==", None),
        ("== 1 or 2", None),
        ("===any thing", None),
        ("=" * 10_000, None),
    ],
)
def test_newest_allowed(specifier: str, expected: str | None) -> None:
    assert newest_allowed(specifier) == (Version(expected) if expected else None)


NUMBERS = st.lists(st.integers(0, 30), min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))
CLAUSES = st.tuples(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), NUMBERS).map("".join)


@given(st.lists(CLAUSES, min_size=1, max_size=3).map(",".join), NUMBERS)
def test_nothing_that_is_allowed_is_newer(specifier: str, version: str) -> None:
    newest = newest_allowed(specifier)
    if SpecifierSet(specifier).contains(version):
        assert newest is not None
        assert Version(version) <= newest


@given(st.text(alphabet="0123456789.*=<>!~, abcrc+-", max_size=30))
def test_any_text_is_read_without_an_error(text: str) -> None:
    newest = newest_allowed(text)
    assert newest is None or isinstance(newest, Version)
