"""What commands are nested in, how they are joined, and what is set and redirected."""

from __future__ import annotations

import shutil
import subprocess
import time

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pydeploy_lint.files.shell import Kind, Places, When, interpreter, is_shell, read_shell

BASH = shutil.which("bash")


def shape(code: str) -> list[tuple[str, str, str, str]]:
    """The words, the innermost scope, how sure it is that they run, and the operator, of each command."""
    script = read_shell(code)
    assert script.undecided is None
    return [
        (" ".join(word.text for word in each.words), each.scope.kind.value, each.when.name, each.operator)
        for each in script.commands
    ]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "a && b || c; d",
            [
                ("a", "script", "ALWAYS", "&&"),
                ("b", "script", "SUCCESS", "||"),
                ("c", "script", "MAYBE", ";"),
                ("d", "script", "ALWAYS", ""),
            ],
        ),
        ("V=1 && a", [("", "script", "ALWAYS", "&&"), ("a", "script", "ALWAYS", "")]),
        (
            "V=$(x) && a",
            [("", "script", "ALWAYS", "&&"), ("x", "substitution", "ALWAYS", ""), ("a", "script", "SUCCESS", "")],
        ),
        ("a | b &", [("a", "script", "ALWAYS", "|"), ("b", "script", "ALWAYS", "&")]),
        ("a |\n# c\nb", [("a", "script", "ALWAYS", "|"), ("b", "script", "ALWAYS", "")]),
        (
            "(a; b) && { c; }",
            [("a", "subshell", "ALWAYS", ";"), ("b", "subshell", "ALWAYS", ""), ("c", "group", "SUCCESS", ";")],
        ),
        (
            "if a\nthen b\nelif c; then d; else e; fi",
            [
                ("a", "if", "ALWAYS", "\n"),
                ("b", "if", "MAYBE", "\n"),
                ("c", "if", "MAYBE", ";"),
                ("d", "if", "MAYBE", ";"),
                ("e", "if", "MAYBE", ";"),
            ],
        ),
        ("until a; do b; done", [("a", "loop", "ALWAYS", ";"), ("b", "loop", "MAYBE", ";")]),
        ("for x in a b; do c; done; d", [("c", "loop", "MAYBE", ";"), ("d", "script", "ALWAYS", "")]),
        ("for x do c; done", [("c", "loop", "MAYBE", ";")]),
        ("for ((i = 0; i < 3; i++))\ndo c\ndone", [("c", "loop", "MAYBE", "\n")]),
        ("select x in a\ndo c; done", [("c", "loop", "MAYBE", ";")]),
        (
            "case $x in (a|'b'|+([0-9])-*|@(c|')')) c;; *) d; e;& f) ;; g) h\nesac",
            [
                ("c", "case", "MAYBE", ";;"),
                ("d", "case", "MAYBE", ";"),
                ("e", "case", "MAYBE", ";&"),
                ("h", "case", "MAYBE", "\n"),
            ],
        ),
        (
            "f()\n{ a; }\nfunction g { b; }; function h () (c)",
            [(each, "function", "ALWAYS", end) for each, end in (("a", ";"), ("b", ";"), ("c", ""))],
        ),
        (
            "[[ a =~ (b|c) && d < e ]] && f",
            [("[[ a =~ b c d e ]]", "script", "ALWAYS", "&&"), ("f", "script", "SUCCESS", "")],
        ),
        ("((x = (1 + 2) * 3)) && a", [("a", "script", "SUCCESS", "")]),
        ("((a); b)", [("a", "subshell", "ALWAYS", ""), ("b", "subshell", "ALWAYS", "")]),
        (
            "a $((1 + (2)))$( (b) )",
            [("a $((1 + (2)))$( (b) )", "script", "ALWAYS", ""), ("b", "subshell", "ALWAYS", "")],
        ),
        (
            "a || { b; }\nc | (d)\ne",
            [
                ("a", "script", "ALWAYS", "||"),
                ("b", "group", "MAYBE", ";"),
                ("c", "script", "ALWAYS", "|"),
                ("d", "subshell", "ALWAYS", ""),
                ("e", "script", "ALWAYS", ""),
            ],
        ),
        (
            "a `if b; then c; fi`",
            [("a `if b; then c; fi`", "script", "ALWAYS", ""), ("b", "if", "ALWAYS", ";"), ("c", "if", "MAYBE", ";")],
        ),
        (
            "a `b \\( c` `d \\\\`",
            [("a `b \\( c` `d \\\\`", "script", "ALWAYS", ""), ("b ( c", "substitution", "ALWAYS", "")],
        ),
        ("! a; time (b)", [("a", "script", "ALWAYS", ";"), ("b", "subshell", "ALWAYS", "")]),
        (
            "echo if then; if$x a; a}",
            [
                ("echo if then", "script", "ALWAYS", ";"),
                ("if$x a", "script", "ALWAYS", ";"),
                ("a}", "script", "ALWAYS", ""),
            ],
        ),
        (
            "a <<E | b <<-'F' ; c\n$x 'y\nE\n\tz\n\tF\nd",
            [(each, "script", "ALWAYS", end) for each, end in (("a", "|"), ("b", ";"), ("c", "\n"), ("d", ""))],
        ),
        ("a\r\nb \\\r\n c\r\n", [("a", "script", "ALWAYS", "\n"), ("b c", "script", "ALWAYS", "\n")]),
        (
            "while read l; do a; done <<E\nb\nE\nc",
            [("read l", "loop", "ALWAYS", ";"), ("a", "loop", "MAYBE", ";"), ("c", "script", "ALWAYS", "")],
        ),
        ("#!/bin/sh\n# a\nb # c", [("b", "script", "ALWAYS", "")]),
    ],
)
def test_shape(code: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert shape(code) == expected


def test_assignments_arrays_and_declarations() -> None:
    text = "A=1 B+='2 3' a; export C=$A D; E=(x \"y z\" # c\n w) F[1]=2; local -r G=4"
    found = [
        (each.name, each.value and each.value.value, each.appends, each.array and [word.value for word in each.array])
        for command in read_shell(text).commands
        for each in command.assignments
    ]
    assert found == [
        ("A", "1", False, None),
        ("B", "2 3", True, None),
        ("C", None, False, None),
        ("D", None, False, None),
        ("E", None, False, ["x", "y z", "w"]),
        ("F", "2", False, None),
        ("G", "4", False, None),
    ]
    assert [command.declaration for command in read_shell(text).commands] == ["", "export", "", "local"]


def test_redirections() -> None:
    text = "a >> b 2>&1 &> 'c d' <<<$e < f <<E\nhi\nE\n"
    (command,) = read_shell(text).commands
    assert [(each.operator, each.target.text) for each in command.redirections] == [
        (">>", "b"), ("2>&", "1"), ("&>", "c d"), ("<<<", "$e"), ("<", "f"), ("<<", "E"),
    ]  # fmt: skip
    body = command.redirections[-1].body
    assert body
    assert text[slice(*body)] == "hi\n"


def test_pipes_and_background_lose_what_is_set() -> None:
    found = read_shell("(a | b) & c & d; e | (f)").commands
    assert [(each.words[0].text, each.piped, each.in_background) for each in found] == [
        ("a", True, True),
        ("b", True, True),
        ("c", False, True),
        ("d", False, False),
        ("e", True, False),
        ("f", False, False),
    ]
    assert [each.scope.environment.kind for each in found] == [Kind.SUBSHELL] * 2 + [Kind.SCRIPT] * 3 + [Kind.SUBSHELL]


def test_conditions() -> None:
    found = read_shell("if a && { b; }; then c; if d; then e; fi; fi; while f; do g; done; h").commands
    assert "".join(each.words[0].text for each in found if each.scope.is_condition) == "abdf"
    assert [each.when is not When.MAYBE for each in found] == [True, True, False, False, False, True, False, True]


@pytest.mark.parametrize(
    ("code", "reason", "offset", "words"),
    [
        ("a; b 'c", "a quote is not closed", 5, ["a"]),
        ('a\nb "c', "a quote is not closed", 4, ["a"]),
        ("a; b $(c; d", "'$(' is not closed", 5, ["c", "d"]),
        ("a `b", "a backtick is not closed", 2, []),
        ("a ${b", "'${' is not closed", 2, []),
        ("a ${{ b", "'${{' is not closed", 2, []),
        ("a; (b", "'(' is not closed", 3, ["b"]),
        ("if a; then b", "'if' is not closed", 0, ["a", "b"]),
        ("a; fi; b", "'fi' is not expected here", 3, ["a"]),
        ("a; ); b", "')' is not expected here", 3, ["a"]),
        ("{ a; )", "')' is not expected here", 5, ["a"]),
        ("a && ; b", "';' is not expected here", 5, ["a"]),
        ("a &&", "a command is missing", 4, ["a"]),
        ("a >", "'>' has no target", 2, []),
        ("a b (c)", "'(' is not expected here", 4, []),
        ("(a) b", "a word is not expected here", 4, ["a"]),
        ("case a of b) c;; esac", "'case' has no 'in'", 0, []),
        ("f()", "a command is missing", 3, []),
        ("A=(b", "'(' is not closed", 0, []),
        ("[[ a", "'[[' is not closed", 0, []),
    ],
)
def test_what_cannot_be_read_is_undecided_from_there_on(code: str, reason: str, offset: int, words: list[str]) -> None:
    script = read_shell(code)
    assert script.undecided == (reason, offset)
    assert [command.words[0].text for command in script.commands if command.words][-len(words) or 9 :] == words


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("A='x  y'; a $A\"$A\" $A", [["a", "x", "yx  y", "x", "y"]]),
        ('A=; a $A b "$A"', [["a", "b", ""]]),
        ("A=x; A=$A; a $A", [["a", None]]),
        ("A=x; read A; a $A", [["read", "A"], ["a", None]]),
        ("A=x; unset A; a $A", [["unset", "A"], ["a", None]]),
        ("A=x; a ${A:=y} $A", [["a", None, None]]),
        ("b && A=x && a $A; a $A", [["b"], ["a", "x"], ["a", None]]),
        ("(A=x; a $A)", [["a", None]]),
        ("A=x | b; a $A", [["b"], ["a", None]]),
        ("A=x & a $A", [["a", None]]),
        ("{ A=x; }; a $A", [["a", "x"]]),
        ("f() { A=x; }; a $A", [["a", None]]),
        ("A=x; B=2 b; f() { a $A$B; }", [["b"], ["a", None]]),
        ("A=(x y); a $A", [["a", None]]),
        ("A=$'x\\ty\\u00e9'; a \"$A\"", [["a", "x\ty\u00e9"]]),
        ("a $'\\xff' $'\\101' $\"b\"", [["a", None, "A", "b"]]),
        ("a {b,c} {1..3} {} '{b,c}' {b}", [["a", None, None, "{}", "{b,c}", "{b}"]]),
        ("a ~/b *.c", [["a", "~/b", "*.c"]]),
        ("a b#c # d", [["a", "b#c"]]),
        ('a "b\\\nc" d\\\ne', [["a", "bc", "de"]]),
    ],
)
def test_values(code: str, expected: list[list[str | None]]) -> None:
    found = [[word.value for word in command.words] for command in read_shell(code).commands if command.words]
    assert found == expected


