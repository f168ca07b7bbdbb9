"""What `documents` reads, where it says things stand, and that nothing but a `FileProblem` comes out of bad input."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.files.formats.documents import Document, read_json, read_toml
from pydeploy_lint.files.source import FileProblem, Source
from pydeploy_lint.finding import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Reader = Callable[[Source], Document]

TOML = '''\
# Größe
name = "größe" # é
other."é.x" . 'y z' = [1, "é", { deep.er = """
two
lines""" }]

[project]
dependencies = [
    # the framework
    "django>=4",
    "é",
]

[tool.uv]
package = false

[[tool.uv.index]]
name = "one"

[[ tool . uv . index ]]
name = "two"
[tool.uv.index.options]
flag = true
[tool]
last = {}
'''

JSON = """\
{
  "_meta": {"hash": {"sha256": "abc"}, "größe": [1, {"x": null}]},
  "\\u00e9": "\\u00e9",
  "twice": 1, "twice": {"é": true}
}
"""


def toml(text: str) -> Document:
    return read_toml(Source("a.toml", text.encode()))


def as_json(text: str) -> Document:
    return read_json(Source("a.json", text.encode()))


def written(document: Document, span: Span) -> str:
    """The text that a span covers."""
    source = document.source
    assert span.path == source.path
    start, end = (source.offset(line or 0, column or 0) for line, column in (span[1:3], span[3:5]))
    return source.text[start:end]


@pytest.mark.parametrize(
    ("keys", "key", "value"),
    [
        (("name",), "name", '"größe"'),
        (("other", "é.x", "y z"), "'y z'", TOML[TOML.index("[1") : TOML.index("\n\n[project]")]),
        (("other", "é.x"), '"é.x"', '"é.x"'),
        (("other", "é.x", "y z", 1), '"é"', '"é"'),
        (("other", "é.x", "y z", 2, "deep", "er"), "er", '"""\ntwo\nlines"""'),
        (("project",), "project", "[project]"),
        (("project", "dependencies", 0), '"django>=4"', '"django>=4"'),
        (("project", "dependencies", 1), '"é"', '"é"'),
        (("tool", "uv", "package"), "package", "false"),
        (("tool", "uv", "index"), "index", "index"),
        (("tool", "uv", "index", 0), "index", "[[tool.uv.index]]"),
        (("tool", "uv", "index", 1), "index", "[[ tool . uv . index ]]"),
        (("tool", "uv", "index", 1, "name"), "name", '"two"'),
        (("tool", "uv", "index", 1, "options", "flag"), "flag", "true"),
        (("tool",), "tool", "[tool]"),
        (("tool", "last"), "last", "{}"),
    ],
)
def test_toml_spans(keys: tuple[str | int, ...], key: str, value: str) -> None:
    document = toml(TOML)
    assert (written(document, document.key_span(*keys)), written(document, document.span(*keys))) == (key, value)


def test_columns_count_code_points() -> None:
    document = toml('"größe" = {é = 1}'.replace("é", '"é"'))
    assert document.span("größe", "é") == Span("a.toml", 1, 18, 1, 19)
    marked = read_toml(Source("a.toml", b"\xef\xbb\xbf" + '"é" = 1\r\nb = 2'.encode()))
    assert marked.key_span("é") == Span("a.toml", 1, 1, 1, 4)
    assert marked.span("b") == Span("a.toml", 2, 5, 2, 6)


@pytest.mark.parametrize(
    ("keys", "key", "value"),
    [
        (("_meta", "hash", "sha256"), '"sha256"', '"abc"'),
        (("_meta", "größe", 1, "x"), '"x"', "null"),
        (("_meta", "größe", 0), "1", "1"),
        (("é",), '"\\u00e9"', '"\\u00e9"'),
        (("twice", "é"), '"é"', "true"),
    ],
)
def test_json_spans(keys: tuple[str | int, ...], key: str, value: str) -> None:
    document = as_json(JSON)
    assert (written(document, document.key_span(*keys)), written(document, document.span(*keys))) == (key, value)


def test_a_path_to_nothing_is_placed_at_what_is_nearest() -> None:
    document = toml(TOML)
    assert document.span("tool", "uv", "sources", "x") == document.key_span("tool", "uv")
    assert document.key_span("tool", "uv", "index", 0, "url") == document.key_span("tool", "uv", "index", 0)
    assert document.span("project", "dependencies", 2) == document.key_span("project", "dependencies")
    assert document.span("build-system") == document.span() == Span("a.toml")


@pytest.mark.parametrize(
    ("text", "keys", "expected"),
    [
        ("a = {\n b = 1, # é\n\n c . 'd' = [ 2 ,\n 3, ], # x\n}\n[c]\nb = 2\n", ("a", "c", "d", 1), "3"),
        ("a = {\n b = 1,\n}\n[c]\nb = 2\n", ("c", "b"), "2"),
        ("a = 12:30\nc.b = 2\n", ("c", "b"), "2"),
        ('a = "\\e\\x41"\nb = 2', ("a",), '"\\e\\x41"'),
        ('"\\x41" = 1', ("A",), "1"),
    ],
)
def test_toml_1_1(text: str, keys: tuple[str | int, ...], expected: str) -> None:
    for document in (toml(text), toml(text.replace("\n", "\r\n"))):
        assert written(document, document.span(*keys)) == expected


@pytest.mark.parametrize("number", ["1e+5", "NaN", "-Infinity", "-0.5E-3", "12"])
def test_numbers_of_json(number: str) -> None:
    document = as_json(f'{{"a": [{number},{number}], "b":{number}}}')
    assert [written(document, document.span(*keys)) for keys in (("a", 0), ("a", 1), ("b",))] == [number] * 3


def test_half_a_surrogate_pair_is_replaced() -> None:
    document = as_json(r'{"\ud800": ["\uDC00x", "\ud83d\ude00", "\\ud800", "\ud800\ud83d\ude00"], "\\\ud800": 1}')
    assert document.value == {"\ufffd": ["\ufffdx", "\U0001f600", "\\ud800", "\ufffd\U0001f600"], "\\\ufffd": 1}
    assert written(document, document.key_span("\ufffd")) == r'"\ud800"'
    assert written(document, document.span("\ufffd", 3)) == r'"\ud800\ud83d\ude00"'
    assert written(document, document.span("\\\ufffd")) == "1"


def test_get_looks_into_tables_and_arrays_only() -> None:
    document = toml("a = [{b = 'text'}]\nc = 1")
    assert document.get() == document.value == {"a": [{"b": "text"}], "c": 1}
    assert document.get("a", 0, "b") == "text"
    paths_to_nothing: list[tuple[str | int, ...]]
    paths_to_nothing = [("a", 1), ("a", -1), ("a", "b"), ("a", 0, "b", 0), ("c", "d"), ("x", "y"), (0,)]
    for absent in paths_to_nothing:
        assert document.get(*absent) is None


@pytest.mark.parametrize(
    ("string", "expected"),
    [
        ('"django>=4"', ">=4"),
        ("'django>=4'", ">=4"),
        ('"""django>=4"""', ">=4"),
        ('"""\ndjango>=4"""', ">=4"),
        ("'''\r\ndjango>=4'''", ">=4"),
        ('"""""djan>=4"""', ">=4"),
        ('"""django\\\n>=4"""', '"""django\\\n>=4"""'),
        ('"django\\u003e=4"', '"django\\u003e=4"'),
    ],
)
def test_string_span(string: str, expected: str) -> None:
    document = toml(f"é = [{string}]".replace("é", "'é'"))
    assert written(document, document.string_span("é", 0, start=6)) == expected
    assert written(document, document.string_span("é", 0, start=6, end=9)) == expected
    assert document.string_span("é", 1, start=1) == document.key_span("é")
    assert document.string_span("é", start=1) == document.span("é")


def problem(read: Reader, data: bytes) -> tuple[Span, str]:
    with pytest.raises(FileProblem) as caught:
        read(Source("a", data))
    assert caught.value.invalid
    return caught.value.at, caught.value.message


@pytest.mark.parametrize(
    ("read", "text", "at", "message"),
    [
        (read_toml, "a = 1\n'é' = = 2\n", Span("a", 2, 7, 2, 10), "is not valid TOML in line 2: invalid value"),
        (read_toml, "a = 1\r\n'é' = = 2\r\n", Span("a", 2, 7, 2, 10), "is not valid TOML in line 2: invalid value"),
        (read_toml, "a = 1\na = 2\n", Span("a", 2, 6, 2, 6), "is not valid TOML in line 2: cannot overwrite a value"),
        (
            read_toml,
            "a = 2026-02-30\n",
            Span("a", 1, 5, 1, 15),
            "is not valid TOML in line 1: invalid date or datetime",
        ),
        (read_json, '{"é": }', Span("a", 1, 7, 1, 8), "is not valid JSON in line 1: expecting value"),
        (read_json, "", Span("a", 1, 1, 1, 1), "is not valid JSON in line 1: expecting value"),
        (read_json, "{}\n{}", Span("a", 2, 1, 2, 3), "is not valid JSON in line 2: extra data"),
        (
            read_toml,
            "a = 1\n<<<<<<< HEAD\nb = 1\n=======\nb = 2\n>>>>>>> other\n",
            Span("a", 2, 1, 2, 13),
            "holds an unresolved merge conflict: line 2 begins with <<<<<<<",
        ),
        (
            read_json,
            '{\r\n  "a": 1,\r\n=======\r\n  "b": 2\r\n}\r\n',
            Span("a", 3, 1, 3, 8),
            "holds an unresolved merge conflict: line 3 begins with =======",
        ),
    ],
)
def test_invalid_content_has_its_position(read: Reader, text: str, at: Span, message: str) -> None:
    assert problem(read, text.encode()) == (at, message)


def test_a_heading_in_a_valid_file_is_no_conflict() -> None:
    assert toml('a = """\nTitle\n=======\n"""').value == {"a": "Title\n=======\n"}


@pytest.mark.parametrize("read", [read_toml, read_json])
def test_other_encodings(read: Reader) -> None:
    assert problem(read, 'a = "é"\nb = "'.encode() + b'\xe9"') == (
        Span("a", 2, 6, 2, 7),
        "is not text in UTF-8: byte 0xE9 in line 2",
    )
    assert problem(read, "a = 1".encode("utf-16")) == (Span("a"), "is in UTF-16, and must be in UTF-8")


LONG = "9" * 5_000
DEEP = "is nested too deeply to be read, in line {}"
TOO_LONG = "holds a number that is too long to be read, in line {}"


@pytest.mark.parametrize(
    ("read", "text", "at", "message"),
    [
        (read_toml, "b = 1\na = " + "[" * 100_000, Span("a", 2, 405, 2, 406), DEEP.format(2)),
        (read_toml, "a = " + "{b=" * 401 + "1", Span("a", 1, 1205, 1, 1206), DEEP.format(1)),
        (read_toml, "b = 1\n" + ".".join("a" * 100_000) + " = 1", Span("a", 2, 1, 2, 2), DEEP.format(2)),
        (
            read_toml,
            "".join(".".join([f"a{number}"] * 900) + " = 1\n" for number in range(1_000)),
            Span("a", 224, 4496, 224, 4496),
            "holds too many tables to be read, in line 224",
        ),
        (
            read_toml,
            "a = 1\n" + "[[a]]\n" * 300_000,
            Span("a", 200_002, 3, 200_002, 3),
            "holds too many tables to be read, in line 200002",
        ),
        (read_json, '["[",\n' + "[" * 100_000, Span("a", 2, 400, 2, 401), DEEP.format(2)),
        (read_json, "[" * 401 + "]" * 401, Span("a", 1, 401, 1, 402), DEEP.format(1)),
        (read_json, '{"a":' * 100_000, Span("a", 1, 2001, 1, 2002), DEEP.format(1)),
        (read_toml, f"{LONG} = '{LONG}' # {LONG}\na = {LONG}\n", Span("a", 2, 5, 2, 5005), TOO_LONG.format(2)),
        (read_toml, f"[{LONG}]\na.b = [\n -{LONG},]\n", Span("a", 3, 3, 3, 5003), TOO_LONG.format(3)),
        (read_toml, "b = 1\na = 0x" + "F" * 5_000, Span("a", 2, 5, 2, 5007), TOO_LONG.format(2)),
        (read_toml, "a = 0b" + "1" * 20_000 + " # x", Span("a", 1, 5, 1, 20_007), TOO_LONG.format(1)),
        (read_json, f'{{"{LONG}":\n {LONG}}}', Span("a", 2, 2, 2, 5002), TOO_LONG.format(2)),
        (read_json, f"[1.{LONG}, {LONG}.0, {LONG}e1,\n-{LONG}]", Span("a", 2, 2, 2, 5002), TOO_LONG.format(2)),
    ],
)
def test_excessive_content_has_its_position(read: Reader, text: str, at: Span, message: str) -> None:
    assert problem(read, text.encode()) == (at, message)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (read_toml, f"0x{'F' * 5_000} = '0x{'F' * 5_000}' # 0x{'F' * 5_000}"),
        (read_toml, "a = 0x" + "F" * 3_000),
        (read_toml, f"a = 1.{LONG}"),
        (read_toml, "a = '" + "." * 300_000 + "'\nb = 1.5\n"),
        (read_toml, "[[a]]\nb.c = 1\n" * 1_000),
        (read_json, f'{{"{LONG}": [1.{LONG}, "{LONG}"]}}'),
        (read_json, "[" * 400 + "]" * 400),
        (read_json, '["[[[",' + '["[", {}],' * 1_000 + "1]"),
    ],
)
def test_what_only_looks_excessive_is_read(read: Reader, text: str) -> None:
    assert read(Source("a", text.encode())).value


def test_deep_but_readable_content_has_places() -> None:
    dotted = toml(".".join("a" * 500) + " = 1")
    assert dotted.span(*"a" * 500) == Span("a.toml", 1, 1003, 1, 1004)
    nested = as_json("[" * 300 + "]" * 300)
    assert nested.span(*[0] * 299) == Span("a.json", 1, 300, 1, 302)


def paths(value: object) -> Iterator[tuple[str | int, ...]]:
    """The paths of all values inside a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield (key,)
        yield from ((key, *path) for path in paths(inner))


