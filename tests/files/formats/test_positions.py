"""The scanner against tomli and json: what it says stands at a place parses to the value that they read."""

from __future__ import annotations

import json
import math
import random
import time
import tracemalloc
from typing import TYPE_CHECKING

import pytest
import tomli
from hypothesis import example, given
from hypothesis import strategies as st

from pydeploy_lint.files.formats import positions
from pydeploy_lint.files.formats.documents import Document, read_json, read_toml
from pydeploy_lint.files.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Path = tuple[str | int, ...]

# Texts of values as people write them, and as nobody does.
SCALARS = st.sampled_from(
    [
        *("1", "+1_000", "0xFF", "0b01", "1e+5", "-1.5E-3", "inf", "-inf", "nan", "true", "false"),
        *(
            "1979-05-27",
            "1979-05-27 07:32:00Z",
            "1979-05-27T07:32",
            "07:32",
            "07:32:01.5",
            "1979-05-27 07:32:00.9-07:00",
        ),
        *('""', "''", '"é#[{"', "'\\'", '"\\"]"', '"a\\\\"', '"\\e[0m\\x41\\u00e9"', "'\"'", '"\'"', "'#'", "'}'"),
        *('""""""', "''''''", '"""\n[a]\nb = 1\n"""', "'''\n[[a]]\n'''", '"""a""b"""', '"""""a"""""', "'''''a'''''"),
        *('"""\\\n  ]"""', '"""\\""""', '"""a\\\\"""', '"""}"""', "'''}'''", '"' + "\\n" * 120 + '"'),
    ]
)
KEYS = st.sampled_from(
    [
        *(
            "a",
            "b",
            "1",
            "-",
            "a-b_c",
            "1e5",
            '"a"',
            "'b'",
            '""',
            '"é.]"',
            "'[c]'",
            '"\\u0061"',
            '"\\"#"',
            "'='",
            '"\\x7e"',
        )
    ]
)
GAPS = st.sampled_from(["", " ", "\t", "\n", "# [x]\n", " # é \"'\n\n", "\n# }\n\t"])
BLANKS = st.sampled_from(["", " ", "\t "])
LINE_ENDS = st.sampled_from(["\n", "\n\n", " # é [a] = {\n", "\t\n# ''' [[b]]\n", "\n  "])


@st.composite
def dotted_keys(draw: st.DrawFn) -> str:
    keys = draw(st.lists(KEYS, min_size=1, max_size=3))
    return "".join(f"{'.' if index else ''}{draw(BLANKS)}{key}{draw(BLANKS)}" for index, key in enumerate(keys))


