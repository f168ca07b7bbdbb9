"""The script that finds slow regular expressions, and the texts that some of them were slow for."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from regex_sources import Use, collect
from regexes import judge

from pydeploy_lint.facts.buildpacks.listing import read_listing
from pydeploy_lint.facts.code.modules.module_names import _DYNAMIC
from pydeploy_lint.facts.locks.uv.globs import is_glob, tokens
from pydeploy_lint.facts.locks.uv.requirements import parse
from pydeploy_lint.facts.packages.markers import is_plain
from pydeploy_lint.facts.packages.version_sets import is_surely_outside
from pydeploy_lint.facts.processes.servers import Binding, read_address
from pydeploy_lint.files.repository.patterns import read_rules
from pydeploy_lint.files.source import FileProblem, Source
from pydeploy_lint.files.wildcards import fits

LONG = 100_000


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"(a+)+b", "match"),
        (r"(?:a|a)*b", "fullmatch"),
        (r"\s*(?:==)?\s*1", "match"),
        (r"\s+$", "search"),
        (r"\[[^]]*\*\w", "search"),
        (r"x[^)]*y", "search"),
        (rb"(?<!\\) +$", "search"),
        (r"^\s*match\b", "search"),
        (r"load\([^)]*override", "search"),
        (r"(?:\$\w+|USER|\.)*x", "fullmatch"),
        (r"^from (?:[\w.]*settings)[\w.]* import", "search"),
    ],
)
def test_slow_patterns_are_found(pattern: str | bytes, method: str) -> None:
    verdict = judge(Use("here", re.compile(pattern, re.MULTILINE), method))
    assert not verdict.is_linear, verdict


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"(?<![ \t])[ \t]+(?:and|or)", "search"),
        (r"\s*(?:==\s*)?1", "fullmatch"),
        (r"[a-z]+\d+", "match"),
        (r"\[[^][]*\*\w", "search"),
        (r"x{1,30}y", "search"),
        (r"word", "search"),
    ],
)
def test_fast_patterns_are_not(pattern: str, method: str) -> None:
    verdict = judge(Use("here", re.compile(pattern), method))
    assert verdict.is_linear, verdict


def test_every_call_is_worked_out() -> None:
    uses, unknown = collect()
    assert not unknown
    assert len(uses) > 400
    assert {"match", "fullmatch", "search"} == {use.method for use in uses}
    assert any(use.place.startswith("src/pydeploy_lint/buildlog/errors.json") for use in uses)
    assert any("credentials.py" in use.place for use in uses)


def listing(text: str) -> None:
    with pytest.raises(FileProblem):
        read_listing(Source("listing", f"=== a Buildpack URL\n{text}\n".encode()))


@pytest.mark.parametrize(
    "work",
    [
        pytest.param(lambda: parse(f"a{' ' * LONG}é", {}), id="requirement"),
        pytest.param(lambda: parse(f"a @ {'b ; ' * LONG}", {}), id="address"),
        pytest.param(lambda: is_plain(" " * LONG), id="marker"),
        pytest.param(lambda: is_surely_outside(" " * LONG, ""), id="pin"),
        pytest.param(lambda: read_address("${" * LONG, Binding(None, None)), id="address of a server"),
        pytest.param(lambda: listing("=" * LONG), id="listing"),
        pytest.param(lambda: listing(f"{'/' * LONG}\x01"), id="buildpack in a listing"),
        pytest.param(lambda: _DYNAMIC.search("import" + "\n" * LONG), id="imports"),
        pytest.param(lambda: read_rules(b"\\" + b" " * LONG + b"x"), id=".gitignore with spaces"),
        pytest.param(
            lambda: read_rules(b"*a" * 50 + b"b")[0].matches(b"a" * 2000, is_directory=False),
            id=".gitignore with stars",
        ),
        pytest.param(
            lambda: read_rules(b"**/a/" * 50 + b"b")[0].matches(b"a/" * 1000, is_directory=False), id="many directories"
        ),
        pytest.param(lambda: fits(tokens("*a" * 50 + "b", with_slashes=True), "a" * 2000), id="workspace"),
        pytest.param(lambda: is_glob("[" * LONG), id="open sets"),
    ],
)
def test_long_texts_take_no_long_time(work: Callable[[], object]) -> None:
    start = time.thread_time()
    work()
    assert time.thread_time() - start < 2


@pytest.mark.parametrize(
    ("pattern", "fitting", "others"),
    [
        ("libs/*", ["libs/a", "libs/"], ["libs/a/b", "lib/a"]),
        ("**/a", ["a", "b/a", "b/c/a"], ["ab", "b/ab"]),
        ("a/**/b", ["a/b", "a/c/b", "a/c/d/b"], ["a/cb", "ab"]),
        ("a/**", ["a/b", "a/b/c"], ["a/", "a"]),
        ("[a-c]?", ["ax", "cx"], ["dx", "a"]),
        ("[!a-c]x", ["dx", "-x"], ["ax"]),
        ("[]]", ["]"], ["["]),
        ("[z-a]", [], ["z", "a", "m", "-"]),
        ("[a-]", ["a", "-"], ["b"]),
        ("a.b", ["a.b"], ["axb"]),
    ],
)
def test_patterns_of_a_workspace(pattern: str, fitting: list[str], others: list[str]) -> None:
    assert is_glob(pattern)
    made = tokens(pattern, with_slashes=False)
    assert [each for each in [*fitting, *others] if fits(made, each)] == fitting


@pytest.mark.parametrize("pattern", ["a**", "**a/b", "[", "a[!", "[]", "[!]", "[ab"])
def test_what_is_no_pattern_of_a_workspace(pattern: str) -> None:
    assert not is_glob(pattern)
