"""Findings and fixes in the terms of the Language Server Protocol."""

from __future__ import annotations

import pathlib
import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.capabilities import get_capability

from pydeploy_lint.files.credentials import masked
from pydeploy_lint.files.source import FileProblem
from pydeploy_lint.finding import Severity
from pydeploy_lint.report.common.neutral import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pygls.workspace import PositionCodec, TextDocument

    from pydeploy_lint.files.deployed import DeployedTree
    from pydeploy_lint.files.source import Source
    from pydeploy_lint.finding import Edit, Finding, Span

SOURCE = "pydeploy-lint"
SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}
LINE_END = re.compile(r"\r\n|\n|\r")
START = types.Range(types.Position(0, 0), types.Position(0, 0))
DOCUMENT_FILES = ("pyproject.toml", "requirements.txt", "Pipfile", "Procfile", "manage.py", "setup.py", "app.json")
"""Where to show what is said of a file that is missing: the first of these that is there."""

Operation = types.CreateFile | types.RenameFile | types.DeleteFile


class Positions:
    """The places of a text as a client counts them.

    Lines and columns are counted from 0, columns in units of the encoding on which client and server agreed; a CR
    alone ends a line, too.
    """

    def __init__(self, source: Source, codec: PositionCodec) -> None:
        self._source = source
        self._codec = codec
        self._starts = [0, *(end.end() for end in LINE_END.finditer(source.text))]

    def range(self, span: Span) -> types.Range:
        """A stretch of the file; the first line where the span is the whole file."""
        _, line, column, end_line, end_column = span
        if line is None or column is None or end_line is None or end_column is None:
            end = LINE_END.search(self._source.text)
            return self._between(0, end.start() if end else len(self._source.text))
        return self._between(self._offset(line, column), self._offset(end_line, end_column))

    @property
    def whole(self) -> types.Range:
        """From the beginning to the end."""
        return self._between(0, len(self._source.text))

    def _between(self, start: int, end: int) -> types.Range:
        return types.Range(self._position(start), self._position(end))

    def _position(self, offset: int) -> types.Position:
        line = bisect_right(self._starts, offset) - 1
        units = self._codec.client_num_units(self._source.text[self._starts[line] : offset])
        return types.Position(line, units)

    def _offset(self, line: int, column: int) -> int:
        """The offset of a place, or the end of the text where a plug-in names a place beyond that."""
        end = len(self._source.text)
        return end if line > self._source.line_count + 1 else min(self._source.offset(line, column), end)


class Converter:
    """Converts what is said of one app."""

    def __init__(
        self, root: str, tree: DeployedTree, documents: Mapping[str, TextDocument], codec: PositionCodec
    ) -> None:
        """Prepare for an app.

        Args:
            root: its directory.
            tree: its files as the editor shows them.
            documents: those that are open, by path.
            codec: how the client counts columns.
        """
        self._root = root
        self._tree = tree
        self._documents = documents
        self._codec = codec
        self._positions: dict[str, Positions | None] = {}

    def uri(self, path: str) -> str:
        """The address of a file; of an open one as the client spells it."""
        document = self._documents.get(path)
        return document.uri if document else pathlib.Path(self._root, path).as_uri()

    def place(self, span: Span, *, is_app: bool) -> types.Location | None:
        """Where to show a finding; None where there is no file for it.

        Args:
            span: where it is.
            is_app: whether to show what is said of a missing file in another one.
        """
        files = self._tree.source_tree
        if files.is_file(span.path):
            positions = self._positions_of(span.path)
            return types.Location(self.uri(span.path), positions.range(span) if positions else START)
        shown = next((path for path in DOCUMENT_FILES if files.is_file(path)), None) if is_app else None
        return self.place(span._replace(path=shown, line=None), is_app=False) if shown else None

    def workspace_edit(self, edits: Iterable[Edit], client: types.ClientCapabilities) -> types.WorkspaceEdit | None:
        """The edits of a fix; None where the client cannot make them.

        Args:
            edits: such as can be made together; see `pydeploy_lint.fix.plan.choose`.
            client: what the client can do.
        """
        operations: list[Operation] = []
        texts: dict[str, list[types.TextEdit]] = {}
        for edit in edits:
            path = edit.span.path
            if edit.text is not None:
                positions = self._positions_of(path)
                if positions is None:
                    operations.append(types.CreateFile(self.uri(path)))
                    range_ = START
                elif edit.is_textual:
                    range_ = positions.range(edit.span)
                elif self._is_plain(path):
                    range_ = positions.whole
                else:
                    # The file is to become UTF-8, but editors keep its encoding.
                    return None
                texts.setdefault(path, []).append(types.TextEdit(range_, edit.text))
            elif edit.rename_to is not None:
                operations.append(types.RenameFile(self.uri(path), self.uri(edit.rename_to)))
            else:
                operations.append(types.DeleteFile(self.uri(path)))
        able = get_capability(client, "workspace.workspace_edit.resource_operations") or ()
        if not {operation.kind for operation in operations} <= {str(kind.value) for kind in able}:
            return None
        # Neovim can do the operations, which only document changes can hold, but does not say that it knows these.
        if operations or get_capability(client, "workspace.workspace_edit.document_changes"):
            return types.WorkspaceEdit(
                document_changes=[*operations, *(self._document_edit(path, each) for path, each in texts.items())]
            )
        return types.WorkspaceEdit(changes={self.uri(path): each for path, each in texts.items()})

    def _document_edit(self, path: str, edits: list[types.TextEdit]) -> types.TextDocumentEdit:
        document = self._documents.get(path)
        # With the version, a client refuses the edit if the text has changed since.
        version = document.version if document else None
        identifier = types.OptionalVersionedTextDocumentIdentifier(self.uri(path), version)
        return types.TextDocumentEdit(identifier, list(edits))

    def _is_plain(self, path: str) -> bool:
        source = self._tree.source(path)
        return source is not None and not source.byte_order_mark and source.undecodable is None

    def _positions_of(self, path: str) -> Positions | None:
        """The places of a file; None where there is none, or it cannot be read."""
        if path not in self._positions:
            try:
                source = self._tree.source_tree.source(path)
            except FileProblem:
                source = None
            self._positions[path] = Positions(source, self._codec) if source else None
        return self._positions[path]


def diagnostic(
    finding: Finding, at: types.Range, related: Iterable[tuple[types.Location, str]] = ()
) -> types.Diagnostic:
    """A finding as editors show it: the message, and below it how to fix it.

    Args:
        finding: what was found.
        at: where to show it.
        related: the other places that it is about, and what is there.
    """
    text = f"{finding.message}\n\n{finding.help}" if finding.help else finding.message
    return types.Diagnostic(
        range=at,
        severity=SEVERITIES[finding.severity],
        code=finding.check,
        code_description=types.CodeDescription(finding.url) if finding.url else None,
        source=SOURCE,
        message="\n".join(map(visible, masked(text).split("\n"))),
        tags=[types.DiagnosticTag.Deprecated] if "deprecated" in finding.check.split("-") else None,
        related_information=[types.DiagnosticRelatedInformation(*each) for each in related] or None,
    )
