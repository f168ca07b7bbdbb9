"""The language server itself: listens to an editor, judges all apps of the workspace again after each change."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pathlib
import sys
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from pydeploy_lint import __version__
from pydeploy_lint.engine.internal_error import internal_error
from pydeploy_lint.files.credentials import masked
from pydeploy_lint.finding import Severity
from pydeploy_lint.lsp.actions import KINDS, actions
from pydeploy_lint.lsp.convert import SOURCE, Converter, diagnostic
from pydeploy_lint.lsp.judge import judge
from pydeploy_lint.lsp.shown import Shown
from pydeploy_lint.manual import markdown
from pydeploy_lint.report.common.neutral import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pygls.workspace import TextDocument

    from pydeploy_lint.engine.registry import Registry

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
LOOK = "pydeploy-lint.lint"
"""The command that judges the apps at once."""
ANSWERS = "$/pydeploy-lint/answers"
"""The notification of the answer for each app, for clients whose initialization options have ``answers``."""
LOG_LEVELS = {
    Severity.ERROR: types.MessageType.Error,
    Severity.WARNING: types.MessageType.Warning,
    Severity.NOTE: types.MessageType.Info,
}


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
        self._answers: list[dict[str, str]] = []
        self.tells_answers = False

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
        self._answers = []
        for root in self._roots():
            shown += self._look_at(root, log)
        for severity, message in log:
            if (severity, message) not in self._logged:
                self._log(severity, message)
        self._logged = set(log)
        before = {each.uri for each in self._shown}
        self._shown = shown
        for uri in sorted(before | {each.uri for each in shown}):
            diagnostics = [each.diagnostic for each in shown if each.uri == uri]
            document = self.workspace.text_documents.get(uri)
            version = document.version if document else None
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics, version))
        if self.tells_answers:
            self.protocol.notify(ANSWERS, {"apps": self._answers})

    def shown_in(self, uri: str) -> list[Shown]:
        """The findings in a document."""
        return [each for each in self._shown if each.uri == uri]

    def shown_at(self, uri: str, at: types.Range) -> Iterator[Shown]:
        """The findings that touch a stretch of a document."""
        for each in self.shown_in(uri):
            found = each.diagnostic.range
            if found.start <= at.end and at.start <= found.end:
                yield each

    def is_outdated(self) -> bool:
        """Whether something changed since the last look."""
        return self._next_look is not None

    def _look_at(self, root: str, log: dict[tuple[Severity, str], None]) -> list[Shown]:
        try:
            return self._judge(root, log)
        except Exception as error:  # noqa: BLE001 - the other apps are judged, and this one again
            log[Severity.ERROR, f"{root}: {internal_error(error)}"] = None
            return []

    def _judge(self, root: str, log: dict[tuple[Severity, str], None]) -> list[Shown]:
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
                places = [
                    (converter.place(each.at, is_app=True), visible(masked(each.message))) for each in finding.related
                ]
                related = [(place, message) for place, message in places if place]
                shown.append(Shown(finding, at.uri, diagnostic(finding, at.range, related), root, judged, converter))
            else:
                log[Severity.NOTE, f"{root}: {finding.message}"] = None
        if judged.answer:
            verdict, sentence = judged.answer
            self._answers.append({"root": root, "verdict": verdict.name.lower(), "sentence": visible(sentence)})
        for below in judged.below:
            shown += self._look_at(os.path.join(root, below), log)
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
        self.window_log_message(types.LogMessageParams(LOG_LEVELS[severity], visible(masked(message))))


def serve(paths: Sequence[str], settings: Mapping[str, Any], registry: Registry) -> None:
    """Talk to an editor over standard input and output until it says goodbye.

    Args:
        paths: the directories of the apps, relative to each folder of the workspace.
        settings: values by their names in `pydeploy_lint.settings.options.Options`, from the command line.
        registry: the checks.
    """
    server = Server(paths, settings, registry)
    server.feature(types.INITIALIZE)(_get_to_know)
    server.feature(types.INITIALIZED)(_begin)
    server.command(LOOK)(_look)
    for method in CHANGES:
        server.feature(method)(_note_change)
    server.feature(types.TEXT_DOCUMENT_HOVER)(_hover)
    options = types.CodeActionOptions(code_action_kinds=KINDS)
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)(_code_actions)
    output = sys.stdout.buffer
    # What a plug-in prints must not get between the messages.
    with contextlib.redirect_stdout(sys.stderr):
        server.start_io(sys.stdin.buffer, output)


# pygls passes the server to functions whose first parameter is called ls.


def _get_to_know(ls: Server, params: types.InitializeParams) -> None:
    options = params.initialization_options
    ls.tells_answers = bool(isinstance(options, dict) and options.get("answers"))


def _look(ls: Server, *_arguments: object) -> None:
    ls.look()


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
    if ls.is_outdated():
        ls.look()
    uri = params.text_document.uri
    in_file = ls.shown_in(uri)
    offered = list(actions(ls.shown_at(uri, params.range), in_file, params.context.only, ls.client_capabilities))
    for each in in_file:
        each.judged.tree.close()
    return offered
