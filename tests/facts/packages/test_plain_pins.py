"""Plain pins are told from affected versions without the library, and never otherwise than it would."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from pydeploy_lint.facts.packages.version_sets import is_surely_outside

RELEASES = st.lists(st.integers(0, 12), min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))
CLAUSES = st.lists(st.tuples(st.sampled_from(("<", "<=", ">", ">=", "==")), RELEASES).map("".join), max_size=3)


@given(RELEASES, CLAUSES.map(",".join))
def test_it_agrees_with_the_library(release: str, affected: str) -> None:
    assert is_surely_outside(f"=={release}", affected) is (release not in SpecifierSet(affected))


def test_what_is_not_plain_is_never_surely_outside() -> None:
    assert not is_surely_outside("~=1.2", "<1")
    assert not is_surely_outside("==1.2rc1", "<1")
    assert not is_surely_outside("==1.2", "<1.dev1")
