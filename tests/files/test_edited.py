"""Edits applied to text of any kind: what stands around them stays as it is, byte for byte."""

from __future__ import annotations

import codecs
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.files.edited import EditedTree, contents_after, fit
from pydeploy_lint.files.source import Source
from pydeploy_lint.files.tree import FileKind, WorkingTree
from pydeploy_lint.finding import Edit, Span
from pydeploy_lint.testing import write_tree

ENCODINGS = {
    "utf-8": b"",
    "utf-8 with a mark": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
}
pieces = st.sampled_from(["a", "b ", "\n", "\r\n", "\r", "é", "\U0001f600", "\u2028", "\x0b", "'"])
texts = st.lists(pieces).map("".join)


@given(st.data(), texts, st.sampled_from(sorted(ENCODINGS)))
def test_what_is_around_the_edits_stays(data: st.DataObject, text: str, encoding: str) -> None:
    mark, codec = ENCODINGS[encoding], encoding.partition(" ")[0]
    source = Source("file", mark + text.encode(codec))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    stretches = list(pairwise(cuts))[::2]
    edits = [(source.span(start, end), data.draw(texts)) for start, end in stretches]
    wanted, last = "", 0
    for (start, end), (_, new) in zip(stretches, edits, strict=True):
        wanted += text[last:start] + new
        last = end
    wanted += text[last:]
    shuffled = data.draw(st.permutations(edits))
    assert source.edited(shuffled) == mark + wanted.encode(codec)


@given(st.binary())
def test_any_bytes_stay_where_nothing_is_edited(content: bytes) -> None:
    source = Source("file", content)
    if source.encoding == "utf-8" or source.undecodable is None:
        assert source.edited([]) == content
    else:
        with pytest.raises(ValueError, match="is not valid utf"):
            source.edited([])


@given(texts)
def test_a_place_that_is_not_in_the_file_is_an_error(text: str) -> None:
    source = Source("file", text.encode())
    end = source.span(len(text), len(text))
    assert end.line is not None
    assert end.column is not None
    for place in ((end.line, end.column + 1), (end.line + 1, 1), (0, 1), (1, 0)):
        with pytest.raises(ValueError, match="has no line"):
            source.edited([(Span("file", *place, *place), "")])


@pytest.mark.parametrize(
    ("text", "ends"),
    [("", "\n"), ("a", "\n"), ("a\r\n", "\r\n"), ("a\nb\r\n", "\n"), ("a\r\nb", "\r\n"), ("\na", "\n")],
)
def test_the_end_of_the_first_line(text: str, ends: str) -> None:
    assert Source("file", text.encode()).line_end(1) == ends


@pytest.mark.parametrize(
    ("text", "ends"), [("a\r\nb", "\r\n"), ("a\nb\r\n", "\r\n"), ("a\r\nb\n", "\n"), ("a\nb", "\n")]
)
def test_the_end_of_the_second_line(text: str, ends: str) -> None:
    assert Source("file", text.encode()).line_end(2) == ends


def test_mixed_line_ends_stay_mixed(tmp_path: Path) -> None:
    write_tree(tmp_path, {"file": "one\r\ntwo\nthree\rfour"})
    edits = [Edit(Span("file", 3, 7, 3, 11), "4"), Edit(Span("file", 1, 1, 1, 4), "1\n1")]
    assert contents_after(edits, WorkingTree(str(tmp_path))) == {"file": b"1\n1\r\ntwo\nthree\r4"}


def test_files_are_created_deleted_and_moved(tmp_path: Path) -> None:
    write_tree(tmp_path, {"old": b"\xff", "gone": "", "sub/left": ""})
    tree = WorkingTree(str(tmp_path))
    contents = contents_after([Edit.rename("old", "new"), Edit.delete("gone"), Edit.write("sub/made", "é")], tree)
    assert contents == {"old": None, "new": b"\xff", "gone": None, "sub/made": "é".encode()}

    after = EditedTree(tree, contents)
    assert (after.names(), after.names("sub")) == (["new", "sub"], ["left", "made"])
    assert (after.kind("old"), after.kind("new"), after.kind("sub")) == (None, FileKind.FILE, FileKind.DIRECTORY)
    assert (after.read("new"), after.read("sub/left")) == (b"\xff", b"")


def test_edits_that_fit_those_that_are_chosen() -> None:
    first, second = Edit(Span("a", 1, 1, 1, 3), "x"), Edit(Span("a", 2, 1, 2, 3), "y")
    chosen = {first: None, second: None}

    assert fit((first, second), chosen.keys())
    assert fit((first, Edit(Span("b", 1, 1, 1, 2), "z"), Edit(Span("a", 3, 1, 3, 2), "z")), chosen.keys())
    assert not fit((first, Edit(Span("a", 2, 2, 2, 4), "z")), chosen.keys())
    assert not fit((Edit.delete("a"),), chosen.keys())
