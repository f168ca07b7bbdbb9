"""The reader of YAML against PyYAML: the same texts under the same keys in the same places."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from pydeploy_lint.files.formats.yaml import MOST_NESTED, Style, UnreadableYaml, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

Found = tuple[tuple[str, ...], int, int]


def found(text: str) -> list[Found]:
    """Keys and place of each text; of a block of lines only where it begins."""
    return [
        (item.keys, item.start, item.start if item.style is Style.BLOCK else item.end)
        for item in texts(text)
        if not text.startswith("*", item.start)
    ]


def expected(text: str) -> list[Found]:
    """The same by PyYAML, which has no end for nothing, and resolves aliases."""
    return [
        (keys, node.start_mark.index, node.start_mark.index if node.style in ("|", ">") else node.end_mark.index)
        for document in yaml.compose_all(text, Loader=yaml.SafeLoader)
        for keys, node in scalars(document, (), set())
        if node.style in ("|", ">") or node.end_mark.index > node.start_mark.index
    ]


def scalars(
    node: yaml.Node | None, keys: tuple[str, ...], seen: set[int]
) -> Iterator[tuple[tuple[str, ...], yaml.ScalarNode]]:
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from scalars(value, (*keys, key.value), seen)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from scalars(value, keys, seen)
    elif isinstance(node, yaml.ScalarNode):
        yield keys, node


WORKFLOW = """\
# é
%s
on: [push, pull_request]
env: {PYTHON: '3.12', "X": [1, {y: z}]}
jobs:
  test: &anchor
    strategy:
      matrix:
        python-version: [
          "3.11", # no
          '3.12',
          3.13
        ]
        include:
        - python-version: 3.14-dev # why
          os: ubuntu
        -
          os: "mac
            os"
    steps:
      - uses: actions/setup-python@v6
        with:
          python-version: ${{ matrix.python-version }}
      - name: "quoted: 'text' \\"x\\" # no comment"
        run: |

          echo "a: b"
          - no list

      - run: >-
          folded
            text
      - run: echo a
          && echo b # c
      - run: http://x.example/#y
        with: # nothing
        # nothing
      - - a
        - - b
          - c: d
            e:
            - f
    'key: 1': ''
    ? x
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_workflow(line_end: str) -> None:
    text = WORKFLOW.replace("%s\n", "").replace("    ? x\n", "").replace("\n", line_end)
    assert found(text) == expected(text)


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "- a",
        "--- a\n--- b\n...\n---\n- c\n",
        "%YAML 1.2\n---\na: b\n",
        "a:\n- b\n-  c\nd: e\n",
        "a: |\n b\n c\nd: |2-\n    e\nf: >+ # x\n g\n\n\nh: i",
        "- |\n a\n-\n  - >\n   b\n- c",
        "a:\n  b\n  c\n\n  d\ne: f",
        "a: 'it''s'\nb: \"\\\"\"\nc: 'x\n\n  y'",
        "a: [b, c: d, {e: f, g}, [h], \"i\": j, 'k':l]\nm: n",
        "[a, b]",
        "{a: b,\n# x\n c: d}\n",
        "a: b:c\nd: e#f\ng: -h\ni: ?j\n'k' : l\n",
        "a: [http://x.example/a=b#c, d]\n",
        "a:\n    - b\n    # x\n\n    - c\n",
        "a:    # x\n  - b:   c\n    d:   e\n",
        "&x a: b\n",
        "- a: b\n\n  c: d\n-   e: f\n    g: h\n",
    ],
)
def test_the_same_texts_as_pyyaml(text: str) -> None:
    assert found(text) == expected(text)


PLAIN = st.sampled_from(["a", "3.9", "x y", "é", "a:b", "-x", "http://x.example/#y", "it's", 'a "b"', "a, b", "true"])
QUOTED = st.sampled_from(["''", '""', "'a: b'", '"# x"', "'it''s'", '"\\""', "'- a'", '"[a]"'])
FLOW = st.sampled_from(["[a, 'b',c]", "{a: b, c: [d]}", "[]", "{}", "[[a], {b: c}, ]", "[\n   a, # x\n   b\n   ]"])
BLOCK = st.sampled_from(["|\n{0}  a\n{0}  b: c\n", ">-\n{0}   - a\n\n", "|+\n{0}  # a\n"])
KEYS = st.sampled_from(["a", "b c", "run", "'c'", '"d"', "e-f", "if", "é"])


