"""Places and edits in the terms of the protocol."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from pygls.workspace import PositionCodec, TextDocument

from pydeploy_lint.files.deployed import open_tree
from pydeploy_lint.files.source import Source
from pydeploy_lint.finding import Edit, Finding, Severity, Span
from pydeploy_lint.lsp.convert import Converter, Positions, diagnostic
from pydeploy_lint.testing import Files, write_tree

UTF_8, UTF_16, UTF_32 = (
    types.PositionEncodingKind.Utf8,
    types.PositionEncodingKind.Utf16,
    types.PositionEncodingKind.Utf32,
)
WIDTHS = {UTF_8: ("utf-8", 1), UTF_16: ("utf-16-le", 2), UTF_32: ("utf-32-le", 4)}
TEXT = st.text(st.sampled_from(["a", "é", "€", "😀", "\n", "\r", "\x0c", "\u2028"]))
EVERYTHING = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(
            document_changes=True, resource_operations=list(types.ResourceOperationKind)
        )
    )
)


def range_of(start: int, first: int, end: int, last: int) -> types.Range:
    return types.Range(types.Position(start, first), types.Position(end, last))


@given(TEXT, TEXT, TEXT, st.sampled_from(list(WIDTHS)))
def test_a_place_is_counted_in_lines_and_units(
    before: str, inside: str, after: str, encoding: types.PositionEncodingKind
) -> None:
    # A client has no place inside of a line end.
    inside, after = inside.lstrip("\n"), after.lstrip("\n")
    source = Source("x", (before + inside + after).encode())
    codec, width = WIDTHS[encoding]

    def position(text: str) -> types.Position:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return types.Position(len(lines) - 1, len(lines[-1].encode(codec)) // width)

    found = Positions(source, PositionCodec(encoding)).range(source.span(len(before), len(before + inside)))
    assert found == types.Range(position(before), position(before + inside))


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        pytest.param("😀\r\nb", Span("x"), range_of(0, 0, 0, 2), id="the whole file"),
        pytest.param("", Span("x"), range_of(0, 0, 0, 0), id="an empty file"),
        pytest.param("\ufeff😀b", Span("x", 1, 2, 1, 3), range_of(0, 2, 0, 3), id="after a byte order mark"),
        pytest.param("ab", Span("x", 7, 1, 7, 3), range_of(0, 2, 0, 2), id="a line that is not there"),
        pytest.param("ab\n", Span("x", 2, 1, 2, 9), range_of(1, 0, 1, 0), id="a column that is not there"),
    ],
)
def test_a_span_becomes_a_range(text: str, span: Span, expected: types.Range) -> None:
    assert Positions(Source("x", text.encode()), PositionCodec(UTF_16)).range(span) == expected


def test_a_byte_that_the_encoding_does_not_allow_is_one_character() -> None:
    positions = Positions(Source("x", b"a\xffb"), PositionCodec(UTF_16))

    assert positions.range(Span("x", 1, 3, 1, 4)) == range_of(0, 2, 0, 3)


def test_text_that_cannot_be_seen_is_spelled_out() -> None:
    finding = Finding("x", Severity.NOTE, "a\u202eb", Span("x"), "first\n    \x1bsecond", None, False, None, "", None)

    assert diagnostic(finding, range_of(0, 0, 0, 0)).message == "a<U+202E>b\n\nfirst\n    <U+001B>second"


def converter(root: Path, files: Files) -> Converter:
    write_tree(root, files)
    return Converter(str(root), open_tree(str(root)), {}, PositionCodec(UTF_16))


def test_a_whole_file_is_replaced(tmp_path: Path) -> None:
    edit = converter(tmp_path, {"x": "😀\nb"}).workspace_edit([Edit.write("x", "c")], types.ClientCapabilities())

    uri = (tmp_path / "x").as_uri()
    assert edit == types.WorkspaceEdit({uri: [types.TextEdit(range_of(0, 0, 1, 1), "c")]})


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf3.13", "\ufeff3.13".encode("utf-16"), b"\xff"])
def test_what_changes_an_encoding_is_left_to_the_command_line(tmp_path: Path, content: bytes) -> None:
    assert converter(tmp_path, {"x": content}).workspace_edit([Edit.write("x", "3.13\n")], EVERYTHING) is None


def test_edits_of_one_file_are_made_together(tmp_path: Path) -> None:
    edits = [Edit(Span("x", 1, 1, 1, 2), "A"), Edit(Span("x", 1, 3, 1, 4), "C")]
    edit = converter(tmp_path, {"x": "abc"}).workspace_edit(edits, EVERYTHING)

    assert edit is not None
    assert edit.document_changes == [
        types.TextDocumentEdit(
            types.OptionalVersionedTextDocumentIdentifier((tmp_path / "x").as_uri()),
            [types.TextEdit(range_of(0, 0, 0, 1), "A"), types.TextEdit(range_of(0, 2, 0, 3), "C")],
        )
    ]


def test_an_editor_that_cannot_delete_is_offered_no_deletion(tmp_path: Path) -> None:
    able = types.WorkspaceEditClientCapabilities(resource_operations=[types.ResourceOperationKind.Create])
    client = types.ClientCapabilities(workspace=types.WorkspaceClientCapabilities(workspace_edit=able))

    assert converter(tmp_path, {"x": ""}).workspace_edit([Edit.delete("x")], client) is None
    assert converter(tmp_path, {"x": ""}).workspace_edit([Edit.delete("x")], EVERYTHING) == types.WorkspaceEdit(
        document_changes=[types.DeleteFile((tmp_path / "x").as_uri())]
    )


def test_an_open_file_has_the_address_that_the_editor_gave_it(tmp_path: Path) -> None:
    uri = f"file://{tmp_path}/a%2Db"
    write_tree(tmp_path, {"a-b": ""})
    shown = Converter(str(tmp_path), open_tree(str(tmp_path)), {"a-b": TextDocument(uri, "")}, PositionCodec(UTF_16))

    assert shown.place(Span("a-b"), is_app=True) == types.Location(uri, range_of(0, 0, 0, 0))


@pytest.mark.parametrize(
    ("files", "is_app", "shown"),
    [
        ({"manage.py": "", "requirements.txt": "", "runtime.txt": ""}, True, "requirements.txt"),
        ({"manage.py": ""}, True, "manage.py"),
        ({"manage.py": ""}, False, None),
        ({"runtime.txt": ""}, True, None),
    ],
)
def test_a_missing_file_is_told_of_in_another(
    tmp_path: Path, files: dict[str, str], is_app: bool, shown: str | None
) -> None:
    place = converter(tmp_path, files).place(Span(".python-version"), is_app=is_app)

    assert (place and place.uri) == (shown and (tmp_path / shown).as_uri())
