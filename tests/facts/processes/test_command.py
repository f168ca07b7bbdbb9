"""What a command runs: assignments, directories, wrappers, shells, and what stays undecided."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.facts.processes.command import (
    MAX_DEPTH,
    MAX_LENGTH,
    UNKNOWN,
    Run,
    Undecided,
    read_command,
    resolve_path,
)


def shown(run: Run) -> str:
    return " ".join([run.program.text, *(word.text for word in run.arguments)])


@pytest.mark.parametrize(
    ("command", "programs"),
    [
        ("gunicorn a:b", ["gunicorn a:b"]),
        ("a 'b c' \"d $E\" f\\ g h'i'\"j\"", ["a b c d $E f g hij"]),
        ('a "b \\" \\x"', ['a b " \\x']),
        ("a && b || c; d", ["a", "b", "c", "d"]),
        ("a | b 2>&1 > /dev/null # c", ["a", "b"]),
        ("a &> log", ["a"]),
        ("a --bind 0.0.0.0:${PORT:-8000} -w $(nproc)", ["a --bind 0.0.0.0:${PORT:-8000} -w $(nproc)"]),
        ("A=1 B='2 3' exec a", ["a"]),
        ("env A=1 a", ["a"]),
        ("A=1", []),
        ("cd x", []),
        ("python -m gunicorn a:b", ["gunicorn a:b"]),
        ("python3.13 -u -m gunicorn a:b", ["gunicorn a:b"]),
        ("python -u app.py", ["python app.py"]),
        ("newrelic-admin run-program gunicorn a", ["gunicorn a"]),
        ("bin/start-nginx bin/start-pgbouncer-stunnel A=1 gunicorn a", ["gunicorn a"]),
        ("bin/start-nginx -c x gunicorn a", ["bin/start-nginx -c x gunicorn a"]),
        ("uv run --unknown gunicorn a", ["uv run --unknown gunicorn a"]),
        ("uv run --no-sync --group=x --extra y -- gunicorn a", ["gunicorn a"]),
        ("uv run gunicorn a", ["gunicorn a"]),
        ("dumb-init -- gunicorn a", ["gunicorn a"]),
        ("tini -g -- ddtrace-run --debug gunicorn a", ["gunicorn a"]),
        ("env -u A B=1 nice -n 5 timeout -s 9 30 gunicorn a", ["gunicorn a"]),
        ("sudo -E -u x gunicorn a", ["gunicorn a"]),
        ("opentelemetry-instrument --service_name x gunicorn a", ["gunicorn a"]),
        ("start-stop-daemon --start --chdir x --exec /usr/bin/a -- -b c", ["/usr/bin/a -b c"]),
        ("start-stop-daemon --stop --exec a", ["start-stop-daemon --stop --exec a"]),
        ("exec -a x a", ["a"]),
        ("python -W ignore -X dev -m a b", ["a b"]),
        ("sh -c 'a && b'", ["a", "b"]),
        ('bash -lc "exec a $B"', ["a $B"]),
        ("sh start.sh -c x", ["sh start.sh -c x"]),
        ("bash -eu -o pipefail -c 'a b' c", ["a b"]),
        ("for i in 1; do a; done", ["a"]),
        ("if a; then b; fi", ["a", "b"]),
        ("a `b`", ["a `b`"]),
        ('a "$(b "c")"', ['a $(b "c")']),
        ("(cd x && a)", ["a"]),
        ("{ a; } 2>&1", ["a"]),
        ("a <(b)", ["a <(b)"]),
        ("a \\", ["a \\"]),
        ("$(a $(b))", ["$(a $(b))"]),
        ("A='-b c'; a $A", ["a -b c"]),
        ("A=:$PORT; a $A", ["a :$PORT"]),
        ("exec a; b", ["a"]),
        ("exec > log; a", ["a"]),
        ("(exec a); b", ["a", "b"]),
        ("set -e; trap 'x' EXIT; [ -f y ] && a; [[ -f z ]] || b", ["a", "b"]),
        ('f() { a "$@"; }; f b c; f', ["a b c", "a"]),
        ("f() { f; a; }; f", ["a"]),
        ("eval 'a && b'", ["a", "b"]),
        ("command -v a && a", ["a"]),
        ("a <<E\nb\nE\nc", ["a", "c"]),
    ],
)
def test_programs(command: str, programs: list[str]) -> None:
    assert [shown(run) for run in read_command(command)] == programs


@pytest.mark.parametrize(
    ("command", "directory"),
    [
        ("a", ""),
        ("cd x && a", "x"),
        ("cd ./x/ && cd y; a", "x/y"),
        ("cd x && cd .. && a", ""),
        ("cd x && cd /app/y && a", "y"),
        ("cd x && cd $HOME && a", ""),
        ("cd x && cd $PWD/y && a", "x/y"),
        ("cd /tmp && a", None),
        ("cd .. && a", None),
        ("cd $X && a", None),
        ("cd $X && cd /app && a", ""),
        ("cd && a", None),
        ("sh -c 'cd x && a'", "x"),
        ("sh -c 'cd x'; a", ""),
        ("(cd x); a", ""),
        ("(cd x; a)", "x"),
        ("cd x | b; a", ""),
        ("cd x & a", ""),
        ("{ cd x; }; a", "x"),
        ("if b; then cd x; fi; a", None),
        ("cd x || exit; a", "x"),
        ("f() { cd x; }; f; a", "x"),
        ("pushd x; a", "x"),
        ("cd -- x; a", "x"),
    ],
)
def test_directory(command: str, directory: str | None) -> None:
    assert read_command(command)[-1].directory == directory


def test_variables() -> None:
    first, second = read_command("A=1 a; export B=2 C=$D; X=y b --z=1")
    assert (first.variables, second.variables) == ({"A": "1"}, {"B": "2", "C": "$D", "X": "y"})


def test_variables_that_are_perhaps_set_are_unknown() -> None:
    *_, run = read_command("A=1; B=1; C=1; if a; then A=2; fi; b || B=2; C+=2; export D=3 && E=4 | x; y")
    assert run.variables == {"A": UNKNOWN, "B": UNKNOWN, "C": UNKNOWN, "D": "3"}


def test_wrappers_modules_and_background() -> None:
    first, second = read_command("newrelic-admin run-program python -m a & ddtrace-run exec b")
    assert ([word.text for word in first.wrappers], first.as_module, first.in_background) == (
        ["newrelic-admin"],
        True,
        True,
    )
    assert ([word.text for word in second.wrappers], second.as_module, second.in_background) == (
        ["ddtrace-run"],
        False,
        False,
    )
    assert [run.in_background for run in read_command("sh -c 'a & b' & c")] == [True, True, False]


@pytest.mark.parametrize(
    "command",
    [
        "for i in 1; do a",
        "if a; then b",
        "a `b",
        "(cd x && a",
        "a <(b",
        "a 'b",
        'a "b',
        "${a",
        "a &&",
        "| a",
        "a )",
        'eval "a $B"',
        "newrelic-admin run-program A=1",
        "source x",
        "a" * (MAX_LENGTH + 1),
    ],
)
def test_undecided(command: str) -> None:
    with pytest.raises(Undecided):
        read_command(command)


def test_shells_in_shells_end_somewhere() -> None:
    command = "a"
    for _ in range(MAX_DEPTH + 2):
        command = "sh -c '" + command.replace("'", "'\\''") + "'"
    with pytest.raises(Undecided, match="nested"):
        read_command(command)


def test_offsets_are_those_of_the_file() -> None:
    text = "web: sh -c 'cd x && gunicorn \"a b\"'"
    (run,) = read_command(text[5:], 5)
    assert [text[word.start : word.end] for word in (run.program, *run.arguments)] == ["gunicorn", '"a b"']


def test_words_of_a_script_with_escapes_stand_where_the_script_does() -> None:
    text = 'sh -c "a \\"b\\""'
    (run,) = read_command(text)
    assert [(word.text, text[word.start : word.end]) for word in (run.program, *run.arguments)] == [
        ("a", "a"),
        ("b", '\\"b\\"'),
    ]


@given(st.text("ab'\"\\$(){};&|<>#=` \t-cdsh", max_size=60))
def test_any_text_is_read_or_undecided(command: str) -> None:
    runs: tuple[Run, ...] = ()
    with suppress(Undecided):
        runs = read_command(command, 7)
    for run in runs:
        for word in (run.program, *run.arguments, *run.wrappers):
            assert 7 <= word.start < word.end <= 7 + len(command)


@pytest.mark.parametrize("part", ["a ", "'a' ", "a=", "1", "$", '"\\a', "\\a", "a;", "${a", "<"])
def test_long_commands_take_no_time(part: str) -> None:
    start = time.process_time()
    with suppress(Undecided):
        read_command((part * MAX_LENGTH)[:MAX_LENGTH])
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("directory", "path", "expected"),
    [
        ("", "x", "x"),
        ("a", "../b", "b"),
        ("a", ".", "a"),
        ("a", "..", ""),
        ("a", "../..", None),
        ("a", "/b", None),
        ("a", "/app", ""),
        ("a", "/application", None),
        (None, "x", None),
        (None, "~/x", "x"),
        ("a", "b$C", None),
        ("a", "${PWD}/x", "a/x"),
        (None, "$PWD/x", None),
    ],
)
def test_resolve(directory: str | None, path: str, expected: str | None) -> None:
    assert resolve_path(directory, path) == expected
