"""The language server itself: listens to an editor, judges all apps of the workspace again after each change."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pathlib
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from pydeploy_lint import __version__
from pydeploy_lint.engine.internal_error import internal_error
from pydeploy_lint.finding import Severity
from pydeploy_lint.fix.plan import choose
from pydeploy_lint.lsp.convert import SOURCE, Converter, diagnostic
from pydeploy_lint.lsp.judge import Judged, judge
from pydeploy_lint.manual import markdown
from pydeploy_lint.report.common.neutral import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pygls.workspace import TextDocument

    from pydeploy_lint.engine.registry import Registry
    from pydeploy_lint.finding import Finding

DELAY = 0.15
"""Seconds between a change and the next look at the apps, in which more changes may come."""
CHANGES = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_SAVE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS,
)
LOG_LEVELS = {
    Severity.ERROR: types.MessageType.Error,
    Severity.WARNING: types.MessageType.Warning,
    Severity.NOTE: types.MessageType.Info,
}


class Shown(NamedTuple):
    """A finding that the editor shows."""

    finding: Finding
    uri: str
    """The address of the file."""
    diagnostic: types.Diagnostic
    root: str
    """The directory of its app."""
    judged: Judged
    converter: Converter


class Server(LanguageServer):
    """A server for one editor."""

    def __init__(self, paths: Sequence[str], settings: Mapping[str, Any], registry: Registry) -> None:
        # Whole texts, because the lines in which pygls would apply a change are not those of the protocol.
        super().__init__(SOURCE, __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.registry = registry
        self._paths = paths
        self._settings = settings
        self._shown: list[Shown] = []
        self._logged: set[tuple[Severity, str]] = set()
        self._next_look: asyncio.TimerHandle | None = None

    def report_server_error(self, error: Exception, source: object) -> None:  # noqa: ARG002 - pygls passes it
        """See `LanguageServer.report_server_error`: an entry in the log, rather than a message to be clicked away."""
        self._log(Severity.ERROR, f"{type(error).__name__}: {error}")

    def look_soon(self) -> None:
        """Judge the apps when `DELAY` has passed; changes until then are seen, too."""
        if self._next_look is None:
            self._next_look = asyncio.get_running_loop().call_later(DELAY, self.look)

    def look(self) -> None:
        """Judge the apps and publish what is found; whatever goes wrong, the server goes on."""
        if self._next_look:
            self._next_look.cancel()
            self._next_look = None
        shown: list[Shown] = []
        log: dict[tuple[Severity, str], None] = {}
        for root in self._roots():
            try:
                shown += self._look_at(root, log)
            except Exception as error:  # noqa: BLE001 - the other apps are judged, and this one again
                log[Severity.ERROR, f"{root}: {internal_error(error)}"] = None
        for severity, message in log:
            if (severity, message) not in self._logged:
                self._log(severity, message)
        self._logged = set(log)
        before = {each.uri for each in self._shown}
        self._shown = shown
        for uri in sorted(before | {each.uri for each in shown}):
            diagnostics = [each.diagnostic for each in shown if each.uri == uri]
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics))

    def shown_at(self, uri: str, at: types.Range) -> Iterator[Shown]:
        """The findings that touch a stretch of a document."""
        for each in self._shown:
            found = each.diagnostic.range
            if each.uri == uri and found.start <= at.end and at.start <= found.end:
                yield each

    def is_outdated(self) -> bool:
        """Whether something changed since the last look."""
        return self._next_look is not None

    def _look_at(self, root: str, log: dict[tuple[Severity, str], None]) -> list[Shown]:
        documents = self._documents(root)
        texts = {path: document.source for path, document in documents.items()}
        judged = judge(root, texts, self._settings, self.registry)
        converter = Converter(root, judged.tree, documents, self.workspace.position_codec)
        for note in judged.notifications:
            log[note.severity, f"{root}: {note.message}"] = None
        shown = []
        for finding in judged.findings:
            at = converter.place(finding.at, is_app=judged.is_app)
            if at:
                places = [(converter.place(each.at, is_app=True), visible(each.message)) for each in finding.related]
                related = [(place, message) for place, message in places if place]
                shown.append(Shown(finding, at.uri, diagnostic(finding, at.range, related), root, judged, converter))
            else:
                log[Severity.NOTE, f"{root}: {finding.message}"] = None
        return shown

    def _roots(self) -> list[str]:
        """The directories of the apps: the given paths below each folder of the workspace."""
        uris = [folder.uri for folder in self.workspace.folders.values()] or [self.workspace.root_uri or ""]
        folders = filter(None, map(to_fs_path, uris))
        roots = [os.path.normpath(os.path.join(folder, path)) for folder in folders for path in self._paths]
        return [root for root in dict.fromkeys(roots) if os.path.isdir(root)]

    def _documents(self, root: str) -> dict[str, TextDocument]:
        """The open documents in a directory, by path."""
        documents = {}
        for document in self.workspace.text_documents.values():
            path = pathlib.PurePath(to_fs_path(document.uri) or "")
            if path.is_relative_to(root):
                documents[path.relative_to(root).as_posix()] = document
        return documents

    def _log(self, severity: Severity, message: str) -> None:
        self.window_log_message(types.LogMessageParams(LOG_LEVELS[severity], visible(message)))


def serve(paths: Sequence[str], settings: Mapping[str, Any], registry: Registry) -> None:
    """Talk to an editor over standard input and output until it says goodbye.

    Args:
        paths: the directories of the apps, relative to each folder of the workspace.
        settings: values by their names in `pydeploy_lint.settings.options.Options`, from the command line.
        registry: the checks.
    """
    server = Server(paths, settings, registry)
    server.feature(types.INITIALIZED)(_begin)
    for method in CHANGES:
        server.feature(method)(_note_change)
    server.feature(types.TEXT_DOCUMENT_HOVER)(_hover)
    options = types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)(_code_actions)
    output = sys.stdout.buffer
    # What a plug-in prints must not get between the messages.
    with contextlib.redirect_stdout(sys.stderr):
        server.start_io(sys.stdin.buffer, output)


# pygls passes the server to functions whose first parameter is called ls.


def _begin(ls: Server, _params: types.InitializedParams) -> None:
    for failure in ls.registry.failures:
        ls.window_log_message(types.LogMessageParams(types.MessageType.Error, failure))
    if get_capability(ls.client_capabilities, "workspace.did_change_watched_files.dynamic_registration"):
        watchers = [types.FileSystemWatcher("**/*")]
        registration = types.Registration(
            "files",
            types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
            types.DidChangeWatchedFilesRegistrationOptions(watchers),
        )
        ls.client_register_capability(types.RegistrationParams([registration]))
    ls.look_soon()


def _note_change(ls: Server, _params: object) -> None:
    ls.look_soon()


def _hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    here = types.Range(params.position, params.position)
    shown = [each for each in ls.shown_at(params.text_document.uri, here) if each.finding.check in ls.registry.checks]
    names = dict.fromkeys(each.finding.check for each in shown)
    if not names:
        return None
    text = "\n\n---\n\n".join(markdown(ls.registry.checks[name]) for name in names)
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), shown[0].diagnostic.range)


def _code_actions(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    only = params.context.only
    if only is not None and types.CodeActionKind.QuickFix not in only and types.CodeActionKind.Empty not in only:
        return []
    if ls.is_outdated():
        ls.look()
    actions = []
    for each in ls.shown_at(params.text_document.uri, params.range):
        for fix in each.finding.fixes:
            finding = each.finding._replace(fix=fix)
            edits = choose([finding], each.judged.tree, each.root, unsafe=True).edits
            edit = each.converter.workspace_edit(edits, ls.client_capabilities) if edits else None
            if edit:
                kind = types.CodeActionKind.QuickFix
                action = types.CodeAction(
                    fix.description, kind, diagnostics=[each.diagnostic], is_preferred=fix.safe, edit=edit
                )
                actions.append(action)
        each.judged.tree.close()
    return actions