def test_unknown_parts_stand_as_they_are_written() -> None:
    (command,) = (each for each in read_shell('B=0:$PORT; a $B --c="${D:-e}" f').commands if each.words)
    assert [(word.text, word.quoted, word.may_split) for word in command.words] == [
        ("a", False, False),
        ("0:$PORT", False, True),
        ("--c=${D:-e}", True, False),
        ("f", False, False),
    ]


def test_places_of_a_script_in_a_script() -> None:
    text = 'sh -c "a \\"é b\\" \'c\'"'
    word = read_shell(text).commands[0].words[2]
    places = Places(word.pieces, word.start, word.end)
    (inner,) = read_shell(word.text).commands
    assert [text[slice(*places(each.start, each.end))] for each in inner.words] == ["a", '\\"é b\\"', "'c'"]


@pytest.mark.parametrize(
    ("code", "offset"),
    [
        ("set -e; a", 6),
        ("a\nset -xeuo pipefail", 20),
        ("set -o errexit", 14),
        ("set -u -o pipefail -e", 21),
        ("if a; then set -e; fi", None),
        ("set -x", None),
        ("echo -e", None),
    ],
)
def test_exits_on_error(code: str, offset: int | None) -> None:
    assert read_shell(code).exits_on_error == offset


@pytest.mark.parametrize(
    ("line", "name", "shell"),
    [
        ("", None, True),
        ("#!/bin/sh", "sh", True),
        ("#! /usr/bin/env bash", "bash", True),
        ("#!/usr/bin/env -S bash -e", "bash", True),
        ("#!/usr/bin/env A=1 python3", "python3", False),
        ("#!/usr/bin/perl -w", "perl", False),
        ("#!", "", False),
    ],
)
def test_interpreter(line: str, name: str | None, shell: bool) -> None:
    assert (interpreter(f"{line}\na"), is_shell(f"{line}\na")) == (name, shell)