@st.composite
def blocks(draw: st.DrawFn, indentation: str = "", depth: int = 0) -> str:
    """A mapping or a list, in lines."""
    is_list = draw(st.booleans())
    lines = []
    for number in range(draw(st.integers(1, 3))):
        key = "-" if is_list else f"{draw(KEYS)}{number}:".replace("'c'0", "'c0'")
        key = key if is_list or key[0] not in "\"'" else f"{key[0]}k{number}{key[0]}:"
        inner = draw(st.sampled_from(["text", "flow", "block", "lines", "nothing"] if depth < 3 else ["text"]))
        if inner == "lines":
            value = "\n" + draw(blocks(indentation + draw(st.sampled_from([" ", "  ", "    "])), depth + 1))
        elif inner == "block":
            value = " " + draw(BLOCK).format(indentation)
        elif inner == "nothing":
            value = draw(st.sampled_from(["\n", " # x\n", "\n\n"]))
        else:
            written = draw(FLOW) if inner == "flow" else draw(PLAIN | QUOTED)
            value = f" {written.replace(chr(10), chr(10) + indentation)}{draw(st.sampled_from(['', ' # x', '  ']))}\n"
        lines.append(f"{indentation}{key}{value}")
    return draw(st.sampled_from(["", "# x\n", "\n"])) + "".join(lines)


@given(blocks(), st.booleans())
def test_every_text_is_where_pyyaml_finds_it(text: str, is_windows: bool) -> None:
    text = text.replace("\n", "\r\n") if is_windows else text
    assert found(text) == expected(text)


@pytest.mark.parametrize(
    "text",
    [
        "- " * (MOST_NESTED + 1) + "a",
        "[" * (MOST_NESTED + 1) + "]" * (MOST_NESTED + 1),
        "".join(" " * depth + "a:\n" for depth in range(MOST_NESTED + 1)),
        "[" * 100_000,
        "- " * 254,
        "? a\n: b\n",
        "a: [b\n",
        "a: {b: 'c}\n",
        'a: "b\n',
    ],
)
def test_what_is_not_read(text: str) -> None:
    with pytest.raises(UnreadableYaml):
        list(texts(text))


def test_an_anchor_and_a_tag_belong_to_no_text() -> None:
    text = "a: !!str b\nc: &x 'd'\n- !a &b [&c e, !x !y f]\n&k g: h\n"
    assert [text[item.start : item.end] for item in texts(text)] == ["b", "'d'", "e", "f", "h"]


def test_aliases_are_not_followed() -> None:
    text = "a: &a [x, x]\n" + "".join(f"{new}: &{new} [*{old}, *{old}]\n" for old, new in ("ab", "bc", "cd"))
    assert [text[item.start : item.end] for item in texts(text)] == ["x", "x", "*a", "*a", "*b", "*b", "*c", "*c"]


@given(st.text(alphabet="-?:,[]{}#&*!|>'\"%@` \t\r\n\x0c\x85ab.é", max_size=60))
@example("[\x0c]")
@example("\r")
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = list(texts(text))
    except UnreadableYaml:
        return
    starts = [item.start for item in read]
    assert starts == sorted(starts)
    assert all(0 <= item.start <= item.end <= len(text) for item in read)


@pytest.mark.parametrize(
    "piece",
    [
        "- a\n",
        "&a ",
        "a: ",
        "'",
        "''",
        '"\\',
        "a\n",
        " \n",
        "# x\n",
        "- |\n",
        "[a],",
        "[],",
        "a:\n",
        "[:",
        "\t",
        "!a\n",
    ],
)
def test_time_grows_with_the_length(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    for whole in (text, f"a: [{text}", f"a: {text}", f"a: |\n {text}"):
        started = time.process_time()
        with suppress(UnreadableYaml):
            list(texts(whole))
        assert time.process_time() - started < 5