@st.composite
def arrays(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    values = [draw(GAPS) + value + draw(GAPS) for value in draw(st.lists(inner, max_size=4))]
    return "[" + ",".join(values) + (draw(st.sampled_from(["", ","])) if values else "") + draw(GAPS) + "]"


@st.composite
def inline_tables(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    values = [
        f"{draw(GAPS)}{draw(dotted_keys())}={draw(BLANKS)}{value}{draw(GAPS)}"
        for value in draw(st.lists(inner, max_size=3))
    ]
    return "{" + ",".join(values) + (draw(st.sampled_from(["", ","])) if values else "") + draw(GAPS) + "}"


VALUES = st.recursive(SCALARS, lambda inner: arrays(inner) | inline_tables(inner), max_leaves=6)


@st.composite
def toml_texts(draw: st.DrawFn) -> str:
    """Texts that are TOML, but for keys that are given twice."""
    lines = []
    for kind in draw(st.lists(st.sampled_from(["pair", "pair", "table", "array"]), max_size=6)):
        key = draw(dotted_keys())
        if kind == "pair":
            line = f"{key}={draw(BLANKS)}{draw(VALUES)}"
        else:
            line = f"[{key}]" if kind == "table" else f"[[{key}]]"
        lines.append(draw(BLANKS) + line + draw(LINE_ENDS))
    text = "".join(lines)
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


def paths(value: object) -> Iterator[Path]:
    """The paths of all values inside a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield (key,)
        yield from ((key, *path) for path in paths(inner))


def same(left: object, right: object) -> bool:
    return left == right or repr(left) == repr(right)  # NaN


def check_toml(text: str, order: Callable[[list[Path]], list[Path]]) -> None:
    """Every value is where its place says, in whatever order they are asked for."""
    value = tomli.loads(text)
    document = Document(Source("a", text.encode()), value, "toml")
    root = positions.toml_places(text)
    for path in order(list(paths(value))):
        place = root
        for key in path:
            child = place.child(key)
            assert child is not None, path
            place = child
        assert place.key is not None
        assert place.value is not None
        inner, key_text, value_text = document.get(*path), text[slice(*place.key)], text[slice(*place.value)]
        names = [key for key in path if isinstance(key, str)]
        if isinstance(path[-1], str):
            assert tomli.loads(f"{key_text} = 0") == {names[-1]: 0}
        if place.value == place.key and isinstance(inner, (dict, list)) and isinstance(path[-1], str):
            continue  # It has no place but in the names of others.
        if isinstance(inner, dict) and value_text.startswith("["):
            assert header_names(tomli.loads(value_text)) == names
        else:
            assert same(tomli.loads(f"x = {value_text}"), {"x": inner})


def header_names(value: object) -> list[str]:
    """The names in the header of an otherwise empty document."""
    names = []
    while isinstance(value, dict) and value:
        [(name, value)] = value.items()
        names.append(name)
        value = value[0] if isinstance(value, list) else value
    return names


@given(toml_texts(), st.randoms(use_true_random=False))
def test_every_toml_value_is_where_its_place_says(text: str, dice: random.Random) -> None:
    try:
        tomli.loads(text)
    except tomli.TOMLDecodeError:
        # Most often a key that is given twice: what comes before it is as good.
        text = first_lines(text)
    check_toml(text, lambda found: dice.sample(found, len(found)))


def first_lines(text: str) -> str:
    """The longest beginning of a text that is valid by itself."""
    lines = text.splitlines(keepends=True)
    for count in range(len(lines), -1, -1):
        part = "".join(lines[:count])
        try:
            tomli.loads(part)
        except tomli.TOMLDecodeError:
            continue
        return part
    raise AssertionError("an empty text is valid")


@pytest.mark.parametrize(
    "text",
    [
        "a = [\n[1],\n[ 2 ]\n]\n[b]\n",
        "a = [\n  # [x]\n  ['[y]'],\n  [\n[1]]\n]\n[[b]]\nc = {}\n[[b]]\n[b.c]\nd = 1\n",
        "[a.b]\nx = 1\n[a]\ny = 2\n[a.c.d]\n",
        "[a]\nb.c = 1\nb.d.e = 2\n[a.b.f]\ng = 1\n",
        "[[a]]\n[[a.b]]\nc = 1\n[[a.b]]\nc = 2\n[[a]]\n[[a.b]]\nc.d = 3\n",
        "  [ a . 'b' ]  # c\r\n\tx = '''\r\n[no]\r\n'''\r\n",
        "a = {b = {c = [{d = '}'}, {d = \"]\"}]}}\n[e]",
        "[\"]\"]\n'[' = 1\n['#']\nx = 1\n",
        "a = 1 # [b]\n[c]",
        "a=[{b=1},{b=2,},\n{\nb=3\n},]",
        '[a]\n"' + "\\\\" * 500 + '" = 1\nb = """' + '\\"' * 500 + '"""\n[c]\nd = 1',
    ],
)
def test_places_in_toml(text: str) -> None:
    check_toml(text, lambda found: found)
    check_toml(text, lambda found: found[::-1])


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
SEPARATORS = st.sampled_from([(",", ":"), (", ", ": "), (" ,\r\n\t", " :\n"), (",\t", "\t: ")])


