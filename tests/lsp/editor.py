"""An editor for tests: a real client of the language server, which runs in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lsprotocol import types
from pygls.capabilities import get_capability
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client

from pydeploy_lint.lsp.server import ANSWERS
from pydeploy_lint.testing import Files, write_tree

PATIENCE = 30
"""Seconds to wait for what must come; a loaded machine is slow."""
AS_OF = "2026-08-18"
VS_CODE = "visual_studio_code"
NEOVIM = "neovim"


class Editor:
    """What tests do in an editor."""

    def __init__(self, client: LanguageClient, root: Path, encoding: str) -> None:
        self.client = client
        self.root = root
        self.encoding = encoding
        """That in whose units columns are counted."""
        self._versions: dict[str, int] = {}
        self._log_start = len(client.log_messages)

    def uri(self, path: str) -> str:
        return (self.root / path).as_uri()

    def open(self, path: str, text: str | None = None) -> None:
        self._versions[path] = 1
        shown = (self.root / path).read_bytes().decode() if text is None else text
        item = types.TextDocumentItem(self.uri(path), "plaintext", 1, shown)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, path: str, text: str) -> None:
        self._versions[path] += 1
        identifier = types.VersionedTextDocumentIdentifier(self._versions[path], self.uri(path))
        changes = [types.TextDocumentContentChangeWholeDocument(text)]
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, changes))

    def write(self, files: Files) -> None:
        """Write files past the editor, which notices."""
        write_tree(self.root, files)
        for path in files:
            self.tell_of_change(path)

    def close(self, path: str) -> None:
        identifier = types.TextDocumentIdentifier(self.uri(path))
        del self._versions[path]
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(identifier))

    def tell_of_change(self, path: str) -> None:
        """Say that a file on the disk is another one."""
        event = types.FileEvent(self.uri(path), types.FileChangeType.Changed)
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))

    def diagnostics(self, path: str) -> Sequence[types.Diagnostic]:
        return self.client.diagnostics.get(self.uri(path), ())

    def checks(self, path: str) -> list[object]:
        """The names of the checks that report something in a file."""
        return [diagnostic.code for diagnostic in self.diagnostics(path)]

    def logged(self) -> list[str]:
        return [message.message for message in self.client.log_messages[self._log_start :]]

    def add_folder(self, path: str = "") -> None:
        """Make a directory a folder of the workspace."""
        self._change_folders([types.WorkspaceFolder(self.uri(path), path)], [])

    def remove_folder(self, path: str = "") -> None:
        self._change_folders([], [types.WorkspaceFolder(self.uri(path), path)])

    def _change_folders(self, added: list[types.WorkspaceFolder], removed: list[types.WorkspaceFolder]) -> None:
        event = types.WorkspaceFoldersChangeEvent(added, removed)
        self.client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))

    def leave(self) -> None:
        """Close all that is open."""
        for path in list(self._versions):
            self.close(path)
        self.remove_folder()

    async def until(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, (self.client.diagnostics, self.logged())
            await asyncio.sleep(0.01)

    async def until_found(self, path: str, *checks: str) -> None:
        await self.until(lambda: self.checks(path) == list(checks))

    async def hover(self, path: str, line: int, character: int) -> types.Hover | None:
        identifier = types.TextDocumentIdentifier(self.uri(path))
        return await self.client.text_document_hover_async(
            types.HoverParams(identifier, types.Position(line, character))
        )

    async def actions(
        self, path: str, only: str | None = "quickfix", character: int = 0, line: int = 0
    ) -> list[types.CodeAction]:
        """The code actions for a place in a file."""
        place = types.Position(line, character)
        context = types.CodeActionContext([], None if only is None else [only])
        answer = await self.client.text_document_code_action_async(
            types.CodeActionParams(types.TextDocumentIdentifier(self.uri(path)), types.Range(place, place), context)
        )
        return [action for action in answer or () if isinstance(action, types.CodeAction)]

    def apply(self, edit: types.WorkspaceEdit | None) -> None:
        """Make changes as an editor does, and save them."""
        assert edit is not None
        for uri, edits in (edit.changes or {}).items():
            self._edit(uri, edits)
        for change in edit.document_changes or ():
            if isinstance(change, types.CreateFile):
                with _path(change.uri).open("x"):
                    pass
            elif isinstance(change, types.RenameFile):
                assert not _path(change.new_uri).exists()
                _path(change.old_uri).rename(_path(change.new_uri))
            elif isinstance(change, types.DeleteFile):
                _path(change.uri).unlink()
            else:
                self._edit(
                    change.text_document.uri, [edit for edit in change.edits if isinstance(edit, types.TextEdit)]
                )

    def _edit(self, uri: str, edits: Sequence[types.TextEdit]) -> None:
        text = _path(uri).read_bytes().decode()
        for edit in sorted(edits, key=lambda edit: edit.range.start, reverse=True):
            start, end = self._offset(text, edit.range.start), self._offset(text, edit.range.end)
            text = text[:start] + edit.new_text + text[end:]
        _path(uri).write_bytes(text.encode())

    def _offset(self, text: str, position: types.Position) -> int:
        """The place in a text of lines that end with LF."""
        lines = text.split("\n")
        before = "".join(f"{line}\n" for line in lines[: position.line])
        codec, width = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2)}[self.encoding]
        units = lines[position.line].encode(codec)[: position.character * width]
        return len(before) + len(units.decode(codec))


def _path(uri: str) -> Path:
    return Path(unquote(urlsplit(uri).path))


@contextlib.asynccontextmanager
async def editing(
    root: Path,
    *arguments: str,
    capabilities: types.ClientCapabilities | str = VS_CODE,
    options: dict[str, object] | None = None,
    notified: Callable[[Any], None] | None = None,
) -> AsyncIterator[Editor]:
    """Open a workspace in an editor and a server of its own, and close them in good order.

    Args:
        root: the only folder of the workspace.
        arguments: of the server.
        capabilities: what the editor can do, or the name of one that pytest-lsp knows.
        options: the initialization options.
        notified: called for each notification of the answers.
    """
    if isinstance(capabilities, str):
        capabilities = client_capabilities(capabilities)
    client = make_test_lsp_client()
    if notified:
        client.feature(ANSWERS)(notified)
    watched: list[types.Registration] = []
    client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: watched.extend(params.registrations))
    await client.start_io(sys.executable, "-m", "pydeploy_lint", "--lsp", "--as-of", AS_OF, *arguments)
    folders = [types.WorkspaceFolder(root.as_uri(), root.name)]
    asked = types.InitializeParams(capabilities, workspace_folders=folders, initialization_options=options)
    answer = await client.initialize_session(asked)
    try:
        yield Editor(client, root, str(answer.capabilities.position_encoding))
        wanted = get_capability(capabilities, "workspace.did_change_watched_files.dynamic_registration")
        expected = [types.WORKSPACE_DID_CHANGE_WATCHED_FILES] if wanted else []
        assert [registration.method for registration in watched] == expected
    finally:
        await client.shutdown_session()
        await client.stop()