WORDS = st.lists(
    st.sampled_from(
        [
            "a",
            "B",
            "é",
            " ",
            "\t",
            "\n",
            "'",
            '"',
            "\\",
            "$",
            "$A",
            "${A}",
            "${A",
            "$(",
            ")",
            "(",
            "`",
            "#",
            "{",
            "}",
            ";",
            "&",
            "|",
            "<",
            ">",
            "<<E",
            "\nE\n",
            "=",
            "A=",
            "if ",
            "then ",
            "fi",
            "do ",
            "done",
            "for ",
            "in ",
            "while ",
            "case ",
            "esac",
            "[[ ",
            " ]]",
            "${{ x }}",
            "$'",
            "((",
            "))",
            "f()",
            ";;",
            "+=",
            "\\\n",
            "\r\n",
            "1>",
            "!",
        ]
    ),
    max_size=40,
).map("".join)


@given(WORDS | st.text())
@hypothesis_settings(max_examples=500)
def test_any_text_is_read_with_its_places(code: str) -> None:
    script = read_shell(code)
    starts = [command.start for command in script.commands]
    assert starts == sorted(starts)
    assert script.undecided is None or 0 <= script.undecided.offset <= len(code)
    for command in script.commands:
        assert 0 <= command.start <= command.end <= len(code)
        values = [each.value for each in command.assignments if each.value and each.value.start < each.value.end]
        for word in (*command.words, *values, *(each.target for each in command.redirections)):
            assert command.start <= word.start < word.end <= command.end
            for piece in word.pieces:
                assert word.start <= piece.start <= piece.end <= word.end
            if not word.quoted and word.value is not None and "\\" not in code and "=" not in code:
                assert word.value == code[word.start : word.end]