@given(JSON_VALUES, st.booleans(), SEPARATORS, st.randoms(use_true_random=False))
def test_every_json_value_is_where_its_place_says(
    value: object, ascii_only: bool, separators: tuple[str, str], dice: random.Random
) -> None:
    text = " \n" + json.dumps(value, ensure_ascii=ascii_only, separators=separators) + "\n"
    root = positions.json_places(text)
    found = list(paths(value))
    for path in dice.sample(found, len(found)):
        place: positions.Place | None = root
        inner = value
        for key in path:
            place = place and place.child(key)
            inner = inner[key]  # type: ignore[index]
        assert place is not None
        assert place.key is not None
        assert place.value is not None
        assert same(json.loads(text[slice(*place.value)]), inner)
        assert same(json.loads(text[slice(*place.key)]), path[-1] if isinstance(path[-1], str) else inner)


@example(chr(34) + chr(92))
@given(st.text("[]{}\"'=.,:#\\ \r\n\t-+_19eaé\x00", max_size=40))
def test_any_text_is_scanned_to_its_end(text: str) -> None:
    for places in (positions.toml_places, positions.json_places):
        root = places(text)
        for key in ("a", "1", 0):
            child = root.child(key)
            if child is not None:
                child.child(0)
    for is_toml in (True, False):
        positions.too_deep(text, 1, is_toml=is_toml)
        positions.too_long_integer("9" * 5_000 + text, is_toml=is_toml, converted=False)


ESCAPES = "\\\\" * 200_000


@pytest.mark.parametrize(
    "text",
    [
        f'a = "{ESCAPES}"\n[b]\nc = 1\n',
        f'a = """{ESCAPES}"""\n[b]\nc = 1\n',
        "a = [" + '"", ' * 100_000 + "]\n[b]\nc = 1\n",
        "a = [" + "{}, " * 100_000 + "]\n[b]\nc = 1\n",
        "a = [" + "[], " * 100_000 + "]\n[b]\nc = 1\n",
        "a = [" + "# [\n" * 100_000 + "]\n[b]\nc = 1\n",
        "a = [" + " " * 400_000 + "]\n[b]\nc = 1\n",
        "a = '" + "{" * 400_000 + "'\n[b]\nc = 1\n",
        "#" + "[" * 400_000 + "\n" + "\n" * 100_000 + "[b]\nc = 1\n",
        "a = {" + "b = '', ".join(["", *(f"x{number}" for number in range(50_000))]) + "= 1}\n[b]\nc = 1\n",
    ],
    ids=lambda text: text[:12],
)
def test_time_and_memory_grow_with_the_length(text: str) -> None:
    started = time.process_time()
    tracemalloc.start()
    root = positions.toml_places(text)
    table = root.child("b")
    place = table and table.child("c")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert place is not None
    assert text[slice(*place.value or ())] == "1"
    assert peak < 100 * len(text)
    assert time.process_time() - started < 10


def big_lock(packages: int) -> str:
    files = "".join(
        f'    {{ url = "https://index.example/{n}.whl", hash = "{n:064}", size = {n} }},\n' for n in range(20)
    )
    return "version = 1\n\n" + "".join(
        f'[[package]]\nname = "p{n}"\nversion = "1"\nwheels = [\n{files}]\n\n[package.metadata]\nx = {n}\n\n'
        for n in range(packages)
    )


def test_only_the_table_that_is_asked_for_is_read() -> None:
    text = big_lock(500)
    document = read_toml(Source("uv.lock", text.encode()))
    document.span("package", 0, "name")
    tracemalloc.start()
    at = document.span("package", 499, "wheels", 19, "size")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert document.source.line(at.line or 0)[(at.column or 0) - 1 : (at.end_column or 0) - 1] == "19"
    assert peak < 50_000


def test_a_large_file_is_kept_once() -> None:
    data = b"\xef\xbb\xbf" + "# é\n".encode() + b"a = 1\n" * 200_000
    source = Source("a", data)
    assert source.text == data.decode("utf-8-sig")
    assert source.data == data
    broken = Source("a", data + b"\xff")
    assert (broken.text[-1], broken.data) == ("\udcff", data + b"\xff")


def test_infinite_numbers_are_values_like_others() -> None:
    document = read_json(Source("a", b'{"a": Infinity, "b": 1}'))
    assert document.get("a") == math.inf
    assert str(document.span("b")) == "a:1:22"
