from __future__ import annotations

import gc
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.files.shell import Command, read_shell


def read_commands(code: str) -> list[Command]:
    """The commands that run a program."""
    return [command for command in read_shell(code).commands if command.words]


def words(code: str) -> list[list[str | None]]:
    return [[word.value for word in command.words] for command in read_commands(code)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("heroku create app", [["heroku", "create", "app"]]),
        ("a b \\\n   c # comment\n", [["a", "b", "c"]]),
        ("a 'b c' \"d e\" f'g'\"h\"", [["a", "b c", "d e", "fgh"]]),
        (r"a b\ c \"d", [["a", "b c", '"d']]),
        (r'a "b\"c\\d\e"', [["a", 'b"c\\d\\e']]),
        ("V=1\na $V ${V} x${V}y \"$V $V\" '$V'", [["a", "1", "1", "x1y", "1 1", "$V"]]),
        ('V=1\nW="${V}2"\na $W', [["a", "12"]]),
        ("export V=1; a $V", [["a", "1"]]),
        ("V=1 && a $V", [["a", "1"]]),
        ("a $V; V=1", [["a", None]]),
        ("V=1; V=2; a $V", [["a", None]]),
        ("V=1; V+=2; a $V", [["a", None]]),
        ("if b; then V=1; fi; a $V", [["b"], ["a", None]]),
        ("for V in 1 2; do a $V; done", [["a", None]]),
        ("V=1\nfor V in 1 2; do a $V; done", [["a", None]]),
        ("V=1 a $V", [["a", None]]),
        ("a $1 $(b) `c` ${V:-d} $'e' *", [["a", None, None, None, None, "e", "*"], ["b"], ["c"]]),
        ("V=$V; W=$W$W; a $V $W", [["a", None, None]]),
        ("a ${{ secrets.V }} b", [["a", None, "b"]]),
        ("a b > c 2>&1 | d", [["a", "b"], ["d"]]),
        ("f() { a b; }\n(c d)\nwhile e; do g; done", [["a", "b"], ["c", "d"], ["e"], ["g"]]),
        ("# a b\n", []),
    ],
)
def test_words_are_those_that_the_shell_would_see(code: str, expected: list[list[str | None]]) -> None:
    assert words(code) == expected


def test_positions_are_offsets_of_characters() -> None:
    [command] = read_commands("é 'ü' x")
    assert [(word.start, word.end) for word in command.words] == [(0, 1), (2, 5), (6, 7)]


def test_deep_nesting_is_read() -> None:
    assert words("(" * 5000 + "a" + ")" * 5000)[-1:] in ([["a"]], [])


def test_variables_that_double_do_not_take_forever() -> None:
    lines = [f"V{number + 1}=$V{number}$V{number}" for number in range(60)]
    assert words("\n".join(["V0=x", *lines, "a $V60"])) == [["a", None]]


@given(st.text(alphabet="ab $\"'`\\\n(){};|&<>#=V-:/\x00é"))
def test_any_text_is_read(code: str) -> None:
    for command in read_commands(code):
        for word in command.words:
            assert 0 <= word.start <= word.end <= len(code)


def test_long_scripts_take_time_in_proportion() -> None:
    def cost(lines: int) -> float:
        code = "é\n" + "heroku buildpacks:set x/y -a b\n" * lines
        started = time.process_time()
        assert sum(1 for _ in read_commands(code)) == lines + 1
        return time.process_time() - started

    gc.collect()
    gc.disable()  # What it collects are the objects of all tests before, which has nothing to do with the script.
    try:
        # Ten times as much takes ten times as long, and not a hundred times.
        assert min(cost(5000) for _ in range(3)) < 30 * min(cost(500) for _ in range(3))
    finally:
        gc.enable()