VALUES = st.recursive(
    st.booleans() | st.integers(-99, 99) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_every_json_value_is_where_its_span_says(value: object, ascii_only: bool, indent: int | None) -> None:
    document = as_json(json.dumps(value, ensure_ascii=ascii_only, indent=indent))
    assert document.value == value
    for path in paths(value):
        assert json.loads(written(document, document.span(*path))) == document.get(*path)
        if isinstance(path[-1], str):
            assert json.loads(written(document, document.key_span(*path))) == path[-1]


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def toml_value(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(key)} = {toml_value(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[\n" + "".join(f"{toml_value(inner)}, # é\n" for inner in value) + "]"
    return quoted(value) if isinstance(value, str) else json.dumps(value)


def toml_tables(table: dict[str, object], header: str = "") -> str:
    """Write each table of a document under a header of its own, and lists of tables as arrays of tables."""
    pairs, tables = "", ""
    for name, value in table.items():
        full = f"{header} . {quoted(name)}" if header else quoted(name)
        if isinstance(value, dict):
            tables += f"[ {full} ] # é\n{toml_tables(value, full)}"
        elif isinstance(value, list) and value and all(isinstance(inner, dict) for inner in value):
            tables += "".join(f"[[{full}]]\n{toml_tables(inner, full)}" for inner in value)
        else:
            pairs += f"{quoted(name)} = {toml_value(value)}\n"
    return pairs + tables


@given(st.dictionaries(st.text(max_size=3), VALUES, max_size=4))
def test_every_toml_value_is_where_its_span_says(value: dict[str, object]) -> None:
    document = toml(toml_tables(value))
    assert document.value == value
    for path in paths(value):
        names = [key for key in path if isinstance(key, str)]
        inner, text = document.get(*path), written(document, document.span(*path))
        if isinstance(inner, dict) and text.startswith("["):
            assert list(header_names(tomli.loads(text))) == names
        elif isinstance(inner, list) and not text.startswith("["):
            assert tomli.loads(f"{text} = 0") == {names[-1]: 0}
        else:
            assert tomli.loads(f"x = {text}") == {"x": inner}
        if isinstance(path[-1], str):
            assert tomli.loads(f"{written(document, document.key_span(*path))} = 0") == {names[-1]: 0}


def header_names(value: object) -> Iterator[str]:
    """The names in the header of an otherwise empty document."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from header_names(inner[0] if isinstance(inner, list) else inner)


MESS = st.text(st.sampled_from("[]{}\"'=.,:#\\ \r\n\t-+_19eaé\x00\ud800"), max_size=30) | st.text()


@pytest.mark.parametrize("read", [read_toml, read_json])
@given(text=MESS, data=st.binary(max_size=8))
def test_any_content_is_read_or_refused_with_a_position(read: Reader, text: str, data: bytes) -> None:
    source = Source("a", text.encode("utf-8", "surrogatepass") + data)
    try:
        document = read(source)
    except FileProblem as error:
        at, invalid = error.at, error.invalid
    else:
        at, invalid = document.span(*next(paths(document.value), ())), True
    assert invalid
    assert at.path == "a"
    assert at.line is None or 1 <= at.line <= source.text.count("\n") + 1
