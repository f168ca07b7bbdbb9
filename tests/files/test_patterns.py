"""Patterns for paths: as git reads them, and never slow."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.files.patterns import PathPatterns, path_pattern

PATHS = [
    *("a", "b", "ab", "a.txt", "a/b", "a/b/c", "x/a", "x/a/b", "x/y/a.txt", "docs", "docs/a", "sub/docs/a", ".env"),
    *("#x", "!x", "a*b", "[a]", "a-b", "a]", "A", "a\\", "x/a/y/b", "é", "a^", "0", "a b"),
]
PATTERNS = [
    *("a", "/a", "a/", "a/b", "/a/b", "x/a", "*", "*.txt", "/*.txt", "?", "??", "a*b", "*/a", "x/*", "x/*/b", "docs/"),
    *("**/a", "**/a/b", "a/**", "x/**/b", "**", "**/", "x/**", "a**", "**b", "x/**/a/**", "/**/a", "***"),
    *("[ab]", "[!ab]", "[^ab]", "[a-c]", "[c-a]", "[]a]", "[a", "[a]", r"\[a\]", "a[]]", "[a-]", "[--b]", r"[\]]"),
    *("[[:alpha:]]", "[[:digit:]]", "[[:upper:]]", "[^[:alpha:]]", "[[:nonsense:]]", "a[[:punct:]]b", "[[:alpha:]b]*"),
    *("#x", r"\#x", r"\!x", r"a\*b", "a\\", r"a\\", "a ", r"a\ b", "a b", r"a\ ", "", " ", "/", "//", "a//b", ".*"),
    *("x/", "/x/y", "sub", "sub/docs", "docs/a/", "*/", "*/*", "*/*/*", "a.*", "é", "?.txt", "[é]", "a[^]]", "a/*/c"),
    *("a[!b]b", "./a", "a/**/b/**/c", "\\a"),
]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    return root


@pytest.mark.parametrize("pattern", PATTERNS)
def test_as_git_reads_them(repository: Path, pattern: str) -> None:
    (repository / ".gitignore").write_text(f"{pattern}\n", encoding="utf-8")
    done = subprocess.run(
        ["git", "check-ignore", "--no-index", "-z", "--stdin"],
        cwd=repository,
        input="\0".join(PATHS).encode(),
        capture_output=True,
        check=False,
    )
    ignored = set(done.stdout.decode().split("\0")) - {""}

    read = path_pattern(pattern)
    assert {path for path in PATHS if read and read.matches(path)} == ignored
    many = PathPatterns(["nothing", pattern, "other"])
    assert {path for path in PATHS if many.last_match(path, is_directory=False) == 1} == ignored


def test_a_directory_is_told_from_a_file() -> None:
    patterns = PathPatterns(["a/", "*.d/"])

    assert patterns.last_match("a", is_directory=False) is None
    assert patterns.last_match("a", is_directory=True) == 0
    assert patterns.last_match("x.d/a/b", is_directory=False) == 1


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 30 + "b", "a" * 200),
        ("**/a/" * 15 + "b", "a/" * 100 + "c"),
        ("[a-z]*" * 2_000 + "b", "a" * 200),
        ("*" * 100_000 + "b", "a" * 200),
        ("a" * 1_000_000, "a" * 200),
        ("a/" * 100_000, "a/" * 100),
    ],
)
def test_none_takes_long(pattern: str, path: str) -> None:
    start = time.process_time()
    read = path_pattern(pattern)

    assert read
    assert not read.matches(path)
    assert time.process_time() - start < 2


@given(st.text(st.sampled_from("a/*?[]!^-\\:. "), max_size=30), st.text(st.sampled_from("ab/."), min_size=1))
def test_none_fails(pattern: str, path: str) -> None:
    read = path_pattern(pattern)

    assert read is None or isinstance(read.matches(path), bool)
