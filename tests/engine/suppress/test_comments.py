"""Tests of comments that suppress: what counts as one, in which files, and which line it is about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.engine.suppress.comments import edit_to_ignore, suppressions_in
from pydeploy_lint.engine.suppress.model import Origin, Suppression
from pydeploy_lint.files.source import Source
from pydeploy_lint.finding import Span


def found(path: str, text: str) -> list[tuple[tuple[str, ...], str, int | None]]:
    """Names, reason and line of each suppression."""
    return [(each.names, each.reason, each.line) for each in suppressions_in(Source(path, text.encode()))]


def test_all_that_is_known_of_one() -> None:
    text = "Django\n  psycopg2  # pydeploy-lint: ignore[a, family-b] no binary wheels: see #12  \n"
    assert list(suppressions_in(Source("requirements.txt", text.encode()))) == [
        Suppression(
            Origin.COMMENT,
            ("a", "family-b"),
            "no binary wheels: see #12",
            Span("requirements.txt", 2, 13, 2, 75),
            line=2,
        )
    ]


@pytest.mark.parametrize(
    ("comment", "names", "reason"),
    [
        ("# pydeploy-lint: ignore[a] why", ("a",), "why"),
        ("#pydeploy-lint:ignore[a]why", ("a",), "why"),
        ("#  pydeploy-lint:  ignore[ a ,b,, ]  why ", ("a", "b"), "why"),
        ("# pydeploy-lint: ignore[a]: why", ("a",), "why"),
        ("# pydeploy-lint: ignore[a] -- why", ("a",), "why"),
        ("# noqa # pydeploy-lint: ignore[a] why", ("a",), "why"),
        ("# pydeploy-lint: ignore[a]", ("a",), ""),
        ("# pydeploy-lint: ignore[a", (), "[a"),
        ("# pydeploy-lint: ignore[] why", (), "why"),
        ("# pydeploy-lint: ignore", (), ""),
    ],
)
@pytest.mark.parametrize("path", ["requirements.txt", "settings.py"])
def test_the_form(path: str, comment: str, names: tuple[str, ...], reason: str) -> None:
    assert found(path, f"x = 1 {comment}\n") == [(names, reason, 1)]


@pytest.mark.parametrize(
    "text", ["# pydeploy-lint: ignored[a]", "# pydeploy-lint: disable[a]", "# pydeploy: ignore[a]", "# ignore[a]"]
)
def test_other_comments(text: str) -> None:
    assert found("requirements.txt", text) == []


WISH = "pydeploy-lint: ignore[a] why"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pyproject.toml", f"name = 'x' # {WISH}"),
        ("Pipfile", f"# {WISH}"),
        (".github/workflows/ci.yml", f"  run: |\n    heroku create # {WISH}"),
        ("bin/deploy", f"heroku create # {WISH}"),
        ("infra/main.tf", f"x = 1 // {WISH}"),
        ("infra/main.tf", f"x = 1 # {WISH}"),
        ("setup.cfg", f"; {WISH}"),
        ("setup.cfg", f"# {WISH}"),
        (".python-version", f"  # {WISH}"),
        ("Procfile", f"# {WISH}"),
        (".gitignore", f"# {WISH}"),
        ("app/settings.py", f"X = 1 # {WISH}"),
    ],
)
def test_formats_with_comments(path: str, text: str) -> None:
    assert [names for names, _, _ in found(path, text)] == [("a",)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".python-version", f"3.13 # {WISH}"),
        ("Procfile", f"web: flask run # {WISH}"),
        (".slugignore", f"*.psd # {WISH}"),
        ("runtime.txt", f"# {WISH}"),
        ("app.json", f'{{"stack": "heroku-24"}} # {WISH}'),
        ("Pipfile.lock", f"# {WISH}"),
        ("requirements.txt", f"Django#{WISH}"),
        ("requirements.txt", f"Django ; {WISH}"),
        ("pyproject.toml", f"x = 1 // {WISH}"),
        ("app/settings.py", f'HELP = "# {WISH}"'),
        ("app/settings.py", f'"""\nWrite:\n    # {WISH}\n"""'),
    ],
)
def test_what_is_no_comment_there(path: str, text: str) -> None:
    assert found(path, text) == []


def test_a_comment_on_a_line_of_its_own_is_about_the_next_line() -> None:
    text = "# pydeploy-lint: ignore[a] 1\n# pydeploy-lint: ignore[b] 2\nx # pydeploy-lint: ignore[c] 3\n\ny\n"
    assert found("requirements.txt", text) == [(("a",), "1", 3), (("b",), "2", 3), (("c",), "3", 3)]


def test_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    text = "\ufeffx\r\n# pydeploy-lint: ignore[a] why\r\ny\r\n"
    assert found("requirements.txt", text) == [(("a",), "why", 3)]


def test_what_comes_before_broken_python_counts() -> None:
    assert found("settings.py", f"X = 1  # {WISH}\nY = (\n") == [(("a",), "why", 1)]


@given(
    st.sampled_from(["settings.py", "requirements.txt", ".python-version", "main.tf", "setup.cfg"]),
    st.lists(
        st.sampled_from(
            ["# pydeploy-lint: ignore", "[a]", "[", '"""', "x = (", "\n", "\r", " ", "\t", "\0", "é", "// "]
        )
        | st.binary(max_size=3).map(lambda data: data.decode("utf-8", "surrogateescape")),
        max_size=12,
    ).map("".join),
)
def test_whatever_a_file_holds_each_suppression_stands_where_it_says(path: str, text: str) -> None:
    source = Source(path, text.encode("utf-8", "surrogateescape"))
    for suppression in suppressions_in(source):
        at = suppression.at
        assert at
        assert at.line
        assert at.column
        assert suppression.line
        assert "pydeploy-lint: ignore" in source.line(at.line)[at.column - 1 :]
        assert suppression.line >= at.line


def test_many_comments_cost_no_more_than_their_number() -> None:
    comments = "# pydeploy-lint: ignore[a] why\n" * 50_000
    assert {line for _, _, line in found("requirements.txt", f"{comments}x\n")} == {50_001}


@pytest.mark.parametrize(
    ("path", "text", "line", "written"),
    [
        (".python-version", "3.8\n", 1, "# pydeploy-lint: ignore[a]\n"),
        ("settings.py", "if x:\n    DEBUG = True\n", 2, "    # pydeploy-lint: ignore[a]\n"),
        ("requirements.txt", "six\r\nabc\r\n", 2, "# pydeploy-lint: ignore[a]\r\n"),
        ("setup.cfg", "x = 1\n", 1, "# pydeploy-lint: ignore[a]\n"),
        ("Procfile", "\ufeffweb: x\n", 1, "# pydeploy-lint: ignore[a]\n"),
        # Where it would be no comment.
        ("app.json", "{}\n", 1, None),
        ("runtime.txt", "python-3.8\n", 1, None),
        ("page.html", "<p>\n", 1, None),
        ("settings.py", 'X = """\na\n"""\n', 2, None),
        ("requirements.txt", "six \\\n  --hash=x\n", 2, None),
    ],
)
def test_a_comment_is_written_above_the_line(path: str, text: str, line: int, written: str | None) -> None:
    edit = edit_to_ignore("a", Source(path, text.encode()), line)

    assert (edit and edit.text) == written
    if edit:
        assert edit.span == Span(path, line, 1, line, 1)