@pytest.mark.skipif(BASH is None, reason="there is no bash to compare with")
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.text("abz09_./:=@%+,-é{}[]^~ ", min_size=1).map(lambda text: "'" + text + "'"),
                st.text("ab {};&|<>()'#*?~=\t", max_size=5).map(lambda text: '"' + text + '"'),
                st.sampled_from(
                    ['"\\$\\`\\"\\\\\\a"', "\\ ", "\\'", "\\$x", "\\*", "$'\\t\\x41\\101\\u20ac\\'\\n'", '""', "x1/y.z"]
                ),
            ),
            min_size=1,
            max_size=4,
        ).map("".join),
        min_size=1,
        max_size=20,
    )
)
@hypothesis_settings(max_examples=60)
def test_values_are_those_of_bash(words: list[str]) -> None:
    assert BASH
    code = "printf '%s\\0' x " + " \\\n".join(words)
    done = subprocess.run([BASH, "--norc", "-c", code], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"})
    (command,) = read_shell(code).commands
    assert [word.value for word in command.words[2:]] == done.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize(
    "part",
    [
        "(",
        "((",
        "$(",
        "$((",
        "{ ",
        "if ",
        "`",
        "\\`",
        "'",
        '"',
        '"$(',
        "${",
        "${a:-",
        "<(",
        "<<E\n",
        "a <<E;",
        "a=",
        "a[",
        "A=(",
        "case a in ",
        "for ",
        "[[ ",
        "f() ",
        "{a,",
        "a;",
        "a && ",
        "a | ",
        "$'",
        "$'\\",
        "\\\n",
        "#\n",
        "( # ' \n",
        "A=$A$A;",
        "${{",
        "time (",
        "a `b\\` ",
    ],
)
def test_time_is_in_proportion_and_nesting_has_an_end(part: str) -> None:
    code = (part * 100_000)[:100_000]
    started = time.process_time()
    script = read_shell(code)
    assert time.process_time() - started < 5
    assert script.commands or script.undecided or set(code) <= set("#\\\n")
